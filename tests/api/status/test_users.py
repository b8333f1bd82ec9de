"""Users and their phones: who comes and goes, and what of a phone is news."""

import json
from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxClient
from simulator import models
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import JERRY, TOM
from tests.helpers.scripted_server import Scripted
from tests.helpers.snapshots import kept


async def test_latencies_are_no_news_of_the_phones(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """They jitter at every poll on every phone, and hardly anybody shows them."""
    before = await client.users()
    assert before.latencies[TOM] == 3
    pbx.set_registration(TOM, models.Registration.OK, 4)
    after = await client.users(before)
    assert (after.changed, after.gone) == (set(), set())
    assert after.latencies[TOM] == 4
    assert all(kept(before, after).values())
    pbx.set_registration(TOM, models.Registration.OK, 5)
    later = await client.users(after)
    assert later.latencies[TOM] == 5
    assert later.rows[TOM] is before.rows[TOM]


async def test_a_latency_that_is_no_longer_told_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Else the last one stands for ever."""
    before = await client.users()
    pbx.set_registration(TOM, models.Registration.UNREACHABLE)
    after = await client.users(before)
    assert after.changed == {TOM}
    assert TOM not in after.latencies
    assert after.rows[TOM].registered is False


async def test_latencies_are_of_those_who_have_one(scripted: Scripted, reader: DlsPbxClient) -> None:
    """A phone that the PBX does not watch is no phone at no distance."""
    scripted.shows(users=[{"authid": "tom", "status": "OK (3 ms)"}, {"authid": "jerry", "status": "Unmonitored"}])
    latencies = (await reader.users()).latencies
    assert (dict(latencies), len(latencies), latencies.get("jerry")) == ({"tom": 3}, 1, None)


async def test_other_bytes_without_news_change_no_latencies(sim: Simulator, client: DlsPbxClient) -> None:
    """What was news at the last poll is none at this one."""
    before = await client.users()
    sim.control.quirk(whitespace="pretty")
    after = await client.users(before)
    assert (after.changed, after.gone) == (set(), set())
    assert after.latencies is before.latencies


async def test_only_the_phone_that_changed_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """A poll costs what changed, not what exists."""
    before = await client.users()
    pbx.set_voicemail(TOM, 3, 6)
    after = await client.users(before)
    assert (after.changed, after.gone) == ({TOM}, set())
    assert kept(before, after) == {auth_id: auth_id != TOM for auth_id in after.rows}
    assert (after.rows[TOM].voicemail_new, before.rows[TOM].voicemail_new) == (3, 2)


async def test_who_comes_and_who_goes_is_told(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Their devices come and go with them."""
    before = await client.users()
    pbx.remove_extension(JERRY)
    pbx.add_extension("700", "New", auth_id="newcomer")
    after = await client.users(before)
    assert (after.changed, after.gone) == ({"newcomer"}, {JERRY})
    assert JERRY not in after.latencies
    later = await client.users(after)
    assert later is after


async def test_a_move_to_another_address_is_no_news(
    client: DlsPbxClient, pbx: SimulatedPbx, scripted: Scripted
) -> None:
    """Nobody is shown a phone's address, and it changes as routers like."""
    scripted.shows()
    before = await client.users()
    pbx.remove_extension(JERRY)
    pbx.add_extension("69", "Jerry", auth_id=JERRY, address=("192.0.2.77", 5062))
    after = await client.users(before)
    assert (after.changed, after.gone) == (set(), set())


PEOPLE = [{"authid": auth_id, "ext": str(630 + n), "status": "OK (3 ms)"} for n, auth_id in enumerate("abcd")]


@pytest.mark.parametrize(
    ("rows", "changed", "gone"),
    [
        (PEOPLE[::-1], set(), set()),
        (dict(enumerate(PEOPLE)), set(), set()),
        (PEOPLE[1:], set(), {"a"}),
        ([PEOPLE[0], {"authid": "e"}, *PEOPLE[1:]], {"e"}, set()),
        ([*PEOPLE[:3], {"authid": "e"}], {"e"}, {"d"}),
        ([*PEOPLE[:3], PEOPLE[3] | {"ext": "700"}], {"d"}, set()),
        ([*PEOPLE, PEOPLE[3] | {"ext": "700"}], {"d"}, set()),  # one id twice: the last counts
        ([*PEOPLE[:3], PEOPLE[0] | {"ext": "700"}], {"a"}, {"d"}),
        ([*PEOPLE, {"user": "Nobody"}], set(), set()),
        ([], set(), {"a", "b", "c", "d"}),
    ],
)
async def test_rows_are_the_same_wherever_they_stand(
    scripted: Scripted, reader: DlsPbxClient, rows: Any, changed: set[str], gone: set[str]
) -> None:
    """A row that moves to another place, or into PHP's other shape, is no other row."""
    scripted.shows(users=PEOPLE)
    before = await reader.users()
    scripted.says(json.dumps({"result": "success", "users": rows}))
    after = await reader.users(before)
    assert (after.changed, after.gone) == (changed, gone)
    assert all(row is before.rows[key] for key, row in after.rows.items() if key not in changed)
    alone = await reader.users()
    assert (after.rows, dict(after.latencies)) == (alone.rows, dict(alone.latencies))
    scripted.shows(users=PEOPLE)
    again = await reader.users(after)
    assert (again.changed, again.gone) == (gone | (changed & before.rows.keys()), changed - before.rows.keys())
    assert again.rows == before.rows


async def test_of_two_rows_with_one_id_the_last_counts(scripted: Scripted, reader: DlsPbxClient) -> None:
    """Whatever the PBX means by it, the same rows must say the same at every poll."""
    scripted.shows(users=[*PEOPLE, PEOPLE[3] | {"ext": "700"}])
    before = await reader.users()
    scripted.shows(users=[*PEOPLE[:3], PEOPLE[3] | {"ext": "800"}, PEOPLE[3] | {"ext": "700"}])
    after = await reader.users(before)
    assert (after.changed, after.rows["d"].extension) == (set(), "700")


async def test_rows_without_an_id_are_left_out(scripted: Scripted, reader: DlsPbxClient) -> None:
    """They cannot be told apart from poll to poll, and must not take the others with them."""
    scripted.shows(users=[{"user": "Nobody"}, {"authid": "tom", "ext": "630"}, {"authid": "", "ext": "69"}])
    assert list((await reader.users()).rows) == ["tom", "69"]


@pytest.mark.parametrize(
    ("status", "host", "registered"),
    [
        ("OK (3 ms)", "192.0.2.1", True),
        ("LAGGED (2100 ms)", "192.0.2.1", True),
        ("ok(3ms)", "192.0.2.1", True),
        ("UNREACHABLE", "192.0.2.1", False),
        ("Unmonitored", "192.0.2.1", None),
        ("Unmonitored", "N/A", False),
        ("Unmonitored", "n/a", False),
        ("Unmonitored", "", False),
        ("UNKNOWN", "192.0.2.1", None),
        ("UNKNOWN", "N/A", False),
        ("Moonlighting", "192.0.2.1", None),
        (None, "192.0.2.1", None),
        ([], "192.0.2.1", None),
        (7, "192.0.2.1", None),
    ],
)
async def test_a_phone_that_the_pbx_does_not_watch_is_unknown(
    scripted: Scripted, reader: DlsPbxClient, status: Any, host: str, registered: bool | None
) -> None:
    """Neither on nor off would be true; but one without an address is off for sure."""
    scripted.shows(users=[{"authid": "tom", "status": status, "host": host}])
    assert (await reader.users()).rows["tom"].registered is registered


@pytest.mark.parametrize("latency", ["9" * 5000, "9" * 7, "-3"])
async def test_a_latency_that_no_phone_has_is_none(scripted: Scripted, reader: DlsPbxClient, latency: str) -> None:
    """Python refuses to read some thousand digits, and the entities of all phones would stand still."""
    rows = [{"authid": "tom", "status": "OK (3 ms)"}, {"authid": "zoe", "status": "OK (4 ms)"}]
    scripted.shows(users=rows)
    before = await reader.users()
    rows[0]["status"] = f"OK ({latency} ms)"
    scripted.shows(users=rows)
    for users in (await reader.users(before), await reader.users()):
        assert dict(users.latencies) == {"zoe": 4}
        assert list(users.rows) == ["tom", "zoe"]
