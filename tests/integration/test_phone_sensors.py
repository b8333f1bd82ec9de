"""What the sensors of phones show: what a phone is doing, its mailbox, its line and its configuration."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import entity_of, state_of, states_of
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, NOW, OTHER_CALLER, TOM, ZOE
from tests.integration.conftest import Poll


async def test_both_ends_ring_until_the_call_is_answered(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who dials hears it ring too; "in a call" is when they talk."""
    call = pbx.call_internal(JERRY, "631")
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{TOM}", "call_state") == "idle"
    pbx.answer(call)
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "in_call"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "in_call"
    pbx.hang_up(call)
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "idle"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "idle"


async def test_a_call_to_a_number_outside_rings_until_someone_there_answers(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The mute button of the radio waits for the conversation, or comes with the dialing: the user's choice."""
    call = pbx.call_out(TOM, OTHER_CALLER)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "ringing"
    pbx.answer(call)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "in_call"


async def test_a_phone_that_rings_during_a_call_is_in_a_call(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A second caller must not end the "do not disturb" of the first."""
    pbx.answer(pbx.call_in(CALLER, to="100"))
    pbx.call_in(OTHER_CALLER, to="100")
    await poll()
    assert state_of(hass, "phone_front100", "call_state") == "in_call"


async def test_a_queue_call_rings_at_its_agents(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX's list of calls names only the queue; the phones that ring are those of its free agents."""
    call = pbx.call_in(CALLER, to="support")
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "ringing"
    pbx.answer(call, by=TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "in_call"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "idle"


async def test_the_same_extension_in_two_tenants_is_two_phones(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Tom and Zoë both have 630: one must not ring for the other."""
    pbx.set_registration(ZOE, pbx.user(TOM).registration)
    pbx.call_in(CALLER, to="630@north-side")
    await poll()
    assert state_of(hass, f"phone_{ZOE}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{TOM}", "call_state") == "idle"


async def test_a_call_finds_its_phone_after_its_user_was_renamed(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Labels of calls carry the name, which may be one that the list of users has not got yet."""
    pbx.remove_extension(JERRY)
    pbx.add_extension("69", "Geraldine Jones-Smith", auth_id=JERRY)
    pbx.call_in(CALLER, to="69")
    await poll(16)  # the calls are asked, the users are not yet
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "ringing"


async def test_messages_in_the_mailbox_are_new_and_old(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A lamp for new voicemail."""
    assert states_of(hass, f"phone_{TOM}", "voicemail_new", "voicemail_old") == {
        "voicemail_new": "2",
        "voicemail_old": "6",
    }
    pbx.leave_voicemail(pbx.call_in(CALLER, to=TOM))
    await poll()
    assert state_of(hass, f"phone_{TOM}", "voicemail_new") == "3"
    pbx.read_voicemail(TOM)
    await poll()
    assert states_of(hass, f"phone_{TOM}", "voicemail_new", "voicemail_old") == {
        "voicemail_new": "0",
        "voicemail_old": "9",
    }


@pytest.mark.usefixtures("all_entities")
async def test_latency_follows_the_phone_and_is_unknown_without_one(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever hunts a bad line sees it in milliseconds, and no figure of a phone that does not answer."""
    registered = pbx.user(TOM).registration
    assert state_of(hass, f"phone_{TOM}", "latency") == "3"
    assert state_of(hass, f"phone_{ZOE}", "latency") == "unknown"
    pbx.set_registration(TOM, registered, 48)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "latency") == "48"
    pbx.set_registration(TOM, pbx.user(ZOE).registration)
    pbx.set_registration(ZOE, registered, 7)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "latency") == "unknown"
    assert state_of(hass, f"phone_{ZOE}", "latency") == "7"


async def test_a_phones_provisioning_follows_the_phone(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """When a phone last fetched its configuration, in the PBX's zone, and how much it is used."""
    assert state_of(hass, f"phone_{TOM}", "last_provisioned") == NOW.isoformat()
    pbx.answer(pbx.call_in(CALLER, to=TOM))
    pbx.call_out(JERRY, CALLER)
    await poll(600)
    assert states_of(hass, f"phone_{TOM}", "calls_in", "calls_out") == {"calls_in": "1", "calls_out": "0"}
    assert states_of(hass, f"phone_{JERRY}", "calls_in", "calls_out") == {"calls_in": "0", "calls_out": "1"}
    pbx.provision(TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "last_provisioned") == (NOW + timedelta(seconds=600)).isoformat()
    assert state_of(hass, f"phone_{JERRY}", "last_provisioned") == NOW.isoformat()


async def test_a_phone_that_is_not_provisioned_has_no_such_sensors(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A softphone has no configuration to fetch."""
    assert entity_of(hass, "phone_front100", "last_provisioned") is None
    assert entity_of(hass, "phone_front100", "calls_in") is None
