"""Config flow: setting up a PBX and changing how it is reached; every step checks the account in one way."""

from collections.abc import Iterable, Mapping
import traceback
from typing import Any, NamedTuple, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
)
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
import voluptuous as vol
from yarl import URL

from .api import DlsPbxBareRefusalError, DlsPbxError
from .const import DOMAIN, LOGGER, MINOR_VERSION, SUBENTRY_ADDRESS_BOOK, SUBENTRY_SMS_RECIPIENT
from .data import DlsPbxConfigEntry
from .errors import error_key
from .flows.account import CONF_DIALECT, UrlError, account, async_client, bases
from .flows.address_book_flow import AddressBookFlow
from .flows.connections import async_connections
from .flows.options_flow import DlsPbxOptionsFlow
from .flows.sms_recipient_flow import SmsRecipientFlow

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


async def async_validate(hass: HomeAssistant, data: dict[str, Any]) -> Problem | None:
    """Ask the PBX whether user and key are right; None = they are, and `data` has what was learned of the PBX."""
    try:
        async with async_connections(hass, verify_ssl=data[CONF_VERIFY_SSL]) as connections:
            client = await async_client(hass, connections, data, None)
            await client.check()
    except DlsPbxBareRefusalError as err:
        return Problem("invalid_response" if err.is_bad_request else "invalid_auth", str(err))
    except DlsPbxError as err:
        error = error_key(err)
        return Problem(error if error in _ERRORS else "cannot_connect", str(err))
    except Exception as err:  # noqa: BLE001 - whatever it is, the form has to stay usable
        # The place but not the text, which could hold what was typed.
        place = "".join(traceback.format_tb(err.__traceback__))
        LOGGER.error("Unexpected %s while checking the account:\n%s", type(err).__name__, place)
        return Problem("unknown")
    data.pop(CONF_DIALECT, None)
    if learned := client.dialect.as_stored():
        data[CONF_DIALECT] = learned
    return None


async def async_find(
    hass: HomeAssistant, data: Mapping[str, Any], urls: Iterable[str]
) -> tuple[dict[str, Any], Problem | None]:
    """Return the settings with the first address at which the PBX's API answers, and what is wrong with them."""
    found, problem = dict(data), None
    for url in urls:
        found = {**data, CONF_URL: url}
        if (problem := await async_validate(hass, found)) is None or problem.error == "invalid_auth":
            break
    return found, problem


class DlsPbxConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up one account at one PBX, gives it a new key, or changes how it is reached."""

    # Older entries need no migration of their own: statistics/retired.py raises it when it has done its work.
    MINOR_VERSION = MINOR_VERSION

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: DlsPbxConfigEntry) -> DlsPbxOptionsFlow:
        """Return the options' flow."""
        return DlsPbxOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to a PBX."""
        return {SUBENTRY_SMS_RECIPIENT: SmsRecipientFlow, SUBENTRY_ADDRESS_BOOK: AddressBookFlow}

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
            data = {**entry.data, CONF_API_KEY: key}
            problem = await async_validate(self.hass, data)
            if not problem:
                return self.async_update_reload_and_abort(entry, data=data)
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
            urls = bases(typed[CONF_URL])
            data = typed | {
                CONF_URL: urls[-1],
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
        return await async_find(self.hass, data, urls)

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
