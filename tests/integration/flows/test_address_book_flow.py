"""Forms of address books: a file is read and counted, or refused in words that help; nothing of it stays behind."""

import json
import stat
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dls_pbx.contacts.book import MOST_BYTES
from tests.helpers.address_books import Office, card, files

ADA, BOB = card("Ada Lovelace", "(815) 555-0123", "+1 847 555 0199"), card("Bob", "815-555-0100", "12")


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Let Home Assistant write to its disk: the harness would only pretend."""
    return {}


@pytest.fixture
async def office(hass: HomeAssistant, loaded: MockConfigEntry, hass_client: ClientSessionGenerator) -> Office:
    """Return an office that adds address books to its PBX."""
    return Office(hass, loaded, hass_client)


async def test_an_address_book_is_read_and_says_how_much_of_it_was_understood(
    hass: HomeAssistant, loaded: MockConfigEntry, office: Office
) -> None:
    """Half of a file that was not understood would be missed by nobody until the wrong name is shown."""
    result = await office.add(ADA + BOB, name=" Customers ")
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Customers")
    assert result["description"] == "read"
    assert result["description_placeholders"] == {"contacts": "2", "numbers": "3", "skipped": "1"}
    assert loaded.state is ConfigEntryState.LOADED
    (subentry,) = loaded.subentries.values()
    assert (subentry.subentry_type, subentry.title) == ("address_book", "Customers")


async def test_what_is_kept_of_an_address_book_only_home_assistant_reads(
    hass: HomeAssistant, loaded: MockConfigEntry, office: Office
) -> None:
    """Contacts are private: they are in one file, which other users of the machine cannot open."""
    await office.add(ADA)
    (file,) = files(hass, loaded)
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert json.loads(file.read_text())["data"]["+18155550123"] == ["Ada Lovelace", False]
    (subentry,) = loaded.subentries.values()
    assert "Ada" not in str(subentry.data)
    assert "8155550123" not in str(subentry.data)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("Dear all, the lobby is closed on Monday.", "not_an_address_book"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not_an_address_book"),
        ("", "not_an_address_book"),
        (card("Nobody"), "no_numbers"),
        ("Name,Phone\n" + "".join(f"P{number},815555{number:04}\n" for number in range(10_000)) * 1, None),
        ("Name,Phone\n" + "".join(f"P{n},{area}555{n:04}\n" for area in (815, 847, 312) for n in range(7_000)),
         "too_many_numbers"),
        (b"Name,Phone\n" + b" " * MOST_BYTES, "file_too_large"),
    ],
    ids=["letter", "picture", "empty", "no numbers", "ten thousand", "too many", "too large"],
)  # fmt: skip
async def test_a_file_that_cannot_be_used_is_refused_and_the_form_stays(
    hass: HomeAssistant, loaded: MockConfigEntry, office: Office, content: str | bytes, error: str | None
) -> None:
    """The right file is found on the second try, without typing the name again."""
    form = await office.open()
    result = await office.submit(form, name="Customers", file=await office.upload(content))
    assert result.get("errors", {}) == ({"file": error} if error else {})
    if error:
        assert result["data_schema"] is not None
        markers = {str(marker): marker.description for marker in result["data_schema"].schema}
        assert markers["name"] == {"suggested_value": "Customers"}
        assert files(hass, loaded) == []
        result = await office.submit(result, name="Customers", file=await office.upload(ADA))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_upload_that_is_gone_is_asked_for_again(
    hass: HomeAssistant, loaded: MockConfigEntry, office: Office
) -> None:
    """After a restart of Home Assistant the file that a form still shows is no longer there."""
    file_id = await office.upload(ADA)
    await office.submit(await office.open(), name="Customers", file=file_id)
    result = await office.submit(await office.open(), name="Suppliers", file=file_id)
    assert result["errors"] == {"file": "upload_gone"}


async def test_an_address_book_needs_a_name(hass: HomeAssistant, loaded: MockConfigEntry, office: Office) -> None:
    """One without a name could not be found in the list."""
    result = await office.submit(await office.open(), name="  ", file=await office.upload(ADA))
    assert result["errors"] == {"name": "blank_name"}
    assert files(hass, loaded) == []


async def test_a_new_file_takes_the_place_of_the_old_one(
    hass: HomeAssistant, loaded: MockConfigEntry, office: Office
) -> None:
    """Who has left the address book is forgotten, on the disk too."""
    await office.add(ADA)
    (subentry_id,) = loaded.subentries
    result = await office.submit(await office.open(subentry_id), name="Friends", file=await office.upload(BOB))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "address_book_read")
    assert result["description_placeholders"] == {"contacts": "1", "numbers": "1", "skipped": "1"}
    assert loaded.subentries[subentry_id].title == "Friends"
    (file,) = files(hass, loaded)
    assert json.loads(file.read_text())["data"] == {"+18155550100": ["Bob", False]}
    assert loaded.runtime_data.contacts.named("+18155550100").name == "Bob"
    assert loaded.runtime_data.contacts.named("+18155550123").name == ""


async def test_a_new_name_needs_no_new_file(hass: HomeAssistant, loaded: MockConfigEntry, office: Office) -> None:
    """The export may be on another computer."""
    await office.add(ADA)
    (subentry_id,) = loaded.subentries
    result = await office.submit(await office.open(subentry_id), name="Friends")
    assert result["description_placeholders"] == {"contacts": "1", "numbers": "2", "skipped": "0"}
    assert loaded.subentries[subentry_id].title == "Friends"
    assert loaded.runtime_data.contacts.named("+18155550123").name == "Ada Lovelace"


async def test_a_deleted_address_book_is_deleted(hass: HomeAssistant, loaded: MockConfigEntry, office: Office) -> None:
    """Whoever deletes contacts wants them gone."""
    await office.add(ADA)
    (subentry_id,) = loaded.subentries
    hass.config_entries.async_remove_subentry(loaded, subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert files(hass, loaded) == []
    assert loaded.runtime_data.contacts.named("+18155550123").name == ""


async def test_with_the_pbx_its_address_books_go(hass: HomeAssistant, loaded: MockConfigEntry, office: Office) -> None:
    """An integration that was removed leaves no contacts behind."""
    await office.add(ADA)
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert files(hass, loaded) == []


async def test_an_address_book_is_added_while_the_pbx_is_away(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Reading a file asks the PBX nothing."""
    assert await async_setup_component(hass, "file_upload", {})
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    office = Office(hass, entry, hass_client)
    result = await office.add(ADA)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.contacts.named("+18155550123").name == "Ada Lovelace"
