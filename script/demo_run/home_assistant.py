"""A real Home Assistant, spoken to over HTTP as its own pages do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
import json
from pathlib import Path
import shutil
from typing import Any, Final

import aiohttp
from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.components.http.config import (
    HTTP_STORAGE_SCHEMA,
    STORAGE_MINOR_VERSION as HTTP_MINOR_VERSION,
    STORAGE_VERSION as HTTP_VERSION,
)
from homeassistant.components.onboarding import STORAGE_VERSION as ONBOARDING_VERSION
from homeassistant.components.onboarding.const import STEP_USER, STEPS

from script.demo_run.processes import LOOPBACK, DemoError
from script.demo_run.requirements import CONFIGURATION

DOMAIN: Final = "dls_pbx"
INTEGRATION: Final = Path("custom_components") / DOMAIN
DEVICES: Final = Path(__file__).with_name("office_devices")
BLUEPRINTS: Final = Path("blueprints")
USER: Final = "demo"
PASSWORD: Final = "demo"  # noqa: S105 - printed on the terminal, and only this machine can reach it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pbx:
    """What the set-up form asks for."""

    url: str
    username: str
    api_key: str


class Folder:
    """Home Assistant's configuration folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path / "home-assistant.log"

    def prepare(self, port: int) -> None:
        """Write what Home Assistant reads at its start; what it has stored itself stays."""
        self.path.mkdir(parents=True, exist_ok=True)
        shutil.copy(CONFIGURATION, self.path / "configuration.yaml")
        for name in ("automations.yaml", "scripts.yaml", "scenes.yaml"):
            (self.path / name).touch()
        ours = self.path / INTEGRATION.parent
        ours.mkdir(exist_ok=True)
        # As a package: Python would prefer the checkout's own folder of that name, which has no office devices.
        (ours / "__init__.py").touch()
        for integration in (INTEGRATION.resolve(), DEVICES):
            link = ours / integration.name
            link.unlink(missing_ok=True)
            link.symlink_to(integration, target_is_directory=True)
        # What a user copies by hand: neither comes with an integration.
        for folder in (BLUEPRINTS, INTEGRATION / "custom_sentences"):
            shutil.copytree(folder, self.path / folder.name, dirs_exist_ok=True)
        self._store_http(port)
        if not self._stored("onboarding").exists():
            # The other steps would set up the weather, the radio and more, all of which need the Internet.
            others = [step for step in STEPS if step != STEP_USER]
            self._store("onboarding", ONBOARDING_VERSION, 1, {"done": others})

    def _store_http(self, port: int) -> None:
        """Choose the port. In configuration.yaml it would only be on trial: Home Assistant takes it back soon."""
        asked = {"server_host": [LOOPBACK], "server_port": port}
        told = {"created_at": datetime.now(UTC).isoformat(), "error": None, "error_message": None}
        stable = HTTP_STORAGE_SCHEMA(asked) | told
        data = {"stable": stable, "pending": None, "yaml_migration_done": True}
        self._store("http", HTTP_VERSION, HTTP_MINOR_VERSION, data)

    def pbx_url(self) -> str | None:
        """Return the address of the PBX that was set up here in an earlier run."""
        try:
            entries = json.loads(self._stored("core.config_entries").read_text("utf-8"))["data"]["entries"]
        except FileNotFoundError:
            return None
        return next((entry["data"]["url"] for entry in entries if entry["domain"] == DOMAIN), None)

    def _stored(self, key: str) -> Path:
        return self.path / ".storage" / key

    def _store(self, key: str, version: int, minor_version: int, data: dict[str, Any]) -> None:
        file = self._stored(key)
        file.parent.mkdir(exist_ok=True)
        content = {"version": version, "minor_version": minor_version, "key": key, "data": data}
        file.write_text(json.dumps(content, indent=2), "utf-8")


class HomeAssistant:
    """A logged-in user at the REST and websocket API."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{LOOPBACK}:{port}"
        self._client_id = f"{self.url}/"
        self._session = aiohttp.ClientSession(self.url)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def add_user(self, name: str, password: str) -> None:
        """Make an account of somebody who may use everything, and is no administrator."""
        (made,) = await self.ask({"type": "config/auth/create", "name": name, "group_ids": [GROUP_ID_USER]})
        login = {"user_id": made["user"]["id"], "username": name, "password": password}
        await self.ask({"type": "config/auth_provider/homeassistant/create"} | login)

    async def answers(self) -> bool:
        """Whether its pages are there by now."""
        try:
            async with self._session.get("/api/onboarding") as response:
                # Once everyone has an account the page is gone.
                return response.status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}
        except aiohttp.ClientError:
            return False

    async def log_in(self) -> None:
        """Make the demo's account, or use the one of an earlier run."""
        account = {"username": USER, "password": PASSWORD, "client_id": self._client_id}
        new = account | {"name": "Demo", "language": "en"}
        async with self._session.post("/api/onboarding/users", json=new) as response:
            code = (await response.json())["auth_code"] if response.ok else await self._authorize(account)
        form = {"grant_type": "authorization_code", "code": code, "client_id": self._client_id}
        async with self._session.post("/auth/token", data=form) as response:
            token = (await response.json())["access_token"]
        self._token = token
        self._session.headers["Authorization"] = f"Bearer {token}"

    async def _authorize(self, account: dict[str, str]) -> str:
        """Type name and password into the login form."""
        flow = await self._post(
            "/auth/login_flow",
            {
                "client_id": self._client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": self._client_id,
            },
        )
        answer = await self._post(f"/auth/login_flow/{flow['flow_id']}", account)
        if answer["type"] != "create_entry":
            raise DemoError("The demo's password was changed. Delete the folder .demo to start afresh.")
        code: str = answer["result"]
        return code

    async def entry(self) -> dict[str, Any] | None:
        """Return the PBX's config entry."""
        async with self._session.get("/api/config/config_entries/entry", params={"domain": DOMAIN}) as response:
            entries: list[dict[str, Any]] = await response.json()
        return entries[0] if entries else None

    async def add(self, pbx: Pbx) -> None:
        """Set the integration up as a person would: open its form, fill it in, send it."""
        filled = {"url": pbx.url, "username": pbx.username, "api_key": pbx.api_key, "verify_ssl": True}
        await self.submit("/api/config/config_entries/flow", DOMAIN, filled)

    async def submit(self, flows: str, handler: str | list[str], filled: dict[str, Any]) -> None:
        """Open a form of one page, fill it in, send it."""
        form = await self._post(flows, {"handler": handler, "show_advanced_options": False})
        answer = await self._post(f"{flows}/{form['flow_id']}", filled)
        if answer["type"] != "create_entry":
            raise DemoError(f"The form of {handler} refused: {answer.get('errors') or answer.get('reason')}")

    async def upload(self, name: str, content: str) -> str:
        """Upload a file, as a form's field does; return its ID."""
        form = aiohttp.FormData()
        form.add_field("file", content.encode(), filename=name)
        async with self._session.post("/api/file_upload", data=form) as response:
            response.raise_for_status()
            file_id: str = (await response.json())["file_id"]
            return file_id

    async def subentry_types(self, entry_id: str) -> set[str]:
        """Return of which kinds something was added to an entry."""
        (subentries,) = await self.ask({"type": "config_entries/subentries/list", "entry_id": entry_id})
        return {subentry["subentry_type"] for subentry in subentries}

    async def save(self, kind: str, key: str, config: dict[str, Any]) -> None:
        """Save an automation or a script, as its editor does."""
        await self._post(f"/api/config/{kind}/config/{key}", config)

    async def has(self, kind: str, key: str) -> bool:
        """Whether there is an automation or a script of this ID."""
        async with self._session.get(f"/api/config/{kind}/config/{key}") as response:
            return response.ok

    async def remove(self, entry_id: str) -> None:
        """Delete a config entry."""
        async with self._session.delete(f"/api/config/config_entries/entry/{entry_id}") as response:
            response.raise_for_status()

    async def ask(self, *commands: str | dict[str, Any]) -> list[Any]:
        """Send websocket commands, by name or with their fields; return their results."""
        async with self._session.ws_connect("/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            await socket.receive_json()
            for number, command in enumerate(commands, 1):
                await socket.send_json({"id": number} | ({"type": command} if isinstance(command, str) else command))
            return [_result(await socket.receive_json()) for _ in commands]

    async def _post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        async with self._session.post(path, json=data) as response:
            if not response.ok:
                raise DemoError(f"Home Assistant answered {response.status} at {path}: {await response.text()}")
            answer: dict[str, Any] = await response.json()
            return answer


def _result(answer: dict[str, Any]) -> Any:
    if not answer["success"]:
        raise DemoError(f"Home Assistant answered: {answer['error']['message']}")
    return answer["result"]
