"""First contact: a PBX that reads the vendor's page in another way is set up like any other, and stays so."""

from collections.abc import AsyncIterator
from random import Random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.flows import second_look
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from simulator.quirks.switches import EITHER_TEXTS
from simulator.vendor.actions import ACTIONS
from tests.helpers.entities import all_states
from tests.helpers.office import CALLER, KEY, TOM, USERNAME, small_office
from tests.helpers.service_calls import act
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")
ENDPOINTS = ("status", "sms", "dialer", "reports", "subscribers")


def speak(simulator: Simulator, rng: Random) -> None:
    """Let each endpoint take one encoding and one spelling of arrays, and nothing else."""
    for endpoint in ENDPOINTS:
        encoding, names = rng.choice(("json", "form", "xml")), rng.choice(("bare", "brackets"))
        for action in ACTIONS:
            if action.partition(".")[0] == endpoint:
                simulator.control.quirk(action, body_encodings=encoding, array_names=names)


async def set_up(hass: HomeAssistant, url: str) -> dict[str, Any]:
    """Fill in the form."""
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    typed = {CONF_URL: url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True}
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], typed)
    await hass.async_block_till_done(wait_background_tasks=True)
    return dict(result)


@pytest.mark.parametrize("seed", range(40))
async def test_every_reading_gives_the_same_office(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, seed: int
) -> None:
    """The first stranger's PBX would not be set up, ask for another key for ever, or send a text twice."""
    await hass.config.async_set_time_zone("America/Chicago")
    hass.config.country = "US"
    speak(simulator, Random(seed))
    result = await set_up(hass, simulator.url)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    pbx.abandon(pbx.call_in(CALLER, to="support"))
    pbx.receive_sms(CALLER, TOM, "Good morning")
    await poll(61)
    await poll(61)
    shown = all_states(hass, entry.entry_id)
    assert (shown["pbx_phones_registered"], shown["pbx_callbacks_owed"]) == ("4", "1")
    assert shown["pbx_calls_today"] == "1"
    assert shown["pbx_sms"] not in ("unknown", "unavailable")
    assert "unavailable" not in shown.values()
    await act(hass, "send_sms", recipients=["630"], message="Hello")
    await act(hass, "add_unsubscriber", phone_number="8475550199", tenant_id="0")
    await act(hass, "add_contact_list", name="Spring")
    for action in ("sms.send_sms", "subscribers.add_unsubscriber", "dialer.add_contact_list"):
        assert [request.processed for request in simulator.requests.of(action)].count(True) == 1, action
    assert (await act(hass, "query_sms", direction=["inbound"]))["total"] == 1
    assert hass.config_entries.flow.async_progress() == []

    # What was learned is kept: the next start asks nothing in vain.
    simulator.requests.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert simulator.requests
    assert all(request.processed for request in simulator.requests)


async def test_a_pbx_by_the_page_keeps_nothing_more_than_was_typed(hass: HomeAssistant, simulator: Simulator) -> None:
    """What nobody needs to know would stand in the entry's data."""
    result = await set_up(hass, simulator.url)
    assert set(result["data"]) == {CONF_URL, CONF_USERNAME, CONF_API_KEY, CONF_VERIFY_SSL}


@pytest.fixture
async def behind_a_proxy(socket_enabled: None, frozen: object) -> AsyncIterator[Simulator]:
    """Run the small office below a path."""
    async with Simulator(small_office(), path="/pbx") as simulator:
        yield simulator


@pytest.mark.parametrize("typed", ["/pbx", "/pbx/", "/pbx/api/v1/status.php?api_action=users", "/pbx/index.php"])
async def test_a_pbx_below_a_path_is_found_there(hass: HomeAssistant, behind_a_proxy: Simulator, typed: str) -> None:
    """An office whose PBX stands behind a proxy would read that this is no PBX."""
    address = f"http://127.0.0.1:{behind_a_proxy.port}"
    result = await set_up(hass, f"{address}{typed}")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"][CONF_URL] == f"{address}/pbx"
    assert result["result"].unique_id == f"127.0.0.1:{behind_a_proxy.port}_{USERNAME}"


async def test_a_path_that_is_none_of_the_apis_is_left_out(hass: HomeAssistant, simulator: Simulator) -> None:
    """Any page of the PBX may be pasted."""
    result = await set_up(hass, f"{simulator.url}/admin/users/list")
    assert result["data"][CONF_URL] == simulator.url


@pytest.mark.parametrize("url", ["https://https://pbx.example.com", "https//pbx.example.com", "http://http//pbx"])
async def test_a_scheme_is_no_host(hass: HomeAssistant, simulator: Simulator, url: str) -> None:
    """The key would go to whoever is called "https" in the network."""
    assert (await set_up(hass, url))["errors"] == {CONF_URL: "invalid_url"}


@pytest.mark.parametrize("fault", ["wrong_key", "unauthorized_html", "session_down", "forbidden_empty", "login_failed"])
@pytest.mark.parametrize("action", ["status.users", "status.queues", "reports.report", "sms.query_sms"])
async def test_one_refusal_that_passes_costs_nothing(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, action: str, fault: str
) -> None:
    """Nothing would be asked any more until a person typed the same key again."""
    simulator.control.fail(action, fault)
    await poll()
    await poll()
    assert loaded.state is ConfigEntryState.LOADED
    assert "unavailable" not in all_states(hass).values()
    assert hass.config_entries.flow.async_progress() == []


@pytest.mark.parametrize("words", EITHER_TEXTS)
async def test_a_wrong_key_in_words_that_could_mean_a_missing_right_is_told_in_the_form(
    hass: HomeAssistant, simulator: Simulator, words: str
) -> None:
    """The form would accept the key, and the set-up be tried again for ever."""
    simulator.control.quirk(credentials_text=words)
    simulator.api.key = "another"
    assert (await set_up(hass, simulator.url))["errors"] == {"base": "invalid_auth"}
    simulator.api.key = KEY


@pytest.mark.parametrize("words", EITHER_TEXTS)
async def test_a_key_that_is_refused_everywhere_in_such_words_asks_for_another(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, words: str
) -> None:
    """Everything would stay unavailable, and nobody be asked for the new key."""
    simulator.control.quirk(credentials_text=words)
    simulator.api.key = "another"
    await poll()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    asked = len(simulator.requests)
    await poll()
    assert len(simulator.requests) == asked


async def _after_a_second_look(hass: HomeAssistant, poll: Poll) -> None:
    await poll(second_look.INTERVAL.total_seconds())
    await hass.async_block_till_done(wait_background_tasks=True)


async def _renew_key_in_an_outage(simulator: Simulator, poll: Poll) -> None:
    simulator.control.fail("*", "session_down", times=None)
    await poll()
    simulator.control.heal()
    simulator.api.key = "another"


@pytest.mark.parametrize("fault", ["session_down", "login_failed", "no_permission"])
async def test_a_key_that_is_taken_again_after_an_outage_needs_nobody(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, fault: str
) -> None:
    """A PBX that cannot look keys up refuses all; the office would be dark until somebody typed the same key."""
    before = all_states(hass)
    simulator.control.fail("*", fault, times=None)
    await poll()
    await poll()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    simulator.control.heal()
    simulator.requests.clear()
    await poll(60)
    assert not simulator.requests
    await _after_a_second_look(hass, poll)
    assert loaded.state is ConfigEntryState.LOADED
    assert all_states(hass) == before
    assert hass.config_entries.flow.async_progress() == []


async def test_a_start_during_such_an_outage_needs_nobody_either(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, poll: Poll
) -> None:
    """A set-up that asks for a new key is not tried again by Home Assistant."""
    simulator.control.fail("*", "session_down", times=None)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await _after_a_second_look(hass, poll)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    simulator.control.heal()
    await _after_a_second_look(hass, poll)
    assert entry.state is ConfigEntryState.LOADED
    assert hass.config_entries.flow.async_progress() == []


async def test_a_key_that_turns_out_to_be_wrong_is_not_tried_again(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """PBXs lock out who guesses; and who renews a key does so while nothing works, as often as not."""
    await _renew_key_in_an_outage(simulator, poll)
    await _after_a_second_look(hass, poll)
    asked = len(simulator.requests)
    await _after_a_second_look(hass, poll)
    assert len(simulator.requests) == asked
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_an_entry_that_was_unloaded_meanwhile_stays_so(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    poll: Poll,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who turns the integration off has turned it off, also where an action was on its way that is refused."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    loaded.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    await _after_a_second_look(hass, poll)
    assert loaded.state is ConfigEntryState.NOT_LOADED
    assert "Traceback" not in caplog.text


async def test_an_entry_that_is_unloaded_during_a_second_look_stays_so(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """Who turns the integration off would see it turn itself on again."""
    simulator.control.fail("*", "session_down", times=None)
    await poll()
    simulator.control.heal()
    slow = simulator.control.fail("*", "slow")
    frozen.tick(second_look.INTERVAL)
    async_fire_time_changed(hass)
    await slow.held.wait()
    assert await hass.config_entries.async_unload(loaded.entry_id)
    simulator.control.release()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert loaded.state is ConfigEntryState.NOT_LOADED


async def test_who_types_a_new_key_ends_the_second_looks(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The entry would be loaded again, out of nothing, in the middle of a day."""
    await _renew_key_in_an_outage(simulator, poll)
    (flow,) = hass.config_entries.flow.async_progress()
    await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "another"})
    await hass.async_block_till_done(wait_background_tasks=True)
    data = loaded.runtime_data
    await _after_a_second_look(hass, poll)
    assert loaded.runtime_data is data


@pytest.mark.parametrize("characters", ["latin1", "halves", "control"])
async def test_a_letter_that_is_none_costs_a_letter(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll, characters: str
) -> None:
    """One name in another encoding would take all phones down, and one text all later texts, for days."""
    pbx.add_extension("701", "Ren\u00e9 \U0001f50b\x01", auth_id="rene701x")
    simulator.control.quirk(characters=characters)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    pbx.receive_sms(CALLER, TOM, "Ren\u00e9 \U0001f50b\x01")
    await poll(61)
    shown = all_states(hass)
    assert "unavailable" not in shown.values()
    assert (shown["phone_rene701x_registered"], shown["pbx_phones_registered"]) == ("on", "5")
    assert shown["pbx_sms"] != "unknown"


@pytest.mark.parametrize("stray", ["null", "text", "number"])
async def test_what_is_no_row_is_passed_by(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, stray: str
) -> None:
    """One broken row would take all the others down."""
    before = all_states(hass)
    simulator.control.quirk(stray_rows=stray)
    await poll()
    assert {one: state for one, state in all_states(hass).items() if before.get(one) != state} == {}


async def test_a_refusal_without_a_word_is_told_in_the_form(hass: HomeAssistant, simulator: Simulator) -> None:
    """Whoever mistyped the key at a PBX that answers with a web page would look for a fault of the network."""
    simulator.control.fail("*", "unauthorized_html", times=None)
    result = await set_up(hass, simulator.url)
    assert result["errors"] == {"base": "invalid_auth"}
