"""What a person can mend is told among the repairs, and only that, and only for as long as it lasts."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import CONF_TIME_ZONE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.options import CONF_PHONES
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import ENTRY_ID, state_of
from tests.helpers.office import ANNE_MARIE, JERRY, TOM, USERNAME, ZOE, small_office
from tests.helpers.paths import translations
from tests.integration.conftest import Poll

# First of all: an access token from a clock that goes ahead of Home Assistant's is refused.
pytestmark = pytest.mark.usefixtures("frozen")

RIGHTS, ZONE_ISSUE = f"not_permitted_{ENTRY_ID}", f"wrong_time_zone_{ENTRY_ID}"
PHONES, ALL_PHONES = f"phones_gone_{ENTRY_ID}", f"all_phones_gone_{ENTRY_ID}"


def told(hass: HomeAssistant, issue_id: str) -> ir.IssueEntry | None:
    """Return an issue that users see, or None."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return issue if issue and issue.active and not issue.dismissed_version else None


def placeholders(hass: HomeAssistant, issue_id: str) -> dict[str, str]:
    """Return what an issue's text is filled with; it has to be there."""
    issue = told(hass, issue_id)
    assert issue
    return issue.translation_placeholders or {}


def ours(hass: HomeAssistant) -> set[str]:
    """Return the ids of all issues of the integration that users see."""
    return {issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN and told(hass, issue_id)}


async def set_up(hass: HomeAssistant, entry: MockConfigEntry, **options: Any) -> None:
    """Load the entry with these options."""
    hass.config_entries.async_update_entry(entry, options=options)
    await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)


async def fix(
    hass: HomeAssistant, client_of: ClientSessionGenerator, issue_id: str, **answer: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Mend an issue the way the page of the repairs does; returns the form and the result."""
    assert await async_setup_component(hass, "repairs", {})
    client = await client_of()
    asked = await client.post("/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id})
    assert asked.status == HTTPStatus.OK
    form: dict[str, Any] = await asked.json()
    done = await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json=answer)
    assert done.status == HTTPStatus.OK
    result: dict[str, Any] = await done.json()
    await hass.async_block_till_done(wait_background_tasks=True)
    return form, result


async def test_an_office_where_all_is_well_has_nothing_to_repair(
    hass: HomeAssistant, entry: MockConfigEntry, poll: Poll
) -> None:
    """A repair that nobody needs teaches people to ignore repairs."""
    await set_up(hass, entry, **{CONF_PHONES: [TOM, JERRY]})
    await poll()
    assert ours(hass) == set()


async def test_what_the_key_may_not_use_is_one_issue_that_names_it(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Entities would be unavailable for ever, and nobody would know which right to ask for."""
    for action in ("status.faxes", "status.dialerlogs", "reports.report", "sms.query_sms"):
        simulator.control.fail(action, "no_permission", times=None)
    await poll()
    assert ours(hass) == {RIGHTS}
    assert placeholders(hass, RIGHTS) == {
        "name": "DLS Hosted PBX",
        "username": USERNAME,
        "actions": "- Call history\n- Dialer logs\n- Faxes\n- Text messages",
    }
    issue = told(hass, RIGHTS)
    assert issue
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)


async def test_a_right_that_was_given_is_no_longer_asked_for(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who has done what the issue says wants to see that it helped."""
    simulator.control.fail("status.faxes", "no_permission", times=None)
    simulator.control.fail("status.dialer", "no_permission", times=None)
    await poll()
    simulator.control.heal("status.faxes")
    await poll()
    assert placeholders(hass, RIGHTS)["actions"] == "- Dialer campaigns"
    simulator.control.heal()
    await poll()
    assert ours(hass) == set()


async def test_an_outage_in_between_takes_nothing_back_and_hides_nothing(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A key without the right would look well whenever the network fails, or an outage would hide it."""
    simulator.control.fail("status.faxes", "no_permission", times=None)
    await poll()
    simulator.control.heal()
    simulator.control.fail("*", "server_error_html", times=None)
    await poll()
    assert placeholders(hass, RIGHTS)["actions"] == "- Faxes"
    simulator.control.heal()
    simulator.control.fail("status.conferences", "no_permission", times=None)
    await poll()
    assert placeholders(hass, RIGHTS)["actions"] == "- Conference rooms"


@pytest.mark.parametrize("fault", ["server_error", "html", "reset_before", "rate_limited", "truncated"])
async def test_what_passes_by_itself_is_nothing_to_repair(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, fault: str
) -> None:
    """Nobody can do anything about a PBX that restarts, but wait."""
    simulator.control.fail("*", fault, times=None)
    await poll()
    assert ours(hass) == set()


async def test_a_key_that_may_use_nothing_is_told_though_nothing_can_be_set_up(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """The entry asks for another key; that nobody has given this one any right would stand nowhere."""
    simulator.control.fail("*", "no_permission", times=None)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert len(placeholders(hass, RIGHTS)["actions"].splitlines()) == 8


async def test_a_reload_keeps_what_is_refused_until_it_works(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """An issue that somebody chose to ignore would come back at each reload."""
    simulator.control.fail("status.faxes", "no_permission", times=None)
    await hass.config_entries.async_reload(loaded.entry_id)
    assert told(hass, RIGHTS)
    ir.async_ignore_issue(hass, DOMAIN, RIGHTS, ignore=True)
    await hass.config_entries.async_reload(loaded.entry_id)
    assert not told(hass, RIGHTS)
    simulator.control.heal()
    await hass.config_entries.async_reload(loaded.entry_id)
    assert (DOMAIN, RIGHTS) not in ir.async_get(hass).issues


@pytest.mark.parametrize("how", ["removed", "disabled"])
async def test_nothing_is_left_to_repair_at_a_pbx_that_is_gone(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, pbx: SimulatedPbx, how: str
) -> None:
    """Nobody could ever mend it."""
    pbx.time_zone = ZoneInfo("America/Denver")
    simulator.control.fail("status.faxes", "no_permission", times=None)
    await set_up(hass, entry, **{CONF_PHONES: [TOM, "gone1234"]})
    assert ours(hass) == {RIGHTS, ZONE_ISSUE, PHONES}
    if how == "removed":
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert ours(hass) == set()


async def test_a_clock_that_does_not_fit_the_zone_is_told_with_both(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx
) -> None:
    """Calls and texts would be told at hours when nobody was in the office."""
    pbx.time_zone = ZoneInfo("America/New_York")
    await set_up(hass, entry)
    assert ours(hass) == {ZONE_ISSUE}
    assert placeholders(hass, ZONE_ISSUE) == {
        "name": "DLS Hosted PBX",
        "time_zone": "America/Chicago",
        "zone_offset": "UTC-06:00",
        "pbx_offset": "UTC-05:00",
    }


async def test_choosing_the_pbxs_zone_mends_its_clock(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry, pbx: SimulatedPbx
) -> None:
    """The one who reads the issue should not have to know which zones there are."""
    pbx.time_zone = ZoneInfo("America/New_York")
    await set_up(hass, entry, **{CONF_PHONES: [TOM, JERRY]})
    form, result = await fix(hass, hass_client, ZONE_ISSUE, **{CONF_TIME_ZONE: "America/New_York"})
    zones = form["data_schema"][0]["selector"]["select"]["options"]
    assert {"America/New_York", "America/Bogota", "Etc/GMT+5"} < set(zones)
    assert not {"America/Chicago", "America/Denver", "Europe/Berlin"} & set(zones)
    assert zones[0].startswith("America/")
    assert form["description_placeholders"]["pbx_offset"] == "UTC-05:00"
    assert result["type"] == "create_entry"
    assert entry.options == {CONF_PHONES: [TOM, JERRY], CONF_TIME_ZONE: "America/New_York"}
    assert ours(hass) == set()
    assert state_of(hass, f"phone_{TOM}", "last_provisioned") == "2026-11-23T15:00:00+00:00"


async def test_home_assistants_own_zone_is_offered_first_where_it_fits(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry, pbx: SimulatedPbx
) -> None:
    """The form chooses the first one: whoever just agrees would get Bahia Banderas in place of their own Chicago."""
    await set_up(hass, entry, **{CONF_TIME_ZONE: "Europe/Madrid"})
    form, result = await fix(hass, hass_client, ZONE_ISSUE, **{CONF_TIME_ZONE: "America/Atlantis"})
    zones = form["data_schema"][0]["selector"]["select"]
    assert zones["options"][0] == "America/Chicago"
    assert zones["options"][1].startswith("America/")
    assert zones["custom_value"]
    assert result["errors"] == {CONF_TIME_ZONE: "unknown_time_zone"}
    assert entry.options == {CONF_TIME_ZONE: "Europe/Madrid"}
    for language in ("en", "es"):
        texts = translations(language)["issues"]["wrong_time_zone"]["fix_flow"]
        assert texts["error"].keys() == {"unknown_time_zone"}


async def test_a_clock_is_looked_at_whenever_phones_fetch(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """An issue would come, or stay, until the next restart."""
    pbx.time_zone = ZoneInfo("America/Denver")
    for auth_id in (TOM, JERRY):
        pbx.provision(auth_id)
    await poll()
    assert told(hass, ZONE_ISSUE)
    pbx.time_zone = ZoneInfo("America/Chicago")
    for auth_id in (TOM, JERRY):
        pbx.provision(auth_id)
    await poll()
    assert ours(hass) == set()


async def test_one_phone_that_is_wrong_says_nothing_of_the_zone(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """One odd row would send people looking for a fault that is not there."""
    pbx.remove_extension(JERRY)
    pbx.time_zone = ZoneInfo("America/Denver")
    await set_up(hass, entry)
    assert ours(hass) == set()
    pbx.add_phone(ANNE_MARIE, "24:9a:d8:02:f4:4f", "Yealink")
    await poll()
    assert placeholders(hass, ZONE_ISSUE)["pbx_offset"] == "UTC-07:00"


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(days=-400), timedelta(hours=22), timedelta(minutes=20)])
async def test_a_clock_that_is_set_wrong_is_no_matter_of_zones(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    ahead: timedelta,
) -> None:
    """No zone that somebody could choose would help."""
    simulator.api.engine = small_office(lambda: dt_util.utcnow() + ahead)
    await set_up(hass, entry)
    assert ours(hass) == set()
    assert [record for record in caplog.records if record.exc_info] == []


async def test_phones_that_disagree_say_nothing_of_the_zone(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Whichever half is wrong, a zone that fits the others would be offered as the right one."""
    wrong = pbx.now() + timedelta(hours=1)
    pbx.add_phone(TOM, "24:9a:d8:02:f4:4e", "Yealink", last_provisioned_at=wrong)
    pbx.add_phone(JERRY, "00:04:f2:cc:2c:46", "Polycom", last_provisioned_at=wrong)
    for auth_id, mac in (("front100", "24:9a:d8:02:f4:50"), (ANNE_MARIE, "24:9a:d8:02:f4:51")):
        pbx.add_phone(auth_id, mac, "Yealink")
    await set_up(hass, entry)
    assert ours(hass) == set()
    pbx.add_phone("front100", "24:9a:d8:02:f4:50", "Yealink", last_provisioned_at=wrong)
    await poll()
    assert ours(hass) == {ZONE_ISSUE}


async def test_what_phones_told_long_ago_counts_no_more(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """A PBX whose clock was put right would be called wrong for as long as some phones are not restarted."""
    for auth_id, mac in ((TOM, "24:9a:d8:02:f4:4e"), (JERRY, "00:04:f2:cc:2c:46")):
        pbx.add_phone(auth_id, mac, "Yealink", last_provisioned_at=pbx.now() + timedelta(hours=1))
    await set_up(hass, entry)
    assert ours(hass) == {ZONE_ISSUE}
    await poll(timedelta(days=8).total_seconds())
    pbx.add_phone("front100", "24:9a:d8:02:f4:50", "Yealink")
    await poll()
    assert ours(hass) == set()


async def test_a_chosen_phone_that_is_gone_is_told_by_the_name_it_had(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """An automation that waits for the phone would wait for ever, and in silence."""
    await set_up(hass, entry, **{CONF_PHONES: [TOM, ZOE, "gone1234"]})
    assert placeholders(hass, PHONES)["phones"] == "gone1234"
    pbx.remove_extension(ZOE)
    await poll()
    assert placeholders(hass, PHONES) == {"name": "DLS Hosted PBX", "phones": "Zoë @ Home (630), gone1234"}
    assert ours(hass) == {PHONES}


async def test_a_phone_that_comes_back_is_no_longer_missed(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """It would be taken out of the choice by who trusts the issue."""
    pbx.remove_extension(ZOE)
    await set_up(hass, entry, **{CONF_PHONES: [TOM, ZOE]})
    assert told(hass, PHONES)
    pbx.add_extension("630", "Zoë", tenant="north-side", auth_id=ZOE)
    await poll()
    assert ours(hass) == set()


async def test_phones_are_not_missed_while_the_pbx_does_not_answer(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """All phones of the office would be gone at each outage."""
    await set_up(hass, entry, **{CONF_PHONES: [TOM, ZOE]})
    simulator.control.fail("status.users", "server_error", times=None)
    await poll()
    await hass.config_entries.async_reload(entry.entry_id)
    assert ours(hass) == set()


async def test_phones_that_are_gone_are_taken_out_of_the_choice_by_pressing_a_button(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry, pbx: SimulatedPbx
) -> None:
    """Who reads the issue would have to find them in a list of thousands."""
    pbx.remove_extension(ZOE)
    await set_up(hass, entry, **{CONF_PHONES: [TOM, ZOE], CONF_TIME_ZONE: "America/Chicago"})
    form, result = await fix(hass, hass_client, PHONES)
    assert form["description_placeholders"] == {"name": "DLS Hosted PBX", "phones": ZOE}
    assert result["type"] == "create_entry"
    assert entry.options == {CONF_PHONES: [TOM], CONF_TIME_ZONE: "America/Chicago"}
    assert entry.state is ConfigEntryState.LOADED
    assert ours(hass) == set()


async def test_the_last_phones_are_not_taken_out_of_the_choice(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """An empty choice means all phones: an office that wanted one would get five thousand."""
    await set_up(hass, entry, **{CONF_PHONES: [TOM, ZOE]})
    pbx.remove_extension(ZOE)
    await poll()
    assert ours(hass) == {PHONES}
    pbx.remove_extension(TOM)
    await poll()
    assert ours(hass) == {ALL_PHONES}
    issue = told(hass, ALL_PHONES)
    assert issue
    assert not issue.is_fixable


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_issue_has_a_text_that_says_what_to_do(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, language: str
) -> None:
    """A repair without a text shows as the name of its key."""
    pbx.time_zone = ZoneInfo("America/Denver")
    simulator.control.fail("status.faxes", "no_permission", times=None)
    await set_up(hass, entry, **{CONF_PHONES: [TOM, "gone1234"]})
    issues = [issue for issue_id in ours(hass) if (issue := told(hass, issue_id))]
    pbx.remove_extension(TOM)
    await poll()
    issues += [issue for issue_id in ours(hass) - {RIGHTS, ZONE_ISSUE} if (issue := told(hass, issue_id))]
    assert len(issues) == 4
    texts = await async_get_translations(hass, language, "issues", {DOMAIN})
    for issue in issues:
        prefix = f"component.{DOMAIN}.issues.{issue.translation_key}"
        filled = issue.translation_placeholders or {}
        assert filled["name"] in texts[f"{prefix}.title"].format(**filled)
        body = "fix_flow.step.confirm.description" if issue.is_fixable else "description"
        said = texts[f"{prefix}.{body}"].format(**filled)
        assert [value for value in filled.values() if value not in said and value != filled["name"]] == []
