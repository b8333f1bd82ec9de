"""Every reading of the page, played on order."""

from collections.abc import Callable
import re
from typing import Any

import aiohttp
import orjson
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.clock import ManualClock
from simulator.engine import PbxError
from simulator.pbx.simulated import SimulatedPbx
from simulator.quirks.switches import CREDENTIALS_TEXTS, EITHER_TEXTS, PERMISSION_TEXTS, Quirks
from tests.simulator.conftest import CREDENTIALS, Ask

type Raw = tuple[aiohttp.ClientResponse, bytes]


@pytest.fixture(autouse=True)
def busy(pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Let somebody wait, somebody pause, and two messages go out."""
    pbx.call_in("8475550123", to="support_queue")
    pbx.pause_agent("support_queue", "beaucrn6", "lunch")
    pbx.call_in("8475550124", to="support_queue")
    pbx.send_sms("100@default", ["630"], "one", "")
    pbx.send_sms("100@default", ["69"], "two", "")
    clock.advance(90)


async def raw(sim: Simulator, session: aiohttp.ClientSession, action: str = "status.users", **fields: Any) -> Raw:
    """Return an answer as it came."""
    endpoint, name = action.split(".")
    url = f"{sim.url}/api/v1/{endpoint}.php?api_action={name}"
    async with session.post(url, json=CREDENTIALS | fields) as response:
        return response, await response.read()


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 500])
async def test_an_error_has_any_http_status(sim: Simulator, session: aiohttp.ClientSession, status: int) -> None:
    """The page does not tell with which status an error comes."""
    sim.control.quirk(error_status=status)
    response, body = await raw(sim, session, limit=1)
    assert (response.status, orjson.loads(body)["result"]) == (status, "error")
    response, _ = await raw(sim, session)
    assert response.status == 200


@pytest.mark.parametrize("words", [*CREDENTIALS_TEXTS, *EITHER_TEXTS])
async def test_a_wrong_key_has_any_wording(sim: Simulator, session: aiohttp.ClientSession, words: str) -> None:
    """There are no error codes, only words that nobody knows."""
    sim.control.quirk(credentials_text=words, credentials_status=401)
    response, body = await raw(sim, session, api_key="wrong")
    assert (response.status, orjson.loads(body)["error"]) == (401, words)


@pytest.mark.parametrize("words", [*PERMISSION_TEXTS, *EITHER_TEXTS])
async def test_a_missing_permission_has_any_wording(sim: Simulator, session: aiohttp.ClientSession, words: str) -> None:
    """A user may be kept from one action and keep the others."""
    sim.control.quirk(permission_text=words, permission_status=403)
    sim.control.fail("status.users", "no_permission")
    response, body = await raw(sim, session)
    assert (response.status, orjson.loads(body)["error"]) == (403, words)


@pytest.mark.parametrize("content_type", ["text/html; charset=UTF-8", "text/plain", "application/octet-stream"])
async def test_the_content_type_is_anything(sim: Simulator, session: aiohttp.ClientSession, content_type: str) -> None:
    """PHP says text/html unless told otherwise."""
    sim.control.quirk(content_type=content_type)
    response, body = await raw(sim, session)
    assert response.headers["Content-Type"] == content_type
    assert orjson.loads(body)["result"] == "success"


async def test_the_content_type_is_absent(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A client that looks for the header must not stumble."""
    sim.control.quirk(content_type="")
    response, _ = await raw(sim, session)
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize(
    ("quirk", "looks"),
    [
        ({"byte_order_mark": True}, rb"\xef\xbb\xbf\{.*\}"),
        ({"leading_whitespace": True}, rb"\s+\{.*\}"),
        ({"whitespace": "pretty"}, rb'\{\n  "result": "success",\n.*\}'),
        ({"whitespace": "ragged"}, rb'\{\n\t"result" :  "success" ,\r\n.*\}'),
        ({"php_escapes": True}, rb'.*"Zo\\u00eb .*"vmail":"0\\/0".*'),
    ],
)
async def test_the_bytes_look_otherwise(
    sim: Simulator, session: aiohttp.ClientSession, quirk: dict[str, Any], looks: bytes
) -> None:
    """The same facts come in other bytes from one version of PHP to the next."""
    _, plain = await raw(sim, session)
    sim.control.quirk(**quirk)
    _, body = await raw(sim, session)
    assert body != plain
    assert re.fullmatch(looks, body, re.DOTALL)
    assert orjson.loads(body.removeprefix(b"\xef\xbb\xbf")) == orjson.loads(plain)


async def test_keys_come_in_any_order(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A map has no order; only the rows of a list have one."""
    _, plain = await raw(sim, session)
    sim.control.quirk(shuffled_keys=True)
    _, body = await raw(sim, session)
    assert body != plain
    assert orjson.loads(body) == orjson.loads(plain)


type Look = Callable[[dict[str, Any]], Any]


def _agent(answer: dict[str, Any]) -> dict[str, Any]:
    agent: dict[str, Any] = answer["queues"]["support_queue"]["agents"]["beaucrn6"]
    return agent


def _message_ids(answer: dict[str, Any]) -> set[str]:
    return {row["message_id"] for row in answer["results"]}


READINGS: list[tuple[str, dict[str, Any], Look, Any]] = [
    # what an empty map is
    ("status.queues", {}, lambda answer: answer["queues"]["0"]["agents"], []),
    ("status.queues", {"empty_maps": "object"}, lambda answer: answer["queues"]["0"]["agents"], {}),
    ("status.queues", {"empty_maps": "null"}, lambda answer: answer["queues"]["0"]["agents"], None),
    ("status.queues", {"empty_maps": "blank"}, lambda answer: answer["queues"]["0"]["agents"], ""),
    ("status.queues", {"empty_maps": "absent"}, lambda answer: "agents" in answer["queues"]["0"], False),
    # keys with nothing in them
    ("status.queues", {}, lambda answer: "calls_waiting" in answer["queues"]["0"], False),
    ("status.queues", {}, lambda answer: "connected_to" in _agent(answer), False),
    ("status.queues", {"empties": "shown"}, lambda answer: answer["queues"]["0"]["calls_waiting"], []),
    ("status.queues", {"empties": "shown"}, lambda answer: _agent(answer)["connected_to"], ""),
    ("status.calls", {}, lambda answer: answer["calls"]["outbound"], []),
    ("status.calls", {"empties": "absent"}, lambda answer: list(answer["calls"]), ["inbound"]),
    ("status.faxes", {"empties": "absent"}, lambda answer: list(answer["faxes"]), ["fax_stats"]),
    ("status.conferences", {"empties": "absent"}, lambda answer: answer["conferences"], []),
    # numbers
    ("status.queues", {"numbers": "numbers"}, lambda answer: answer["queues"]["support_queue"]["waiting"], 2),
    ("status.queues", {"numbers": "numbers"}, lambda answer: _agent(answer)["paused"], 1),
    ("status.users", {"numbers": "numbers"}, lambda answer: answer["users"][0]["ext"], "100"),
    ("status.users", {"numbers": "numeric_check"}, lambda answer: answer["users"][0]["ext"], 100),
    ("status.dialer", {"numbers": "numbers"}, lambda answer: answer["dialer"][0]["call_ratio"], 1.0),
    ("status.faxes", {"numbers": "numbers"}, lambda answer: answer["faxes"]["fax_stats"]["success"], 0),
    ("status.queues", {"zeros": "blank"}, lambda answer: _agent(answer)["callcount"], ""),
    ("status.queues", {"zeros": "null"}, lambda answer: _agent(answer)["callcount"], None),
    ("status.dialer", {"blanks": "null"}, lambda answer: answer["dialer"][0]["script_id"], None),
    ("status.dialer", {"blanks": "absent"}, lambda answer: "script_id" in answer["dialer"][0], False),
    # durations: a minute and a half
    ("status.calls", {}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "0h1m30s"),
    ("status.calls", {"durations": "seconds"}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "90"),
    ("status.calls", {"durations": "suffixed"}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "90s"),
    ("status.calls", {"durations": "ago"}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "90 secs ago"),
    ("status.calls", {"durations": "waiting"}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "1:30"),
    ("status.calls", {"durations": "clock"}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "00:01:30"),
    ("status.calls", {"durations": "retry"}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "2 minute(s)"),
    ("status.calls", {"durations": "words"}, lambda answer: answer["calls"]["inbound"][0]["elapsed"], "A good while"),
    # agents
    ("status.queues", {"never": "Never"}, lambda answer: _agent(answer)["lastcall"], "Never"),
    ("status.queues", {}, lambda answer: _agent(answer)["lastcall"], ""),
    (
        "status.queues",
        {},
        lambda answer: _agent(answer)["otherdata"],
        " (ringinuse disabled) (dynamic) (paused:lunch was 90 secs ago) (login was 90 secs ago)",
    ),
    (
        "status.queues",
        {"other_data": "page"},
        lambda answer: _agent(answer)["otherdata"],
        " (ringinuse disabled) (dynamic)",
    ),
    ("status.queues", {"other_data": "none"}, lambda answer: _agent(answer)["otherdata"], ""),
    ("status.queues", {}, lambda answer: _agent(answer)["avail"], "0"),
    ("status.queues", {"avail_ignores_pause": True}, lambda answer: _agent(answer)["avail"], "1"),
    ("status.queues", {"waiting_count": "zero"}, lambda answer: answer["queues"]["support_queue"]["waiting"], "0"),
    # the lists of numbers
    ("subscribers.query_lists", {}, lambda answer: list(answer["optin"][0])[-1], "subscribed_at"),
    ("subscribers.query_lists", {"consent_keys": "xml"}, lambda answer: list(answer["optin"][0])[-1], "subscribers"),
    ("subscribers.query_lists", {"consent_keys": "xml"}, lambda answer: list(answer["optout"][0])[1], "tenant_name"),
    ("subscribers.query_lists", {"consent_keys": "json"}, lambda answer: list(answer["optout"][0])[1], "campaign_name"),
    # messages
    ("sms.query_sms", {}, lambda answer: len(_message_ids(answer)), 2),
    ("sms.query_sms", {"repeated_message_id": True}, lambda answer: len(_message_ids(answer)), 1),
    # a later version
    ("status.users", {"extra_fields": True}, lambda answer: answer["users"][0]["added_later"], "1"),
    ("status.users", {"extra_fields": True}, lambda answer: answer["more_added_later"], []),
    ("status.queues", {"extra_fields": True}, lambda answer: list(answer["queues"]), ["support_queue", "0"]),
]  # fmt: skip


@pytest.mark.parametrize(("action", "quirk", "look", "seen"), READINGS)
async def test_a_reading_of_the_page_is_played(
    ask: Ask, sim: Simulator, action: str, quirk: dict[str, Any], look: Look, seen: Any
) -> None:
    """What cannot be played here is met for the first time at the office."""
    sim.control.quirk(action, **quirk)
    assert look(await ask(action)) == seen


async def test_calls_that_are_none_are_an_empty_list(ask: Ask, sim: Simulator, pbx: SimulatedPbx) -> None:
    """PHP writes a map that lost its last key as []."""
    for call in pbx.live_calls():
        pbx.hang_up(call.id)
    sim.control.quirk(empties="absent")
    assert (await ask("status.calls"))["calls"] == []


@pytest.mark.parametrize(("shape", "kind"), [("list", list), ("object", dict)])
async def test_a_map_keyed_from_nought_is_a_list(
    ask: Ask, sim: Simulator, pbx: SimulatedPbx, shape: str, kind: type
) -> None:
    """PHP knows no difference between such a map and a list; a lone queue named "0" is one."""
    for call in pbx.live_calls():
        pbx.hang_up(call.id)
    pbx.remove_queue("support_queue")
    sim.control.quirk(sequential_maps=shape)
    assert isinstance((await ask("status.queues"))["queues"], kind)


async def test_report_numbers_are_numbers_by_their_column(ask: Ask, sim: Simulator, pbx: SimulatedPbx) -> None:
    """A row has no keys; an id that looks like a number stays text."""
    pbx.hang_up(pbx.live_calls()[0].id)
    sim.control.quirk(numbers="numbers")
    report = {"report_type": "detail_table", "columns": ["unique_id", "involved_queue_count"]}
    [[unique_id, queues]] = (await ask("reports.report", **report))["results"]
    assert (type(unique_id), queues) == (str, 1)


async def test_even_the_pages_numbers_are_texts(ask: Ask, sim: Simulator) -> None:
    """The page's report counts with a number, and its SMS query with a text."""
    sim.control.quirk(numbers="strings")
    assert (await ask("dialer.add_contact_list", name="Spring"))["id"] == "1"


@pytest.mark.parametrize(("names", "read"), [("bare", ["unique_id"]), ("brackets", ["date"])])
async def test_one_spelling_of_a_list_is_read(ask: Ask, sim: Simulator, names: str, read: list[str]) -> None:
    """Which of `columns` and `columns[]` a PBX reads from JSON nobody knows: a client sends both."""
    sim.control.quirk("reports.report", array_names=names)
    fields = {"report_type": "detail_table", "columns": "unique_id", "columns[]": ["date"]}
    assert (await ask("reports.report", **fields))["columns"] == read


@pytest.mark.parametrize(("encodings", "result"), [("json", "success"), ("form", "error"), ("xml", "error")])
async def test_one_kind_of_body_is_read(ask: Ask, sim: Simulator, encodings: str, result: str) -> None:
    """The page speaks of POST fields for the dialer; PHP does not see a JSON body there by itself."""
    sim.control.quirk(body_encodings=encodings)
    assert (await ask("status.users"))["result"] == result


async def test_an_actions_quirk_wins_over_everybodys(ask: Ask, sim: Simulator) -> None:
    """One action may answer otherwise than the rest."""
    sim.control.quirk(numbers="numbers")
    sim.control.quirk("status.users", numbers="page")
    assert (await ask("status.users"))["users"][0]["port"] == "5060"
    assert (await ask("status.queues"))["queues"]["0"]["lost"] == 0
    sim.control.plain()
    assert (await ask("status.queues"))["queues"]["0"]["lost"] == "0"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"colour": "red"}, "Unknown quirk 'colour'"),
        ({"numbers": "roman"}, "Quirk 'numbers' is one of: page, strings, numbers, numeric_check"),
        ({"error_status": 999}, "Quirk 'error_status' is one of: 200"),
        ({"byte_order_mark": "yes"}, "Quirk 'byte_order_mark' has the wrong type"),
    ],
)
def test_a_quirk_that_does_not_exist_is_refused(values: dict[str, Any], error: str) -> None:
    """A misspelt switch would make a test pass that tests nothing."""
    with pytest.raises(PbxError, match=re.escape(error)):
        Quirks().changed(values)


async def test_no_quirk_shows_the_key(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Only the fault that is made for it echoes a key."""
    sim.control.quirk(extra_fields=True, numbers="numeric_check")
    _, body = await raw(sim, session, limit=1)
    assert DEFAULT_KEY.encode() not in body
