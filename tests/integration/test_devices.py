"""Devices come and go with what the PBX shows, and are named so that people find them."""

from random import Random
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.options import CONF_PHONES
from simulator.app import Simulator
from simulator.models import Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import all_states, entity_of, state_of
from tests.helpers.front_desk import Connect, Desk
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM, ZOE
from tests.helpers.service_calls import refusal
from tests.integration.conftest import Poll


def _device(hass: HomeAssistant, object_id: str, entry_id: str = "01PBX") -> dr.DeviceEntry | None:
    """Return the device of an object (`queue_support`)."""
    identifier = (DOMAIN, f"{entry_id}_{object_id}")
    return dr.async_get(hass).async_get_device_by_identifier(identifier, config_entry_id=entry_id)


def _devices(hass: HomeAssistant, entry_id: str = "01PBX") -> set[str]:
    """Return the objects that have devices."""
    return {
        identifier.removeprefix(f"{entry_id}_")
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry_id)
        for _, identifier in device.identifiers
    }


PHONES = {f"phone_{auth_id}" for auth_id in ("front100", TOM, JERRY, ANNE_MARIE, ZOE)}
OFFICE = {"pbx", "queue_support", "queue_night", "campaign_1", *PHONES}


async def test_the_devices_read_well(
    hass: HomeAssistant, snapshot: SnapshotAssertion, pbx: SimulatedPbx, entry: MockConfigEntry
) -> None:
    """Names, makes and how devices hang together are what users see first."""
    hass.config_entries.async_update_entry(entry, title="Small office")
    pbx.join_conference("2000", OTHER_CALLER)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    registry = dr.async_get(hass)
    found = dr.async_entries_for_config_entry(registry, entry.entry_id)
    lines = [
        " | ".join((
            next(iter(device.identifiers))[1],
            device.name or "",
            device.manufacturer or "",
            device.model or "",
            device.entry_type or "",
            ", ".join(mac for _, mac in device.connections),
            (via.name or "") if (via := registry.async_get(device.via_device_id or "")) else "",
        ))
        for device in found
    ]  # fmt: skip
    assert sorted(lines) == snapshot
    pbx_device = _device(hass, "pbx")
    assert pbx_device
    assert pbx_device.configuration_url == entry.data["url"]


async def test_what_appears_at_the_pbx_appears_without_a_reload(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever hires somebody does not restart Home Assistant for it."""
    assert _devices(hass) == OFFICE
    pbx.add_queue("Sales Team")
    pbx.add_extension("700", "New One", auth_id="newone77")
    pbx.add_phone("newone77", "24:9a:d8:02:f4:4f", "Yealink T54W")
    pbx.add_campaign("2", "Autumn")
    pbx.join_conference("2000", OTHER_CALLER)
    await poll()
    await poll()  # the phone's provisioning may be read before its user
    assert _devices(hass) == OFFICE | {"queue_sales_team", "phone_newone77", "campaign_2", "conference_2000"}
    assert state_of(hass, "queue_sales_team", "callers_waiting") == "0"
    assert state_of(hass, "phone_newone77", "registered") == "on"
    assert state_of(hass, "phone_newone77", "call_state") == "idle"
    assert state_of(hass, "phone_newone77", "provisioned") == "on"
    assert state_of(hass, "campaign_2", "status") == "Stopped"
    assert state_of(hass, "campaign_2", "last_log") == "unknown"
    assert state_of(hass, "conference_2000", "participants") == "1"


async def test_what_goes_at_the_pbx_goes(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Dead devices would pile up, and unavailable entities cry for attention."""
    pbx.remove_queue("night")
    pbx.remove_extension(TOM)
    pbx.remove_campaign("1")
    await poll()
    gone = {"queue_night", f"phone_{TOM}", "campaign_1"}
    assert _devices(hass) == OFFICE - gone
    left = [entity.unique_id for entity in er.async_entries_for_config_entry(entity_registry, "01PBX")]
    assert [one for one in left if one.removeprefix("01PBX_").startswith(tuple(gone))] == []
    assert "unavailable" not in all_states(hass).values()


async def test_a_user_who_goes_is_counted_and_known_no_more(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A text to who has left would be sent to their extension, and a phone that is gone be reported as registered."""
    pbx.set_registration(JERRY, Registration.OK, 3)
    await poll()
    before = state_of(hass, "pbx", "phones_registered")
    pbx.remove_extension(JERRY)
    await poll()
    assert int(state_of(hass, "pbx", "phones_registered") or -1) == int(before or -1) - 1
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=["69"], message="Hello")
    assert error.translation_key == "unknown_extension"


async def test_what_comes_back_is_the_same_again(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A campaign that is made again with the number that it had: its automations must find it every time."""
    for _ in range(3):
        pbx.remove_campaign("1")
        await poll()
        assert "campaign_1" not in _devices(hass)
        pbx.add_campaign("1", "Reminders")
        await poll()
        assert state_of(hass, "campaign_1", "status") == "Stopped"


@pytest.mark.parametrize("kind", ["server_error", "html", "truncated", "empty", "no_permission", "reset_before"])
async def test_an_error_removes_no_device(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, kind: str
) -> None:
    """A broken answer for five minutes must not cost anyone his names, areas and history."""
    pbx.join_conference("2000", OTHER_CALLER)
    await poll()
    before = _devices(hass)
    simulator.control.fail("*", kind, None)
    await poll()
    await poll()
    assert _devices(hass) == before
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _devices(hass) == before


async def test_what_went_while_home_assistant_was_down_is_gone_when_it_is_back(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """Nobody saw it go."""
    await hass.config_entries.async_unload(loaded.entry_id)
    pbx.remove_queue("night")
    pbx.remove_extension(ZOE)
    await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _devices(hass) == OFFICE - {"queue_night", f"phone_{ZOE}"}


async def test_what_cannot_be_read_at_set_up_is_not_gone(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Home Assistant starts while the list of users fails: the phones' devices stay."""
    await hass.config_entries.async_unload(loaded.entry_id)
    simulator.control.fail("status.users", "html", None)
    await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _devices(hass) == OFFICE
    simulator.control.heal()
    await poll()
    assert _devices(hass) == OFFICE
    assert state_of(hass, f"phone_{TOM}", "registered") == "on"
    assert state_of(hass, f"phone_{TOM}", "call_state") == "idle"


async def test_an_agent_who_logs_out_is_unknown_and_not_gone(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """He will be back tomorrow, and his automations wait for him."""
    pbx.log_out_agent(None, TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "agent_state") == "unknown"
    pbx.log_in_agent("night", TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "agent_state") == "available"


async def test_who_becomes_an_agent_gets_an_agent_state(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The first shift in a queue is no reason to reload."""
    assert entity_of(hass, f"phone_{JERRY}", "agent_state") is None
    pbx.log_in_agent("night", JERRY)
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "agent_state") == "available"


async def test_a_phone_that_is_provisioned_later_gets_its_sensors(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A desk phone replaces the softphone."""
    assert entity_of(hass, "phone_front100", "last_provisioned") is None
    pbx.add_phone("front100", "24:9a:d8:02:f4:50", "Yealink T54W")
    await poll()
    assert state_of(hass, "phone_front100", "provisioned") == "on"


async def test_names_that_become_one_slug_stay_apart(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """A second queue must not vanish because its name differs from the first one's only in a dash."""
    names = ["sales_team", "Sales Team", "sales-team"]
    for name in names:
        pbx.add_queue(name)
    pbx.call_in(CALLER, to="sales-team")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    objects = {one for one in _devices(hass) if one.startswith("queue_sales_team")}
    assert len(objects) == 3
    assert "queue_sales_team" in objects  # who has that very name needs no hash
    waiting = {}
    for one in objects:
        device = _device(hass, one)
        assert device
        waiting[device.name] = state_of(hass, one, "callers_waiting")
    assert waiting == {"sales_team": "0", "Sales Team": "0", "sales-team": "1"}


async def test_a_name_that_becomes_the_slug_of_another_one_later_stays_apart(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    poll: Poll,
) -> None:
    """Who adds "sales-team" to "Sales Team" must lose neither."""
    pbx.add_queue("Sales Team")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    first = _device(hass, "queue_sales_team")
    assert first
    for added in ("sales-team", "sales_team"):
        pbx.add_queue(added)
        pbx.call_in(CALLER, to=added)
        await poll()
        await poll()
    found = [one for one in _devices(hass) if one.startswith("queue_sales_team")]
    waiting = {}
    for one in found:
        device = _device(hass, one)
        assert device
        waiting[device.name] = state_of(hass, one, "callers_waiting")
    assert waiting == {"Sales Team": "0", "sales-team": "1", "sales_team": "1"}
    assert _device(hass, "queue_sales_team") == first
    before = all_states(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert all_states(hass).keys() == before.keys()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


NASTY = ["0", "1", "!!!", "???", "日本", "Queue:x", "a@b - c", "unknown", "pbx", "x" * 80]


async def test_queues_of_any_name_are_shown(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    poll: Poll,
) -> None:
    """PHP writes a queue named "0" as a list; the others have no letters to make an id of."""
    pbx.remove_queue("support")
    pbx.remove_queue("night")
    shown: dict[str | None, str | None] = {}
    for count, name in enumerate(NASTY):
        pbx.add_queue(name)
        for _ in range(count):
            pbx.call_in(CALLER, to=name)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for one in _devices(hass):
        device = _device(hass, one)
        if device and one.startswith("queue_"):
            shown[device.name] = state_of(hass, one, "callers_waiting")
    named = {"0": "Queue 0", "1": "Queue 1"}
    assert shown == {named.get(name, name): str(count) for count, name in enumerate(NASTY)}
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(("language", "name"), [("en", "Queue 0"), ("es", "Cola 0")])
async def test_a_queue_whose_name_is_a_bare_number_is_called_a_queue(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    hass_ws_client: Connect,
    language: str,
    name: str,
) -> None:
    """A device "0" among hundreds says nothing, and neither does a "0" beside a caller at the desk."""
    hass.config.language = language
    pbx.add_queue("0")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    device = _device(hass, "queue_0")
    assert device
    assert device.name == name
    assert "01PBX_queue_0_callers_waiting" in {entity.unique_id for entity in _entities_of(hass, device).values()}
    desk = await Desk.open(hass_ws_client)
    assert desk.rows["queues"]["0"]["name"] == name
    (layout,) = (await desk.ask("layout"))["result"]["entries"]
    assert ("0", name) in [(queue["id"], queue["name"]) for queue in layout["queues"]]


async def test_a_lone_queue_named_zero_is_shown(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """It comes as the only item of a list, and again as a map when a second queue joins it."""
    pbx.remove_queue("support")
    pbx.remove_queue("night")
    pbx.add_queue("0")
    pbx.call_in(CALLER, to="0")
    await poll()
    assert {one for one in _devices(hass) if one.startswith("queue")} == {"queue_0"}
    assert state_of(hass, "queue_0", "callers_waiting") == "1"
    pbx.add_queue("evening")
    await poll()
    assert {one for one in _devices(hass) if one.startswith("queue")} == {"queue_0", "queue_evening"}
    assert state_of(hass, "queue_0", "callers_waiting") == "1"


async def test_only_chosen_phones_have_devices(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """Of thousands of phones, an office may want a few."""
    hass.config_entries.async_update_entry(entry, options={CONF_PHONES: [TOM]})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _devices(hass) == (OFFICE - PHONES) | {f"phone_{TOM}"}
    # The PBX's own figures count everyone.
    assert state_of(hass, "pbx", "phones_registered") == "4"
    pbx.call_in(CALLER, to="support")
    pbx.add_extension("700", "New One", auth_id="newone77")
    await poll()
    assert _devices(hass) == (OFFICE - PHONES) | {f"phone_{TOM}"}
    assert state_of(hass, f"phone_{TOM}", "call_state") == "ringing"
    assert state_of(hass, "pbx", "phones_registered") == "5"


async def test_phones_that_are_not_wanted_any_more_go(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Changing the choice is enough; nobody cleans up by hand."""
    assert _devices(hass) >= PHONES
    hass.config_entries.async_update_entry(loaded, options={CONF_PHONES: [JERRY, ZOE]})
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _devices(hass) == (OFFICE - PHONES) | {f"phone_{JERRY}", f"phone_{ZOE}"}
    hass.config_entries.async_update_entry(loaded, options={})
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _devices(hass) == OFFICE


async def test_a_renamed_user_renames_the_phone(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Somebody new sits at the desk, and Home Assistant still shows who left."""
    pbx.remove_extension(JERRY)
    pbx.add_extension("69", "Priya", auth_id=JERRY)
    await poll()
    device = _device(hass, f"phone_{JERRY}")
    assert device
    assert device.name == "Priya (69)"


async def test_a_renamed_entry_renames_the_pbx_at_once(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """The page of devices would go on with a name that nobody uses any more."""
    hass.config_entries.async_update_entry(loaded, title="Our phones")
    await hass.async_block_till_done()
    device = _device(hass, "pbx")
    assert device
    assert device.name == "Our phones"


async def test_fax_counters_that_are_missing_at_first_appear(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, entry: MockConfigEntry, all_entities: None, poll: Poll
) -> None:
    """After a restart of the PBX its counters would be missing until somebody thinks of a reload."""
    stats = simulator.pbx.faxes()[1]
    with patch.object(pbx, "faxes", lambda: ((), {})):
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert state_of(hass, "pbx", "fax_no_fax") == "unknown"
    await poll()
    assert state_of(hass, "pbx", "fax_no_fax") == str(stats["no_fax"])


async def test_a_state_that_is_a_whole_story_is_cut(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The campaign's status would be unknown, and the log full of errors."""
    simulator.control.quirk("status.dialer", values="long_statuses")
    await poll(301)
    assert state_of(hass, "campaign_1", "status") == "X" * 255


def _entities_of(hass: HomeAssistant, device: dr.DeviceEntry) -> dict[str | None, er.RegistryEntry]:
    found = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=True)
    return {one.translation_key: one for one in found}


HANDSETS = ["24:9a:d8:02:f4:4e", "00:04:f2:cc:2c:46", "24:9a:d8:02:f4:50"]


@pytest.mark.parametrize("seed", range(8))
async def test_whoever_gets_which_handset_everybody_keeps_their_own(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, seed: int
) -> None:
    """Two people would become one device, or all of somebody's entities be unavailable for good."""
    rng = Random(seed)
    people = [TOM, JERRY, "front100"]
    devices, entities = dr.async_get(hass), er.async_get(hass)
    for auth_id in people:
        device = _device(hass, f"phone_{auth_id}")
        assert device
        devices.async_update_device(device.id, name_by_user=f"{auth_id}'s own")
        of = _entities_of(hass, device)
        entities.async_update_entity(of["call_state"].entity_id, name=f"What {auth_id} does", icon="mdi:desk-lamp")
        entities.async_update_entity(of["registered"].entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    for _ in range(6):
        held = dict(zip(people, rng.sample([*HANDSETS, None, None], k=len(people)), strict=True))
        for auth_id, handset in held.items():
            if handset:
                pbx.add_phone(auth_id, handset, "Yealink W70P")
            else:
                pbx.remove_phone(auth_id)
        if newcomer := rng.choice([None, None, *HANDSETS]):
            # The handset of somebody is given to somebody new, before anyone tells the PBX that it was taken away.
            pbx.add_extension("777", "New Colleague", auth_id="newco777")
            pbx.add_phone("newco777", newcomer, "Yealink W70P")
        await poll(301)
        if rng.random() < 1 / 2:
            assert await hass.config_entries.async_reload(loaded.entry_id)
            await hass.async_block_till_done(wait_background_tasks=True)
        everybody = {one for one in _devices(hass) if one.startswith("phone_")}
        assert everybody == {f"phone_{user.auth_id}" for user in pbx.users()}
        for auth_id, handset in held.items():
            device = _device(hass, f"phone_{auth_id}")
            assert device
            assert device.name_by_user == f"{auth_id}'s own"
            assert device.serial_number == (None if handset == newcomer else handset)  # one that two have is nobody's
            of = _entities_of(hass, device)
            assert (of["call_state"].name, of["call_state"].icon) == (f"What {auth_id} does", "mdi:desk-lamp")
            assert of["registered"].disabled
            assert state_of(hass, f"phone_{auth_id}", "call_state") == "idle"
        if newcomer:
            pbx.remove_extension("newco777")
            await poll(301)
