"""What the page of system information says of each PBX, and that it says nothing about anybody."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from tests.helpers.office import KEY, NOW, USERNAME, small_office
from tests.integration.conftest import Poll
from tests.test_project import MANIFEST

# First of all: an access token from a clock that goes ahead of Home Assistant's is refused.
pytestmark = pytest.mark.usefixtures("frozen")


async def page(hass: HomeAssistant, socket_of: WebSocketGenerator) -> dict[str, Any]:
    """Return what the page says of the integration when everything on it has come in."""
    assert await async_setup_component(hass, "system_health", {})
    client = await socket_of(hass)
    await client.send_json_auto_id({"type": "system_health/info"})
    assert (await client.receive_json())["success"]
    found: dict[str, Any] = {}
    while (event := (await client.receive_json())["event"])["type"] != "finish":
        if event["type"] == "initial":
            found = event["data"][DOMAIN]["info"]
        elif event["domain"] == DOMAIN:
            found[event["key"]] = event["data"]
    return found


async def test_a_pbx_that_is_well_says_so(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry
) -> None:
    """The first look of who wonders whether it is the PBX or Home Assistant."""
    info = await page(hass, hass_ws_client)
    # All eight actions, calls, messages and consent lists, as at every start.
    assert info.pop("requests_last_minute") >= 8
    assert info == {
        "version": MANIFEST["version"],
        "can_reach_server": "ok",
        "failing_actions": "ok",
        "last_answer": {"type": "date", "value": NOW.isoformat()},
    }


async def test_only_the_requests_of_the_last_minute_count(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """Who asks whether Home Assistant asks too often would see all since the start."""
    before = len(simulator.requests)
    await poll(61)
    asked = len(simulator.requests) - before
    assert (await page(hass, hass_ws_client))["requests_last_minute"] == asked > 0


async def test_what_fails_is_named_with_its_kind(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """One missing right and a PBX that is down look the same on a dashboard."""
    simulator.control.fail("status.faxes", "no_permission", times=None)
    simulator.control.fail("status.queues", "server_error_html", times=None)
    await poll()
    info = await page(hass, hass_ws_client)
    assert info["failing_actions"] == {"type": "failed", "error": "faxes (not_permitted), queues (invalid_response)"}
    assert info["can_reach_server"] == "ok"
    simulator.control.heal()
    await poll()
    assert (await page(hass, hass_ws_client))["failing_actions"] == "ok"


async def test_a_pbx_that_cannot_be_reached_is_told_from_one_that_refuses(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """Network or key: two different people have to be called."""
    await simulator.stop()
    await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    info = await page(hass, hass_ws_client)
    assert info["can_reach_server"] == {"type": "failed", "error": "unreachable"}
    assert {info["failing_actions"], info["last_answer"], info["requests_last_minute"]} == {"setup_retry"}


async def test_the_key_is_not_sent_to_find_out_whether_something_answers(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A page that people open again and again should not be what locks a user out."""
    before = len(simulator.requests)
    info = await page(hass, hass_ws_client)
    assert [(one.method, one.path, one.key_in) for one in simulator.requests[before:]] == [("GET", "/", ())]
    assert [one for one in (KEY, USERNAME, "127.0.0.1") if one in str(info)] == []


async def test_several_pbxs_are_told_apart_without_their_names(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry
) -> None:
    """The page is copied into public bug reports."""
    async with Simulator(small_office()) as branch:
        second = _entry(loaded.data | {CONF_URL: branch.url}, "branch.example.com")
        second.add_to_hass(hass)
        assert await hass.config_entries.async_setup(second.entry_id)
        third = _entry(loaded.data | {CONF_USERNAME: "other"}, "off.example.com", ConfigEntryDisabler.USER)
        third.add_to_hass(hass)
        # Port 1 is nobody's.
        hass.config_entries.async_update_entry(second, data=second.data | {CONF_URL: "http://127.0.0.1:1"})
        info = await page(hass, hass_ws_client)
        assert info["can_reach_server"] == "1: ok; 2: unreachable"
        assert info["failing_actions"] == "1: ok; 2: ok"
        assert info["last_answer"] == f"1: {NOW.isoformat()}; 2: {NOW.isoformat()}"
        assert "example.com" not in str(info)
        await hass.config_entries.async_unload(second.entry_id)


def _entry(data: Mapping[str, Any], title: str, disabled: ConfigEntryDisabler | None = None) -> MockConfigEntry:
    return MockConfigEntry(domain=DOMAIN, title=title, unique_id=title, data=data, disabled_by=disabled)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_line_of_the_page_has_a_text(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry, language: str
) -> None:
    """A line without a text shows as its key."""
    texts = await async_get_translations(hass, language, "system_health", {DOMAIN})
    assert {key.rpartition(".")[2] for key in texts} == (await page(hass, hass_ws_client)).keys()
