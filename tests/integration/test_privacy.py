"""Who called whom, and the key, stay where they belong: in no log, no recorded state, no exception."""

from collections.abc import Iterator
import json
import logging
import traceback

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.faults.orders import FaultKind
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import all_states
from tests.helpers.office import JERRY, KEY, TOM
from tests.integration.conftest import Poll

INBOUND, QUEUED, OUTBOUND, FAXED, DIALED, TEXTED = (
    "8155550123",
    "2125550187",
    "3125550144",
    "7735550111",
    "6305550177",
    "4155550166",
)
NAME, TEXT, REASON = "Mildred Confidential", "the parcel is behind the shed", "dentist at noon"
# As a whole, and what is left of a number in front of which someone has put a country code or an area code.
SECRETS = (KEY, *(number[-7:] for number in (INBOUND, QUEUED, OUTBOUND, FAXED, DIALED, TEXTED)), NAME, TEXT, REASON)
HELD_BACK = (FaultKind.SLOW, FaultKind.STALLED)


@pytest.fixture(autouse=True)
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Let every logger say everything, those of Home Assistant and of the libraries too."""
    levels = {name: logging.getLogger(name).level for name in list(logging.root.manager.loggerDict)}
    for name in levels:
        logging.getLogger(name).setLevel(logging.NOTSET)
    with caplog.at_level(logging.DEBUG):
        yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def busy(pbx: SimulatedPbx) -> SimulatedPbx:
    """Let people call, fax, write and be dialed, whose business that is."""
    pbx.call_in(QUEUED, name=NAME, to="night")
    pbx.answer(pbx.call_in(QUEUED, name=NAME, to="support"), by=TOM)
    pbx.call_in(INBOUND, name=NAME, to="100")
    pbx.answer(pbx.call_out(JERRY, OUTBOUND))
    pbx.fax_progress(pbx.send_fax(TOM, FAXED))
    pbx.join_conference("2000", INBOUND)
    pbx.log_campaign("1", "INFO", f"Placing call to pd-12-8-3 at {DIALED}")
    pbx.receive_sms(TEXTED, TOM, TEXT)
    pbx.pause_agent("support", TOM, REASON)
    return pbx


def _leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def _said(caplog: pytest.LogCaptureFixture) -> str:
    """Return all that was logged, with the traces of exceptions and the arguments of messages."""
    formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")
    return "\n".join(f"{formatter.format(record)} {record.args}" for record in caplog.records)


async def test_the_stand_in_really_says_what_must_not_leak(
    hass: HomeAssistant, busy: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """A check of the checks below: the answers hold the numbers, in full."""
    data = loaded.runtime_data
    bodies = b"".join(coordinator.snapshot.body for coordinator in data.coordinators).decode()
    bodies += str([coordinator.snapshot.raw for coordinator in data.coordinators])
    bodies += str([queue.callers[0].number for queue in data.queues.snapshot.rows.values() if queue.callers])
    assert {INBOUND[-7:], QUEUED[-7:], OUTBOUND[-7:], FAXED[-7:], DIALED[-7:], REASON} <= set(_leaks(bodies))


async def test_no_log_at_any_level_names_a_caller_or_the_key(
    hass: HomeAssistant,
    simulator: Simulator,
    busy: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Logs are pasted into public forums."""
    for kind in FaultKind:
        if kind in HELD_BACK or kind is FaultKind.WRONG_KEY:
            continue
        simulator.control.fail("*", kind, 8)
        await poll()
        simulator.control.heal()
        await poll()
    simulator.control.fail("*", "redirect", None, to=f"http://127.0.0.1:{simulator.port}/?api_key={KEY}")
    await poll()
    simulator.control.heal()
    await simulator.stop()
    await poll()
    await simulator.start()
    await poll()
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    simulator.control.fail("*", "wrong_key", None)
    await poll()
    said = _said(caplog)
    assert len(caplog.records) > 1000  # Home Assistant's own loggers tell of every state
    assert "custom_components.dls_pbx DEBUG" in said
    assert _leaks(said) == []


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind not in {*HELD_BACK, FaultKind.CLOSING}])
async def test_no_exception_names_a_caller_or_the_key(
    hass: HomeAssistant, simulator: Simulator, busy: SimulatedPbx, entry: MockConfigEntry, kind: FaultKind
) -> None:
    """Home Assistant shows why it could not set up, and traces end in bug reports."""
    simulator.control.fail("*", kind, None)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _leaks(f"{entry.reason} {entry.error_reason_translation_placeholders}") == []
    failures = [one.last_exception for one in entry.runtime_data.coordinators if one.last_exception]
    assert failures
    for failure in failures:
        assert _leaks("".join(traceback.format_exception(failure, chain=True))) == []
        chain: BaseException | None = failure
        while chain:
            assert _leaks(f"{chain!r} {vars(chain)}") == []
            # What is raised "from None" still hangs on it, for whoever looks.
            chain = chain.__cause__ or chain.__context__


async def test_no_state_and_no_registry_names_a_caller(
    hass: HomeAssistant, all_entities: None, busy: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The recorder keeps states and attributes for years."""
    await poll()
    states = json.dumps([state.as_dict() for state in hass.states.async_all()], default=str)
    assert "longest_wait" in states
    assert _leaks(states) == []
    entities = er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), loaded.entry_id)
    assert _leaks(f"{entities}{devices}") == []
    assert all_states(hass)["campaign_1_last_log"].endswith("at …77")


async def test_no_address_holds_the_key(simulator: Simulator, loaded: MockConfigEntry, poll: Poll) -> None:
    """Proxies and web servers log addresses and headers."""
    await poll()
    assert {request.key_in for request in simulator.requests} == {("body",)}
