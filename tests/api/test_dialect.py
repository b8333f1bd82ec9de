"""Dialects: whichever encoding and array names an endpoint takes, the same is understood, and a change is made once."""

from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.dls_pbx.api import (
    DlsPbxAuthenticationError,
    DlsPbxClient,
    DlsPbxPermissionError,
    HttpConnections,
)
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from simulator.vendor.actions import ACTIONS
from tests.helpers.api_requests import CONTACT, REQUESTS, STATUS
from tests.helpers.office import CALLER, KEY, USERNAME, ZONE

ENDPOINTS = ("status", "sms", "dialer", "reports", "subscribers")
ENCODINGS = ("json", "form", "xml")
NAMES = ("bare", "brackets")
READS = {*STATUS, "sms.query_sms", "subscribers.query_lists", "reports.report"}
# A custom field's name need not be one of XML.
SAYABLE = {
    **{action: ask for action, (ask, _, _) in REQUESTS.items()},
    "dialer.add_contact": lambda client: client.add_contact("Spring", CONTACT, {"customer_id": "A&B=1"}),
}


def speak(sim: Simulator, endpoint: str, **quirks: str) -> None:
    """Let all actions of an endpoint take nothing else."""
    for action in ACTIONS:
        if action.partition(".")[0] == endpoint:
            sim.control.quirk(action, **quirks)


def plain(value: Any) -> Any:
    """Return parameters as every encoding has them: XML and forms know texts only, and no list of one."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, str) and "," in value:
        return value.split(",")
    if isinstance(value, list):
        return plain(value[0]) if len(value) == 1 else [plain(item) for item in value]
    return str(value)


@pytest.mark.parametrize("seed", range(40))
async def test_every_mixture_of_readings_is_found_out(
    sim: Simulator, pbx: SimulatedPbx, connections: HttpConnections, seed: int
) -> None:
    """On the first day it would not be set up, ask for another key for ever, or send a text twice."""
    rng = Random(seed)
    for endpoint in ENDPOINTS:
        speak(sim, endpoint, body_encodings=rng.choice(ENCODINGS), array_names=rng.choice(NAMES))
    pbx.add_contact_list("Spring")
    client = DlsPbxClient(connections, sim.url, USERNAME, KEY, time_zone=ZoneInfo(ZONE))
    for action, ask in SAYABLE.items():
        await ask(client)
        asked = sim.requests.of(action)
        assert [request.processed for request in asked].count(True) == 1, action
        assert asked[-1].processed, action
    learned = len(sim.requests)
    for action, ask in SAYABLE.items():
        if action in READS:
            await ask(client)
    assert all(request.processed for request in sim.requests[learned:])
    for action in READS:
        seen = {name: value for name, value in sim.requests.of(action)[-1].params.items() if name != "api_user"}
        assert plain(seen) == plain(REQUESTS[action][2]), action


async def test_what_was_learned_is_kept(sim: Simulator, connections: HttpConnections) -> None:
    """Each start of Home Assistant would begin with refusals, which look like an attack."""
    for endpoint in ENDPOINTS:
        speak(sim, endpoint, body_encodings="form")
    kept: list[dict[str, Any]] = []
    first = DlsPbxClient(connections, sim.url, USERNAME, KEY)
    first.dialect.on_learned = kept.append
    await first.users()
    await first.query_lists()
    form = {"encoding": "form", "arrays": "both"}
    assert kept[-1] == {"status": form, "subscribers": form}
    sim.requests.clear()
    second = DlsPbxClient(connections, sim.url, USERNAME, KEY, dialect=kept[-1])
    await second.users()
    await second.query_lists()
    assert all(request.authenticated for request in sim.requests)


async def test_a_pbx_by_the_page_has_nothing_to_be_kept(sim: Simulator, client: DlsPbxClient) -> None:
    """Nothing needs to be said of what everybody expects."""
    for ask, _, _ in REQUESTS.values():
        await ask(client)
    assert client.dialect.as_stored() == {}


async def test_an_upgrade_in_the_middle_is_found_out(sim: Simulator, client: DlsPbxClient) -> None:
    """The office would be asked for another key on the morning after."""
    await client.users()
    await client.query_sms()
    for endpoint in ENDPOINTS:
        speak(sim, endpoint, body_encodings="form")
    assert (await client.users()).rows
    await client.query_sms()
    assert (await client.send_sms([CALLER], "Hello")).message_id
    assert len([one for one in sim.requests.of("sms.send_sms") if one.processed]) == 1


async def test_one_endpoint_that_refuses_takes_nothing_else_down(sim: Simulator, client: DlsPbxClient) -> None:
    """A key that works everywhere else is no wrong key."""
    await client.users()
    sim.control.fail("reports.report", "wrong_key", times=None)
    for _ in range(3):
        with pytest.raises(DlsPbxPermissionError):
            await REQUESTS["reports.report"][0](client)
    assert (await client.queues()).rows


@pytest.mark.parametrize("times", [1, 2])
async def test_a_refusal_that_passes_is_no_wrong_key(sim: Simulator, client: DlsPbxClient, times: int) -> None:
    """Nothing would be asked any more until a person typed the same key again."""
    await client.users()
    sim.control.fail("status.users", "wrong_key", times=times)
    for _ in range(times):
        assert (await client.users()).rows


async def test_a_key_that_is_refused_everywhere_is_a_wrong_one(
    sim: Simulator, client: DlsPbxClient, connections: HttpConnections
) -> None:
    """The office would stay unavailable, and nobody would be asked for the new key."""
    await client.users()
    sim.control.fail("*", "wrong_key", times=None)
    with pytest.raises(DlsPbxAuthenticationError):
        await client.queues()
    asked = len(sim.requests)
    for ask in (client.users, client.query_lists, client.calls):
        with pytest.raises(DlsPbxAuthenticationError):
            await ask()
    assert len(sim.requests) == asked


async def test_of_a_key_that_was_never_answered_access_denied_means_the_key(
    sim: Simulator, connections: HttpConnections
) -> None:
    """The form would accept a wrong key, and the set-up be tried again for ever."""
    client = DlsPbxClient(connections, sim.url, USERNAME, KEY)
    sim.control.fail("*", "no_permission", times=None)
    with pytest.raises(DlsPbxAuthenticationError):
        await client.check()
    sim.control.heal()
    sim.control.fail("status.users", "no_permission", times=None)
    await DlsPbxClient(connections, sim.url, USERNAME, KEY).check()
