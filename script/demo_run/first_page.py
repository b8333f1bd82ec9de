"""First page of the demo: what to try, with a button for each and its outcome beside it."""

from typing import Any, Final

from script.demo_run.automations import AMBER, PATIENT, RED
from script.demo_run.front_desk import PATH, add_dashboard
from script.demo_run.home_assistant import HomeAssistant
from script.demo_run.people import CODE_WORD
from script.demo_run.registry import Registry

NAME: Final = "start-here"
FIRST_PAGE: Final = f"/{NAME}"


async def add_first_page(home: HomeAssistant, registry: Registry) -> None:
    """Put the page into the sidebar and let it be the one that opens first, unless an earlier run did."""
    (known,) = await home.ask("lovelace/dashboards/list")
    if NAME in [one["url_path"] for one in known]:
        return
    view = {"title": "Start here", "type": "sections", "max_columns": 3, "sections": _sections(registry)}
    await add_dashboard(home, NAME, "Start here", {"views": [view]}, icon="mdi:hand-wave")
    await home.ask({"type": "frontend/set_user_data", "key": "core", "value": {"default_panel": NAME}})


def _sections(registry: Registry) -> list[dict[str, Any]]:
    def waiting(key: str, name: str) -> dict[str, Any]:
        return _tile(registry.entity("queue_after_hours", key), name, 7)

    return [
        _section(
            "1. Read a text",
            "mdi:message-text",
            "A customer writes to the front desk. The PBX is asked for texts once a minute, so give it a minute.",
            _button("demo_text", "A customer writes", "mdi:message-arrow-left"),
            _words("{{ states('input_text.last_text_received') }}"),
        ),
        _section(
            "2. Make a call wait",
            "mdi:phone-ring",
            f"Somebody calls *After hours*, where nobody answers, and gives up after {PATIENT // 60} minutes. The "
            f"lobby's light turns green, amber after {AMBER} seconds and **red after {RED}**.",
            _button("demo_wait", "A caller waits", "mdi:phone-ring"),
            waiting("callers_waiting", "Callers after hours"),
            waiting("longest_wait", "Longest wait"),
            _tile("light.lobby_light", "The lobby's light") | {"state_content": "last_changed"},
        ),
        _section(
            "3. See an automation answer",
            "mdi:robot-happy",
            "Somebody calls and gives up. Within a minute Home Assistant writes to them that you are sorry, once a day "
            "to each number.",
            _button("demo_give_up", "A caller gives up", "mdi:phone-missed"),
            _words("{{ states('input_text.last_text_sent') }}"),
        ),
        _section(
            "4. Open the gate by text",
            "mdi:gate",
            f"The courier writes *{CODE_WORD}*, and the gate opens within a minute. Others may write it in vain.",
            _button("demo_gate", "The courier writes", "mdi:truck-delivery"),
            _tile("cover.gate", "The gate", 7, 2),
        ),
        _section(
            "5. Listen",
            "mdi:speaker",
            "Who calls sales, support or billing is announced at reception. While the front desk talks, the music "
            "pauses.",
            {
                "type": "markdown",
                "content": "{% set said = state_attr('media_player.reception_speaker', 'last_announcement') %}"
                "{{ '“' ~ said ~ '”' if said else 'Nobody has called yet.' }}",
            },
            _tile("media_player.reception_speaker", "The music at reception") | {"icon": "mdi:speaker"},
        ),
        _section(
            "6. Look around",
            "mdi:compass",
            f"- [The front desk]({PATH}): who waits, who is free, whom to call back\n"
            "- [All devices](/config/integrations/integration/dls_pbx): the PBX, its queues, its phones\n"
            "- [Automations](/config/automation/dashboard): those at work here, made from blueprints\n"
            "- [Blueprints](/config/blueprint/dashboard): make one of your own\n"
            "- Ask Assist, at the top right: *How many callers are waiting?* *Who is on the phone?*",
        ),
    ]


def _section(title: str, icon: str, words: str, *cards: dict[str, Any]) -> dict[str, Any]:
    heading = {"type": "heading", "heading": title, "icon": icon}
    return {"type": "grid", "cards": [heading, {"type": "markdown", "content": words, "text_only": True}, *cards]}


def _button(script: str, name: str, icon: str) -> dict[str, Any]:
    return {
        "type": "button",
        "name": name,
        "icon": icon,
        "icon_height": "28px",
        "tap_action": {"action": "perform-action", "perform_action": f"script.{script}"},
        "grid_options": {"columns": 5, "rows": 2},
    }


def _words(template: str) -> dict[str, Any]:
    return {"type": "markdown", "content": template, "grid_options": {"columns": 7, "rows": 2}}


def _tile(entity: str, name: str, columns: int = 12, rows: int = 1) -> dict[str, Any]:
    return {"type": "tile", "entity": entity, "name": name, "grid_options": {"columns": columns, "rows": rows}}
