"""Statistics that older versions kept of phones' sensors go once, unasked, and nothing else goes with them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import StatisticData, StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import async_import_statistics, get_metadata
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import Platform
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.dls_pbx.const import DOMAIN
from tests.helpers.office import NOW, TOM
from tests.helpers.recorder import mock_recorder_before_hass  # noqa: F401 - a fixture
from tests.integration.conftest import Poll

type Kept = Callable[[], Awaitable[set[str]]]

HOUR = timedelta(hours=1)
OTHERS = ["sensor.my_own_voicemail_new", "sensor.support_callers_waiting", "sensor.dls_hosted_pbx_active_calls"]


@pytest.fixture(autouse=True)
def no_history(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Let no calls of the past be read, which takes time."""
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 0})


@pytest.fixture
async def phones(recorder: Recorder, hass: HomeAssistant, loaded: MockConfigEntry) -> list[str]:
    """Set up, and return the sensors of a phone that older versions had kept statistics of; one has been renamed."""
    registry = er.async_get(hass)
    ids = [
        registry.async_get_entity_id(Platform.SENSOR, DOMAIN, f"{loaded.entry_id}_phone_{TOM}_{key}") or ""
        for key in ("voicemail_new", "voicemail_old", "calls_in", "calls_out")
    ]
    registry.async_update_entity(ids[0], new_entity_id="sensor.toms_mailbox")
    await hass.async_block_till_done(wait_background_tasks=True)
    return ["sensor.toms_mailbox", *ids[1:]]


@pytest.fixture
async def kept(recorder: Recorder, hass: HomeAssistant, loaded: MockConfigEntry, phones: list[str]) -> Kept:
    """Let an older version have left statistics; returns a function that says of which sensors there are any."""
    for entity_id in (*phones, *OTHERS):
        metadata = StatisticMetaData(
            source="recorder",
            statistic_id=entity_id,
            name=None,
            has_sum=False,
            mean_type=StatisticMeanType.ARITHMETIC,
            unit_class=None,
            unit_of_measurement=None,
        )
        async_import_statistics(hass, metadata, [StatisticData(start=NOW - 2 * HOUR, mean=3, min=1, max=5)])
    hass.config_entries.async_update_entry(loaded, minor_version=1)

    async def ids() -> set[str]:
        await recorder.async_block_till_done()
        return set(await recorder.async_add_executor_job(partial(get_metadata, hass, statistic_source="recorder")))

    return ids


async def _restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def _repairs(hass: HomeAssistant) -> list[str]:
    """Return what Home Assistant asks about sensors after its next look at all statistics."""
    do_adhoc_statistics(hass, start=NOW - timedelta(minutes=10))
    await async_wait_recording_done(hass)
    return [
        issue.issue_id
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == SENSOR_DOMAIN and (issue.translation_key or "").startswith("state_class")
    ]


async def test_statistics_of_phones_go_and_nobody_is_asked(
    recorder: Recorder, hass: HomeAssistant, loaded: MockConfigEntry, phones: list[str], kept: Kept
) -> None:
    """An office with 500 phones would find 2,000 repairs after the update, one by one."""
    assert await kept() == {*phones, *OTHERS}
    await _restart(hass, loaded)
    assert await kept() == set(OTHERS)
    assert await _repairs(hass) == []


async def test_without_that_home_assistant_would_ask(
    recorder: Recorder, hass: HomeAssistant, phones: list[str], kept: Kept
) -> None:
    """Else the test above sees nothing."""
    await kept()
    assert set(await _repairs(hass)) == {f"state_class_removed_{entity_id}" for entity_id in phones}


async def test_they_go_once_and_a_second_time_does_no_harm(
    recorder: Recorder, hass: HomeAssistant, loaded: MockConfigEntry, phones: list[str], kept: Kept
) -> None:
    """Whoever keeps statistics of a mailbox by a state class of their own would lose them at each start."""
    hass.config_entries.async_update_entry(loaded, minor_version=2)
    await _restart(hass, loaded)
    assert await kept() == {*phones, *OTHERS}
    for _ in range(2):
        # As if Home Assistant had been killed before it was noted.
        hass.config_entries.async_update_entry(loaded, minor_version=1)
        await _restart(hass, loaded)
        assert loaded.minor_version == 2
        assert await kept() == set(OTHERS)


async def test_they_go_when_home_assistant_has_started(
    recorder: Recorder, hass: HomeAssistant, loaded: MockConfigEntry, phones: list[str], kept: Kept
) -> None:
    """The recorder may start after us, and starting would take as long as deleting years."""
    hass.set_state(CoreState.starting)
    await _restart(hass, loaded)
    assert await kept() == {*phones, *OTHERS}
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await kept() == set(OTHERS)


async def test_without_a_recorder_it_waits_for_one(hass: HomeAssistant, loaded: MockConfigEntry, poll: Poll) -> None:
    """Who turns the recorder off for a month would be asked in the end."""
    await poll()
    assert loaded.minor_version == 1
