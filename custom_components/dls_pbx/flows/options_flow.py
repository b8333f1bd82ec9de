"""Flow of the options: what the user wants of a PBX that is set up."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_TIME_ZONE, UnitOfRatio, UnitOfTime
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..api.models import User
from ..data import DlsPbxConfigEntry
from ..devices import phone_name
from ..options import (
    CONF_AGENT_FIGURES,
    CONF_BACKFILL_DAYS,
    CONF_PHONES,
    CONF_SERVICE_LEVEL_GOAL,
    CONF_SERVICE_LEVEL_THRESHOLD,
    CONF_SHORT_ABANDON_THRESHOLD,
    CONF_SMS_CONSENT,
    DEFAULTS,
    SmsConsent,
)
from .time_zones import async_time_zone_errors, async_time_zones, time_zone_selector

LONGEST_WAIT = 3600  # s; who waits longer for an answer has no phone to speak of
LONGEST_BACKFILL = 365  # days


def _number(highest: int, unit: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(min=0, max=highest, step=1, unit_of_measurement=unit, mode=NumberSelectorMode.BOX)
    )


_NUMBERS = {
    CONF_SERVICE_LEVEL_THRESHOLD: _number(LONGEST_WAIT, UnitOfTime.SECONDS),
    CONF_SERVICE_LEVEL_GOAL: _number(100, UnitOfRatio.PERCENTAGE),
    CONF_SHORT_ABANDON_THRESHOLD: _number(LONGEST_WAIT, UnitOfTime.SECONDS),
    CONF_BACKFILL_DAYS: _number(LONGEST_BACKFILL, UnitOfTime.DAYS),
}


class DlsPbxOptionsFlow(OptionsFlowWithReload):
    """Changes what is shown of a PBX, how it is measured, and whom texts go to."""

    config_entry: DlsPbxConfigEntry

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for everything on one page; what is left empty is as if nobody had chosen."""
        errors = await async_time_zone_errors(self.hass, user_input or {})
        if user_input is not None and not errors:
            chosen = {name: value for name, value in user_input.items() if value or value == 0}
            # The form sends 20.0 for 20.
            chosen |= {name: int(chosen[name]) for name in _NUMBERS if name in chosen}
            return self.async_create_entry(data=chosen)
        shown = {**DEFAULTS, **self.config_entry.options} if user_input is None else user_input
        schema = vol.Schema({vol.Optional(name): field for name, field in (await self._async_fields()).items()})
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(schema, shown),  # type: ignore[arg-type]  # probatio's, served as vol
            errors=errors,
            description_placeholders={"time_zone": self.hass.config.time_zone},
        )

    async def _async_fields(self) -> dict[str, Selector[Any]]:
        fields: dict[str, Selector[Any]] = {}
        if phones := self._phones():
            fields[CONF_PHONES] = SelectSelector(
                SelectSelectorConfig(options=phones, multiple=True, mode=SelectSelectorMode.DROPDOWN)
            )
        fields[CONF_TIME_ZONE] = time_zone_selector(sorted(await async_time_zones(self.hass)))
        fields[CONF_SMS_CONSENT] = SelectSelector(
            SelectSelectorConfig(
                options=list(SmsConsent), mode=SelectSelectorMode.LIST, translation_key=CONF_SMS_CONSENT
            )
        )
        return fields | _NUMBERS | {CONF_AGENT_FIGURES: BooleanSelector()}

    def _phones(self) -> list[SelectOptionDict]:
        """Return the phones to choose from: those that the PBX shows, and those chosen before."""
        users = self._users()
        tenants = {user.tenant for user in users}
        labels = {auth_id: auth_id for auth_id in self.config_entry.options.get(CONF_PHONES, ())}
        for user in users:
            # In several tenants one extension means several phones.
            extension = f"{user.extension}@{user.tenant}" if len(tenants) > 1 else user.extension
            labels[user.auth_id] = phone_name(user, extension)
        by_label = sorted(labels.items(), key=lambda phone: phone[1].casefold())
        return [SelectOptionDict(value=auth_id, label=label) for auth_id, label in by_label]

    def _users(self) -> list[User]:
        # An entry that could not be set up has no data.
        data = getattr(self.config_entry, "runtime_data", None)
        return list(data.users.snapshot.rows.values()) if data and data.users.snapshot else []
