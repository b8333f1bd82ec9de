"""Every reading of the vendor's page, on every action: the same facts come out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxClient, DlsPbxRequestError
from custom_components.dls_pbx.api.models import Agent, Call, FaxStatus, Queue, Snapshot, Users
from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from simulator.quirks.switches import NAMES, Quirks
from tests.helpers.api_requests import STATUS
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.quirks import NOT_ABOUT_ANSWERS

# How the answer is written; none of it says anything else. Texts of refusals have their own tests.
SAME: dict[str, list[dict[str, Any]]] = {
    "error_status": [{"error_status": status} for status in (400, 500)],  # of answers that are no error
    "content_type": [{"content_type": kind} for kind in ("", "text/html; charset=UTF-8", "text/plain")],
    "packing": [{"packing": "gzip"}, {"packing": "deflate"}],
    "byte_order_mark": [{"byte_order_mark": True}],
    "leading_whitespace": [{"leading_whitespace": True}, {"leading_whitespace": True, "byte_order_mark": True}],
    "whitespace": [{"whitespace": "pretty"}, {"whitespace": "ragged"}],
    "php_escapes": [{"php_escapes": True}],
    "shuffled_keys": [{"shuffled_keys": True}],
    "extra_fields": [{"extra_fields": True}],
    "empty_maps": [{"empty_maps": shape} for shape in ("list", "object", "null", "blank", "absent")],
    "sequential_maps": [{"sequential_maps": shape} for shape in ("list", "object")],
    "empties": [{"empties": kind} for kind in ("shown", "absent")],
    "numbers": [{"numbers": kind} for kind in ("strings", "numbers", "numeric_check")],
    "zeros": [{"zeros": kind} for kind in ("blank", "null")],
    "blanks": [{"blanks": kind} for kind in ("null", "absent")],
    "durations": [
        {"durations": style} for style in ("seconds", "suffixed", "ago", "waiting", "lettered", "clock", "delta")
    ],
    "never": [{"never": words} for words in ("never", "N/A", "1795446000 secs ago")],
    "avail_ignores_pause": [{"avail_ignores_pause": True}],
    "waiting_count": [{"waiting_count": "zero"}],
    "consent_keys": [{"consent_keys": kind} for kind in ("json", "xml")],
}
# One of these says more or less than the page, the others are not about answers; each is tested by itself.
APART = NOT_ABOUT_ANSWERS | {"other_data"}
MIXED: list[dict[str, Any]] = [
    {"durations": "delta", "numbers": "numeric_check", "zeros": "null", "blanks": "absent", "empties": "absent"},
    {"empty_maps": "blank", "zeros": "blank", "blanks": "null", "php_escapes": True, "extra_fields": True},
]
QUIRKS = [quirk for quirks in SAME.values() for quirk in quirks] + MIXED


def name(quirk: Mapping[str, Any]) -> str:
    """Return a test's name."""
    return "-".join(f"{key}={value}" for key, value in quirk.items())


def test_no_quirk_is_forgotten() -> None:
    """A quirk that nobody plays is one that nobody survives."""
    assert SAME.keys() | APART == set(NAMES)


@pytest.fixture(autouse=True)
def busy(pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Let there be something of everything, and of each something empty."""
    pbx.add_queue("0")  # a queue that makes PHP print a list
    pbx.answer(pbx.call_in(CALLER, name='O\'Brien "Bob" Ümit/Söhne', to="support"))
    pbx.call_in("6305550101", to="night")
    pbx.call_in("6305550102", to="night", priority=2)
    pbx.answer(pbx.call_out(JERRY, "8475550177"))
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.send_fax(TOM, OTHER_CALLER)
    pbx.start_campaign("1")
    clock.advance(75)


def facts(snapshot: Snapshot[Any]) -> Any:
    """Return what a snapshot says; calls without the ids that we give them, in an order of their own."""
    rows = snapshot.rows
    if isinstance(snapshot, Users):
        return rows, snapshot.latencies
    if any(isinstance(row, Call) for row in rows.values()):
        return sorted(rows.values(), key=lambda call: (call.direction, str(call.connected_to)))
    return rows


@pytest.mark.parametrize("quirk", QUIRKS, ids=name)
async def test_the_same_facts_come_out(sim: Simulator, client: DlsPbxClient, quirk: dict[str, Any]) -> None:
    """Nobody knows which reading of the page the PBX has: with the others, entities would be wrong or missing."""
    plain = {action: await ask(client, None) for action, ask in STATUS.items()}
    assert all(snapshot.rows for snapshot in plain.values())
    sim.control.quirk(**quirk)
    found = {action: facts(await ask(client, None)) for action, ask in STATUS.items()}
    if quirk.get("extra_fields"):
        # A fax statistic of a later version is one more.
        found["status.faxes"] = {key: without_added(row) for key, row in found["status.faxes"].items()}
    assert found == {action: facts(snapshot) for action, snapshot in plain.items()}


def without_added(status: FaxStatus) -> FaxStatus:
    """Return the faxes without statistics of a later version, which must be there."""
    assert status.statistics["added_later"] == 1
    kept = {key: count for key, count in status.statistics.items() if "added_later" not in key}
    return replace(status, statistics=kept)


@pytest.mark.parametrize("quirk", [*SAME["numbers"], *SAME["durations"], *MIXED], ids=name)
async def test_a_change_of_reading_is_no_news(sim: Simulator, client: DlsPbxClient, quirk: dict[str, Any]) -> None:
    """An update of the PBX may change how it writes, which must not make automations run."""
    plain = {action: await ask(client, None) for action, ask in STATUS.items()}
    sim.control.quirk(**quirk)
    news = {}
    for action, ask in STATUS.items():
        after = await ask(client, plain[action])
        if after is not plain[action] and (after.changed or after.gone):
            news[action] = after
    assert list(news) == (["status.faxes"] if quirk.get("extra_fields") else [])


@pytest.mark.parametrize("quirk", QUIRKS, ids=name)
async def test_records_are_read_alike(
    sim: Simulator, pbx: SimulatedPbx, client: DlsPbxClient, quirk: dict[str, Any]
) -> None:
    """Messages, consent and call records are read from the same PHP."""
    pbx.receive_sms(CALLER, TOM, "Grüße / \\o/ <b>")
    pbx.send_sms("100", ["630", "69"], "zwei", "505")
    pbx.add_subscriber(CALLER, "CSPRING")
    pbx.add_unsubscriber(OTHER_CALLER, "0")
    for call in pbx.live_calls():
        pbx.hang_up(call.id)
    columns = ["date", "src", "billable_duration", "bridged", "involved_queues"]
    plain = [await client.query_sms(), await client.query_lists(), await client.report(columns)]
    sim.control.quirk(**quirk)
    found = [await client.query_sms(), await client.query_lists(), await client.report(columns)]
    assert found[:2] == plain[:2]
    assert found[2].total == plain[2].total
    if "zeros" not in quirk:  # a report's cells are texts, as they come
        assert found[2].rows == plain[2].rows
    assert isinstance(await client.add_contact_list("Winter"), int)


@pytest.mark.parametrize("style", ["retry", "words"])
async def test_coarse_words_for_times_lose_times_and_nothing_else(
    sim: Simulator, client: DlsPbxClient, style: str
) -> None:
    """Who waits is shown, even if nobody knows for how long."""
    plain = (await client.queues()).rows, (await client.calls()).rows
    sim.control.quirk(durations=style)
    found = (await client.queues()).rows, (await client.calls()).rows
    assert {name: timeless(queue) for name, queue in found[0].items()} == {
        name: timeless(queue) for name, queue in plain[0].items()
    }
    assert [replace(call, started_at=None) for call in found[1].values()] == [
        replace(call, started_at=None) for call in plain[1].values()
    ]
    for one, other in zip(found[1].values(), plain[1].values(), strict=True):
        if style == "words":
            assert one.started_at is None
        else:
            assert one.started_at is not None
            assert other.started_at is not None
            assert abs(one.started_at - other.started_at) < timedelta(minutes=1)


def timeless(queue: Queue) -> Queue:
    """Return a queue without its times."""
    return replace(
        queue,
        hold_time=None,
        agents={auth_id: undated(agent) for auth_id, agent in queue.agents.items()},
        callers=tuple(replace(caller, since=None) for caller in queue.callers),
    )


def undated(agent: Agent) -> Agent:
    """Return an agent without their times."""
    return replace(agent, last_call_at=None, logged_in_since=None, paused_since=None)


@pytest.mark.parametrize("kind", ["page", "none"])
async def test_what_the_console_adds_may_be_missing(
    sim: Simulator, pbx: SimulatedPbx, client: DlsPbxClient, kind: str
) -> None:
    """Who pauses is paused, even if the PBX does not say why and since when."""
    pbx.pause_agent("support", TOM, "lunch")
    assert (await client.queues()).rows["support"].agents[TOM].pause_reason == "lunch"
    sim.control.quirk(other_data=kind)
    agent = (await client.queues()).rows["support"].agents[TOM]
    assert (agent.paused, agent.pause_reason, agent.paused_since, agent.logged_in_since) == (True, None, None, None)


async def test_rows_with_one_message_id_are_rows(sim: Simulator, pbx: SimulatedPbx, client: DlsPbxClient) -> None:
    """One message to three people is three rows."""
    pbx.send_sms("100", ["630", "69", "631"], "Hello", "")
    pbx.send_sms("100", ["630"], "Again", "")
    sim.control.quirk(repeated_message_id=True)
    page = await client.query_sms()
    assert len({message.message_id for message in page.messages}) == 1
    assert sorted(message.id or 0 for message in page.messages) == [1, 2, 3, 4]


@pytest.mark.parametrize("action", STATUS)
async def test_status_needs_no_more_than_json(sim: Simulator, client: DlsPbxClient, action: str) -> None:
    """The page's samples are JSON: a PBX that reads nothing else must be satisfied."""
    sim.control.quirk(body_encodings="json")
    assert (await STATUS[action](client, None)).rows


async def test_the_dialer_needs_no_more_than_a_form(sim: Simulator, client: DlsPbxClient) -> None:
    """The page speaks of POST fields there, and shows no JSON."""
    sim.control.quirk("dialer.add_contact_list", body_encodings="form")
    assert isinstance(await client.add_contact_list("Winter"), int)


@pytest.mark.parametrize("status", [200, 400, 404, 422, 500])
async def test_an_error_is_one_whatever_its_http_status(sim: Simulator, client: DlsPbxClient, status: int) -> None:
    """The words of the PBX are what the user needs, not the number."""
    sim.control.quirk(error_status=status)
    with pytest.raises(DlsPbxRequestError, match=r"^Unknown campaign: NONE$"):
        await client.add_subscriber(CALLER, "NONE")


def test_the_defaults_are_the_page() -> None:
    """What is compared with must be the page's own way of writing."""
    assert Quirks().numbers == Quirks().zeros == Quirks().blanks == Quirks().durations == "page"
