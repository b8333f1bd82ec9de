"""Set up, fail to, try again, unload, reload, several at once: through `hass.config_entries`."""

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN, LOGGER
from simulator.app import Simulator
from simulator.office.scenarios import build
from simulator.office.vendor import SAMPLE_TIME, vendor_sample
from simulator.pbx.simulated import SimulatedPbx
from simulator.quirks.switches import CREDENTIALS_TEXTS
from tests.helpers.entities import all_states, state_of, states_of
from tests.helpers.office import CALLER, KEY, TOM, USERNAME, small_office
from tests.integration.conftest import Poll

ACTIONS = {
    "status.users",
    "status.queues",
    "status.calls",
    "status.faxes",
    "status.conferences",
    "status.provisioning",
    "status.dialer",
    "status.dialerlogs",
    "reports.report",
    "sms.query_sms",
}
ONCE_AN_HOUR = {"subscribers.query_lists"}


def _entry_for(simulator: Simulator, entry_id: str, title: str) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title=title,
        unique_id=f"127.0.0.1:{simulator.port}_{USERNAME}",
        entry_id=entry_id,
        data={CONF_URL: simulator.url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True},
    )


async def _set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_set_up_asks_each_action_once(simulator: Simulator, loaded: MockConfigEntry) -> None:
    """One request per action, never one per object; and the very first time one for the newest record of each kind."""
    newest = ["reports.report", "sms.query_sms"]
    assert sorted(request.action for request in simulator.requests) == sorted([*ACTIONS, *ONCE_AN_HOUR, *newest])


async def test_set_up_waits_for_a_pbx_that_cannot_be_reached(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    """After a power cut Home Assistant is up before the router: it says why it waits, and goes on by itself."""
    await simulator.stop()
    await _set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "cannot_connect"
    assert "cannot be reached" in (entry.error_reason_translation_placeholders or {})["reason"]
    # Home Assistant says it; we need not say it eight times more.
    assert [record for record in caplog.records if record.name == LOGGER.name and record.levelname != "DEBUG"] == []
    await simulator.start()
    await poll()
    assert entry.state is ConfigEntryState.LOADED
    assert state_of(hass, "pbx", "phones_registered") == "4"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("html", "invalid_response"), ("rate_limited", "rate_limited")],
)
async def test_set_up_waits_while_nothing_answers_as_it_should(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, poll: Poll, kind: str, reason: str
) -> None:
    """A PBX under maintenance is one that comes back, and the user reads what is the matter."""
    simulator.control.fail("*", kind, None)
    await _set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == reason
    assert all_states(hass) == {}
    simulator.control.heal()
    await poll()
    assert entry.state is ConfigEntryState.LOADED


async def test_a_key_that_may_do_nothing_at_all_is_a_wrong_one(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, poll: Poll
) -> None:
    """Of a wrong key, too, "access denied" may be said: the set-up would be tried again for ever."""
    simulator.control.fail("*", "no_permission", None)
    await _set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    asked = len(simulator.requests)
    await poll()
    assert len(simulator.requests) == asked


@pytest.mark.parametrize("text", CREDENTIALS_TEXTS)
@pytest.mark.parametrize("status", [200, 401, 403, 500])
async def test_a_wrong_key_at_set_up_asks_for_another_and_is_tried_once(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, poll: Poll, text: str, status: int
) -> None:
    """PBXs lock out who guesses: eight requests with a wrong key, every few seconds, look like it."""
    simulator.control.quirk(credentials_text=text, credentials_status=status)
    simulator.api.key = "another"
    await _set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "invalid_auth"
    await poll()
    await poll()
    # Once in each encoding: a PBX that reads forms only says the same of a key in JSON.
    asked = [(request.action, request.encoding) for request in simulator.requests]
    assert asked == [("status.users", "json"), ("status.users", "form"), ("status.users", "xml")]
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert flow["context"]["entry_id"] == entry.entry_id


async def test_a_key_that_is_refused_later_asks_for_another_and_is_not_used_again(
    hass: HomeAssistant,
    simulator: Simulator,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A key that was replaced at the PBX must not get the user locked out, whatever goes on there."""
    pbx.call_in(CALLER, to="100")
    await poll(16)
    simulator.api.key = "another"
    caplog.clear()
    before = len(simulator.requests)
    await poll(5)
    # Queues and calls are due at the same time, and one does not wait for the other.
    refused = simulator.requests[before:]
    due = {"status.queues", "status.calls", "reports.report", "sms.query_sms"}
    # Whether the key is refused everywhere.
    due |= {"status.users"}
    assert {request.action for request in refused} <= due
    for _ in range(4):
        await poll()
    assert simulator.requests[before:] == refused
    shown = {state for one, state in all_states(hass).items() if not one.startswith("pbx_callbacks")}
    assert shown == {"unavailable", "off"}
    assert state_of(hass, "pbx", "connected") == "off"
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert len([record for record in caplog.records if record.name == LOGGER.name and record.levelno > 10]) == 1


async def test_a_new_key_brings_everything_back(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Reauthentication reloads the entry; nothing of the refusal may stick."""
    before = all_states(hass)
    simulator.api.key = "another"
    await poll()
    assert state_of(hass, "pbx", "connected") == "off"
    hass.config_entries.async_update_entry(loaded, data={**loaded.data, CONF_API_KEY: "another"})
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert loaded.state is ConfigEntryState.LOADED
    assert all_states(hass) == before


async def test_an_unloaded_entry_asks_nothing_and_shows_nothing(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who turns the integration off has turned it off; also while a call made it hurry."""
    pbx.call_in(CALLER, to="100")
    await poll(16)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.NOT_LOADED
    asked = len(simulator.requests)
    for _ in range(3):
        await poll()
    assert len(simulator.requests) == asked
    assert set(all_states(hass).values()) == {"unavailable"}


async def test_a_reload_asks_no_more_often_than_before(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Pollers that a reload leaves behind would double the load with each."""
    before = all_states(hass)
    for _ in range(3):
        assert await hass.config_entries.async_reload(loaded.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    simulator.requests.clear()
    await poll()
    assert sorted(request.action for request in simulator.requests) == sorted(ACTIONS)
    assert all_states(hass) == before


async def test_a_removed_entry_leaves_nothing_behind(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    simulator: Simulator,
    loaded: MockConfigEntry,
    poll: Poll,
) -> None:
    """Removal is documented as complete."""
    await hass.config_entries.async_remove(loaded.entry_id)
    assert hass.states.async_all() == []
    assert dr.async_entries_for_config_entry(device_registry, loaded.entry_id) == []
    assert er.async_entries_for_config_entry(entity_registry, loaded.entry_id) == []
    asked = len(simulator.requests)
    await poll()
    assert len(simulator.requests) == asked


async def test_two_pbxs_with_the_same_names_stay_apart(
    hass: HomeAssistant, pbx: SimulatedPbx, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Two offices both have a "support" queue and a Tom: each shows its own, and one's outage is its own."""
    async with Simulator(small_office()) as elsewhere:
        other = _entry_for(elsewhere, "02PBX", "Elsewhere")
        other.add_to_hass(hass)
        await _set_up(hass, other)
        assert other.state is ConfigEntryState.LOADED
        assert all_states(hass, "01PBX").keys() == all_states(hass, "02PBX").keys()
        pbx.call_in(CALLER, to="support")
        await poll()
        waiting = [state_of(hass, "queue_support", "callers_waiting", which) for which in ("01PBX", "02PBX")]
        ringing = [state_of(hass, f"phone_{TOM}", "call_state", which) for which in ("01PBX", "02PBX")]
        assert (waiting, ringing) == (["1", "0"], ["ringing", "idle"])
        await elsewhere.stop()
        await poll()
        assert [state_of(hass, "pbx", "connected", which) for which in ("01PBX", "02PBX")] == ["on", "off"]
        assert "unavailable" not in all_states(hass, "01PBX").values()
        assert await hass.config_entries.async_unload("02PBX")
        await poll()
        assert state_of(hass, "queue_support", "callers_waiting") == "1"


async def test_an_empty_pbx_is_shown_as_empty(
    hass: HomeAssistant, enable_custom_integrations: None, socket_enabled: None, frozen: object, poll: Poll
) -> None:
    """On its first day a PBX has nothing in it; that is no error, and what comes is seen."""
    office = small_office()
    for auth_id in [user.auth_id for user in office.users()]:
        office.remove_extension(auth_id)
    for name in ("support", "night"):
        office.remove_queue(name)
    office.remove_campaign("1")
    async with Simulator(office) as simulator:
        entry = _entry_for(simulator, "01PBX", "New")
        entry.add_to_hass(hass)
        await _set_up(hass, entry)
        assert entry.state is ConfigEntryState.LOADED
        states = all_states(hass)
        # A tenant has its list before anybody is on it.
        assert {one.partition("_")[0] for one in states} == {"pbx", "tenant"}
        assert states.pop("pbx_connected") == "on"
        # Nothing has happened yet, and of no calls there is no mean.
        assert {one for one, state in states.items() if state not in ("0", "unknown")} == set()
        office.add_queue("first")
        await poll()
        assert state_of(hass, "queue_first", "callers_waiting") == "0"
        await hass.config_entries.async_unload(entry.entry_id)


async def test_an_office_of_one_desk_is_shown_whole(
    hass: HomeAssistant, enable_custom_integrations: None, socket_enabled: None, frozen: object
) -> None:
    """The smallest office of the stand-in, with a past and calls in progress."""
    async with Simulator(build("desk", 1, live=False)) as simulator:
        entry = _entry_for(simulator, "01PBX", "Desk")
        entry.add_to_hass(hass)
        await _set_up(hass, entry)
        office = simulator.pbx
        assert int(state_of(hass, "pbx", "phones_registered") or 0) + int(
            state_of(hass, "pbx", "phones_unregistered") or 0
        ) <= len(office.users())
        assert state_of(hass, "pbx", "active_calls") == str(len(office.calls()))
        for user in office.users():
            assert states_of(hass, f"phone_{user.auth_id}", "voicemail_new", "voicemail_old") == {
                "voicemail_new": str(user.voicemail_new),
                "voicemail_old": str(user.voicemail_old),
            }
        assert "unavailable" not in all_states(hass).values()
        await hass.config_entries.async_unload(entry.entry_id)


async def test_the_vendors_own_samples_show_as_the_page_says(
    hass: HomeAssistant, enable_custom_integrations: None, socket_enabled: None, frozen: object
) -> None:
    """The one office of which the vendor himself has published what his PBX says."""
    await hass.config.async_set_time_zone("America/Chicago")
    async with Simulator(vendor_sample(), users=("100@default",)) as simulator:
        entry = _entry_for(simulator, "01PBX", "Samples")
        entry.add_to_hass(hass)
        await _set_up(hass, entry)
        shown = all_states(hass)
        await hass.config_entries.async_unload(entry.entry_id)
    assert SAMPLE_TIME.year == 2024
    for one, state in {
        "pbx_active_calls": "3",
        "pbx_inbound_calls": "1",
        "pbx_outbound_calls": "1",
        "pbx_internal_calls": "1",
        "pbx_ringing_calls": "1",
        "pbx_callers_waiting": "1",
        "pbx_longest_wait": "4",
        "pbx_phones_registered": "1",
        "pbx_phones_unregistered": "1",
        "pbx_faxes_queued": "1",
        "pbx_faxes_processing": "1",
        "pbx_faxes_completed": "15",
        "pbx_faxes_failed": "7",
        "pbx_conference_participants": "1",
        "queue_support_queue_callers_waiting": "1",  # the page says "0" beside the one who waits
        "queue_support_queue_hold_time": "4",
        "queue_support_queue_completed_calls": "6",
        "queue_support_queue_lost_calls": "1",
        "queue_support_queue_agents_available": "1",
        "queue_testqueue_agents_logged_in": "0",
        "phone_beaucrn6_registered": "on",
        "phone_beaucrn6_voicemail_new": "6",
        "phone_beaucrn6_voicemail_old": "6",
        "phone_beaucrn6_call_state": "ringing",
        "phone_beaucrn6_agent_state": "available",
        "phone_beaucrn6_last_provisioned": "2024-01-30T19:42:56+00:00",
        "phone_cpirg16m_registered": "off",
        "conference_2000_participants": "1",
        "conference_2000_admins": "0",
        "conference_2000_locked": "on",
        "campaign_1_type": "blaster",
        "campaign_1_call_ratio": "1.0",
        "campaign_1_status": "Stopped",
        "campaign_1_last_log": "[Dec 29 17:32:17] DEBUG: Checking completed calls",
    }.items():
        assert shown[one] == state, one
