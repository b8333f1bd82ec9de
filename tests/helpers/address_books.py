"""Address books as users add them: a file is uploaded to Home Assistant, then the form is sent."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import FormData
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER, ConfigEntry, SubentryFlowResult
from homeassistant.core import HomeAssistant

from custom_components.dls_pbx.const import DOMAIN

if TYPE_CHECKING:
    # The browser's tests need a card of a book and have no harness.
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator


def card(name: str, *numbers: str, vip: bool = False) -> str:
    """Return a vCard of somebody."""
    lines = [f"FN:{name}", *(f"TEL;TYPE=WORK:{number}" for number in numbers), *(["CATEGORIES:VIP"] if vip else [])]
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


class Office:
    """Somebody at the forms of the address books of one entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, connect: ClientSessionGenerator) -> None:
        self._hass = hass
        self._entry = entry
        self._connect = connect

    async def upload(self, content: str | bytes, name: str = "contacts.vcf") -> str:
        """Upload a file; returns its id."""
        form = FormData()
        form.add_field("file", content.encode() if isinstance(content, str) else content, filename=name)
        client = await self._connect()
        answer = await client.post("/api/file_upload", data=form)
        file_id: str = (await answer.json())["file_id"]
        return file_id

    async def open(self, subentry_id: str | None = None) -> SubentryFlowResult:
        """Open the form of a new address book, or of one that there is."""
        context: Any = {"source": SOURCE_USER}
        if subentry_id:
            context = {"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id}
        return await self._hass.config_entries.subentries.async_init(
            (self._entry.entry_id, "address_book"), context=context
        )

    async def submit(self, form: SubentryFlowResult, **typed: Any) -> SubentryFlowResult:
        """Send a form and let Home Assistant load the entry anew."""
        result = await self._hass.config_entries.subentries.async_configure(form["flow_id"], typed)
        await self._hass.async_block_till_done(wait_background_tasks=True)
        return result

    async def add(self, content: str | bytes, name: str = "Customers") -> SubentryFlowResult:
        """Add an address book."""
        return await self.submit(await self.open(), name=name, file=await self.upload(content))


def files(hass: HomeAssistant, entry: ConfigEntry) -> list[Path]:
    """Return the files that address books are kept in."""
    return sorted(Path(hass.config.path(".storage")).glob(f"{DOMAIN}.{entry.entry_id}.contacts.*"))
