"""Every step of the config flow, against the stand-in PBX on its socket."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
import logging
from pathlib import Path
from random import Random
import ssl
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx import config_flow
from custom_components.dls_pbx.api import DlsPbxClient, Obstacle
from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import KEY, TOM, USERNAME, ZONE, small_office
from tests.helpers.paths import translations
from tests.helpers.tls import EXPIRED, OTHER_HOST, self_signed
from tests.integration.conftest import Poll

NEW_KEY = "another-made-up-key-1111-for-the-stand-in-pbx"
USERS = "status.users"

# A fault of the PBX, its options, and the error that the form shows.
FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("wrong_key", {}, "invalid_auth"),
    ("server_error", {}, "cannot_connect"),
    ("rate_limited", {"retry_after": 60}, "cannot_connect"),
    ("reset_before", {}, "cannot_connect"),
    ("reset_after", {}, "cannot_connect"),
    ("slow", {}, "cannot_connect"),
    ("stalled", {}, "cannot_connect"),
    ("echoed_key", {}, "cannot_connect"),
    ("server_error_html", {}, "invalid_response"),
    ("html", {}, "invalid_response"),
    ("truncated", {}, "invalid_response"),
    ("not_json", {}, "invalid_response"),
    ("empty", {}, "invalid_response"),
    ("oversized", {}, "invalid_response"),
    ("redirect", {"to": "same_origin"}, "invalid_response"),
    ("redirect", {"to": "other_origin"}, "invalid_response"),
]

# All steps check in one way: where the first one has met them all, the others meet one of each error.
SOME_FAULTS = [FAULTS[0], FAULTS[3], FAULTS[9]]


@pytest.fixture(autouse=True)
def _no_key_in_the_log(enable_custom_integrations: None, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does: a log that is sent to a stranger must not open the PBX."""
    caplog.set_level(logging.DEBUG, "custom_components")
    caplog.set_level(logging.DEBUG, "aiohttp")
    yield
    told = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    assert KEY not in told
    assert NEW_KEY not in told


@pytest.fixture
async def second(socket_enabled: None) -> Iterator[Simulator]:
    """Run another PBX on another port."""
    async with Simulator(small_office()) as simulator:
        yield simulator


def account_of(simulator: Simulator, **changes: Any) -> dict[str, Any]:
    """Return what a user types for the PBX."""
    return {CONF_URL: simulator.url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True} | changes


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form is filled in with."""
    assert result["type"] is FlowResultType.FORM
    fields = result["data_schema"].schema
    return {str(field): field.description["suggested_value"] for field in fields if field.description}


async def begin(hass: HomeAssistant) -> str:
    """Open the form of the first step."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert (result["type"], result["step_id"], result["errors"]) == (FlowResultType.FORM, "user", {})
    return result["flow_id"]


async def submit(hass: HomeAssistant, flow_id: str, typed: dict[str, Any]) -> ConfigFlowResult:
    """Submit a form and let Home Assistant set up or reload the entry."""
    result = await hass.config_entries.flow.async_configure(flow_id, typed)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


# In all encodings, since a refusal may mean that the PBX has not seen the key; over a second connection where the
# first one broke without a word. Nothing else is asked again.
TRIES = {"wrong_key": 3, "reset_before": 2, "reset_after": 2}


async def submit_into(
    hass: HomeAssistant,
    frozen: FrozenDateTimeFactory,
    simulator: Simulator,
    fault: str,
    options: dict[str, Any],
    flow_id: str,
    typed: dict[str, Any],
) -> ConfigFlowResult:
    """Submit a form while the PBX has a fault; where it does not answer, let time pass until the client gives up."""
    order = simulator.faults.order(USERS, fault, times=TRIES.get(fault, 1), **options)
    trying = asyncio.create_task(submit(hass, flow_id, typed))
    if fault in ("slow", "stalled"):
        await order.taken.wait()
        # The event loop's clock stands still like all others.
        frozen.tick(31)
    result = await trying
    simulator.faults.clear()
    return result


async def set_up(hass: HomeAssistant, typed: dict[str, Any]) -> ConfigEntry:
    """Go through the first step without trouble."""
    result = await submit(hass, await begin(hass), typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.LOADED
    return result["result"]


# The first step


async def test_a_pasted_link_user_and_key_set_up_an_office(hass: HomeAssistant, simulator: Simulator) -> None:
    """Else nobody gets in."""
    entry = await set_up(
        hass,
        {
            CONF_URL: f" {simulator.url.upper()}/api/v1/status.php?api_action=users&api_format=json",
            CONF_USERNAME: f" {USERNAME} ",
            CONF_API_KEY: f"{KEY}\n",
        },
    )
    assert entry.title == "DLS Hosted PBX"
    assert entry.data == account_of(simulator)
    assert entry.options == {}
    assert entry.unique_id == f"127.0.0.1:{simulator.port}_{USERNAME}"


@pytest.mark.parametrize("username", ["100", "front100", "FRONT100", "100@Default"])
async def test_a_user_goes_by_extension_auth_id_or_both_with_tenant(
    hass: HomeAssistant, simulator: Simulator, username: str
) -> None:
    """Else people are locked out who know one name of their user and not another."""
    entry = await set_up(hass, account_of(simulator, username=username))
    assert entry.data[CONF_USERNAME] == username


@pytest.mark.parametrize(("fault", "options", "error"), FAULTS)
async def test_what_goes_wrong_is_said_and_the_next_try_succeeds(
    hass: HomeAssistant,
    frozen: FrozenDateTimeFactory,
    simulator: Simulator,
    fault: str,
    options: dict[str, Any],
    error: str,
) -> None:
    """Else a hiccup of the PBX costs the user all they typed, or the wrong thing is looked for."""
    flow_id = await begin(hass)
    result = await submit_into(
        hass, frozen, simulator, fault, options, flow_id, account_of(simulator, verify_ssl=False)
    )
    assert result["errors"] == {"base": error}
    assert result["description_placeholders"]["reason"]
    assert KEY not in str(result["description_placeholders"])
    assert suggested(result) == account_of(simulator, verify_ssl=False)
    assert [request.path for request in simulator.requests] == ["/api/v1/status.php"] * TRIES.get(fault, 1)

    result = await submit(hass, flow_id, account_of(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_pbx_that_is_down_is_said_to_be_down(hass: HomeAssistant, simulator: Simulator) -> None:
    """Else the user hunts for a mistake in what they typed."""
    flow_id = await begin(hass)
    await simulator.stop()
    assert (await submit(hass, flow_id, account_of(simulator)))["errors"] == {"base": "cannot_connect"}
    await simulator.start()
    assert (await submit(hass, flow_id, account_of(simulator)))["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("typed", "error"),
    [("our phone system", "invalid_url"), ("https://[::1", "invalid_url"), ("http://pbx.example.com", "insecure_url")],
)
async def test_an_address_that_will_not_do_is_said_beside_it(
    hass: HomeAssistant, simulator: Simulator, typed: str, error: str
) -> None:
    """Else the user is told that the PBX is down, or the key leaves the house in clear text."""
    flow_id = await begin(hass)
    result = await submit(hass, flow_id, account_of(simulator, url=typed))
    assert result["errors"] == {CONF_URL: error}
    assert suggested(result) == account_of(simulator, url=typed)
    assert (await submit(hass, flow_id, account_of(simulator)))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_key_that_may_not_list_users_is_a_right_key(hass: HomeAssistant, simulator: Simulator) -> None:
    """Else an office whose key is for messages only cannot use the integration."""
    simulator.faults.order(USERS, "no_permission", times=None)
    await set_up(hass, account_of(simulator))


async def test_the_unexpected_is_survived_and_logged_without_what_was_typed(
    hass: HomeAssistant, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else a mistake of ours closes the form, or publishes the key with the bug report."""

    async def fail(self: DlsPbxClient) -> None:
        raise RuntimeError(f"cannot use {KEY}")

    flow_id = await begin(hass)
    with monkeypatch.context() as broken:
        broken.setattr(DlsPbxClient, "users", fail)
        result = await submit(hass, flow_id, account_of(simulator))
    assert result["errors"] == {"base": "unknown"}
    assert "Unexpected RuntimeError" in caplog.text
    assert "test_config_flow.py" in caplog.text
    assert KEY not in caplog.text
    assert (await submit(hass, flow_id, account_of(simulator)))["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("username", [USERNAME, USERNAME.upper()])
async def test_an_account_is_set_up_once(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, username: str
) -> None:
    """Else everything is there twice, and every message goes out twice."""
    asked = len(simulator.requests)
    typed = account_of(simulator, username=username, url=simulator.url.upper(), api_key="whatever")
    result = await submit(hass, await begin(hass), typed)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert len(simulator.requests) == asked


async def test_two_forms_for_one_account_make_one_entry(hass: HomeAssistant, simulator: Simulator) -> None:
    """Else an impatient second click sets up the office twice."""
    flows = [await begin(hass), await begin(hass)]
    held = [simulator.faults.order(USERS, "slow") for _ in flows]
    tries = [asyncio.create_task(submit(hass, flow, account_of(simulator))) for flow in flows]
    for fault, trying in zip(held, tries, strict=True):
        await asyncio.wait({trying, asyncio.create_task(fault.taken.wait())}, return_when=asyncio.FIRST_COMPLETED)
    simulator.faults.release()
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    made = [one for one in outcomes if not isinstance(one, UnknownFlow) and one["type"] is FlowResultType.CREATE_ENTRY]
    assert len(made) == 1


async def test_a_form_left_open_does_not_block_the_next(hass: HomeAssistant, simulator: Simulator) -> None:
    """Else whoever reloads the page after a typing error is locked out until Home Assistant restarts."""
    result = await submit(hass, await begin(hass), account_of(simulator, api_key="mistyped"))
    assert result["errors"] == {"base": "invalid_auth"}
    await set_up(hass, account_of(simulator))


async def test_accounts_and_pbxs_stand_side_by_side(
    hass: HomeAssistant, simulator: Simulator, second: Simulator, loaded: MockConfigEntry
) -> None:
    """Else a company with two tenants or two PBXs sees one of them."""
    simulator.api.users = (USERNAME, "630@default")
    await set_up(hass, account_of(simulator, username="630@default"))
    await set_up(hass, account_of(second))
    entries = hass.config_entries.async_entries(DOMAIN)
    assert [entry.state for entry in entries] == [ConfigEntryState.LOADED] * 3


async def test_pbxs_at_ip_addresses_are_told_apart_by_their_accounts(
    hass: HomeAssistant, simulator: Simulator, second: Simulator
) -> None:
    """Else there are two of one name in every list, and nobody knows which is which."""
    simulator.api.users = (USERNAME, "630@default")
    typed = (account_of(simulator), account_of(simulator, username="630@default"), account_of(second))
    titles = [(await set_up(hass, one)).title for one in typed]
    third = f"DLS Hosted PBX ({USERNAME})"
    assert titles == ["DLS Hosted PBX", "DLS Hosted PBX (630@default)", third]
    async with Simulator(small_office()) as fourth:
        assert (await set_up(hass, account_of(fourth))).title == f"DLS Hosted PBX ({USERNAME}, 127.0.0.1:{fourth.port})"


# A new key


async def test_a_refused_key_is_asked_for_anew(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Else the office stays dark after somebody renews the key."""
    simulator.api.key = NEW_KEY
    await poll()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert (flow["context"]["source"], flow["step_id"]) == (SOURCE_REAUTH, "reauth_confirm")

    result = await submit(hass, flow["flow_id"], {CONF_API_KEY: KEY})
    assert result["errors"] == {"base": "invalid_auth"}
    assert suggested(result) == {CONF_API_KEY: KEY}
    assert KEY not in str(result["description_placeholders"])
    assert result["description_placeholders"]["username"] == USERNAME
    assert result["description_placeholders"]["name"] == loaded.title

    result = await submit(hass, flow["flow_id"], {CONF_API_KEY: f" {NEW_KEY} "})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert loaded.data == account_of(simulator, api_key=NEW_KEY)
    assert loaded.state is ConfigEntryState.LOADED
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


@pytest.mark.parametrize(("fault", "options", "error"), SOME_FAULTS)
async def test_a_new_key_survives_what_goes_wrong(
    hass: HomeAssistant,
    frozen: FrozenDateTimeFactory,
    simulator: Simulator,
    loaded: MockConfigEntry,
    fault: str,
    options: dict[str, Any],
    error: str,
) -> None:
    """Else a hiccup of the PBX is taken for another wrong key."""
    simulator.api.key = NEW_KEY
    flow_id = (await loaded.start_reauth_flow(hass))["flow_id"]
    result = await submit_into(hass, frozen, simulator, fault, options, flow_id, {CONF_API_KEY: NEW_KEY})
    assert result["errors"] == {"base": error}
    assert loaded.data[CONF_API_KEY] == KEY
    result = await submit(hass, flow_id, {CONF_API_KEY: NEW_KEY})
    assert result["reason"] == "reauth_successful"
    assert loaded.data[CONF_API_KEY] == NEW_KEY


# Another way to the same account


async def test_key_certificate_check_and_spelling_can_change(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """Else a change at the PBX costs the office its entities, their names and their history."""
    result = await loaded.start_reconfigure_flow(hass)
    assert suggested(result) == {CONF_URL: simulator.url, CONF_USERNAME: USERNAME, CONF_VERIFY_SSL: True}
    simulator.api.key = NEW_KEY
    typed = account_of(
        simulator, url=f"{simulator.url}/portal", username="100@DEFAULT", api_key=NEW_KEY, verify_ssl=False
    )
    result = await submit(hass, result["flow_id"], typed)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert loaded.data == typed | {CONF_URL: simulator.url}
    assert loaded.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("typed", [{}, {CONF_API_KEY: ""}, {CONF_API_KEY: "  "}])
async def test_the_key_stays_when_none_is_typed(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, typed: dict[str, str]
) -> None:
    """Else turning the certificate check off takes a key that nobody wrote down."""
    flow_id = (await loaded.start_reconfigure_flow(hass))["flow_id"]
    known = {CONF_URL: simulator.url, CONF_USERNAME: USERNAME, CONF_VERIFY_SSL: False}
    result = await submit(hass, flow_id, known | typed)
    assert result["reason"] == "reconfigure_successful"
    assert loaded.data == account_of(simulator, verify_ssl=False)


@pytest.mark.parametrize(("fault", "options", "error"), SOME_FAULTS)
async def test_a_change_survives_what_goes_wrong(
    hass: HomeAssistant,
    frozen: FrozenDateTimeFactory,
    simulator: Simulator,
    loaded: MockConfigEntry,
    fault: str,
    options: dict[str, Any],
    error: str,
) -> None:
    """Else a hiccup of the PBX leaves an entry that is half changed."""
    flow_id = (await loaded.start_reconfigure_flow(hass))["flow_id"]
    result = await submit_into(
        hass, frozen, simulator, fault, options, flow_id, account_of(simulator, verify_ssl=False)
    )
    assert result["errors"] == {"base": error}
    assert suggested(result) == account_of(simulator, verify_ssl=False)
    assert KEY not in str(result["description_placeholders"])
    assert loaded.data == account_of(simulator)
    result = await submit(hass, flow_id, account_of(simulator, verify_ssl=False))
    assert result["reason"] == "reconfigure_successful"


async def test_the_kept_key_is_shown_to_nobody(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """Else whoever may open the form takes the key away with them: only what was typed right there comes back."""
    flow_id = (await loaded.start_reconfigure_flow(hass))["flow_id"]
    known = {CONF_URL: "nowhere at all", CONF_USERNAME: USERNAME, CONF_VERIFY_SSL: True}
    assert suggested(await submit(hass, flow_id, known)) == known
    assert suggested(await submit(hass, flow_id, known | {CONF_API_KEY: ""})) == known | {CONF_API_KEY: ""}


@pytest.mark.parametrize(("typed", "error"), [("nowhere at all", "invalid_url"), ("http://8.8.8.8", "insecure_url")])
async def test_a_changed_address_is_checked_like_the_first(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, typed: str, error: str
) -> None:
    """Else the key leaves the house in clear text after all."""
    flow_id = (await loaded.start_reconfigure_flow(hass))["flow_id"]
    assert (await submit(hass, flow_id, account_of(simulator, url=typed)))["errors"] == {CONF_URL: error}
    assert (await submit(hass, flow_id, account_of(simulator)))["reason"] == "reconfigure_successful"


async def test_another_user_is_no_change_of_this_one(
    hass: HomeAssistant, simulator: Simulator, second: Simulator, loaded: MockConfigEntry
) -> None:
    """Else one office's history turns into another's."""
    asked = len(simulator.requests)
    for other in (account_of(simulator, username="630@default"), account_of(second, username="630@default")):
        flow_id = (await loaded.start_reconfigure_flow(hass))["flow_id"]
        result = await submit(hass, flow_id, other)
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_mismatch")
    assert loaded.data == account_of(simulator)
    assert len(simulator.requests) == asked
    assert not second.requests


# Another host or port


async def move(hass: HomeAssistant, entry: MockConfigEntry, typed: dict[str, Any]) -> ConfigFlowResult:
    """Say that the PBX is somewhere else."""
    return await submit(hass, (await entry.start_reconfigure_flow(hass))["flow_id"], typed)


def ids(hass: HomeAssistant) -> set[str]:
    """Return the unique ids of all entities."""
    return {entity.unique_id for entity in er.async_get(hass).entities.values()}


async def test_a_pbx_that_has_moved_keeps_everything(
    hass: HomeAssistant, simulator: Simulator, second: Simulator, loaded: MockConfigEntry
) -> None:
    """Else a new server costs the office its entities, their names and their history."""
    before, title = ids(hass), loaded.title
    result = await move(hass, loaded, account_of(second, api_key=""))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "confirm_move")
    assert result["description_placeholders"] == {
        "name": loaded.title,
        "old": simulator.url,
        "new": second.url,
        "known": "5",
        "same": "5",
    }
    assert loaded.data == account_of(simulator)

    result = await submit(hass, result["flow_id"], {})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert loaded.data == account_of(second)
    assert loaded.unique_id == f"127.0.0.1:{second.port}_{USERNAME}"
    assert (loaded.title, loaded.entry_id, loaded.state) == (title, "01PBX", ConfigEntryState.LOADED)
    assert ids(hass) == before


async def test_a_pbx_that_moved_while_home_assistant_was_off_is_known_by_its_devices(
    hass: HomeAssistant, simulator: Simulator, second: Simulator, loaded: MockConfigEntry
) -> None:
    """Else those who need it most cannot say where their PBX is: nobody has seen its users since the start."""
    await simulator.stop()
    await hass.config_entries.async_reload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.SETUP_RETRY
    result = await move(hass, loaded, account_of(second))
    assert (result["step_id"], result["description_placeholders"]["same"]) == ("confirm_move", "5")
    assert (await submit(hass, result["flow_id"], {}))["reason"] == "reconfigure_successful"
    assert loaded.state is ConfigEntryState.LOADED


async def test_a_pbx_with_other_users_is_another_one(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """Else a typing error in the address mixes two offices."""
    stranger = SimulatedPbx(clock=lambda: datetime.now(UTC), rng=Random(7), time_zone=ZoneInfo(ZONE))
    for number in range(5):
        stranger.add_extension(f"{100 + number}", f"Stranger {number}", auth_id=f"strange{number}")
    stranger.add_extension("630", "Tom", auth_id=TOM)
    async with Simulator(stranger) as other:
        result = await move(hass, loaded, account_of(other))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "account_mismatch")
    assert loaded.data == account_of(simulator)


async def test_a_pbx_whose_users_cannot_be_seen_is_taken_for_another_one(
    hass: HomeAssistant, simulator: Simulator, second: Simulator, loaded: MockConfigEntry
) -> None:
    """Nobody can tell; else two offices are mixed."""
    second.faults.order(USERS, "no_permission", times=None)
    assert (await move(hass, loaded, account_of(second)))["reason"] == "account_mismatch"
    assert loaded.data == account_of(simulator)


async def test_a_pbx_that_is_an_entry_already_is_no_move(
    hass: HomeAssistant, simulator: Simulator, second: Simulator, loaded: MockConfigEntry
) -> None:
    """Else everything is there twice."""
    await set_up(hass, account_of(second))
    asked = len(second.requests)
    assert (await move(hass, loaded, account_of(second)))["reason"] == "account_mismatch"
    assert len(second.requests) == asked


async def test_a_move_survives_what_goes_wrong(
    hass: HomeAssistant, simulator: Simulator, second: Simulator, loaded: MockConfigEntry
) -> None:
    """Else a hiccup of the new PBX is taken for a stranger."""
    flow_id = (await loaded.start_reconfigure_flow(hass))["flow_id"]
    # The first answer is the check's, the second tells of the users.
    check = second.faults.order(USERS, "slow")
    trying = asyncio.create_task(submit(hass, flow_id, account_of(second)))
    await check.taken.wait()
    second.faults.order(USERS, "server_error")
    second.faults.release()
    assert (await trying)["errors"] == {"base": "cannot_connect"}
    assert (await submit(hass, flow_id, account_of(second)))["step_id"] == "confirm_move"
    assert loaded.data == account_of(simulator)


# Certificates


async def test_a_self_signed_certificate_is_refused_until_the_user_says_otherwise(
    hass: HomeAssistant, socket_enabled: None, tmp_path: Path
) -> None:
    """Else the key goes to whoever sits in between, or a PBX in the cellar cannot be used."""
    # In debug mode asyncio reports a client that hangs up during the handshake as an error of ours.
    hass.loop.set_debug(False)
    async with Simulator(small_office(), ssl_context=self_signed(tmp_path)[0]) as simulator:
        flow_id = await begin(hass)
        bare = f"127.0.0.1:{simulator.port}"
        result = await submit(hass, flow_id, account_of(simulator, url=bare))
        assert result["errors"] == {"base": "cannot_connect"}
        assert result["description_placeholders"]["reason"] == reason("certificate_self_signed")
        assert not simulator.requests
        result = await submit(hass, flow_id, account_of(simulator, url=bare, verify_ssl=False))
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert result["data"][CONF_URL] == f"https://127.0.0.1:{simulator.port}"


def reason(obstacle: str, language: str = "en") -> str:
    """Return what the form says of what keeps a connection from coming about."""
    return translations(language)["exceptions"][obstacle]["message"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("certificate", "obstacle"),
    [(EXPIRED, "certificate_expired"), (OTHER_HOST, "certificate_other_host")],
    ids=["expired", "other_host"],
)
async def test_what_is_wrong_with_a_certificate_is_said_with_the_way_out(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    socket_enabled: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    certificate: bytes,
    obstacle: str,
    language: str,
) -> None:
    """Else the user reads "CERTIFICATE_VERIFY_FAILED", and turns the check off for a certificate to be renewed."""
    hass.loop.set_debug(False)
    hass.config.language = language
    server, path = self_signed(tmp_path, certificate)
    # Somebody vouches for it.
    trust = ssl.create_default_context(cafile=path)
    monkeypatch.setattr("custom_components.dls_pbx.flows.connections.get_default_context", lambda: trust)
    async with Simulator(small_office(), ssl_context=server) as simulator:
        result = await submit(hass, await begin(hass), account_of(simulator))
    assert result["errors"] == {"base": "cannot_connect"}
    assert result["description_placeholders"]["reason"] == reason(obstacle, language)


async def test_https_to_a_port_of_plain_http_is_said(hass: HomeAssistant, simulator: Simulator) -> None:
    """Else the user reads "WRONG_VERSION_NUMBER" and looks for an update."""
    url = simulator.url.replace("http:", "https:")
    result = await submit(hass, await begin(hass), account_of(simulator, url=url))
    assert result["errors"] == {"base": "cannot_connect"}
    assert result["description_placeholders"]["reason"] == reason("no_tls")


async def test_an_entry_whose_certificate_has_expired_says_so(
    hass: HomeAssistant, socket_enabled: None, tmp_path: Path, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the entry's page says "SSL", in English, and no way out."""
    hass.loop.set_debug(False)
    server, path = self_signed(tmp_path, EXPIRED)
    trust = ssl.create_default_context(cafile=path)
    monkeypatch.setattr("custom_components.dls_pbx.flows.connections.get_default_context", lambda: trust)
    async with Simulator(small_office(), ssl_context=server) as simulator:
        hass.config_entries.async_update_entry(entry, data=account_of(simulator))
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "certificate_expired"
    assert entry.reason == reason("certificate_expired").removesuffix(".")


def test_every_obstacle_has_a_text() -> None:
    """Else the form breaks where it should help."""
    for language in ("en", "es"):
        assert {one for one in Obstacle if reason(one, language)} == set(Obstacle)


# Texts


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_field_error_and_abort_speaks_the_users_language(language: str) -> None:
    """Else the user reads `insecure_url` or an unnamed field."""
    texts = translations(language)["config"]
    schemas = {
        "user": config_flow.USER_SCHEMA,
        "reauth_confirm": config_flow.REAUTH_SCHEMA,
        "reconfigure": config_flow.RECONFIGURE_SCHEMA,
    }
    assert texts["step"].keys() == schemas.keys() | {"confirm_move"}
    for step, schema in schemas.items():
        fields = {str(field) for field in schema.schema}
        assert texts["step"][step]["data"].keys() == fields
        assert texts["step"][step]["data_description"].keys() == fields
    shown = {error for _, _, error in FAULTS} | {"invalid_url", "insecure_url", "unknown"}
    assert texts["error"].keys() == shown
    assert texts["abort"].keys() == {"already_configured", "account_mismatch"}
