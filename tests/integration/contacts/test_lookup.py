"""Names of callers: an address book's before the PBX's, those of calls before where neither has one, everywhere."""

from collections.abc import Callable
import json
import logging
from typing import Any

from homeassistant.components.diagnostics import DOMAIN as DIAGNOSTICS
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator
from sqlalchemy import text

from custom_components.dls_pbx.contacts.callers import CallerNames
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.address_books import Office, card
from tests.helpers.automations import automate, on_device
from tests.helpers.front_desk import Desk
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.restarts import House, Listener
from tests.helpers.service_calls import act
from tests.helpers.stored import stored
from tests.integration.conftest import Poll

# What Home Assistant's recorder keeps of states and events.
RECORDED = ("states", "states_meta", "state_attributes", "events", "event_data")
ADA, GRACE = "Ada Lovelace", "Grace Hopper"


@pytest.fixture
async def office(hass: HomeAssistant, loaded: MockConfigEntry, hass_client: ClientSessionGenerator) -> Office:
    """Return an office with Ada, who is a VIP, in its address book."""
    assert await async_setup_component(hass, "websocket_api", {})  # while its server can be added to
    office = Office(hass, loaded, hass_client)
    await office.add(card(ADA, "(815) 555-0123", vip=True))
    return office


def _named(told: Listener, what: str) -> list[tuple[str | None, bool | None]]:
    return [(one.attributes.get("name"), one.attributes.get("vip")) for one in told.told if one.what == what]


def _calls(pbx: SimulatedPbx) -> None:
    call = pbx.call_in(CALLER, name="LOVELACE A", to="630")
    pbx.hang_up(call)


def _is_called(pbx: SimulatedPbx) -> None:
    pbx.answer(call := pbx.call_out(JERRY, CALLER))
    pbx.hang_up(call)


def _writes(pbx: SimulatedPbx) -> None:
    pbx.receive_sms(CALLER, "630", "Are you open?")


def _waits(pbx: SimulatedPbx) -> None:
    pbx.call_in(CALLER, name="LOVELACE A", to="night")


def _faxes(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(CALLER, "630", outcome=Outcome.FAX)


@pytest.mark.parametrize(
    ("happens", "what"),
    [
        (_calls, "pbx_call:missed"),
        (_is_called, "pbx_call:ended"),
        (_writes, "pbx_sms:received"),
        (_waits, "queue_night_queue:caller_joined"),
        (_faxes, "pbx_fax:received"),
    ],
)
async def test_events_tell_the_address_books_name(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    office: Office,
    heard: Listener,
    poll: Poll,
    happens: Callable[[SimulatedPbx], Any],
    what: str,
) -> None:
    """A speaker says Ada Lovelace, and not what a telephone company makes of her."""
    happens(pbx)
    await poll(61)
    await poll(61)
    assert _named(heard, what) == [(ADA, True)]


async def test_who_is_in_no_address_book_has_the_name_that_the_pbx_tells(
    hass: HomeAssistant, pbx: SimulatedPbx, office: Office, heard: Listener, poll: Poll
) -> None:
    """And nobody is a VIP but those who are."""
    pbx.add_past_call(OTHER_CALLER, "630", outcome=Outcome.UNANSWERED, name="HOPPER G")
    await poll(61)
    assert _named(heard, "pbx_call:missed") == [("HOPPER G", None)]


async def test_the_name_of_a_call_before_is_told_of_the_next(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, heard: Listener, poll: Poll
) -> None:
    """While a call rings the PBX tells the number alone."""
    pbx.add_past_call(CALLER, "630", name=ADA, by=TOM)
    await poll(61)
    pbx.call_in(CALLER, name="", to="night")
    await poll(61)
    assert _named(heard, "queue_night_queue:caller_joined") == [(ADA, None)]


async def test_names_of_calls_before_outlast_a_restart(house: House, pbx: SimulatedPbx) -> None:
    """Who rang yesterday is known this morning."""
    await house.start()
    pbx.add_past_call(CALLER, "630", name=ADA, by=TOM)
    await house.pass_time(61)
    await house.kill()
    await house.start()
    pbx.call_in(CALLER, name="", to="night")
    await house.pass_time(61)
    assert (ADA, None) in _named(house.heard, "queue_night_queue:caller_joined")


async def test_callbacks_and_the_front_desk_show_the_address_books_name(
    hass: HomeAssistant, pbx: SimulatedPbx, office: Office, poll: Poll, hass_ws_client: WebSocketGenerator
) -> None:
    """Whoever calls back greets by name."""
    pbx.add_past_call(CALLER, "630", outcome=Outcome.UNANSWERED, name="LOVELACE A")
    await poll(61)
    pbx.call_in(CALLER, to="night")
    await poll(61)
    entity_id = next(iter(hass.states.async_entity_ids("todo")))
    found = await hass.services.async_call(
        "todo", "get_items", target={"entity_id": entity_id}, blocking=True, return_response=True
    )
    assert [item["summary"] for item in found[entity_id]["items"]] == [f"{ADA} · (815) 555-0123"]  # type: ignore[index,call-overload]
    desk = await Desk.open(hass_ws_client)
    assert [row["name"] for row in desk.rows["missed"].values()] == [ADA]
    assert [caller["name"] for caller in desk.rows["queues"]["night"]["callers"]] == [ADA]
    assert [row["name"] for row in desk.rows["calls"].values()] == [ADA]


async def test_a_trigger_for_vips_lets_others_pass(
    hass: HomeAssistant, pbx: SimulatedPbx, office: Office, poll: Poll
) -> None:
    """The phone on the director's desk lights up for some, and not for all."""
    runs = await automate(hass, "incoming_call", on_device(hass, "pbx"), vip_only=True)
    pbx.call_in(OTHER_CALLER, to="630")
    await poll(11)
    assert runs == []
    pbx.call_in(CALLER, to="69")
    await poll(11)
    assert [(run["name"], run["vip"]) for run in runs] == [(ADA, True)]


async def test_a_text_to_somebody_in_the_address_book_still_goes_by_number(
    hass: HomeAssistant, pbx: SimulatedPbx, office: Office
) -> None:
    """Two people may have one name: a text that goes to the wrong one cannot be taken back."""
    with pytest.raises(Exception, match="neither a phone number"):
        await act(hass, "send_sms", recipients=[ADA], message="Hello")


async def test_of_two_address_books_the_first_has_the_name(
    hass: HomeAssistant, loaded: MockConfigEntry, office: Office
) -> None:
    """A second export does not rename those who are known; what it has more is known as well."""
    await office.add(card("A. Byron", "815-555-0123") + card(GRACE, "847-555-0199"), name="Suppliers")
    contacts = loaded.runtime_data.contacts
    assert contacts.named("+18155550123").name == ADA
    assert contacts.named("+18475550199").name == GRACE


async def test_an_address_book_that_was_damaged_is_said_and_holds_nothing_up(
    hass: HomeAssistant, entry: MockConfigEntry, office: Office, hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The phones do not depend on a file of names."""
    (key,) = (key for key in hass_storage if ".contacts." in key)
    hass_storage[key]["data"] = ["something", "else"]
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.contacts.named("+18155550123").name == ""
    assert "An address book cannot be read" in caplog.text


async def test_no_log_no_diagnostics_and_no_recorder_names_a_contact(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Contacts were given to the office, and to nobody else."""
    caplog.set_level(logging.DEBUG)
    assert await async_setup_component(hass, DIAGNOSTICS, {})
    office = Office(hass, loaded, hass_client)
    await office.add(card(ADA, "(815) 555-0123", vip=True) + card(GRACE, "(847) 555-0199"))
    for happens in (_calls, _is_called, _writes, _waits, _faxes):
        happens(pbx)
        await poll(61)
    told = json.dumps(await get_diagnostics_for_config_entry(hass, hass_client, loaded))
    assert '"numbers": 2' in told
    await async_wait_recording_done(hass)
    with session_scope(hass=hass, read_only=True) as session:
        kept = str([session.execute(text(f"SELECT * FROM {table}")).all() for table in RECORDED])  # noqa: S608 - ours
    assert "event_types" in kept
    # At DEBUG Home Assistant itself writes down what it stores, and every state.
    said = str([one.getMessage() for one in caplog.records if one.levelno > logging.DEBUG or "dls_pbx" in one.name])
    for secret in (ADA, GRACE, "Lovelace", "Hopper", "5550123", "5550199"):
        assert secret not in said
        assert secret not in told
        assert secret not in kept


async def test_names_are_kept_of_the_newest_callers_only(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that grows for years slows every start."""
    monkeypatch.setattr("custom_components.dls_pbx.contacts.callers.MOST_CALLERS", 2)
    for number in range(4):
        pbx.add_past_call(f"815555010{number}", "630", name=f"CALLER {chr(65 + number)}", by=TOM)
        await poll(61)
    assert stored(hass)["caller_names"] == {"+18155550102": "CALLER C", "+18155550103": "CALLER D"}


def test_names_of_another_shape_are_begun_anew() -> None:
    """A file from another version holds nothing up."""
    assert CallerNames.from_stored({"+18155550123": ADA}) == {"+18155550123": ADA}
    with pytest.raises(ValueError, match="no text"):
        CallerNames.from_stored({"+18155550123": 5})
