"""Flow of address books: a file of contacts is uploaded, read, and kept where only Home Assistant reads it."""

from typing import Any, Final

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import FileSelector, FileSelectorConfig, TextSelector
import voluptuous as vol

from .. import phone_numbers
from ..const import CONF_BOOK_ID, CONF_CONTACTS, CONF_NUMBERS, CONF_SKIPPED
from ..contacts.book import MOST_BYTES, MOST_NUMBERS, AddressBook, AddressBookError
from ..contacts.store import AddressBookStore

CONF_FILE: Final = "file"
_FILE: Final = FileSelector(FileSelectorConfig(accept=".vcf,.vcard,.csv,.txt,text/vcard,text/csv"))
_LIMITS: Final = {"most_numbers": f"{MOST_NUMBERS:,}", "most_megabytes": str(MOST_BYTES // 2**20)}


def _schema(file: vol.Marker) -> vol.Schema:
    return vol.Schema({vol.Required(CONF_NAME): TextSelector(), file: _FILE})


USER_SCHEMA = _schema(vol.Required(CONF_FILE))
# Whoever only wants another name need not find the file again.
RECONFIGURE_SCHEMA = _schema(vol.Optional(CONF_FILE))


class AddressBookFlow(ConfigSubentryFlow):
    """Adds an address book, or puts a newer export in its place."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a file."""
        return await self._async_ask("user", USER_SCHEMA, user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the file that takes the old one's place."""
        return await self._async_ask("reconfigure", RECONFIGURE_SCHEMA, user_input)

    async def _async_ask(self, step_id: str, schema: vol.Schema, typed: dict[str, Any] | None) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        if typed is not None:
            errors = {} if (name := typed[CONF_NAME].strip()) else {CONF_NAME: "blank_name"}
            data: dict[str, Any] = {}
            if not errors and CONF_FILE in typed:
                try:
                    data = await self._async_keep(typed[CONF_FILE])
                except AddressBookError as err:
                    errors[CONF_FILE] = str(err)
            if not errors:
                return self._finish({CONF_NAME: name} | data)
        shown = typed or (self._get_reconfigure_subentry().data if self.source == SOURCE_RECONFIGURE else {})
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, {CONF_NAME: shown.get(CONF_NAME)}),  # type: ignore[arg-type]  # probatio's, served as vol
            errors=errors,
            description_placeholders=_LIMITS,
        )

    async def _async_keep(self, file_id: str) -> dict[str, Any]:
        """Read an uploaded file and keep what is in it; returns what the subentry says of it."""
        region = phone_numbers.region(self.hass.config.country)
        book = await self.hass.async_add_executor_job(_read, self.hass, file_id, region)
        return {
            CONF_BOOK_ID: await AddressBookStore(self.hass, self._entry_id).async_add(book),
            CONF_CONTACTS: book.contacts,
            CONF_NUMBERS: len(book.numbers),
            CONF_SKIPPED: book.skipped,
        }

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        """Keep it, and say what was read; the entry notices and is loaded anew."""
        if self.source == SOURCE_RECONFIGURE:
            subentry = self._get_reconfigure_subentry()
            data = {**subentry.data, **data}
            self._async_update(self._get_entry(), subentry, title=data[CONF_NAME], data=data)
            return self.async_abort(reason="address_book_read", description_placeholders=_counts(data))
        return self.async_create_entry(
            title=data[CONF_NAME], data=data, description="read", description_placeholders=_counts(data)
        )


def _counts(data: dict[str, Any]) -> dict[str, str]:
    return {name: str(data[name]) for name in (CONF_CONTACTS, CONF_NUMBERS, CONF_SKIPPED)}


def _read(hass: HomeAssistant, file_id: str, region: str) -> AddressBook:
    """Read an uploaded file, which is gone afterwards; raises an AddressBookError."""
    # Not at a start: it takes 40 ms to load what nobody needs but here.
    from ..contacts.reading import read_address_book  # noqa: PLC0415

    try:
        with process_uploaded_file(hass, file_id) as path:
            if path.stat().st_size > MOST_BYTES:
                raise AddressBookError("file_too_large")
            return read_address_book(path.read_bytes(), region)
    except ValueError as err:
        raise AddressBookError("upload_gone") from err
