"""Adds dashboards as Home Assistant's own dialog does."""

from typing import Any, Final

from script.demo_run.home_assistant import HomeAssistant

_NAME: Final = "front-desk-demo"
PATH: Final = f"/{_NAME}"


async def add_front_desk(home: HomeAssistant) -> None:
    """Put the integration's dashboard into the sidebar, unless an earlier run did."""
    (known,) = await home.ask("lovelace/dashboards/list")
    if _NAME not in [one["url_path"] for one in known]:
        await add_dashboard(home, _NAME, "Front desk", {"strategy": {"type": "custom:dls-pbx"}})


async def add_dashboard(
    home: HomeAssistant, url_path: str, title: str, config: dict[str, Any], *, icon: str = "mdi:phone-in-talk"
) -> None:
    """Put a dashboard into the sidebar."""
    new = {"url_path": url_path, "title": title, "icon": icon, "mode": "storage"}
    await home.ask({"type": "lovelace/dashboards/create"} | new)
    await home.ask({"type": "lovelace/config/save", "url_path": url_path, "config": config})
