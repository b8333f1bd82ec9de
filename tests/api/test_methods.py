"""What each of the client's methods sends, and what it gives back."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.dls_pbx.api import DlsPbxClient, DlsPbxRequestError, DlsPbxResponseError, HttpConnections
from custom_components.dls_pbx.api.models import SentMessage
from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from simulator.vendor.actions import ACTIONS
from tests.helpers.api_requests import CONTACT, END, REQUESTS, START
from tests.helpers.office import CALLER, KEY, NOW, TOM, USERNAME
from tests.helpers.scripted_server import Scripted


def test_every_action_has_a_method() -> None:
    """An action without one cannot be used from Home Assistant."""
    assert REQUESTS.keys() == ACTIONS.keys()
    assert len(REQUESTS) == 18


@pytest.mark.parametrize("action", [name for name in REQUESTS if "remove" not in name])
async def test_a_method_sends_one_request_as_the_page_has_it(
    sim: Simulator, pbx: SimulatedPbx, client: DlsPbxClient, action: str
) -> None:
    """A field of another name is refused by the PBX, a key in the query string stands in its access log."""
    if action == "dialer.add_contact":
        pbx.add_contact_list("Überfällig")
    ask, encoding, fields = REQUESTS[action]
    await ask(client)
    (request,) = sim.requests
    assert (request.method, request.path, request.action) == (
        "POST",
        f"/api/v1/{action.split('.', maxsplit=1)[0]}.php",
        action,
    )
    assert (request.encoding, request.params) == (encoding, {"api_user": USERNAME} | fields)
    assert request.query == ("api_action", "api_format")
    assert request.key_in == ("body",)
    assert request.user_agent == "HomeAssistant-DlsPbx/1"
    assert (request.authenticated, request.processed, request.error) == (True, True, "")


async def test_the_page_gives_json_only_when_asked_for_it(scripted: Scripted, reader: DlsPbxClient) -> None:
    """Without its name in the query, a PBX whose default is another format would answer in that."""
    scripted.shows(users=[])
    await reader.users()
    assert dict(scripted.seen[0].query) == {"api_action": "users", "api_format": "json"}
    assert scripted.seen[0].headers["Accept"] == "application/json"


@pytest.mark.parametrize("reads", ["bare", "brackets"])
async def test_arrays_go_out_under_both_names(
    sim: Simulator, pbx: SimulatedPbx, client: DlsPbxClient, reads: str
) -> None:
    """The page has both spellings; a PBX that reads the other one would answer without the filter."""
    pbx.receive_sms(CALLER, TOM, "one")
    pbx.send_sms("100", ["630"], "two", "")
    sim.control.quirk(array_names=reads)
    page = await client.query_sms({"direction": "inbound"})
    assert [message.message for message in page.messages] == ["one"]
    report = await client.report(["date", "src"])
    assert (report.columns, report.rows) == (("date", "src"), ())


async def test_what_is_not_asked_for_is_not_sent(sim: Simulator, client: DlsPbxClient) -> None:
    """An empty filter or account code may well be taken for one."""
    await client.send_sms(["630"], "Hello")
    await client.query_sms()
    await client.query_sms({"status": None}, ascending=False)
    await client.report(["date"])
    assert [request.params for request in sim.requests] == [
        {"api_user": USERNAME, "dst": ["630"], "body": "Hello"},
        {"api_user": USERNAME},
        {"api_user": USERNAME, "order_by": "desc"},
        {
            "api_user": USERNAME,
            "report_type": "detail_table",
            "columns": ["date"],
            "options": ["timezone=America/Chicago"],
        },
    ]


async def test_a_sent_message_tells_its_id_and_to_whom(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """The id is what an automation finds the message by."""
    sent = await client.send_sms(["630", "(815) 555-0123"], "Hello", "505")
    assert sent == SentMessage(message_id=pbx.messages()[0].message_id, recipients=("630", "+8155550123"))


@pytest.mark.parametrize(
    ("dst", "recipients"), [("630,69", ("630,69",)), (["630", 69], ("630", "69")), ({}, ("100",)), (None, ("100",))]
)
async def test_recipients_come_back_in_any_shape(
    scripted: Scripted, reader: DlsPbxClient, dst: object, recipients: tuple[str, ...]
) -> None:
    """The message went out: how the PBX repeats the numbers is no reason to say that it failed."""
    scripted.shows(dst=dst, message_id=1525443917)
    assert await reader.send_sms(["100"], "Hello") == SentMessage(message_id="1525443917", recipients=recipients)


async def test_messages_are_found_by_filter_time_and_page(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Else an automation gets somebody else's messages."""
    for text in ("one", "two", "three"):
        pbx.receive_sms(CALLER, TOM, text)
    pbx.send_sms("100", ["630"], "four", "505")
    page = await client.query_sms({"direction": "inbound"}, start=START, end=END, limit=2, offset=1, ascending=True)
    assert (page.total, [message.message for message in page.messages]) == (3, ["two", "three"])
    assert {message.timestamp for message in page.messages} == {NOW}
    assert [message.id for message in page.messages] == [2, 3]
    assert (await client.query_sms(start=END)).total == 0
    (sent,) = (await client.query_sms({"account_code": "505"})).messages
    assert (sent.direction, sent.status, sent.dst_label) == ("internal", "success", "630@default - Tom")


async def test_a_contact_list_and_a_contact_tell_their_ids(client: DlsPbxClient) -> None:
    """The id is what further contacts are added by."""
    first = await client.add_contact_list("Winter")
    assert first is not None
    contact = await client.add_contact(str(first), CONTACT)
    assert isinstance(contact, int)
    assert await client.add_contact("Winter", CONTACT) == contact  # an existing one


async def test_an_id_that_is_missing_is_none(scripted: Scripted, reader: DlsPbxClient) -> None:
    """The list was made, whatever the PBX leaves out."""
    scripted.shows()
    assert await reader.add_contact_list("Winter") is None


async def test_numbers_go_on_consent_lists_and_off(client: DlsPbxClient) -> None:
    """A consent that is not recorded is none before the law."""
    await client.add_subscriber(CALLER, "CSPRING")
    await client.add_unsubscriber(CALLER, "0")
    lists = await client.query_lists()
    (spring,) = lists.opt_in
    assert (spring.id, spring.name, spring.total) == ("CSPRING", "Spring offers", 1)
    assert [(one.number, one.reason, one.since) for one in spring.numbers] == [(CALLER, "MANUAL", NOW)]
    assert {one.id: [listed.number for listed in one.numbers] for one in lists.opt_out} == {"0": [CALLER], "1": []}
    await client.remove_subscriber(CALLER, "CSPRING")
    await client.remove_unsubscriber(CALLER, "0")
    lists = await client.query_lists()
    assert not any(one.numbers for one in (*lists.opt_in, *lists.opt_out))


@pytest.mark.parametrize("action", ["subscribers.remove_subscriber", "subscribers.remove_unsubscriber"])
async def test_a_number_that_is_on_no_list_is_refused(sim: Simulator, client: DlsPbxClient, action: str) -> None:
    """The user must learn that nothing was taken off; and it is the right fields that the PBX refuses."""
    ask, encoding, fields = REQUESTS[action]
    with pytest.raises(DlsPbxRequestError, match="not"):
        await ask(client)
    (request,) = sim.requests
    assert (request.encoding, request.params, request.authenticated) == (
        encoding,
        {"api_user": USERNAME} | fields,
        True,
    )


@pytest.mark.parametrize(
    "fields",
    [{}, {"optout": None}, {"optout": False}, {"optout": [], "unsubscribers": [{"tenant_id": "0"}]}, {"opt_out": []}],
)
async def test_a_missing_opt_out_list_is_not_an_empty_one(
    scripted: Scripted, reader: DlsPbxClient, fields: dict[str, Any]
) -> None:
    """Who opted out must not get a text because the PBX forgot to say so, or says it under another name."""
    scripted.shows(optin=[], **fields)
    with pytest.raises(DlsPbxResponseError, match="optout"):
        await reader.query_lists()


async def test_a_report_has_its_dates_in_the_office_zone(
    sim: Simulator, connections: HttpConnections, clock: ManualClock, pbx: SimulatedPbx
) -> None:
    """A PBX in another zone would put the evening's calls on the next day."""
    call = pbx.call_in(CALLER, to="630")
    pbx.answer(call)
    clock.advance(60)
    pbx.hang_up(call)
    tokyo = DlsPbxClient(connections, sim.url, USERNAME, KEY, time_zone=ZoneInfo("Asia/Tokyo"))
    report = await tokyo.report(["date", "src", "billable_duration"], start=START, end=END)
    assert (report.total, report.columns) == (1, ("date", "src", "billable_duration"))
    assert report.rows == (("2026-11-24 00:00:00", CALLER, "60"),)
    assert (await tokyo.report(["date"], end=START)).rows == ()


async def test_a_count_needs_no_rows(client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock) -> None:
    """`count_only` is how a day's figures are had without a day's calls."""
    pbx.call_in(CALLER, to="630")
    pbx.call_in(CALLER, to="69")
    for call in pbx.live_calls():
        pbx.hang_up(call.id)
    report = await client.report(["date"], options={"count_only": "true"})
    assert (report.total, report.rows) == (2, ())


async def test_a_report_is_read_in_php_shapes(scripted: Scripted, reader: DlsPbxClient) -> None:
    """A row that PHP wrote as a map, or a null in it, is a row."""
    scripted.shows(columns={"0": "date", "1": "src"}, results=[{"date": None, "src": 630}])
    report = await reader.report(["date", "src"])
    assert (report.total, report.columns, report.rows) == (1, ("date", "src"), (("", "630"),))


async def test_the_refusal_of_an_action_is_in_the_words_of_the_pbx(client: DlsPbxClient) -> None:
    """They are all that tells the user what to change."""
    with pytest.raises(DlsPbxRequestError, match=r"^Unknown campaign: NONE$"):
        await client.add_subscriber(CALLER, "NONE")


async def test_the_clock_may_be_in_any_zone(scripted: Scripted, connections: HttpConnections) -> None:
    """A clock of the office's own zone goes back an hour in autumn, and all waits with it."""
    night = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/Chicago"), fold=1)
    client = DlsPbxClient(connections, scripted.url, USERNAME, KEY, clock=lambda: night)
    scripted.shows(calls={"inbound": [{"callerid": "1", "elapsed": "0h45m0s"}]})
    (call,) = (await client.calls()).rows.values()
    assert call.started_at == datetime(2026, 11, 1, 6, 45, tzinfo=UTC)
