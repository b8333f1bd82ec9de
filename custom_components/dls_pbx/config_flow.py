"""Config flow: setting up a PBX and changing how it is reached; every step checks the account in one way."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
)
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
import voluptuous as vol

from .api import DlsPbxError
from .const import DOMAIN, MINOR_VERSION, SUBENTRY_ADDRESS_BOOK, SUBENTRY_SMS_RECIPIENT
from .data import DlsPbxConfigEntry
from .flows import second_look
from .flows.account import UrlError, account, bases, title
from .flows.address_book_flow import AddressBookFlow
from .flows.move import Move, async_compare
from .flows.options_flow import DlsPbxOptionsFlow
from .flows.sms_recipient_flow import SmsRecipientFlow
from .flows.validation import Problem, async_find, async_problem, async_validate

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


class DlsPbxConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up one account at one PBX, gives it a new key, or changes how it is reached."""

    # Older entries need no migration of their own: statistics/retired.py raises it when it has done its work.
    MINOR_VERSION = MINOR_VERSION

    _checked: Mapping[str, Any]  # how the account will be reached, once that was agreed to
    _move: Move | None = None  # what was found at another address
    _end_watch: CALLBACK_TYPE | None = None  # whether the PBX takes a refused key again

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
                taken = {entry.title for entry in self._async_current_entries()}
                name = title(shown[CONF_URL], shown[CONF_USERNAME], taken)
                return self.async_create_entry(title=name, data=shown)
        return self._show("user", USER_SCHEMA, shown, user_input, problem)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:  # noqa: ARG002 - HA's signature
        """Begin when the PBX refuses the key."""
        self._end_watch = second_look.async_start(self.hass, self._get_reauth_entry())
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
        return self._show("reauth_confirm", REAUTH_SCHEMA, entry.data, user_input, problem)

    @callback
    @override
    def async_remove(self) -> None:
        """End what goes on while the form is open."""
        if self._end_watch:
            self._end_watch()

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the same account is reached from now on."""
        entry, problem = self._get_reconfigure_entry(), None
        shown: Mapping[str, Any] = entry.data
        if user_input is not None:
            key = user_input.get(CONF_API_KEY, "").strip() or entry.data[CONF_API_KEY]
            shown, problem = await self._async_check({**user_input, CONF_API_KEY: key})
            if not problem and self.unique_id != entry.unique_id:
                problem = await self._async_compare(entry, shown)
            if not problem:
                self._checked = shown
                return await self.async_step_confirm_move() if self._move else self._finish()
        return self._show("reconfigure", RECONFIGURE_SCHEMA, shown, user_input, problem)

    async def _async_compare(self, entry: DlsPbxConfigEntry, data: dict[str, Any]) -> Problem | None:
        """See whether what answers at another address is the same PBX; abort where it is not."""
        try:
            self._move = await async_compare(self.hass, entry, data)
        except DlsPbxError as err:
            return await async_problem(self.hass, err)
        if not self._move.is_likely:
            raise AbortFlow("account_mismatch")
        return None

    async def async_step_confirm_move(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether the PBX has moved: who says so by mistake has two offices in one history."""
        if user_input is not None:
            return self._finish()
        entry = self._get_reconfigure_entry()
        return self.async_show_form(
            step_id="confirm_move",
            data_schema=vol.Schema({}),  # type: ignore[arg-type]  # probatio's, served as vol
            description_placeholders={
                "name": entry.title,
                "old": entry.data[CONF_URL],
                "new": self._checked[CONF_URL],
                "known": str(self._move.known) if self._move else "",
                "same": str(self._move.same) if self._move else "",
            },
        )

    def _finish(self) -> ConfigFlowResult:
        """Keep how the account is reached; the account's name moves along with it."""
        entry = self._get_reconfigure_entry()
        return self.async_update_reload_and_abort(entry, unique_id=self.unique_id, data=self._checked)

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
        # Before anything is sent.
        if self.source == SOURCE_USER:
            self._abort_if_unique_id_configured()
        elif self.unique_id != (entry := self._get_reconfigure_entry()).unique_id:
            self._abort_if_no_move(entry, data[CONF_USERNAME])
        return await async_find(self.hass, data, urls)

    def _abort_if_no_move(self, entry: DlsPbxConfigEntry, username: str) -> None:
        """Abort where another host or port is another account for certain: another user's, or another entry's."""
        taken = {other.unique_id for other in self._async_current_entries()}
        if username.casefold() != entry.data[CONF_USERNAME].casefold() or self.unique_id in taken:
            raise AbortFlow("account_mismatch")

    def _show(
        self,
        step_id: str,
        schema: vol.Schema,
        known: Mapping[str, Any] | None,
        typed: Mapping[str, Any] | None,
        problem: Problem | None,
    ) -> ConfigFlowResult:
        """Show a form with what is known; a key only where somebody has typed it right here."""
        shown = {name: value for name, value in (known or {}).items() if name != CONF_API_KEY}
        key = {CONF_API_KEY: typed[CONF_API_KEY]} if typed and CONF_API_KEY in typed else {}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown | key),  # type: ignore[arg-type]  # probatio's, served as vol
            errors={problem.field: problem.error} if problem else {},
            description_placeholders={
                "username": shown.get(CONF_USERNAME, ""),
                "reason": problem.reason if problem else "",
            },
        )
