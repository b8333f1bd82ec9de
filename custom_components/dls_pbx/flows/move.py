"""Move of a PBX to another address: whether what answers there is the same PBX, told by its users' auth IDs."""

from collections.abc import Mapping, Set as AbstractSet
from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from ..api import DlsPbxPermissionError
from ..const import DOMAIN
from ..coordinator.keys import ObjectKind
from ..data import DlsPbxConfigEntry
from ..identity import object_slug, unique_id
from .connections import async_passing_client


class Move(NamedTuple):
    """How many users a PBX is known to have, and how many of them are at another address."""

    known: int
    same: int

    @property
    def is_likely(self) -> bool:
        """Whether most are there; where none is known, nobody can tell."""
        return 2 * self.same > self.known


async def async_compare(hass: HomeAssistant, entry: DlsPbxConfigEntry, data: Mapping[str, Any]) -> Move:
    """Compare the users that a PBX is known to have with those at the address in `data`; raises a DlsPbxError."""
    known = _known(hass, entry)
    return Move(len(known), len(known & await _async_users(hass, data)))


def _known(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> AbstractSet[str]:
    """Return the users that the PBX showed last. Of one that was not reached since the start the devices tell."""
    # An entry that was never set up has no data.
    data = getattr(entry, "runtime_data", None)
    if data and data.users.snapshot:
        return {object_slug(auth_id) for auth_id in data.users.snapshot.rows}
    prefix = unique_id(entry.entry_id, ObjectKind.PHONE, "") + "_"
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    ids = (one for device in devices for domain, one in device.identifiers if domain == DOMAIN)
    return {one.removeprefix(prefix) for one in ids if one.startswith(prefix)}


async def _async_users(hass: HomeAssistant, data: Mapping[str, Any]) -> AbstractSet[str]:
    async with async_passing_client(hass, data) as client:
        try:
            users = await client.users()
        except DlsPbxPermissionError:
            # Then nobody can tell.
            return frozenset()
    return {object_slug(auth_id) for auth_id in users.rows}
