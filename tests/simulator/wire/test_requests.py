"""Requests from JSON, XML and form bodies, in every spelling that PHP and the page allow."""

from typing import Any

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from simulator.wire.requests import read_form
from tests.simulator.conftest import CREDENTIALS

JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "application/xml"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LOGIN = f"<api_user>100@default</api_user><api_key>{DEFAULT_KEY}</api_key>"
GROUP = {"exclusivity": "exclude", "rules": [{"type": "duration", "operator": "<", "value": 5}, {"type": "bridged"}]}


async def post(sim: Simulator, session: aiohttp.ClientSession, action: str, **how: Any) -> dict[str, Any]:
    """Return the answer to a request with a body of any kind."""
    endpoint, name = action.split(".")
    url = f"{sim.url}/api/v1/{endpoint}.php?api_action={name}"
    async with session.post(url, **how) as response:
        answer: dict[str, Any] = await response.json()
        return answer


def body(sim: Simulator) -> dict[str, Any]:
    """Return the fields of the last request, without who asked."""
    return {name: value for name, value in sim.requests[-1].params.items() if name != "api_user"}


@pytest.mark.parametrize(
    ("how", "encoding"),
    [
        ({"json": CREDENTIALS}, "json"),
        ({"data": f"<?xml version='1.0' standalone='yes' ?><request>{LOGIN}</request>", "headers": XML}, "xml"),
        ({"data": f"\n<request>{LOGIN}</request>", "headers": {"Content-Type": ""}}, "xml"),
        ({"data": b'{"api_user":"100","api_key":"%b"}' % DEFAULT_KEY.encode(), "headers": FORM | JSON}, "json"),
        ({"data": b' {"api_user":"100","api_key":"%b"}' % DEFAULT_KEY.encode()}, "json"),
        ({"data": b' {"api_user":"100","api_key":"%b"}' % DEFAULT_KEY.encode(), "headers": FORM}, "json"),
        ({"data": CREDENTIALS}, "form"),
        ({"data": f"api_user=100%40default&api_key={DEFAULT_KEY}", "headers": {"Content-Type": "text/plain"}}, "form"),
    ],
)
async def test_a_body_of_any_kind_is_read(
    sim: Simulator, session: aiohttp.ClientSession, how: dict[str, Any], encoding: str
) -> None:
    """The page shows JSON and XML, and speaks of POST fields: any client may come with any of them."""
    assert (await post(sim, session, "status.users", **how))["result"] == "success"
    assert sim.requests[-1].encoding == encoding


async def test_a_multipart_form_is_read(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """So post curl's -F and many PHP clients."""
    with aiohttp.MultipartWriter("form-data") as writer:
        for name, value in (CREDENTIALS | {"dst": "630", "body": "Grüße"}).items():
            writer.append(value).set_content_disposition("form-data", name=name)
    assert (await post(sim, session, "sms.send_sms", data=writer))["result"] == "success"
    assert sim.requests[-1].key_in == ("body",)


@pytest.mark.parametrize(
    "fields",
    [
        {"dst": ["630", "69"]},
        {"dst": "630, 69"},
    ],
)
async def test_destinations_are_a_list_or_a_comma_list(
    sim: Simulator, session: aiohttp.ClientSession, fields: dict[str, Any]
) -> None:
    """The page shows both."""
    answer = await post(sim, session, "sms.send_sms", json=CREDENTIALS | fields | {"body": "Hi"})
    assert answer["dst"] == ["630", "69"]


async def test_xml_says_a_list_by_repeating_an_element(
    sim: Simulator, session: aiohttp.ClientSession, pbx: SimulatedPbx
) -> None:
    """The page's XML request has two <dst>."""
    data = f"<request>{LOGIN}<dst>630</dst><dst>69</dst><dst>100</dst><body> a &lt; b &amp; c </body></request>"
    answer = await post(sim, session, "sms.send_sms", data=data, headers=XML)
    assert answer["dst"] == ["630", "69", "100"]
    assert pbx.messages()[-1].body == " a < b & c "


async def test_the_pages_bracketed_xml_element_is_read(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """<filters[]> is on the page, though no XML parser takes it."""
    data = f"<request>{LOGIN}<filters[]><direction>inbound</direction><src>100</src><src>69</src></filters[]></request>"
    assert (await post(sim, session, "sms.query_sms", data=data, headers=XML))["result"] == "success"
    assert body(sim) == {"filters": {"direction": "inbound", "src": ["100", "69"]}}


@pytest.mark.parametrize(
    "fields",
    [
        {"columns": ["unique_id", "date"], "options": ["page=0", "per_page=5"], "filter_groups": [GROUP]},
        {"columns[]": ["unique_id", "date"], "options[]": "page=0,per_page=5", "filter_groups": [GROUP]},
        {"columns": "unique_id,date", "columns[]": ["unique_id", "date"], "options": "page=0", "filter_groups": GROUP},
    ],
)
async def test_a_report_is_asked_for_in_both_spellings(
    sim: Simulator, session: aiohttp.ClientSession, fields: dict[str, Any]
) -> None:
    """The page writes `columns[]`; which of both spellings the PBX reads from JSON nobody knows."""
    request = CREDENTIALS | {"report_type": "detail_table"} | fields
    answer = await post(sim, session, "reports.report", json=request)
    assert answer.get("columns") == ["unique_id", "date"], answer


async def test_two_spellings_that_disagree_are_refused(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A PBX would take one of them, and the report would be another one than meant."""
    request = CREDENTIALS | {"report_type": "detail_table", "columns": "date", "columns[]": ["unique_id"]}
    answer = await post(sim, session, "reports.report", json=request)
    assert answer["error"] == "'columns' and 'columns[]' say different things"


async def test_a_report_is_asked_for_with_php_brackets(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A form has no lists of its own: PHP reads them from the names."""
    fields = [
        *CREDENTIALS.items(),
        ("report_type", "detail_table"),
        ("columns[]", "unique_id"),
        ("columns[]", "date"),
        ("options[]", "timezone=America/Chicago"),
        ("filter_groups[0][exclusivity]", "exclude"),
        ("filter_groups[0][rules][0][type]", "duration"),
        ("filter_groups[0][rules][0][operator]", "<"),
        ("filter_groups[0][rules][0][value]", "5"),
        ("filter_groups[0][rules][1][type]", "bridged"),
    ]
    answer = await post(sim, session, "reports.report", data=fields)
    assert answer["columns"] == ["unique_id", "date"]
    group = {
        "exclusivity": "exclude",
        "rules": [{"type": "duration", "operator": "<", "value": "5"}, {"type": "bridged"}],
    }
    assert body(sim)["filter_groups"] == [group]


async def test_a_report_is_asked_for_in_xml(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """XML has lists as repeated elements, or as the <value> and <array> of the answers."""
    data = (
        f"<request>{LOGIN}<report_type>detail_table</report_type>"
        "<columns><value>unique_id</value><value>date</value></columns><options>page=0</options><options>per_page=5</options>"
        "<filter_groups><array><rules><array><type>bridged</type></array></rules></array></filter_groups></request>"
    )
    answer = await post(sim, session, "reports.report", data=data, headers=XML)
    assert answer.get("columns") == ["unique_id", "date"], answer


@pytest.mark.parametrize("declared", ["", ' xmlns:custom="custom:"'])
async def test_a_contacts_own_fields_come_in_xml(
    sim: Simulator, session: aiohttp.ClientSession, pbx: SimulatedPbx, declared: str
) -> None:
    """Their names look like XML's namespaces, which the page does not declare."""
    pbx.add_contact_list("Spring")
    fields = {
        "contact_list": "Spring",
        "first_name": "Ann",
        "last_name": "Lee",
        "phone_number": "8475550123",
        "address": "1 Main St",
        "city": "Elgin",
        "state": "IL",
        "zip_code": "60120",
        "custom:account_id": "77",
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    data = f"<request{declared}>{LOGIN}{inside}</request>"
    assert await post(sim, session, "dialer.add_contact", data=data, headers=XML) == {"result": "success", "id": 1}
    assert pbx.contact_lists[1].contacts["8475550123"].custom == {"account_id": "77"}


DEEP = 200_000


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (f"<request>{'<a>' * DEEP}{'</a>' * DEEP}</request>", XML),
        (f"a{'[b]' * DEEP}=1", FORM),
        (f'{{"a":{"[" * 500}{"]" * 500}}}', JSON),
        (f'{{"a":{"[" * DEEP}{"]" * DEEP}}}', JSON),
    ],
    ids=["xml", "form", "json", "deeper json"],
)
async def test_a_body_that_is_too_deep_is_refused(
    sim: Simulator, session: aiohttp.ClientSession, data: str, headers: dict[str, str]
) -> None:
    """Anybody at all could make the PBX stumble, without a key."""
    assert (await post(sim, session, "status.users", data=data, headers=headers))["result"] == "error"
    async with session.get(f"{sim.url}/control/requests") as response:
        assert response.status == 200


LONG = {"type": "duration", "operator": ">=", "value": 60}
QUEUE_CALL = {"type": "queue_users", "value": ["support_queue"]}


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ([], ["long", "short", "lost"]),
        ([{"rules": [LONG, QUEUE_CALL]}], ["long"]),
        ([{"rules": [LONG, {"type": "bridged"}], "logical_operator": "or"}], ["long", "short"]),
        ([{"rules": [LONG], "exclusivity": "exclude"}], ["short", "lost"]),
        ({"rules": {"type": "duration", "operator": "between", "lower_value": "5", "upper_value": 30}}, ["short"]),
        ([{"rules": [{"type": "tn", "operator": "!=", "value": "8475550101"}]}], ["short", "lost"]),
    ],
)
async def test_a_reports_filters_leave_out_what_they_should(
    sim: Simulator, session: aiohttp.ClientSession, pbx: SimulatedPbx, clock: ManualClock, groups: Any, found: list[str]
) -> None:
    """A filter lost on the way shows everybody's calls."""
    for number, name, seconds in (("8475550101", "long", 90), ("8475550102", "short", 10)):
        call_id = pbx.call_in(number, name=name, to="support_queue")
        pbx.answer(call_id)
        clock.advance(seconds)
        pbx.hang_up(call_id)
    pbx.abandon(pbx.call_in("8475550103", name="lost", to="support_queue"))
    request = {"report_type": "detail_table", "columns": "callerid,date", "filter_groups": groups}
    request |= {"options": "order_by=date,order_direction=ASCENDING"}
    rows = (await post(sim, session, "reports.report", json=CREDENTIALS | request))["results"]
    assert [row[0].split('"')[1] for row in rows] == found
    assert {row[1][:14] for row in rows} == {"2026-11-23 09:"}  # the PBX's own zone


async def test_a_count_alone_has_no_rows(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Whoever wants a number should not be sent a month of calls."""
    fields = {"report_type": "detail_table", "columns": "unique_id", "options": "count_only=true"}
    answer = await post(sim, session, "reports.report", json=CREDENTIALS | fields)
    assert list(answer) == ["result", "error", "total_results", "title"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"filter_groups": [{"rule": []}]}, "Unknown field 'rule' in 'filter_groups'"),
        ({"filter_groups": [{"rules": [{"type": "bridged", "is": 1}]}]}, "Unknown field 'is' in 'rules'"),
        ({"filter_groups": "bridged"}, "'filter_groups' must be a list of maps"),
        ({"filter_groups": [{"rules": [{"type": "color"}]}]}, "Unknown filter type: color"),
        ({"options": ["page"]}, "Option 'page' must be written as key=value"),
        ({"options": "color=red"}, "Unknown report option: color"),
        ({"columns": "color"}, "Unknown report column: color"),
        ({"columns": []}, "Missing field 'columns'"),
        ({"report_type": "pie"}, "Unknown report type: pie"),
    ],
)
async def test_a_report_that_the_page_does_not_know_is_refused(
    sim: Simulator, session: aiohttp.ClientSession, fields: dict[str, Any], error: str
) -> None:
    """A misspelt filter that is ignored shows everybody's calls."""
    request = CREDENTIALS | {"report_type": "detail_table", "columns": "unique_id"} | fields
    assert (await post(sim, session, "reports.report", json=request))["error"] == error


@pytest.mark.parametrize(
    "data",
    [
        f'<!DOCTYPE request [<!ENTITY who "100@default">]><request>{LOGIN}</request>',
        f'<?xml version="1.0"?><!DOCTYPE request SYSTEM "http://127.0.0.1/x.dtd"><request>{LOGIN}</request>',
    ],
)
async def test_xml_with_a_document_type_is_refused(sim: Simulator, session: aiohttp.ClientSession, data: str) -> None:
    """Entities make a small request huge, or read files."""
    answer = await post(sim, session, "status.users", data=data, headers=XML)
    assert answer["error"] == "The request body must not have a document type"


@pytest.mark.parametrize(
    ("data", "headers", "error"),
    [
        ("{", JSON, "The request body is not valid JSON"),
        ("[1]", JSON, "The request body must be a JSON object"),
        ("<request>", XML, "The request body is not valid XML"),
        (b"<request>\xff</request>", XML, "The request body is not valid XML"),
        (f"<response>{LOGIN}</response>", XML, "The request body must be a <request>"),
        ("<request>text</request>", XML, "Invalid API user or key"),
        ("", JSON, "Invalid API user or key"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    sim: Simulator, session: aiohttp.ClientSession, data: str | bytes, headers: dict[str, str], error: str
) -> None:
    """Whoever sends half a request should hear of it."""
    answer = await post(sim, session, "status.users", data=data, headers=headers)
    assert answer == {"result": "error", "error": error}


@pytest.mark.parametrize(
    ("pairs", "fields"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[x]", "1"), ("a[y][]", "2"), ("a[y][]", "3")], {"a": {"x": "1", "y": ["2", "3"]}}),
        ([("a[0]", "1"), ("a[1]", "2")], {"a": ["1", "2"]}),
        ([("a[1]", "1"), ("a[5]", "2")], {"a": {"1": "1", "5": "2"}}),
        ([("a", "1"), ("a[x]", "2")], {"a": {"x": "2"}}),
        ([("custom:id", "7"), ("odd[", "8")], {"custom:id": "7", "odd[": "8"}),
    ],
)
def test_brackets_are_read_as_php_reads_them(pairs: list[tuple[str, str]], fields: dict[str, Any]) -> None:
    """Form clients are written for PHP."""
    assert read_form(pairs) == fields
