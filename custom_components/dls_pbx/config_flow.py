"""Setting up a PBX in the user interface and changing it later; every step checks the account in one way."""

from collections.abc import Mapping
import traceback
from typing import Any, NamedTuple, override
import zoneinfo

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_API_KEY, CONF_TIME_ZONE, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol
from yarl import URL

from .api import DlsPbxError, DlsPbxPermissionError
from .api.models import User
from .connection import UrlError, account, async_client, origin
from .const import CONF_PHONES, DOMAIN, LOGGER
from .errors import error_key
from .runtime import DlsPbxConfigEntry

# Not a URL field: browsers find fault with a bare host in one.
_TEXT = TextSelector()
_USERNAME = TextSelector(TextSelectorConfig(autocomplete="username"))
_KEY = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))


def _account_schema(key: vol.Marker) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_URL): _TEXT,
            vol.Required(CONF_USERNAME): _USERNAME,
            key: _KEY,
            vol.Required(CONF_VERIFY_SSL, default=True): bool,
        }
    )


USER_SCHEMA = _account_schema(vol.Required(CONF_API_KEY))
RECONFIGURE_SCHEMA = _account_schema(vol.Optional(CONF_API_KEY))
REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_API_KEY): _KEY})

# What the form says of what the PBX, or the way to it, answered; of the rest it says that it cannot connect, and why.
_ERRORS = frozenset({"invalid_auth", "invalid_response"})


class Problem(NamedTuple):
    """Why a step cannot go on: the text's key, the PBX's reason, the field at fault."""

    error: str
    reason: str = ""
    field: str = "base"


async def async_validate(hass: HomeAssistant, data: Mapping[str, Any]) -> Problem | None:
    """Ask the PBX for its users with these settings; None = user and key are right."""
    try:
        client = await async_client(hass, data, {})
        await client.users()
    except DlsPbxPermissionError:
        # It knows who is asking, or it would not know what they may do.
        return None
    except DlsPbxError as err:
        error = error_key(err)
        return Problem(error if error in _ERRORS else "cannot_connect", str(err))
    except Exception as err:  # noqa: BLE001 - whatever it is, the form has to stay usable
        # The place but not the text, which could hold what was typed.
        place = "".join(traceback.format_tb(err.__traceback__))
        LOGGER.error("Unexpected %s while checking the account:\n%s", type(err).__name__, place)
        return Problem("unknown")
    return None


class DlsPbxConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up one account at one PBX, gives it a new key, or changes how it is reached."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: DlsPbxConfigEntry) -> DlsPbxOptionsFlow:
        """Return the options' flow."""
        return DlsPbxOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for address, user and key."""
        shown, problem = user_input, None
        if user_input is not None:
            shown, problem = await self._async_check(user_input)
            if not problem:
                return self.async_create_entry(title=URL(shown[CONF_URL]).host or "", data=shown)
        return self._show("user", USER_SCHEMA, shown, problem)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:  # noqa: ARG002 - HA's signature
        """Begin when the PBX refuses the key."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a new key to the same account."""
        entry, problem = self._get_reauth_entry(), None
        if user_input is not None:
            key = user_input[CONF_API_KEY].strip()
            problem = await async_validate(self.hass, {**entry.data, CONF_API_KEY: key})
            if not problem:
                return self.async_update_reload_and_abort(entry, data_updates={CONF_API_KEY: key})
        return self._show("reauth_confirm", REAUTH_SCHEMA, entry.data, problem)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the same account is reached from now on."""
        entry, problem = self._get_reconfigure_entry(), None
        shown: Mapping[str, Any] = entry.data
        if user_input is not None:
            key = user_input.get(CONF_API_KEY, "").strip() or entry.data[CONF_API_KEY]
            shown, problem = await self._async_check({**user_input, CONF_API_KEY: key})
            if not problem:
                return self.async_update_reload_and_abort(entry, data=shown)
        return self._show("reconfigure", RECONFIGURE_SCHEMA, shown, problem)

    async def _async_check(self, typed: dict[str, Any]) -> tuple[dict[str, Any], Problem | None]:
        """Return the settings in their final form and what is wrong with them; abort where the account is another's."""
        try:
            data = typed | {
                CONF_URL: origin(typed[CONF_URL]),
                CONF_USERNAME: typed[CONF_USERNAME].strip(),
                CONF_API_KEY: typed[CONF_API_KEY].strip(),
            }
        except UrlError as err:
            return typed, Problem(str(err), field=CONF_URL)
        # A form that was left open in another tab is no reason to refuse this one.
        await self.async_set_unique_id(account(data[CONF_URL], data[CONF_USERNAME]), raise_on_progress=False)
        if self.source == SOURCE_USER:
            self._abort_if_unique_id_configured()
        # Before anything is sent: the key must not go to another PBX.
        self._abort_if_unique_id_mismatch(reason="account_mismatch")
        return data, await async_validate(self.hass, data)

    def _show(
        self, step_id: str, schema: vol.Schema, shown: Mapping[str, Any] | None, problem: Problem | None
    ) -> ConfigFlowResult:
        """Show a form with what is known, but never a key."""
        known = {name: value for name, value in (shown or {}).items() if name != CONF_API_KEY}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, known),  # type: ignore[arg-type]  # probatio's, served as vol
            errors={problem.field: problem.error} if problem else {},
            description_placeholders={
                "username": known.get(CONF_USERNAME, ""),
                "reason": problem.reason if problem else "",
            },
        )


class DlsPbxOptionsFlow(OptionsFlowWithReload):
    """Changes what is shown of a PBX."""

    config_entry: DlsPbxConfigEntry

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which phones get devices, and for the PBX's time zone."""
        if user_input is not None:
            # Nothing chosen is the default, which may change: all phones, Home Assistant's zone of the day.
            return self.async_create_entry(data={name: value for name, value in user_input.items() if value})
        schema = vol.Schema(await self._async_fields())
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(schema, self.config_entry.options),  # type: ignore[arg-type]  # as above
            description_placeholders={"time_zone": self.hass.config.time_zone},
        )

    async def _async_fields(self) -> dict[vol.Marker, SelectSelector]:
        fields: dict[vol.Marker, SelectSelector] = {}
        if phones := self._phones():
            fields[vol.Optional(CONF_PHONES)] = SelectSelector(
                SelectSelectorConfig(options=phones, multiple=True, mode=SelectSelectorMode.DROPDOWN)
            )
        zones = await self.hass.async_add_executor_job(zoneinfo.available_timezones)
        fields[vol.Optional(CONF_TIME_ZONE)] = SelectSelector(
            SelectSelectorConfig(options=sorted(zones), mode=SelectSelectorMode.DROPDOWN)
        )
        return fields

    def _phones(self) -> list[SelectOptionDict]:
        """Return the phones to choose from: those that the PBX shows, and those chosen before."""
        users = self._users()
        tenants = {user.tenant for user in users}
        labels = {auth_id: auth_id for auth_id in self.config_entry.options.get(CONF_PHONES, ())}
        for user in users:
            # In several tenants one extension means several phones.
            extension = f"{user.extension}@{user.tenant}" if len(tenants) > 1 else user.extension
            labels[user.auth_id] = f"{user.name} ({extension})" if user.name else extension
        by_label = sorted(labels.items(), key=lambda phone: phone[1].casefold())
        return [SelectOptionDict(value=auth_id, label=label) for auth_id, label in by_label]

    def _users(self) -> list[User]:
        # An entry that could not be set up has no data.
        data = getattr(self.config_entry, "runtime_data", None)
        return list(data.users.snapshot.rows.values()) if data and data.users.snapshot else []
