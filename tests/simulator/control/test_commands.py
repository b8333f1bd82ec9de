"""The control interface: making things happen, from Python and over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.clock import ManualClock
from simulator.control.commands import VERBS
from simulator.control.http import is_local
from simulator.engine import PbxError
from simulator.models import Registration
from simulator.office.scenarios import SAMPLE_TIME, vendor_sample
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Ask

type Order = Callable[..., Awaitable[Any]]


@pytest.fixture
def order(sim: Simulator, session: aiohttp.ClientSession) -> Order:
    """Return a way to use the control interface over HTTP: the result, or the error's text."""

    async def order(method: str, path: str, *, expect: int = 200, **body: Any) -> Any:
        async with session.request(method, f"{sim.url}/control/{path}", json=body or None) as response:
            answer = await response.json()
            assert response.status == expect, answer
            return answer["result" if expect == 200 else "error"]

    return order


async def test_a_call_is_made_answered_and_ended_over_http(ask: Ask, order: Order, pbx: SimulatedPbx) -> None:
    """A stranger tries the integration out with nothing but curl."""
    call_id = await order("POST", "call_in", number="8475550123", name="Ann", to="support_queue")
    assert (await ask("status.queues"))["queues"]["support_queue"]["calls_waiting"][0]["wait_time"] == "0:00"
    await order("POST", "answer", call_id=call_id)
    assert (await ask("status.queues"))["queues"]["support_queue"]["agents"]["beaucrn6"]["status"] == "In use"
    [call] = (await order("GET", "state"))["calls"]
    assert (call["id"], call["connected_to"]) == (call_id, "Queue:support_queue")
    await order("POST", "hang_up", call_id=call_id)
    assert (await order("GET", "state"))["calls"] == []
    assert pbx.call_records()[-1].src_name == "Ann"


async def test_verbs_take_words_for_enumerations(sim: Simulator, pbx: SimulatedPbx, order: Order) -> None:
    """JSON has no enumerations and no tuples."""
    await order("POST", "set_registration", auth_id="beaucrn6", registration="UNREACHABLE")
    await order("POST", "add_extension", ext="700", name="Ann", auth_id="ann", address=["192.0.2.7", 5060])
    assert pbx.user("beaucrn6").registration is Registration.UNREACHABLE
    assert pbx.user("700").host == "192.0.2.7"
    sim.control.do("set_registration", auth_id="ann", registration=Registration.LAGGED, latency_ms=3000)
    assert pbx.user("700").latency_ms == 3000
    fax = await order("POST", "send_fax", auth_id="ann", to="8475550199")
    assert (await order("GET", "state"))["faxes"] == [{"id": fax, "to": "8475550199", "attempt": 1}]


@pytest.mark.parametrize(
    ("verb", "arguments", "error"),
    [
        ("explode", {}, "Unknown verb 'explode'"),
        ("run_until", {"now": 1}, "Unknown verb 'run_until'"),
        ("call_in", {}, "call_in: missing a required argument: 'number'"),
        ("call_in", {"number": "8475550123", "to": "support_queue", "x": 1}, "unexpected keyword argument 'x'"),
        ("call_in", {"number": 8475550123, "to": "support_queue"}, "'number' must be str"),
        ("answer", {"call_id": "1", "by": 5}, "'by' must be str or NoneType"),
        ("answer", {"call_id": "nothing"}, "No such call in progress: nothing"),
        ("set_registration", {"auth_id": "beaucrn6", "registration": "FINE"}, "'registration' must be one of: OK"),
    ],
)
async def test_a_verb_that_makes_no_sense_is_refused(
    order: Order, verb: str, arguments: dict[str, Any], error: str
) -> None:
    """Whoever types a verb by hand learns here what it takes."""
    assert error in await order("POST", verb, expect=400, **arguments)


def test_every_verb_of_the_table_is_the_engines(sim: Simulator) -> None:
    """A verb that the help names and the engine lacks is a promise broken."""
    assert list(sim.control.verbs()) == list(VERBS)


async def test_faults_are_ordered_over_http(ask: Ask, order: Order) -> None:
    """A dashboard's outage can be shown in a demo."""
    await order("POST", "faults", action="status.users", kind="wrong_key", times=None)
    assert (await ask("status.users"))["result"] == "error"
    assert (await order("GET", "state"))["faults"] == {"status.users": [{"kind": "wrong_key", "times": None}]}
    await order("DELETE", "faults?action=status.users")
    assert (await ask("status.users"))["result"] == "success"
    assert "Unknown fault 'fire'" in await order("POST", "faults", expect=400, kind="fire")
    await order("POST", "release")


async def test_quirks_are_turned_over_http(ask: Ask, order: Order) -> None:
    """A demo can show that the integration reads every reading of the page."""
    await order("POST", "quirks", action="status.users", numbers="numbers")
    assert (await ask("status.users"))["users"][0]["port"] == 5060
    assert (await order("GET", "state"))["quirks"] == {"status.users": {"numbers": "numbers"}}
    await order("DELETE", "quirks?action=status.users")
    await order("POST", "quirks", extra_fields=True)
    await order("DELETE", "quirks")
    assert (await ask("status.users"))["users"][0] == (await ask("status.users"))["users"][0] | {"port": "5060"}
    assert "Unknown quirk 'colour'" in await order("POST", "quirks", expect=400, colour="red")


async def test_the_request_log_is_read_and_emptied_over_http(ask: Ask, order: Order, sim: Simulator) -> None:
    """It shows what an integration really sends; never the key."""
    await ask("status.users")
    await ask("status.calls")
    [logged] = await order("GET", "requests?action=status.users")
    assert (logged["action"], logged["encoding"], logged["status"]) == ("status.users", "json", 200)
    assert len(await order("GET", "requests")) == 2
    assert DEFAULT_KEY not in str(await order("GET", "requests"))
    await order("DELETE", "requests")
    assert sim.requests == []


async def test_a_manual_clock_is_advanced_over_http(order: Order, clock: ManualClock, pbx: SimulatedPbx) -> None:
    """An hour-long waiter should not take an hour."""
    happened: list[str] = []
    pbx.after(1800, lambda: happened.append("half an hour later"))
    before = clock()
    assert await order("POST", "clock", seconds=3600) == (before + timedelta(hours=1)).isoformat()
    assert happened == ["half an hour later"]
    assert "must be a number" in await order("POST", "clock", expect=400, seconds="long")


async def test_the_real_clock_cannot_be_advanced(pbx: SimulatedPbx) -> None:
    """A clock that runs by itself and jumps as well would make nonsense of every duration."""
    async with Simulator(pbx) as sim:
        with pytest.raises(PbxError, match="advances by itself"):
            sim.control.advance(1)


async def test_a_reset_starts_from_the_beginning(session: aiohttp.ClientSession) -> None:
    """One visitor's experiments are not the next one's office."""
    clock = ManualClock(SAMPLE_TIME)
    async with Simulator(vendor_sample(clock), clock=clock, rebuild=lambda: vendor_sample(clock)) as sim:
        sim.control.advance(60.5)
        sim.control.do("add_queue", name="extra_queue")
        sim.control.do("set_voicemail", auth_id="beaucrn6", new=0, old=0)
        sim.control.fail("*", "html", None)
        sim.control.quirk(numbers="numbers")
        async with session.post(f"{sim.url}/control/reset") as response:
            assert response.status == 200
        state = sim.control.state()
        assert (state["faults"], state["quirks"]) == ({}, {})
        assert [user.voicemail_new for user in sim.pbx.users()] == [6, 0]
        assert sim.pbx.now() == SAMPLE_TIME


async def test_a_reset_without_a_plan_keeps_the_office(ask: Ask, sim: Simulator) -> None:
    """A test that built its office by hand only wants the faults and the log gone."""
    sim.control.do("add_queue", name="extra_queue")
    sim.control.fail("*", "html", None)
    sim.control.reset()
    assert sim.requests == []
    assert "extra_queue" in (await ask("status.queues"))["queues"]


@pytest.mark.parametrize(("data", "error"), [("{", "The body is not valid JSON"), ("[1]", "must be a JSON object")])
async def test_an_unreadable_order_is_refused(
    sim: Simulator, session: aiohttp.ClientSession, data: str, error: str
) -> None:
    """A typing error should not end in a stack trace."""
    async with session.post(f"{sim.url}/control/reset", data=data) as response:
        assert response.status == 400
        assert error in (await response.json())["error"]


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.1", False),
        ("fe80::1%eth0", False),
        (None, False),
    ],
)
def test_only_this_machine_may_control(address: str | None, local: bool) -> None:
    """A stand-in that others can reach must not be steered by them."""
    assert is_local(address) is local


async def test_an_order_from_elsewhere_is_refused(
    sim: Simulator, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test can come from another machine: the question who asks is answered for it."""
    monkeypatch.setattr("simulator.control.http.is_local", lambda _address: False)
    async with session.get(f"{sim.url}/control/state") as response:
        assert response.status == 403
