"""What a user may send to a stranger: enough to find a fault, and nobody's name or number."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
import json
import re
from types import MappingProxyType
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_TIME_ZONE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.options import CONF_PHONES
from simulator.app import Simulator
from simulator.office.scenarios import Size, build
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, KEY, OTHER_CALLER, TOM, USERNAME, ZOE
from tests.helpers.recorder import mock_recorder_before_hass  # noqa: F401 - a fixture
from tests.integration.conftest import Poll

# First of all: an access token from a clock that goes ahead of Home Assistant's is refused.
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def busy(pbx: SimulatedPbx) -> SimulatedPbx:
    """Let everything go on at once that can."""
    pbx.answer(pbx.call_in(CALLER, name="Mary Whitfield", to="support"), TOM)
    pbx.pause_agent("support", ANNE_MARIE, "dentist")
    pbx.call_in(OTHER_CALLER, to="night")
    pbx.call_out(JERRY, "+13125550142")
    pbx.call_internal("front100", "631")
    pbx.join_conference("2000", CALLER)
    pbx.send_fax(JERRY, "8475550177")
    pbx.log_campaign("1", "INFO", "Placing call to pd-1 at 8155550188")
    return pbx


def texts(value: Any) -> Iterator[str]:
    """Return every text in a document, keys included, but for times."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            yield value


def people_and_places(pbx: SimulatedPbx) -> set[str]:
    """Return whatever names somebody or something of the office."""
    secrets: set[str | None] = {KEY, USERNAME, "127.0.0.1", "Whitfield", "dentist", CALLER, OTHER_CALLER}
    for user in pbx.users():
        secrets |= {*user.name.split(), user.ext, user.auth_id, user.tenant, user.host}
    for queue in pbx.queues():
        secrets |= {queue.name, *(caller.number for caller in queue.callers)}
        secrets |= {agent.connected_to for agent in queue.agents}
    for call in pbx.calls():
        secrets |= {call.connected_to, call.caller_id}
    for fax in pbx.faxes()[0]:
        secrets |= {fax.to, fax.from_auth_id}
    secrets |= {room.number for room in pbx.conferences()}
    secrets |= {phone.mac_address for phone in pbx.provisioning()}
    secrets |= {campaign.fields["name"] for campaign in pbx.campaigns()}
    for log in pbx.campaign_logs():
        secrets |= {number for _, _, line in log.lines for number in re.findall(r"\d{7,}", line)}
    # Two digits may stand there by chance: what a number is called instead is drawn by lot.
    return {secret for secret in secrets if secret and re.search(r"\d{3}|[^\W\d]{2}", secret)}


async def test_a_busy_office_is_described_without_anybody_in_it(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry, busy: SimulatedPbx
) -> None:
    """Else callers, colleagues or the key end up in a public bug report."""
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert_nobody(told, people_and_places(busy))
    rows = {action: of["rows"] for action, of in told["actions"].items() if "rows" in of}
    assert rows == {
        "users": 5, "queues": 2, "calls": 4 + 1, "faxes": 1, "conferences": 1, "provisioning": 2, "dialer": 1,
        "dialerlogs": 1,
    }  # fmt: skip


async def test_a_whole_office_with_its_history_is_described_without_anybody_in_it(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """Else what the small office does not have slips through."""
    office = build(Size.OFFICE, seed=3)
    simulator.api.engine = office
    simulator.api.users = (f"{office.users()[0].ext}@{office.users()[0].tenant}",)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "username": simulator.api.users[0]})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert_nobody(told, people_and_places(office) | {simulator.api.users[0]})
    assert told["actions"]["users"]["rows"] == len(office.users())


def assert_nobody(told: Any, secrets: set[str]) -> None:
    """Check that none of the secrets stands in a document as a word of its own."""
    assert len(secrets) > 20
    whole = "\n".join(texts(told)).casefold()
    found = {one for one in secrets if re.search(rf"(?<!\w){re.escape(one.casefold())}(?!\w)", whole)}
    assert not found


async def test_states_counts_and_shapes_are_told(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, loaded: MockConfigEntry, busy: SimulatedPbx, poll: Poll
) -> None:
    """Else the file is safe, and useless."""
    await poll()
    told = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    port = loaded.data["url"].rpartition(":")[2]
    assert told["entry"] == {
        "version": "1.1",
        "state": "loaded",
        "data": {
            "url": f"http://**REDACTED**:{port}",
            "username": "999@xxxxxxx",
            "api_key": "**REDACTED**",
            "verify_ssl": True,
        },
        "options": {
            "phones": "all", "time_zone": None, "service_level_threshold": None, "service_level_goal": None,
            "short_abandon_threshold": None, "sms_consent": None, "backfill_days": None,
        },
        "subentries": [],
    }  # fmt: skip
    assert told["time_zone"] == "America/Chicago"
    users, queues = told["actions"]["users"], told["actions"]["queues"]
    assert (users["interval"], users["last_update_success"], users["error"]) == (60, True, None)
    assert users["facts"]["pbx"] == {"registered": 4, "unregistered": 1}
    tom = next(name for name, fact in users["facts"].items() if isinstance(fact, dict) and fact.get("name") == "xxx")
    assert users["facts"][tom] == {
        "auth_id": tom, "extension": "999", "name": "xxx", "tenant": "xxxxxxx",
        "voicemail_new": 2, "voicemail_old": 6, "registration": "ok", "has_host": True,
    }  # fmt: skip
    assert users["facts"][f"{tom} latency"] == 3
    # The same phone goes by the same pseudonym everywhere.
    support = next(fact for fact in queues["facts"].values() if isinstance(fact, dict) and fact.get("agents"))
    agents = {agent["auth_id"]: agent for agent in support["agents"]}
    assert agents[tom]["device_state"] == "in use"
    assert told["actions"]["calls"]["facts"][tom] == "in_call"
    # A row that could not be joined to a phone can still be seen.
    labels = {call["connected_to"] for call in told["actions"]["calls"]["unjoined"]}
    assert "xxxxx:xxxxxxx" in labels
    assert told["actions"]["faxes"]["facts"]["pbx"]["statistics"]["completed_faxes"] == 0


async def test_what_is_kept_is_told_by_counts_and_times(
    recorder: Recorder,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    pbx: SimulatedPbx,
    poll: Poll,
) -> None:
    """Why a call was not told, or an hour is not in the statistics, nobody could ever find out."""
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 1, "sms_consent": "opted_in"})
    hass.config_entries.async_add_subentry(entry, _recipient("Mary Whitfield", CALLER, "630"))
    pbx.add_unsubscriber(OTHER_CALLER, "0")
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    await poll(61)
    pbx.abandon(pbx.call_in(CALLER, name="Mary Whitfield", to="support"))
    pbx.receive_sms(OTHER_CALLER, "630", "Call me, says Whitfield")
    for _ in range(5):
        await poll(61)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert_nobody(told, people_and_places(pbx) | {"Call me", "127_0_0_1"})
    assert told["entry"]["subentries"] == [
        {"type": "sms_recipient", "recipients": ["9999999999", "999"], "account_code": False}
    ]
    assert told["entry"]["options"]["sms_consent"] == "opted_in"
    assert told["records"]["reports"] | {"floor": None} == {
        "first_set_up": "2026-11-23T15:00:00+00:00", "newest": "2026-11-23T15:01:01+00:00", "floor": None,
        "read_to_the_end": True, "seen": 1,
    }  # fmt: skip
    assert told["records"]["sms"]["seen"] == 1
    assert told["callbacks"] == {"open": 1, "kept": 1}
    assert told["statistics"] | {"since": None, "kept": None} == {
        "since": None, "until": "2026-11-23T15:00:00+00:00", "kept": None, "filled": True, "calls": 0, "queues": 2,
    }  # fmt: skip
    assert told["actions"]["reports"]["facts"]["pbx"]["missed"] == 1
    assert told["actions"]["query_lists"]["facts"]["opt_out 1"] == {"name": "xxxxxxx", "total": 1}
    assert told["actions"]["users"]["answered_at"] == dt_util.utcnow().isoformat(timespec="seconds")
    assert told["requests_last_minute"] > 0


async def test_what_is_to_be_repaired_is_told(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    loaded: MockConfigEntry,
    poll: Poll,
) -> None:
    """Who looks for the fault should not overlook what Home Assistant has found already."""
    assert (await get_diagnostics_for_config_entry(hass, hass_client, loaded))["issues"] == []
    simulator.control.fail("status.faxes", "no_permission", times=None)
    await poll()
    assert (await get_diagnostics_for_config_entry(hass, hass_client, loaded))["issues"] == ["not_permitted"]
    # What Home Assistant remembers of a trouble that somebody ignored, when a restart has come and it is over.
    issues = ir.async_get(hass).issues
    for key in [key for key in issues if key[0] == DOMAIN]:
        issues[key] = replace(issues[key], active=False)
    assert (await get_diagnostics_for_config_entry(hass, hass_client, loaded))["issues"] == []


def _recipient(name: str, *recipients: str) -> ConfigSubentry:
    data = MappingProxyType({"name": name, "recipients": list(recipients)})
    return ConfigSubentry(data=data, subentry_type="sms_recipient", title=name, unique_id=None)


async def test_a_failing_action_says_why(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    loaded: MockConfigEntry,
    poll: Poll,
) -> None:
    """Else the one thing that a bug report is about is missing from it."""
    simulator.faults.order("status.queues", "server_error_html", times=None)
    simulator.faults.order("status.faxes", "no_permission", times=None)
    await poll()
    actions = (await get_diagnostics_for_config_entry(hass, hass_client, loaded))["actions"]
    assert not actions["queues"]["last_update_success"]
    assert actions["queues"]["error"]["kind"] == "invalid_response"
    assert "500" in actions["queues"]["error"]["reason"]
    # The PBX's own words could name anybody.
    assert actions["faxes"]["error"] == {"kind": "not_permitted", "reason": None}
    assert actions["users"]["error"] is None
    # What was known last stays to be looked at.
    assert actions["queues"]["facts"]


async def test_a_pbx_that_never_answered_is_described_as_far_as_it_goes(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """Else there is nothing to send just when setting up fails."""
    await simulator.stop()
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["entry"]["state"] == "setup_retry"
    assert told["actions"]["users"]["error"] == {"kind": "cannot_connect", "reason": None}
    assert told["actions"]["users"]["rows"] is None


async def test_an_entry_that_is_not_set_up_is_described_by_its_settings(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, loaded: MockConfigEntry
) -> None:
    """Else a disabled entry has an error instead of diagnostics."""
    hass.config_entries.async_update_entry(loaded, options={CONF_PHONES: [TOM, ZOE], CONF_TIME_ZONE: "UTC"})
    assert await hass.config_entries.async_unload(loaded.entry_id)
    told = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    assert told.keys() == {"entry", "issues"}
    assert told["entry"]["state"] == "not_loaded"
    options = told["entry"]["options"]
    assert {name: value for name, value in options.items() if value} == {"phones": 2, "time_zone": "UTC"}


async def test_a_device_is_described_alone(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, loaded: MockConfigEntry, busy: SimulatedPbx, poll: Poll
) -> None:
    """Else asking about one phone sends the whole office."""
    await poll()
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{loaded.entry_id}_phone_{TOM}"), config_entry_id=loaded.entry_id
    )
    assert device
    told = await get_diagnostics_for_device(hass, hass_client, loaded, device)
    assert_nobody(told, people_and_places(busy))
    facts = {action: of["facts"] for action, of in told["actions"].items()}
    (tom,) = facts["calls"]
    assert facts["users"][tom]["registration"] == "ok"
    assert facts["queues"][tom] == "on_call"
    assert {" ".join(name.split()[:2]) for of in facts.values() for name in of} == {tom}
    assert facts["provisioning"][tom]["phones"][0]["device"] == "Yealink W70P"
    assert not facts["dialer"]
    assert "unjoined" not in json.dumps(told)


async def test_what_nobody_understood_is_told_masked(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    busy: SimulatedPbx,
    entry: MockConfigEntry,
) -> None:
    """A PBX that turns out different could not be told from one that is out of order, and nobody could help."""
    simulator.control.quirk(values="odd_words", extra_fields=True)
    simulator.control.quirk("sms.query_sms", body_encodings="form")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    found = {(one["action"], one["field"], one["sample"]) for one in told["vocabulary"]}
    assert ("status.users", "Registration", "sideways") in found
    assert ("status.queues", "DeviceState", "sideways") in found
    assert {action for action, field, _ in found if "added_later" in field} >= {"status.users", "status.queues"}
    assert all(one["count"] >= 1 and one["first"] <= one["last"] for one in told["vocabulary"])
    assert told["dialect"] == {"sms": {"encoding": "form", "arrays": "both"}}
    assert not [name for name in ("Mary", "Whitfield", "Tom", CALLER) if name in str(told["vocabulary"])]
