"""Upgrades: configuration folders as earlier releases left them, with entities that somebody has made their own.

The folders were written by those releases themselves, with the small office of today's tests: a caller had given up in
the queue. What nobody had changed is in them, too.
"""

from functools import partial
import json
from pathlib import Path
from shutil import copyfile
from typing import Any

from homeassistant.components.todo import DOMAIN as TODO_DOMAIN
from homeassistant.const import CONF_URL, CONF_USERNAME, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from tests.helpers.office import ZONE
from tests.helpers.stored import OLD

FOLDERS = Path(__file__).with_name("upgrades")
RELEASES = sorted(folder.name for folder in FOLDERS.iterdir())


def kept(release: str, key: str) -> Any:
    """Return what a release has written under a key of Home Assistant's storage."""
    return json.loads((FOLDERS / release / f"{key}.json").read_text("utf-8"))


def rows(release: str, kind: str) -> list[dict[str, Any]]:
    """Return the entities or devices of a release."""
    data: dict[str, list[dict[str, Any]]] = kept(release, f"core.{kind}_registry")["data"]
    return data["entities" if kind == "entity" else "devices"]


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    """Return an earlier release."""
    name: str = request.param
    return name


@pytest.fixture
async def upgraded(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    enable_custom_integrations: None,
    simulator: Simulator,
    release: str,
) -> MockConfigEntry:
    """Return the entry of an earlier release, set up by this one."""
    await hass.config.async_set_time_zone(ZONE)
    hass.config.country = "US"
    for kind, registry in (("device", dr), ("entity", er)):
        hass_storage[f"core.{kind}_registry"] = kept(release, f"core.{kind}_registry")
        del hass.data[registry.DATA_REGISTRY]
    dr.async_setup(hass)
    await dr.async_load(hass)
    await er.async_load(hass)
    if (store := FOLDERS / release / f"{OLD}.json").is_file():
        storage = Path(hass.config.path(".storage"))
        await hass.async_add_executor_job(partial(storage.mkdir, exist_ok=True))
        await hass.async_add_executor_job(copyfile, store, storage / OLD)
    known = kept(release, "core.config_entries")
    account = known["data"] | {CONF_URL: simulator.url}
    about = {name: known[name] for name in ("entry_id", "title", "options", "version", "minor_version")}
    unique_id = f"127.0.0.1:{simulator.port}_{account[CONF_USERNAME]}"
    entry = MockConfigEntry(domain=DOMAIN, unique_id=unique_id, data=account, **about)
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def test_the_folders_have_what_somebody_has_made_their_own(release: str) -> None:
    """Otherwise the others would find nothing lost, since there is nothing to lose."""
    entities, devices = rows(release, "entity"), rows(release, "device")
    for name in ("name", "icon", "area_id", "hidden_by"):
        assert any(row[name] for row in entities), name
    assert "user" in {row["disabled_by"] for row in entities}
    assert "sensor.who_waits_for_us" in {row["entity_id"] for row in entities}
    assert any(row["name_by_user"] and row["area_id"] for row in devices)


@pytest.mark.usefixtures("upgraded", "no_error")
async def test_an_upgrade_keeps_every_entity_as_it_was_made(hass: HomeAssistant, release: str) -> None:
    """Dashboards, automations and years of history hang on an entity, and whoever renamed it does not do so twice."""
    registry = er.async_get(hass)
    for row in rows(release, "entity"):
        entity = registry.async_get(row["entity_id"])
        assert entity is not None, row["entity_id"]
        assert (entity.id, entity.unique_id, entity.device_id) == (row["id"], row["unique_id"], row["device_id"])
        assert (entity.name, entity.icon, entity.area_id) == (row["name"], row["icon"], row["area_id"])
        assert (entity.hidden_by, entity.disabled_by) == (row["hidden_by"], row["disabled_by"])


@pytest.mark.usefixtures("upgraded", "no_error")
async def test_an_upgrade_keeps_every_device_as_it_was_made(hass: HomeAssistant, release: str) -> None:
    """Areas and names are what Assist and floor plans go by."""
    registry = dr.async_get(hass)
    for row in rows(release, "device"):
        device = registry.async_get(row["id"])
        assert device is not None, row["name"]
        assert (device.name_by_user, device.area_id) == (row["name_by_user"], row["area_id"])


@pytest.mark.usefixtures("upgraded", "no_error")
async def test_after_an_upgrade_every_entity_shows_what_the_pbx_says(hass: HomeAssistant, release: str) -> None:
    """An entity that nobody fills any more is kept in name only."""
    shown = [row["entity_id"] for row in rows(release, "entity") if row["disabled_by"] is None]
    states = {one: state.state for one in shown if (state := hass.states.get(one)) is not None}
    assert sorted(states) == sorted(shown)
    assert [one for one, state in states.items() if state == STATE_UNAVAILABLE] == []
    assert states["sensor.who_waits_for_us"] == "0"


@pytest.mark.usefixtures("upgraded", "no_error")
async def test_an_upgrade_tells_nothing_a_second_time(hass: HomeAssistant, release: str) -> None:
    """Whoever gave up before would be texted again, because the office has installed a new version."""
    events = [state for state in hass.states.async_all("event") if state.state != STATE_UNKNOWN]
    assert events == []


@pytest.mark.parametrize("release", ["0.2.0"], indirect=True)
@pytest.mark.usefixtures("upgraded", "no_error")
async def test_an_upgrade_keeps_who_is_owed_a_call(hass: HomeAssistant, release: str) -> None:
    """A caller who waits for a call would be forgotten."""
    entity_id = er.async_get(hass).async_get_entity_id(TODO_DOMAIN, DOMAIN, "01PBX_pbx_callbacks")
    target, service = {"entity_id": entity_id}, (TODO_DOMAIN, "get_items")
    found = await hass.services.async_call(*service, target=target, blocking=True, return_response=True)
    assert found is not None
    [item] = found[entity_id]["items"]  # type: ignore[index, call-overload]
    assert item["status"] == "needs_action"
    assert "0123" in item["summary"]
