"""What is new in an answer against the one before, and that nothing else is."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxClient
from custom_components.dls_pbx.api.models import Snapshot
from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.api_requests import STATUS
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, NOW, OTHER_CALLER, TOM
from tests.helpers.scripted_server import Scripted
from tests.helpers.snapshots import kept


@pytest.fixture
def busy(pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Let something be in every answer."""
    for number in (CALLER, OTHER_CALLER):
        pbx.answer(pbx.call_in(number, to="support"))
    pbx.call_in("6305550101", to="support")
    pbx.call_in("6305550102", to="night")
    pbx.answer(pbx.call_out(JERRY, "8475550177"))
    pbx.join_conference("2000", CALLER)
    pbx.send_fax(TOM, OTHER_CALLER)
    pbx.start_campaign("1")
    clock.advance(75)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", STATUS)
async def test_a_first_answer_is_all_news(client: DlsPbxClient, action: str) -> None:
    """What is not told when it appears is never shown."""
    snapshot = await STATUS[action](client, None)
    assert snapshot.rows
    assert (snapshot.changed, snapshot.gone) == (snapshot.rows.keys(), set())


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", STATUS)
async def test_the_same_bytes_are_the_same_snapshot(client: DlsPbxClient, action: str) -> None:
    """Not even parsing them again is the cheapest poll."""
    before = await STATUS[action](client, None)
    assert await STATUS[action](client, before) is before


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", STATUS)
async def test_the_same_facts_in_other_bytes_are_no_news(sim: Simulator, client: DlsPbxClient, action: str) -> None:
    """An office where nothing happens must cost nothing, however the PBX writes that."""
    before = await STATUS[action](client, None)
    # A field more in the fax statistics is a statistic more.
    sim.control.quirk(whitespace="pretty", shuffled_keys=True, extra_fields=action != "status.faxes")
    after = await STATUS[action](client, before)
    assert after is not before
    assert (after.changed, after.gone) == (set(), set())
    assert all(kept(before, after).values())
    assert after.rows.keys() == before.rows.keys()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", ["status.queues", "status.calls", "status.faxes", "status.provisioning"])
@pytest.mark.parametrize("style", ["page", "seconds", "clock", "lettered", "waiting", "retry", "words"])
async def test_time_alone_is_no_news(
    sim: Simulator, client: DlsPbxClient, clock: ManualClock, action: str, style: str
) -> None:
    """Clocks tick in nearly every row: each of them would be written at every poll."""
    sim.control.quirk(durations=style)
    first = before = await STATUS[action](client, None)
    for _ in range(8):
        clock.advance(7)
        after = await STATUS[action](client, before)
        assert after is before or (after.changed, after.gone) == (set(), set())
        assert all(kept(first, after).values())
        assert after.rows.keys() == first.rows.keys()
        before = after
    if style not in {"words", "retry"} and action != "status.faxes":
        assert before is not first  # the clocks did tick


# The answer's name for its rows, a row, and which of its fields moves by itself.
MOVING: dict[str, tuple[str, dict[str, Any], str]] = {
    "status.users": ("users", {"authid": "tom", "user": "Tom", "status": "OK (3 ms)"}, "status"),
    "status.provisioning": (
        "provisioning",
        {"mac_address": "24:9a:d8:02:f4:4e", "device": "Yealink", "last_provision_delta": "00:59:07"},
        "last_provision_delta",
    ),
    "status.queues": ("queues", {"name": "Tom", "penalty": "0", "lastcall": "30 secs ago"}, "lastcall"),
}


@pytest.mark.parametrize("action", MOVING)
async def test_a_field_that_moves_may_be_missing(scripted: Scripted, reader: DlsPbxClient, action: str) -> None:
    """Another version of the PBX, or one quirk of PHP more: what it does not say is unknown, the rest is as it was."""
    answer, row, moving = MOVING[action]

    def shows(row: dict[str, Any]) -> None:
        scripted.shows(**{answer: {"q": {"queue": "q", "agents": {"tom": row}}} if answer == "queues" else [row]})

    def said(snapshot: Snapshot[Any]) -> Any:
        (found,) = snapshot.rows.values()
        return found.agents["tom"] if answer == "queues" else found

    shows(row)
    full = await STATUS[action](reader, None)
    shows({name: value for name, value in row.items() if name != moving})
    without = await STATUS[action](reader, full)
    alone = await STATUS[action](reader, None)
    assert said(without) == said(alone)
    shows(row)
    again = await STATUS[action](reader, without)
    assert said(again) == said(full)


async def test_a_fax_that_moves_on_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Queued, under way, done: each shows."""
    fax = pbx.send_fax(TOM, OTHER_CALLER)
    before = await client.faxes()
    pbx.fax_progress(fax)
    after = await client.faxes(before)
    assert after.changed == {""}
    assert (before.rows[""].queued, after.rows[""].queued, after.rows[""].processing) == (1, 0, 1)


async def test_every_line_of_a_base_station_is_a_row(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Of several handsets on one base, all users have a phone."""
    pbx.add_phone(ANNE_MARIE, "24:9a:d8:02:f4:4e", "Yealink W70P")
    before = await client.provisioning()
    assert sorted(phone.extension or "" for phone in before.rows.values()) == [
        "630@default",
        "631@default",
        "69@default",
    ]
    assert len({phone.mac_address for phone in before.rows.values()}) == 2


async def test_a_phone_that_fetched_anew_is_news(client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock) -> None:
    """That is what the row is for."""
    before = await client.provisioning()
    clock.advance(3600)
    pbx.provision(TOM)
    after = await client.provisioning(before)
    assert [after.rows[key].last_provisioned for key in after.changed] == [NOW + timedelta(hours=1)]


async def test_rooms_and_campaigns_come_and_go(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """A room exists while somebody is in it, a campaign until it is deleted."""
    rooms, campaigns = await client.conferences(), await client.campaigns()
    assert rooms.rows == {}
    call = pbx.join_conference("2000", CALLER, admin=True)
    pbx.remove_campaign("1")
    pbx.add_campaign("2", "Recall")
    rooms, campaigns = await client.conferences(rooms), await client.campaigns(campaigns)
    assert (rooms.changed, rooms.rows["2000"].participants, rooms.rows["2000"].admins) == ({"2000"}, 1, 1)
    assert (campaigns.changed, campaigns.gone) == ({"2"}, {"1"})
    pbx.leave_conference(call)
    assert (await client.conferences(rooms)).gone == {"2000"}


async def test_a_line_in_the_log_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """The log's last line is what is shown of it."""
    before = await client.campaign_logs()
    pbx.log_campaign("1", "INFO", "Placing call")
    after = await client.campaign_logs(before)
    assert after.changed == {"Reminders"}
    assert after.rows["Reminders"].output[-1].endswith("INFO: Placing call")
