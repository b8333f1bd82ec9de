"""Samples in the diagnostics: another PBX, played from a file, with nobody of its office in it."""

import asyncio
from collections import Counter
import json
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.support import samples as samples_of_the_office
from script import fixture_run
from simulator.app import DEFAULT_KEY, DEFAULT_USER, Simulator
from simulator.office.scenarios import Size, build
from simulator.pbx.simulated import SimulatedPbx
from simulator.replay import Replay
from tests.helpers.strangers import read
from tests.integration.test_diagnostics import assert_nobody, people_and_places

pytestmark = pytest.mark.usefixtures("frozen")


def shown(hass: HomeAssistant, entry: MockConfigEntry) -> Counter[tuple[str, str, str]]:
    """Return what an entry's entities show, whatever their objects are called."""
    found = Counter[tuple[str, str, str]]()
    for one in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        if one.domain != "event" and (state := hass.states.get(one.entity_id)):
            found[one.domain, one.translation_key or one.original_device_class or "", state.state] += 1
    return found


async def replayed(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry, path: Path
) -> tuple[Any, Counter[Any], Counter[Any]]:
    """Set the office up, download, play the download; return it, and what both show."""
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 0})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    before = shown(hass, entry)
    await hass.async_add_executor_job(path.write_text, json.dumps({"data": told}))
    assert await hass.config_entries.async_remove(entry.entry_id)
    async with Replay.load(path).simulator(users=(DEFAULT_USER,), key=DEFAULT_KEY) as stranger:
        played = MockConfigEntry(
            domain=DOMAIN,
            title="Stranger",
            entry_id="02PBX",
            data={
                CONF_URL: stranger.url,
                CONF_USERNAME: DEFAULT_USER,
                CONF_API_KEY: DEFAULT_KEY,
                CONF_VERIFY_SSL: True,
            },
            options={"backfill_days": 0},
        )
        played.add_to_hass(hass)
        assert await hass.config_entries.async_setup(played.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert played.state is ConfigEntryState.LOADED
        after = shown(hass, played)
        assert not played.runtime_data.client.vocabulary.found
        assert await hass.config_entries.async_unload(played.entry_id)
    return told, before, after


@pytest.mark.parametrize("quirks", [{}, {"body_encodings": "form", "numbers": "numeric_check", "empty_maps": "object"}])
async def test_a_pbx_that_is_played_from_its_samples_shows_the_same(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    entry: MockConfigEntry,
    tmp_path: Path,
    quirks: dict[str, Any],
) -> None:
    """Whoever wants to help would look at another PBX than the one that is out of order."""
    office = build(Size.OFFICE, seed=3, live=False, history_days=1, clock=simulator.pbx.now)
    simulator.api.engine = office
    simulator.api.users = (f"{office.users()[0].ext}@{office.users()[0].tenant}",)
    simulator.control.quirk(**quirks)
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_USERNAME: simulator.api.users[0]})
    told, before, after = await replayed(hass, hass_client, entry, tmp_path / "download.json")
    assert after - before == before - after == Counter()
    assert sum(before.values()) > 100
    assert len(told["samples"]["reports.report"]["results"]) > 5
    assert len(told["samples"]["sms.query_sms"]["results"]) > 2
    assert_nobody(told, people_and_places(office) | people_on_record(office))


async def test_a_download_becomes_a_test_that_fails_until_its_words_are_known(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    loaded: MockConfigEntry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A stranger's PBX would be guessed at, by people who cannot see it."""
    simulator.control.quirk(values="odd_words")
    told = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    download = tmp_path / "download.json"
    await hass.async_add_executor_job(download.write_text, json.dumps({"data": told}))
    monkeypatch.setattr(fixture_run, "STRANGERS", tmp_path)
    monkeypatch.setattr("sys.argv", ["script/fixture", str(download), "sideways"])
    assert await hass.async_add_executor_job(fixture_run.main) == 0
    assert capsys.readouterr().out == "sideways\n"
    stranger = await read(tmp_path / "sideways.json")
    assert {("status.users", "Registration", "sideways"), ("status.queues", "DeviceState", "sideways")} <= {
        (one.action, one.field, one.sample) for one in stranger.unknown
    }


@pytest.mark.parametrize("text", ["not json", "[]", '{"data": {"entry": {}}}'])
def test_a_file_that_is_no_download_is_named(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever picked the wrong file of five would get a stack trace."""
    path = tmp_path / "download.json"
    path.write_text(text)
    monkeypatch.setattr("sys.argv", ["script/fixture", str(path)])
    assert fixture_run.main() == 2
    assert f"{path} is no download of diagnostics with samples" in capsys.readouterr().err


async def test_an_answer_that_is_none_of_the_api_is_told_by_its_shape(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """What a proxy puts in between could be anything, and somebody's name."""
    simulator.control.fail("status.queues", "not_json", times=None)
    samples = (await get_diagnostics_for_config_entry(hass, hass_client, loaded))["samples"]
    assert set(samples["status.queues"]) == {"unreadable"}
    assert not re.search(r"[a-wyz0-8]", samples["status.queues"]["unreadable"])
    assert samples["status.users"]["result"] == "success"


async def test_a_download_does_not_wait_for_a_pbx_that_hangs(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The page of the browser would give up, and show nothing at all."""
    assert await async_setup_component(hass, "diagnostics", {})
    simulator.control.fail("status.queues", "stalled", times=None)
    client = await hass_client()
    simulator.requests.clear()
    download = hass.async_create_task(client.get(f"/api/diagnostics/config_entry/{loaded.entry_id}"))
    answered = "status.users", "subscribers.query_lists", "status.queues"
    while not all(map(simulator.requests.of, answered)):  # noqa: ASYNC110 - the PBX tells nobody that it was asked
        await asyncio.sleep(0)
    freezer.tick(samples_of_the_office.PATIENCE + 1)
    told = (await (await download).json())["data"]
    assert "status.users" in told["samples"]
    assert "status.queues" not in told["samples"]


async def test_a_refused_key_is_not_tried_again_for_a_download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """A PBX that locks out who guesses would lock the office out."""
    simulator.api.key = "another"
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = len(simulator.requests)
    assert (await get_diagnostics_for_config_entry(hass, hass_client, entry))["samples"] == {}
    assert len(simulator.requests) == asked


def people_on_record(pbx: SimulatedPbx) -> set[str]:
    """Return whoever called, texted or is listed."""
    found = {number for call in pbx.call_records() for number in re.findall(r"\d{7,}", f"{call.src} {call.dst}")}
    for message in pbx.messages():
        found |= {message.body, *re.findall(r"\d{7,}", f"{message.src_label} {message.dst_label}")}
    for one in (*pbx.opt_in_lists(), *pbx.opt_out_lists()):
        found |= {one.name, *(consent.number for consent in one.numbers)}
    return {one for one in found if len(one) > 2}
