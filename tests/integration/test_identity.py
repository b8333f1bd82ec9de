"""What outlives a release: ids, keys and messages that registries, databases, files and open pages hold on to."""

from collections.abc import Awaitable, Callable, Iterator
import json
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.statistics import async_list_statistic_ids
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.front_desk import Connect, Desk
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.paths import translations
from tests.helpers.recorder import mock_recorder_before_hass  # noqa: F401 - a fixture
from tests.helpers.stored import files_of, stored
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("all_entities")


@pytest.fixture
async def office(
    recorder: Recorder, hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> MockConfigEntry:
    """Fill the office with one of everything, names that are hard to tell apart among them, and set it up."""
    for name in ("Sales West", "sales-west", "★", "☆", "Après-vente"):
        pbx.add_queue(name)
    pbx.add_extension("700", "Door", auth_id="Door700x")
    pbx.add_campaign("b-7", "Winter")
    pbx.add_messaging_campaign("12", "Offers")
    pbx.add_subscriber(CALLER, "12")
    pbx.add_unsubscriber(OTHER_CALLER, "1")
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.send_fax(JERRY, "8155550142")
    pbx.add_past_call(CALLER, "Sales West", outcome=Outcome.UNANSWERED, ago=7200)
    pbx.add_past_call(OTHER_CALLER, "support", by=TOM, ago=90000)
    pbx.pause_agent("support", ANNE_MARIE, "Lunch")
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 2, "agent_figures": True})
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            subentry_id="01LEAD",
            subentry_type="sms_recipient",
            title="Team lead",
            unique_id=None,
            data={"name": "Team lead", "recipients": ["630"]},  # type: ignore[arg-type]
        ),
    )
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    while not entry.runtime_data.store.sections.get("statistics", {}).get("filled"):
        await poll(11)
    await poll()
    return entry


@pytest.fixture
def same(simulator: Simulator, snapshot: SnapshotAssertion) -> Callable[[Any], bool]:
    """Return a comparison with what was so before; the PBX's port is another one in every run."""

    def compare(found: Any) -> bool:
        text = json.dumps(found, indent=1, default=str, ensure_ascii=False)
        return bool(text.replace(str(simulator.port), "PORT") == snapshot)

    return compare


async def test_entities_keep_their_unique_ids(
    hass: HomeAssistant, office: MockConfigEntry, same: Callable[[Any], bool]
) -> None:
    """An entity with another id is a new one: its history, its name and the automations with it are lost."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), office.entry_id)
    assert same(sorted(f"{one.domain} {one.unique_id} {one.translation_key}" for one in entities))


async def test_devices_keep_their_identifiers(
    hass: HomeAssistant, office: MockConfigEntry, same: Callable[[Any], bool]
) -> None:
    """A device with another identifier is a new one, without its area and the name that somebody gave it."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), office.entry_id)
    assert same(sorted(" ".join(sorted(identifier for _, identifier in one.identifiers)) for one in devices))


async def test_statistics_keep_their_ids(
    recorder: Recorder, hass: HomeAssistant, office: MockConfigEntry, same: Callable[[Any], bool]
) -> None:
    """A graph of the last months would begin anew."""
    await recorder.async_block_till_done()
    found = await async_list_statistic_ids(hass)
    assert same(sorted(f"{one['statistic_id']} {one['name']}" for one in found if one["source"] == DOMAIN))


async def test_what_is_stored_keeps_its_form(
    hass: HomeAssistant, office: MockConfigEntry, pbx: SimulatedPbx, poll: Poll, same: Callable[[Any], bool]
) -> None:
    """A file that is not understood any more would have everything told again, or nothing."""
    pbx.abandon(pbx.call_in(CALLER, name="Ann", to="support"))
    pbx.receive_sms(CALLER, "630", "Good morning")
    await poll()
    assert same({path.name: _form(stored(path)) for path in files_of(hass)})


async def test_repairs_keep_their_ids(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, poll: Poll, same: Callable[[Any], bool]
) -> None:
    """What somebody chose to ignore would come back."""
    for action in ("status.faxes", "reports.report", "subscribers.query_lists"):
        simulator.control.fail(action, "no_permission", times=None)
    found = set[str]()
    for phones in ([TOM, "gone1234"], ["gone1234"]):
        options = {"phones": phones, "time_zone": "Europe/Madrid"}
        hass.config_entries.async_update_entry(entry, options=options)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        found |= {
            f"{issue_id} {issue.translation_key} {sorted(issue.translation_placeholders or {})} {issue.is_fixable}"
            for (domain, issue_id), issue in ir.async_get(hass).issues.items()
            if domain == DOMAIN
        }
        await hass.config_entries.async_unload(entry.entry_id)
    assert same(sorted(found))


async def test_open_pages_are_sent_the_same_messages(
    office: MockConfigEntry,
    pbx: SimulatedPbx,
    poll: Poll,
    hass_ws_client: Callable[..., Awaitable[Any]],
    same: Callable[[Any], bool],
) -> None:
    """A dashboard that was left open during an update would show nothing, or something else."""
    connect: Connect = hass_ws_client
    desk = await Desk.open(connect)
    layout = (await desk.ask("layout"))["result"]
    pbx.join_conference("2000", CALLER)
    call = pbx.call_in(CALLER, to="support", priority=2)
    await poll(15)
    news = [desk.messages.copy(), await desk.news()]
    pbx.answer(call, TOM)
    await poll(15)
    news.append(await desk.news())
    pbx.hang_up(call)
    pbx.abandon(pbx.call_in(OTHER_CALLER, name="Ann", to="Sales West"))
    await poll(61)
    news.append(await desk.news())
    messages = [_without_call_ids(_together(some)) for some in news]
    assert same(_without_device_ids([layout, *messages]))


def test_texts_keep_their_keys(same: Callable[[Any], bool]) -> None:
    """Triggers, actions, forms and entities would show keys in place of words."""
    assert same(list(_paths(translations("en"))))


def _paths(texts: dict[str, Any], path: str = "") -> Iterator[str]:
    for key, inner in texts.items():
        if isinstance(inner, str):
            yield f"{path}{key}"
        else:
            yield from _paths(inner, f"{path}{key}.")


def _form(value: Any, name: str = "") -> Any:
    """Return which keys and kinds of values there are; ids of calls and texts are values."""
    if isinstance(value, dict):
        if name == "seen":
            return {"(id)": sorted({type(inner).__name__ for inner in value.values()})}
        if name in ("callbacks", "tries"):
            return {"(id)": _form(next(iter(value.values())))}
        return {key: _form(inner, key) for key, inner in sorted(value.items())}
    if isinstance(value, list):
        return [_form(inner) for inner in value]
    return type(value).__name__


def _together(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one message that says what several do: how many there are depends on which answer comes first."""
    together: dict[str, Any] = {}
    for message in messages:
        for key, value in message.items():
            together[key] = together.get(key, {}) | value if isinstance(value, dict) else value
    return {
        key: dict(sorted(value.items())) if isinstance(value, dict) else value
        for key, value in sorted(together.items())
    }


def _without_call_ids(message: dict[str, Any]) -> dict[str, Any]:
    """Give the calls of a message numbers: their ids run on through all tests."""
    calls = message.get("calls", {})
    numbered = {f"call {number}": calls[call_id] for number, call_id in enumerate(sorted(calls, key=int), 1)}
    return message | ({"calls": numbered} if "calls" in message else {})


def _without_device_ids(value: Any) -> Any:
    """Leave out what Home Assistant makes up anew in every run."""
    if isinstance(value, dict):
        return {key: _without_device_ids(inner) for key, inner in value.items() if key != "device_id"}
    return [_without_device_ids(inner) for inner in value] if isinstance(value, list) else value
