"""Repairs that Home Assistant makes itself once a person has agreed: options that do not fit the PBX any more."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, override
import zoneinfo

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.const import CONF_TIME_ZONE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .data import DlsPbxConfigEntry
from .flows.time_zones import async_time_zone_errors, time_zone_selector
from .issues import Issue
from .options import CONF_PHONES

type IssueData = dict[str, str | int | float | None]


async def async_create_fix_flow(hass: HomeAssistant, issue_id: str, data: IssueData | None) -> RepairsFlow:
    """Return what mends an issue."""
    data = data or {}
    entry = hass.config_entries.async_get_known_entry(str(data["entry_id"]))
    if issue_id == Issue.WRONG_TIME_ZONE.issue_id(entry.entry_id):
        return TimeZoneRepair(entry, data)
    return PhonesRepair(entry, data)


class _OptionsRepair(RepairsFlow):
    """Asks in one step, and changes the options."""

    def __init__(self, entry: DlsPbxConfigEntry, data: IssueData) -> None:
        self._entry = entry
        self._data = data

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:  # noqa: ARG002 - only names the issue
        """Begin with the one step."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask, then change the options and load the entry with them."""
        errors = await async_time_zone_errors(self.hass, user_input or {})
        if user_input is None or errors:
            issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
            return self.async_show_form(
                step_id="confirm",
                data_schema=await self._async_schema(),  # type: ignore[arg-type]  # probatio's, served as vol
                errors=errors,
                description_placeholders=issue.translation_placeholders if issue else None,
            )
        options = {**self._entry.options, **self._changed(user_input)}
        self.hass.config_entries.async_update_entry(self._entry, options=options)
        self.hass.config_entries.async_schedule_reload(self._entry.entry_id)
        return self.async_create_entry(data={})

    async def _async_schema(self) -> vol.Schema:
        return vol.Schema({})

    @abstractmethod
    def _changed(self, user_input: dict[str, Any]) -> dict[str, Any]:
        """Return the options that change."""


class PhonesRepair(_OptionsRepair):
    """Takes phones that are gone out of the choice."""

    @override
    def _changed(self, user_input: dict[str, Any]) -> dict[str, Any]:
        gone = str(self._data["phones"]).split()
        return {CONF_PHONES: [one for one in self._entry.options.get(CONF_PHONES, ()) if one not in gone]}


class TimeZoneRepair(_OptionsRepair):
    """Lets a person choose among the zones that fit the PBX's clock."""

    @override
    async def _async_schema(self) -> vol.Schema:
        offset = float(self._data["utc_offset"] or 0)
        zones = await self.hass.async_add_executor_job(_zones, dt_util.utcnow(), offset, self.hass.config.time_zone)
        # The form chooses the first one unless somebody chooses another.
        return vol.Schema({vol.Required(CONF_TIME_ZONE): time_zone_selector(zones)})

    @override
    def _changed(self, user_input: dict[str, Any]) -> dict[str, Any]:
        return {CONF_TIME_ZONE: user_input[CONF_TIME_ZONE]}


def _zones(now: datetime, offset: float, home: str) -> list[str]:
    """Return the zones that are as many seconds from UTC now, or all if none is.

    Home Assistant's own comes first, then those of its continent.
    """
    known = zoneinfo.available_timezones()
    fitting = [name for name in known if _seconds(now, name) == offset]
    continent = home.partition("/")[0]
    return sorted(fitting or known, key=lambda name: (name != home, name.partition("/")[0] != continent, name))


def _seconds(now: datetime, name: str) -> float | None:
    found = now.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
    return found.total_seconds() if found is not None else None
