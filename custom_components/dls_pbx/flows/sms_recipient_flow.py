"""Flow of recipients of texts that have a name: each becomes a notify entity."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..actions.recipients import addressees
from ..actions.schemas import texts
from ..const import CONF_ACCOUNT_CODE, CONF_RECIPIENTS
from ..devices import phone_name

_TEXT = TextSelector()


def schema(phones: list[SelectOptionDict]) -> vol.Schema:
    """Return the form: phones are picked from a list, numbers are typed into it."""
    picked = SelectSelectorConfig(options=phones, multiple=True, custom_value=True, mode=SelectSelectorMode.DROPDOWN)
    return vol.Schema(
        {
            vol.Required(CONF_NAME): _TEXT,
            # Of a list that has to have something Home Assistant's pages choose the first by themselves.
            vol.Required(CONF_RECIPIENTS, default=list): SelectSelector(picked),
            vol.Optional(CONF_ACCOUNT_CODE): _TEXT,
        }
    )


class SmsRecipientFlow(ConfigSubentryFlow):
    """Adds a recipient, or changes one."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask whom texts shall go to."""
        return self._ask("user", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask whom texts shall go to from now on."""
        return self._ask("reconfigure", user_input)

    def _ask(self, step_id: str, typed: dict[str, Any] | None) -> SubentryFlowResult:
        if self._get_entry().state is not ConfigEntryState.LOADED:
            # Which auth IDs there are, only the PBX knows.
            return self.async_abort(reason="entry_not_loaded")
        errors: dict[str, str] = {}
        placeholders: Mapping[str, str] = {}
        if typed is not None:
            data, errors, placeholders = self._checked(typed)
            if not errors:
                return self._finish(data)
        shown = self._get_reconfigure_subentry().data if self.source == SOURCE_RECONFIGURE and typed is None else typed
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema(self._phones()), shown),  # type: ignore[arg-type]  # probatio's, served as vol
            errors=errors,
            description_placeholders=placeholders,
        )

    def _phones(self) -> list[SelectOptionDict]:
        """Return the phones that there are, by what a text to them is addressed to."""
        data = self._get_entry().runtime_data
        users = list(data.users.snapshot.rows.values()) if data.users.snapshot else []
        owners = Counter(user.extension for user in users)
        options = []
        for user in users:
            # An extension that several tenants have leads to one of them only.
            address = user.extension if owners[user.extension] == 1 else f"{user.extension}@{user.tenant}"
            options.append(SelectOptionDict(value=address, label=phone_name(user, address)))
        return sorted(options, key=lambda option: option["label"].casefold())

    def _checked(self, typed: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str], Mapping[str, str]]:
        """Return what was typed in the form in which it is kept, or the errors by field and what they speak of."""
        name, account_code = typed[CONF_NAME].strip(), typed.get(CONF_ACCOUNT_CODE, "").strip()
        errors = {} if name else {CONF_NAME: "blank_name"}
        try:
            # The same door as that of texts, or a recipient would be found wanting at the first one.
            to = addressees(self.hass, self._get_entry(), texts(typed[CONF_RECIPIENTS]))
        except ServiceValidationError as err:
            errors[CONF_RECIPIENTS] = str(err.translation_key)
            return {}, errors, err.translation_placeholders or {}
        data = {CONF_NAME: name, CONF_RECIPIENTS: to}
        return data | ({CONF_ACCOUNT_CODE: account_code} if account_code else {}), errors, {}

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        """Keep it; the entry notices and is loaded anew."""
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(), self._get_reconfigure_subentry(), title=data[CONF_NAME], data=data
            )
        return self.async_create_entry(title=data[CONF_NAME], data=data)
