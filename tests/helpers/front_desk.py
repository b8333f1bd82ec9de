"""A front desk that looks at a PBX over Home Assistant's websocket."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self

from homeassistant.auth.models import Group, User
from homeassistant.auth.permissions import PermissionLookup, PolicyType
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

type Connect = Callable[..., Awaitable[Any]]
type Rows = dict[str, dict[str, Any]]

TABLES = ("queues", "agents", "calls", "phones", "missed", "conversations", "faxes", "health")


class Desk:
    """Keeps the rows that it was sent as the card does, and every message."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.messages: list[dict[str, Any]] = []
        self.rows: Rows = {}
        self._unread: list[dict[str, Any]] = []  # events that came before an answer

    @classmethod
    async def open(cls, connect: Connect, token: str | None = None, **fields: Any) -> Self:
        """Connect as the owner, or with a token, and subscribe."""
        desk = cls(await (connect(access_token=token) if token else connect()))
        answer = await desk.ask("subscribe", **fields)
        assert answer["success"], answer
        await desk.news()
        return desk

    async def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Send a command; returns its result."""
        await self.client.send_json_auto_id({"type": f"dls_pbx/{command}", **fields})
        return await self._answer("result")

    async def news(self) -> list[dict[str, Any]]:
        """Take in and return all messages sent up to now, in their order."""
        await self.client.send_json_auto_id({"type": "ping"})
        await self._answer("pong")
        messages, self._unread = self._unread, []
        for message in messages:
            self._take(message)
        self.messages += messages
        return messages

    async def _answer(self, kind: str) -> dict[str, Any]:
        answer: dict[str, Any]
        while (answer := await self.client.receive_json())["type"] != kind:
            self._unread.append(answer["event"])
        return answer

    def _take(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "snapshot":
            self.rows = {table: dict(message[table]) for table in TABLES}
            return
        for table in message.keys() - {"type"}:
            rows = self.rows[table] | message[table]
            self.rows = self.rows | {table: {row_id: row for row_id, row in rows.items() if row is not None}}

    @property
    def ids(self) -> dict[str, set[str]]:
        """Return what is shown, without tables that are empty."""
        return {table: set(rows) for table, rows in self.rows.items() if rows}


def changed(messages: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the ids of rows that were sent, by table."""
    found: dict[str, set[str]] = {}
    for message in messages:
        for table in message.keys() - {"type", "now"}:
            found.setdefault(table, set()).update(message[table])
    return found


def entities(*entity_ids: str) -> PolicyType:
    """Return a policy that lets nothing be read but these."""
    return {"entities": {"entity_ids": {entity_id: {"read": True} for entity_id in entity_ids}}}


async def put_in_group(hass: HomeAssistant, user: User, policy: PolicyType) -> None:
    """Give a user other rights than they had, as an administrator does: by another group."""
    group = Group(name="Staff", policy=policy)
    hass.auth._store._groups[group.id] = group  # noqa: SLF001 - Home Assistant has no way yet to make one
    # Users made by tests lack what real ones look areas and devices up in.
    user.perm_lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
    await hass.auth.async_update_user(user, group_ids=[group.id])
