"""What the binary sensors show, and that they follow what happens at the PBX."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.dls_pbx.options import CONF_PHONES
from simulator.app import Simulator
from simulator.models import Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import entity_of, product_text, state_of, states_of
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM, ZOE
from tests.integration.conftest import Poll

# The contract's table: object, key, then device class and category; all are on by default.
ROWS = [
    ("pbx", "connected", "connectivity", "diagnostic"),
    (f"phone_{TOM}", "registered", "connectivity", None),
    (f"phone_{TOM}", "in_call", None, None),
    (f"phone_{TOM}", "provisioned", None, "diagnostic"),
    ("conference_2000", "locked", "lock", None),
]


@pytest.fixture
def meeting(pbx: SimulatedPbx) -> str:
    """Put someone into the conference room: the PBX shows only rooms in use."""
    return pbx.join_conference("2000", OTHER_CALLER)


async def test_every_binary_sensor_of_the_contract_is_there_as_promised(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, meeting: str, loaded: MockConfigEntry
) -> None:
    """Dashboards and automations hold on to these, and to no others."""
    found = []
    for object_id, key, *_ in ROWS:
        entity = entity_of(hass, object_id, key)
        assert entity, f"{object_id} {key} is missing"
        assert (entity.translation_key, entity.disabled_by, entity.has_entity_name) == (key, None, True)
        found.append((object_id, key, entity.original_device_class, entity.entity_category))
    assert found == ROWS
    keys = {
        entity.translation_key
        for entity in er.async_entries_for_config_entry(entity_registry, "01PBX")
        if entity.domain == "binary_sensor"
    }
    assert keys == {key for _, key, *_ in ROWS}


async def test_the_binary_sensors_read_well(
    hass: HomeAssistant, snapshot: SnapshotAssertion, meeting: str, entry: MockConfigEntry
) -> None:
    """Names and states are the product: a change in any of them is seen here."""
    hass.config_entries.async_update_entry(entry, title="Small office", options={CONF_PHONES: [TOM, ZOE]})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert product_text(hass, "binary_sensor") == snapshot


@pytest.mark.parametrize(
    ("registration", "host", "shown"),
    [
        (Registration.OK, "192.0.2.1", "on"),
        (Registration.LAGGED, "192.0.2.1", "on"),
        (Registration.UNREACHABLE, "192.0.2.1", "off"),
        (Registration.UNKNOWN, "192.0.2.1", "unknown"),
        (Registration.UNMONITORED, "192.0.2.1", "unknown"),
        (Registration.UNREACHABLE, None, "off"),
        (Registration.UNKNOWN, None, "off"),
        (Registration.UNMONITORED, None, "off"),
    ],
)
async def test_a_phone_is_registered_as_the_pbx_says(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    monkeypatch: pytest.MonkeyPatch,
    loaded: MockConfigEntry,
    poll: Poll,
    registration: Registration,
    host: str | None,
    shown: str,
) -> None:
    """A phone that merely is not watched must not be reported as dead, and one without an address is."""
    latency = 12 if registration in {Registration.OK, Registration.LAGGED} else None
    jerry = replace(pbx.user(JERRY), registration=registration, host=host, latency_ms=latency)
    # The engine has no verb for each of these: Asterisk shows some only for a moment.
    others = [user for user in pbx.users() if user.auth_id != JERRY]
    monkeypatch.setattr(pbx, "users", lambda: [*others, jerry])
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "registered") == shown
    counts = states_of(hass, "pbx", "phones_registered", "phones_unregistered")
    assert counts == {
        "phones_registered": str(3 + (shown == "on")),  # besides Jerry's, three are on and Zoë's is off
        "phones_unregistered": str(1 + (shown == "off")),
    }


async def test_an_agent_in_a_queue_call_is_in_a_call(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX's list of calls names the queue and never the agent who took the call."""
    call = pbx.call_in(CALLER, to="support")
    await poll()
    assert state_of(hass, f"phone_{TOM}", "in_call") == "off"
    pbx.answer(call, by=TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "in_call") == "on"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "in_call") == "off"
    pbx.hang_up(call)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "in_call") == "off"


async def test_a_ringing_phone_is_not_in_a_call_yet(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The light goes red with the conversation."""
    call = pbx.call_in(CALLER, to="69")
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "in_call") == "off"
    pbx.answer(call)
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "in_call") == "on"


async def test_nobody_claims_that_an_agent_hung_up_while_queues_cannot_be_read(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """What the list of calls says by itself stays true; what only the queues knew is not guessed."""
    pbx.answer(pbx.call_in(CALLER, to="support"), by=TOM)
    pbx.answer(pbx.call_in(OTHER_CALLER, to="69"))
    await poll()
    assert [state_of(hass, f"phone_{who}", "in_call") for who in (TOM, JERRY)] == ["on", "on"]
    simulator.control.fail("status.queues", "html", None)
    await poll()
    await poll()
    everyone = (TOM, JERRY, ANNE_MARIE)
    assert [state_of(hass, f"phone_{who}", "in_call") for who in everyone] == ["unknown", "on", "off"]
    simulator.control.heal()
    await poll()
    assert [state_of(hass, f"phone_{who}", "in_call") for who in (TOM, JERRY)] == ["on", "on"]


async def test_a_phone_is_provisioned_once_it_fetched_its_configuration(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """A phone that hangs on an old configuration is found."""
    pbx.add_phone("front100", "00:15:65:4d:f1:b7", "Yealink T32G", provisioned=False)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "phone_front100", "provisioned") == "off"
    pbx.provision("front100")
    await poll()
    assert state_of(hass, "phone_front100", "provisioned") == "on"


async def test_a_locked_room_is_off(
    hass: HomeAssistant, pbx: SimulatedPbx, meeting: str, loaded: MockConfigEntry, poll: Poll
) -> None:
    """In Home Assistant's lock class *on* means unlocked; a dashboard would show the opposite otherwise."""
    assert state_of(hass, "conference_2000", "locked") == "on"
    pbx.lock_conference("2000")
    await poll()
    assert state_of(hass, "conference_2000", "locked") == "off"
    pbx.lock_conference("2000", False)
    await poll()
    assert state_of(hass, "conference_2000", "locked") == "on"
