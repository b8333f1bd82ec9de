"""The actions that only read: what they ask the PBX, and what comes back in real types."""

import csv
import json
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.dls_pbx.actions.schemas import DEFAULT_COLUMNS
from custom_components.dls_pbx.api import cdr
from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import ANNE_MARIE, CALLER, OTHER_CALLER, TOM, ZOE
from tests.helpers.service_calls import act, refusal, sent
from tests.integration.conftest import Poll

QUERIES = [
    ("query_sms", "sms.query_sms"),
    ("query_subscribers", "subscribers.query_lists"),
    ("get_call_report", "reports.report"),
    ("get_dialer_logs", "status.dialerlogs"),
]


@pytest.fixture(autouse=True)
def nothing_asked_yet(loaded: MockConfigEntry, simulator: Simulator) -> None:
    """Forget what the integration asks by itself."""
    simulator.requests.clear()


@pytest.fixture
async def calls(loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx, poll: Poll) -> list[str]:
    """Let a caller talk to Tom for a minute, another one give up, and Tom dial out; returns the unique ids."""
    answered = pbx.call_in(CALLER, name='Pat, "P" Example', to="support")
    await poll(10)
    pbx.answer(answered, TOM)
    abandoned = pbx.call_in(OTHER_CALLER, to="night")
    await poll(60)
    pbx.hang_up(answered)
    pbx.abandon(abandoned)
    await poll(60)
    out = pbx.call_out(TOM, CALLER)
    await poll(5)
    pbx.hang_up(out)
    simulator.requests.clear()
    return [answered, abandoned, out]


async def test_messages_come_with_the_pages_names_and_real_types(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx
) -> None:
    """Templates compare times and ids; a text "" would be somebody's account code."""
    pbx.send_sms("100", ["630", CALLER], "Hello", "")
    response = await act(hass, "query_sms")
    number, tom = pbx.messages()[1], pbx.messages()[0]
    assert response["total"] == 2
    assert response["messages"][0] == {
        "id": number.id,
        "timestamp": "2026-11-23T09:00:00-06:00",
        "src_label": "100@default - Front Desk",
        "dst_original_label": None,
        "dst_label": CALLER,
        "status": "success",
        "direction": "outbound",
        "message": "Hello",
        "account_code": None,
        "message_id": number.message_id,
    }
    assert response["messages"][1]["message_id"] == tom.message_id
    json.dumps(response)


async def test_a_query_asks_for_the_newest_hundred(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The page names no limit of its own, and a year of messages is more than anybody wants."""
    await act(hass, "query_sms")
    assert sent(simulator, "sms.query_sms") == [{"results_limit": 100, "results_offset": 0, "order_by": "desc"}]


async def test_every_filter_of_a_query_reaches_the_pbx(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A filter that gets lost on the way answers with other people's messages."""
    await act(
        hass,
        "query_sms",
        sources=[TOM, "(815) 555-0123"],
        destinations="630",
        original_destinations=[f"+1{OTHER_CALLER}"],
        direction=["inbound", "hairpin"],
        status="failure",
        start="2026-11-01 00:00:00",
        end="2026-11-23T00:00:00+00:00",
        message_ids="1.a,2.b",
        account_codes=["505"],
        cdr_ids=["5", 6],
        start_cdr_id=1,
        end_cdr_id=9.0,
        limit=10,
        offset="20",
        order="asc",
    )
    request = sent(simulator, "sms.query_sms")[0]
    assert request == {
        "filters": {
            "src": [TOM, f"+1{CALLER}"],
            "dst": [TOM],
            "dst_original": [f"+1{OTHER_CALLER}"],
            "direction": ["inbound", "hairpin"],
            "status": "failure",
            "from": 1793509200,
            "to": 1795392000,
            "message_id": ["1.a", "2.b"],
            "account_code": ["505"],
            "cdr_id": [5, 6],
            "start_cdr_id": 1,
            "end_cdr_id": 9,
        },
        "results_limit": 10,
        "results_offset": 20,
        "order_by": "asc",
    }


async def test_a_query_finds_what_it_asks_for(hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx) -> None:
    """Somebody looks for the answer of one customer."""
    pbx.receive_sms(CALLER, "630", "Yes")
    pbx.receive_sms(OTHER_CALLER, "630", "No")
    pbx.send_sms("630", [CALLER], "Fine", "505")
    found = await act(hass, "query_sms", sources=CALLER, direction="inbound")
    assert [message["message"] for message in found["messages"]] == ["Yes"]
    found = await act(hass, "query_sms", account_codes="505", limit=1)
    assert [message["message"] for message in found["messages"]] == ["Fine"]
    found = await act(hass, "query_sms", order="asc", limit=1, offset=1)
    assert (found["total"], [message["message"] for message in found["messages"]]) == (3, ["No"])


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"start_cdr_id": 1}, "cdr_ids_together"),
        ({"end_cdr_id": 1}, "cdr_ids_together"),
        ({"start_cdr_id": 5, "end_cdr_id": 5}, "cdr_ids_in_order"),
        ({"start_cdr_id": 6, "end_cdr_id": 5}, "cdr_ids_in_order"),
        ({"start": "2026-11-02 00:00:00", "end": "2026-11-01 00:00:00"}, "end_before_start"),
        ({"sources": ["letters"]}, "invalid_recipient"),
        ({"sources": ["7378742833"]}, "invalid_recipient"),
        ({"sources": ["630-631"]}, "invalid_recipient"),
        ({"sources": [3161234567]}, "unquoted_entry"),
        ({"destinations": ["630", "555"]}, "unknown_extension_in_list"),
        ({"original_destinations": ["555@default"]}, "unknown_extension"),
        ({"account_codes": [505]}, "unquoted_field"),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused_unasked(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fields: dict[str, Any], key: str
) -> None:
    """An empty answer would look like "no messages"."""
    error = await refusal(hass, ServiceValidationError, "query_sms", **fields)
    assert error.translation_key == key
    assert not sent(simulator, "sms.query_sms")


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("630", TOM),
        (630, TOM),
        ("630@default", TOM),
        ("630@North-Side", ZOE),
        ("631", ANNE_MARIE),
        (TOM.upper(), TOM),
        ("442079460123", "+442079460123"),
        ("011 44 20 7946 0123", "+442079460123"),
    ],
)
@pytest.mark.parametrize(
    ("field", "vendors"), [("sources", "src"), ("destinations", "dst"), ("original_destinations", "dst_original")]
)
async def test_people_are_asked_for_as_the_pbx_knows_them(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    field: str,
    vendors: str,
    written: str | int,
    asked: str,
) -> None:
    """The page wants auth IDs: an extension found nothing, or the texts of both tenants' people."""
    await act(hass, "query_sms", **{field: [written]})
    assert [request["filters"] for request in sent(simulator, "sms.query_sms")] == [{vendors: [asked]}]


async def test_an_extension_of_two_other_tenants_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Somebody would read another office's texts."""
    pbx.add_extension("700", "Ann", tenant="north-side", auth_id="ann7x8y9")
    pbx.add_extension("700", "Ben", tenant="west-side", auth_id="ben7x8y9")
    await poll()
    simulator.requests.clear()
    error = await refusal(hass, ServiceValidationError, "query_sms", sources="700")
    assert error.translation_key == "ambiguous_extension"
    assert not sent(simulator, "sms.query_sms")
    await act(hass, "query_sms", sources="700@west-side")
    assert sent(simulator, "sms.query_sms")[0]["filters"] == {"src": ["ben7x8y9"]}


async def test_without_the_list_of_users_extensions_are_asked_for_as_they_are(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A key that may not read users can still try."""
    simulator.control.fail("status.users", "no_permission", times=None)
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    simulator.requests.clear()
    await act(hass, "query_sms", sources=["630", "700@west-side"])
    assert sent(simulator, "sms.query_sms")[0]["filters"] == {"src": ["630", "700@west-side"]}


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("query_sms", {"direction": "sideways"}),
        ("query_sms", {"status": "delivered"}),
        ("query_sms", {"order": "newest"}),
        ("query_sms", {"limit": 0}),
        ("query_sms", {"limit": 1.5}),
        ("query_sms", {"offset": -1}),
        ("query_sms", {"offset": True}),
        ("query_sms", {"start": "soon"}),
        ("query_sms", {"cdr_ids": ["x"]}),
        ("get_call_report", {"columns": ["unheard_of"]}),
        ("get_call_report", {"order_by": "unheard_of"}),
        ("get_call_report", {"format": "pdf"}),
        ("get_call_report", {"page": -1}),
        ("get_call_report", {"per_page": 0}),
        ("get_call_report", {"per_page": 10_001}),
        ("get_call_report", {"filter_groups": [{"rules": []}]}),
        ("get_call_report", {"filter_groups": [{"rules": [{"type": "unheard_of"}]}]}),
        ("get_call_report", {"filter_groups": [{"rules": [{"type": "bridged", "operator": "~"}]}]}),
        ("get_call_report", {"filter_groups": [{"rules": [{"type": "bridged"}], "exclusivity": "maybe"}]}),
        ("get_call_report", {"filter_groups": [{"rules": [{"type": "bridged"}], "logical_operator": "xor"}]}),
        ("query_subscribers", {"tenant": "0"}),
    ],
)
async def test_values_that_no_selector_offers_are_refused_by_the_schema(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, action: str, fields: dict[str, Any]
) -> None:
    """A slip in YAML shows where it was made, not as an answer without rows."""
    before = len(simulator.requests)
    with pytest.raises(vol.Invalid):
        await act(hass, action, **fields)
    assert len(simulator.requests) == before


@pytest.mark.parametrize("keys", ["json", "xml"])
async def test_consent_lists_come_by_campaign_and_tenant(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx, keys: str
) -> None:
    """Somebody asks since when a customer wants no texts any more."""
    simulator.control.quirk("subscribers.query_lists", consent_keys=keys)
    pbx.add_messaging_campaign("CABC123", "Reminders by text")
    pbx.add_subscriber(CALLER, "CABC123")
    pbx.add_unsubscriber(OTHER_CALLER, "1", text="STOP")
    response = await act(hass, "query_subscribers")
    since = "2026-11-23T09:00:00-06:00"
    number = {"number": CALLER, "reason": "MANUAL", "text": "N\\A", "subscribed_at": since}
    assert response["opt_in"] == [
        {"campaign_id": "CABC123", "campaign_name": "Reminders by text", "total": 1, "numbers": [number]}
    ]
    gone = {"number": OTHER_CALLER, "reason": "SMS", "text": "STOP", "unsubscribed_at": since}
    assert response["opt_out"] == [
        {"tenant_id": "0", "tenant_name": "default", "total": 0, "numbers": []},
        {"tenant_id": "1", "tenant_name": "north-side", "total": 1, "numbers": [gone]},
    ]
    json.dumps(response)


async def test_consent_lists_are_filtered_by_us(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """The PBX sends everything, and thousands of numbers are no answer to "is this one on a list?"."""
    for campaign in ("A", "B"):
        pbx.add_messaging_campaign(campaign, f"Campaign {campaign}")
        pbx.add_subscriber(CALLER, campaign)
    pbx.add_subscriber(OTHER_CALLER, "B")
    pbx.add_unsubscriber(CALLER, "1")

    async def on(**fields: Any) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        found = await act(hass, "query_subscribers", **fields)
        return (
            [(one["campaign_id"], len(one["numbers"])) for one in found["opt_in"]],
            [(one["tenant_id"], len(one["numbers"])) for one in found["opt_out"]],
        )

    assert await on(campaign_id="B", tenant_id=0) == ([("B", 2)], [("0", 0)])
    assert await on(phone_number="+1 (815) 555-0123") == ([("A", 1), ("B", 1)], [("1", 1)])
    assert await on(phone_number=OTHER_CALLER) == ([("B", 1)], [])
    assert await on(campaign_id="nothing") == ([], [("0", 0), ("1", 1)])
    assert sent(simulator, "subscribers.query_lists") == [{}, {}, {}, {}]
    error = await refusal(hass, ServiceValidationError, "query_subscribers", phone_number="x")
    assert error.translation_key == "invalid_phone_number"


async def test_a_report_has_numbers_times_and_lists(hass: HomeAssistant, calls: list[str]) -> None:
    """Automations add up durations and compare times; texts would do neither."""
    response = await act(hass, "get_call_report", columns=list(cdr.COLUMNS))
    rows = {row["unique_id"]: row for row in response["calls"]}
    assert response["total"] == 3
    assert list(rows) == calls[::-1]
    answered, abandoned = rows[calls[0]], rows[calls[1]]
    assert answered["date"] == "2026-11-23T09:00:00-06:00"
    assert (answered["bridged"], abandoned["bridged"]) == (True, False)
    assert answered["billable_duration"] == 70
    assert answered["queue_hold_duration"] == 10
    assert answered["involved_queues"] == ["support"]
    assert answered["involved_queue_count"] == 1
    assert answered["involved_agents"] == [TOM]
    assert (answered["abandoned_queues"], abandoned["abandoned_queues"]) == ([], ["night"])
    assert answered["src"] == CALLER
    assert answered["recording_link"] is None or answered["recording_link"].startswith("http")
    assert abandoned["dst_user_ext"] is None
    assert list(answered) == list(cdr.COLUMNS)
    json.dumps(response)


async def test_a_report_without_wishes_asks_for_the_usual(
    hass: HomeAssistant, calls: list[str], simulator: Simulator
) -> None:
    """One click in the UI shows something to read, and not the whole CDR."""
    response = await act(hass, "get_call_report")
    assert list(response["calls"][0]) == list(DEFAULT_COLUMNS)
    request = sent(simulator, "reports.report")[0]
    assert request["columns"] == list(DEFAULT_COLUMNS)
    assert request["report_type"] == "detail_table"
    assert sorted(request["options"]) == ["page_offset=0", "per_page=100", "timezone=America/Chicago"]
    assert "filter_groups" not in request


async def test_every_option_of_a_report_reaches_the_pbx(
    hass: HomeAssistant, calls: list[str], simulator: Simulator
) -> None:
    """A lost option answers another question than was asked."""
    await act(
        hass,
        "get_call_report",
        columns="date,src",
        start="2026-11-23 00:00:00",
        end="2026-11-23T23:00:00+00:00",
        order_by="billable_duration",
        order="asc",
        page=1,
        per_page=2.0,
        count_only=True,
        map_mirrors=True,
    )
    request = sent(simulator, "reports.report")[0]
    assert request["columns"] == ["date", "src"]
    assert sorted(request["options"]) == [
        "count_only=true",
        "from=2026-11-23 00:00:00",
        "map_mirrors=true",
        "order_by=billable_duration",
        "order_direction=ASCENDING",
        "page_offset=2",
        "per_page=2",
        "timezone=America/Chicago",
        "to=2026-11-23 17:00:00",
    ]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"page": 0, "per_page": 2}, [2, 1]),
        ({"page": 1, "per_page": 2}, [0]),
        ({"order": "asc"}, [0, 1, 2]),
        ({"order_by": "billable_duration"}, [0, 1, 2]),
        ({"end": "2026-11-23 09:00:05"}, [0]),
        ({"filter_groups": [{"rules": [{"type": "bridged"}]}]}, [0]),
        ({"filter_groups": {"rules": {"type": "bridged"}, "exclusivity": "exclude"}}, [2, 1]),
        ({"filter_groups": [{"rules": [{"type": "direction", "value": ["outbound"]}]}]}, [2]),
        ({"filter_groups": [{"rules": [{"type": "duration", "operator": ">=", "value": 60}]}]}, [1, 0]),
        (
            {
                "filter_groups": [
                    {"rules": [{"type": "duration", "operator": "between", "lower_value": 65, "upper_value": 75}]}
                ]
            },
            [0],
        ),
        (
            {
                "filter_groups": [
                    {
                        "logical_operator": "or",
                        "rules": [{"type": "bridged"}, {"type": "direction", "value": "outbound"}],
                    }
                ]
            },
            [2, 0],
        ),
    ],
)
async def test_a_report_finds_what_it_asks_for(
    hass: HomeAssistant, calls: list[str], fields: dict[str, Any], found: list[int]
) -> None:
    """Groups, rules, pages and order do at the PBX what they say in Home Assistant."""
    response = await act(hass, "get_call_report", columns=["unique_id"], **fields)
    assert [calls.index(row["unique_id"]) for row in response["calls"]] == found


@pytest.mark.parametrize("per_page", [30, 15])
async def test_pages_are_whole_where_the_pbx_gives_fewer_calls_at_a_time(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx, per_page: int
) -> None:
    """A month's report for the accountant lacked every third call."""
    simulator.control.quirk("reports.report", page_cap=20)
    for _ in range(45):
        pbx.add_past_call(CALLER, "630", outcome=Outcome.ANSWERED)
    pages = [
        await act(hass, "get_call_report", columns="unique_id", order="asc", page=page, per_page=per_page)
        for page in range(4)
    ]
    ids = [[row["unique_id"] for row in page["calls"]] for page in pages]
    assert [len(page) for page in ids] == ([30, 15, 0, 0] if per_page == 30 else [15, 15, 15, 0])
    assert len({one for page in ids for one in page}) == 45
    assert {page["total"] for page in pages} == {45}


async def test_a_report_can_just_count(hass: HomeAssistant, calls: list[str]) -> None:
    """Statistics want the figure, not ten thousand rows."""
    assert await act(hass, "get_call_report", count_only=True) == {"total": 3, "calls": []}


async def test_a_spreadsheet_is_written_for_people_if_it_is_to(hass: HomeAssistant, calls: list[str]) -> None:
    """Whoever opens it would have to turn seconds and digits into what people read."""
    readable = ("formatted_columns_names", "formatted_dates", "formatted_durations", "formatted_tns")
    columns = ["date", "src", "billable_duration"]
    wanted = {"columns": columns, "format": "csv", "order": "asc"}
    plain = (await act(hass, "get_call_report", **wanted))["csv"].splitlines()
    pretty = (await act(hass, "get_call_report", **wanted, **dict.fromkeys(readable, True)))["csv"].splitlines()
    assert (plain[0], plain[1].split(",")[0]) == ("date,src,billable_duration", "2026-11-23 09:00:00")
    assert pretty[0] != plain[0]
    assert pretty[1].split(",")[0] == "11/23/26 09:00 am"
    assert re.fullmatch(r"\d\d:\d\d:\d\d", pretty[1].split(",")[2])


async def test_a_reports_times_are_in_the_zone_that_is_named(hass: HomeAssistant, calls: list[str]) -> None:
    """A head office elsewhere would count yesterday's calls into today."""
    wanted = {"columns": ["date"], "order": "asc", "timezone": "Asia/Tokyo"}
    assert (await act(hass, "get_call_report", **wanted))["calls"][0] == {"date": "2026-11-24T00:00:00+09:00"}
    csv_text = (await act(hass, "get_call_report", **wanted, format="csv"))["csv"]
    assert csv_text.splitlines()[1] == "2026-11-24 00:00:00"


async def test_a_queue_with_a_comma_in_its_name_is_one_queue(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Whoever counts calls by queue would find two queues that do not exist."""
    pbx.add_queue("Sales, West")
    pbx.abandon(pbx.call_in(CALLER, to="Sales, West"))
    await poll(61)
    (call,) = (await act(hass, "get_call_report", columns=["involved_queues", "abandoned_queues"]))["calls"]
    assert call == {"involved_queues": ["Sales, West"], "abandoned_queues": ["Sales, West"]}


async def test_a_report_comes_as_a_spreadsheets_text(hass: HomeAssistant, calls: list[str]) -> None:
    """The office manager opens it in a spreadsheet; quotes and commas in names must survive."""
    response = await act(hass, "get_call_report", columns=["date", "callerid"], format="csv", order="asc")
    rows = list(csv.reader(response["csv"].splitlines()))
    assert response.keys() == {"total", "csv"}
    assert rows[0] == ["date", "callerid"]
    assert rows[1] == ["2026-11-23 09:00:00", f'"Pat, "P" Example" <{CALLER}>']
    assert len(rows) == 4
    empty = await act(hass, "get_call_report", columns="date", format="csv", end="2020-01-01 00:00:00")
    assert empty == {"total": 0, "csv": "date\n"}


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"start": "2026-11-02 00:00:00", "end": "2026-11-01 00:00:00"}, "end_before_start"),
        ({"formatted_dates": True}, "formatted_is_csv"),
        ({"timezone": "Central"}, "unknown_time_zone"),
        *(
            ({"filter_groups": [{"rules": [rule]}]}, key)
            for rule, key in (
                ({"type": "duration", "operator": ">"}, "rule_needs_value"),
                ({"type": "duration", "operator": ">", "value": []}, "rule_needs_value"),
                ({"type": "duration"}, "rule_needs_operator"),
                ({"type": "duration", "value": 60}, "rule_needs_operator"),
                ({"type": "fax_page_count", "lower_value": 1, "upper_value": 2}, "rule_needs_operator"),
                ({"type": "duration", "operator": "=", "value": "abc"}, "rule_needs_figure"),
                ({"type": "duration", "operator": "=", "value": [60, 90]}, "rule_needs_figure"),
                ({"type": "duration", "operator": "<", "value": "nan"}, "rule_needs_figure"),
                ({"type": "duration", "operator": "between"}, "rule_needs_range"),
                ({"type": "duration", "operator": "between", "lower_value": "a", "upper_value": 9}, "rule_needs_range"),
                ({"type": "direction", "operator": ">", "value": "inbound"}, "rule_cannot_compare"),
                ({"type": "users", "operator": "between", "lower_value": 1, "upper_value": 2}, "rule_cannot_compare"),
                ({"type": "bridged", "value": False}, "rule_takes_nothing"),
                ({"type": "tn", "value": 3161234567}, "unquoted_field"),
                ({"type": "pbxtn", "value": [CALLER, 3161234567]}, "unquoted_field"),
                ({"type": "fax", "operator": "=", "value": "yes"}, "rule_takes_nothing"),
                *(({"type": kind}, "rule_needs_value") for kind in cdr.CHOICES),
                *(({"type": kind, "operator": "!=", "value": ""}, "rule_needs_value") for kind in cdr.CHOICES),
                ({"type": "tn", "value": [CALLER, " "]}, "rule_needs_value"),
            )
        ),
        (
            {
                "filter_groups": [
                    {"rules": [{"type": "duration", "operator": "!between", "lower_value": 60, "upper_value": 30}]}
                ]
            },
            "rule_needs_range",
        ),
    ],
)
async def test_a_report_that_makes_no_sense_is_refused_unasked(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fields: dict[str, Any], key: str
) -> None:
    """An empty answer would look like "no calls"."""
    error = await refusal(hass, ServiceValidationError, "get_call_report", **fields)
    assert error.translation_key == key
    assert not sent(simulator, "reports.report")


@pytest.mark.parametrize(("campaign", "found"), [(None, 2), ("1", 1), ("reminders", 1), ("Nothing", 0)])
async def test_the_dialers_logs_come_whole(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, campaign: str | None, found: int
) -> None:
    """The entity masks numbers; who looks for why a contact was not called needs them."""
    pbx.add_campaign("2", "Surveys")
    line = f"Placing call to pd-12-8-3 at {CALLER}"
    pbx.log_campaign("1", "INFO", line)
    response = await act(hass, "get_dialer_logs", **({"campaign": campaign} if campaign else {}))
    assert len(response["logs"]) == found
    if found:
        assert response["logs"][0]["campaign"] == "Reminders"
        assert response["logs"][0]["output"][-1].endswith(line)
    json.dumps(response)


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("server_error", "refused"),
        ("html", "invalid_response"),
        ("reset_before", "cannot_connect"),
        ("rate_limited", "rate_limited"),
        ("no_permission", "not_permitted"),
    ],
)
@pytest.mark.parametrize(("action", "request_name"), QUERIES)
async def test_a_failed_query_says_why(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    request_name: str,
    fault: str,
    key: str,
) -> None:
    """Nothing found and nothing heard are two things."""
    before = len(sent(simulator, request_name))
    asked = 2 if fault == "reset_before" else 1
    simulator.control.fail(request_name, fault, times=asked)
    error = await refusal(hass, HomeAssistantError, action)
    assert error.translation_key == key
    assert len(sent(simulator, request_name)) == before + asked
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.parametrize(("action", "request_name"), QUERIES)
async def test_a_key_that_one_query_refuses_is_not_asked_for_anew(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, action: str, request_name: str
) -> None:
    """A key that works everywhere else would have to be typed again, and again; a slip that passes is nobody's news."""
    simulator.control.fail(request_name, "wrong_key")
    await act(hass, action)
    simulator.control.fail(request_name, "wrong_key", times=None)
    assert (await refusal(hass, HomeAssistantError, action)).translation_key == "not_permitted"
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.parametrize(
    ("action", "asks", "fields"),
    [
        ("add_contact_list", "dialer.add_contact_list", {"name": "Patients"}),
        ("get_call_report", "reports.report", {}),
        ("query_sms", "sms.query_sms", {}),
    ],
)
async def test_what_is_answered_after_the_pbx_was_unloaded_ends_in_words(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, action: str, asks: str, fields: dict[str, Any]
) -> None:
    """An automation that runs while somebody reloads the integration would end with the stack of a program."""
    slow = simulator.control.fail(asks, "slow", processed=True)

    async def run() -> str:
        try:
            await act(hass, action, **fields)
        except HomeAssistantError as err:
            return str(err.translation_key)
        return "answered"

    running = hass.async_create_task(run(), eager_start=True)
    await slow.held.wait()
    assert await hass.config_entries.async_unload(loaded.entry_id)
    simulator.control.release()
    assert await running in {"answered", "cannot_connect", "maybe_done", "service_config_entry_not_loaded"}
    assert hass.config_entries.flow.async_progress() == []
