"""The living office: something goes on, by the rules, and always the same for one seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import ManualClock
from simulator.engine import PbxError
from simulator.models import DeviceState, Direction, Message, Registration
from simulator.office.scenarios import SAMPLE_TIME, Size, build, vendor_sample
from simulator.pbx.simulated import SimulatedPbx

MORNING = datetime(2026, 11, 23, 15, tzinfo=UTC)  # Monday, nine o'clock in Chicago
NIGHT = datetime(2026, 11, 22, 9, tzinfo=UTC)  # Sunday, three o'clock


def office(
    size: Size = Size.OFFICE, seed: int = 1, *, start: datetime = MORNING, live: bool = True, history_days: int = 0
) -> tuple[SimulatedPbx, ManualClock]:
    """Return an office and its clock."""
    clock = ManualClock(start)
    return build(size, seed, clock=clock, live=live, history_days=history_days), clock


def pass_time(pbx: SimulatedPbx, clock: ManualClock, seconds: int, step: float = 1) -> Iterator[None]:
    """Let time pass in steps, to look around in between."""
    for _ in range(round(seconds / step)):
        clock.advance(step)
        pbx.run_until(clock())
        yield


def picture(pbx: SimulatedPbx) -> tuple[object, ...]:
    """Return everything that can be read."""
    return (
        pbx.users(),
        pbx.queues(),
        pbx.calls(),
        pbx.faxes(),
        pbx.conferences(),
        pbx.provisioning(),
        pbx.campaigns(),
        pbx.campaign_logs(),
        list(pbx.call_records()),
        list(pbx.messages()),
        pbx.opt_in_lists(),
        pbx.opt_out_lists(),
    )


@pytest.mark.parametrize("size", [Size.DESK, Size.OFFICE, Size.COMPANY])
def test_the_same_seed_gives_the_same_day_however_often_one_looks(size: Size) -> None:
    """A failure seen once could not be seen again."""
    (first, first_clock), (second, second_clock) = (office(size, history_days=1) for _ in range(2))
    for _ in pass_time(first, first_clock, 1200, step=1):
        first.calls()
    for _ in pass_time(second, second_clock, 1200, step=600):
        picture(second)
    assert repr(picture(first)) == repr(picture(second))


def test_another_seed_gives_another_day() -> None:
    """The seed would have no effect."""
    assert repr(picture(office(seed=1)[0])) != repr(picture(office(seed=2)[0]))


@pytest.mark.parametrize(
    ("size", "phones", "queues", "calls"),
    [
        (Size.DESK, 1, 0, 1),
        (Size.OFFICE, 14, 5, 4),
        (Size.DEMO, 14, 4, 3),
        (Size.COMPANY, 200, 20, 30),
        (Size.LARGE, 5000, 200, 500),
    ],
)
def test_an_office_has_its_size(size: Size, phones: int, queues: int, calls: int) -> None:
    """A benchmark or a demo would run on another office than it says."""
    pbx, clock = office(size, live=False)
    assert (len(pbx.users()), len(pbx.queues()), len(pbx.calls())) == (phones, queues, calls)
    assert sum(len(queue.agents) for queue in pbx.queues()) == {200: 2000, 20: 120, 5: 11, 4: 9, 0: 0}[queues]
    assert pbx.find_user("100@default")
    before = repr(picture(pbx))
    clock.advance(3600)
    pbx.run_until(clock())
    assert repr(picture(pbx)) == before


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("start", [MORNING, NIGHT])
@pytest.mark.parametrize("size", [Size.OFFICE, Size.DEMO])
def test_a_demo_shows_something_within_the_first_minute(seed: int, start: datetime, size: Size) -> None:
    """Somebody who tries the demo would look at an office where nothing happens."""
    pbx, clock = office(size, seed, start=start)
    before = pbx.queues(), len(pbx.messages()), len(pbx.call_records())
    seen = Counter[str]()
    for _ in pass_time(pbx, clock, 60):
        seen["waiting"] += any(queue.callers for queue in pbx.queues())
        seen["ringing"] += any(not call.connected for call in pbx.calls())
        seen["talking"] += any(call.connected for call in pbx.calls())
        seen["meeting"] += bool(pbx.conferences())
        seen["fax"] += bool(pbx.faxes()[0])
        seen["pause"] += any(agent.paused for queue in pbx.queues() for agent in queue.agents)
        seen["campaign"] += bool(pbx.campaign_logs()[0].lines)
    assert len(seen) - sum(count == 0 for count in seen.values()) >= 5, seen
    assert seen["talking"] > 40
    assert (pbx.queues(), len(pbx.messages()), len(pbx.call_records())) != before


@pytest.mark.parametrize("seed", range(3))
def test_a_working_hour_has_everything_and_someone_is_mostly_on_the_phone(seed: int) -> None:
    """A part of the dashboard would never be seen working."""
    pbx, clock = office(seed=seed)
    talking, ages, states, reasons, phones = 0, [timedelta()], set(), set(), set()
    for _ in pass_time(pbx, clock, 3 * 3600, step=5):
        talking += any(call.connected for call in pbx.calls())
        ages.append(max((clock() - call.started_at for call in pbx.live_calls()), default=timedelta()))
        agents = [agent for queue in pbx.queues() for agent in queue.agents]
        states |= {agent.device_state for agent in agents}
        reasons |= {agent.pause_reason for agent in agents}
        phones |= {user.registration for user in pbx.users()}
    records, counters = pbx.call_records(), pbx.faxes()[1]
    assert talking > 0.8 * 3 * 720
    assert max(ages) < timedelta(hours=1)  # nobody is forgotten on the line
    assert {DeviceState.NOT_IN_USE, DeviceState.IN_USE, DeviceState.RINGING} <= states
    assert len(reasons) > 3
    assert {Registration.OK, Registration.LAGGED, Registration.UNREACHABLE, Registration.UNKNOWN} == phones
    assert {record.direction for record in records} >= set(Direction) - {Direction.HAIRPIN}
    assert any(record.abandoned_queues for record in records)
    assert any(record.voicemail for record in records)
    assert any(record.transferred for record in records)
    assert any(record.conference for record in records)
    assert counters["success"]
    assert counters["failed_faxes"]
    assert {message.direction for message in pbx.messages()} == {"inbound", "outbound"}


@pytest.mark.parametrize("seed", range(3))
def test_nothing_breaks_the_rules_of_the_queue(seed: int) -> None:
    """The office would show what no real PBX shows: a paused agent ringing, a free one beside a caller."""
    pbx, clock = office(Size.COMPANY, seed)
    for _ in pass_time(pbx, clock, 900, step=3):
        for state in pbx.queue_states():
            free = [member for member in state.members.values() if not member.paused and pbx.is_free(member.auth_id)]
            assert not (free and any(not call.ringing for call in state.waiting))
            rung = {auth_id for call in state.waiting for auth_id in call.ringing}
            assert rung <= state.members.keys()
            assert not any(state.members[auth_id].paused for auth_id in rung)
        talking = [call.talker for call in pbx.live_calls() if call.talker]
        talking += [
            call.dialing_user.auth_id
            for call in pbx.live_calls()
            if call.dialing_user and pbx.other_party(call.dialing_user.auth_id)
        ]
        assert len(talking) == len(set(talking))


def test_records_agree_with_what_was_live_and_what_the_queues_counted() -> None:
    """Today's figures from CDR would contradict the queues' own."""
    pbx, clock = office(Size.COMPANY, seed=4)
    pbx.reset_counters()
    known = {call.id: call for call in pbx.live_calls()}
    begun = len(known)
    for _ in pass_time(pbx, clock, 1800, step=1):
        known |= {call.id: call for call in pbx.live_calls()}
    rows = {record.unique_id: record for record in pbx.call_records() if not record.fax}
    assert begun < len(rows)
    assert {call.id for call in pbx.live_calls()} == known.keys() - rows.keys()
    assert all(rows[call_id].started_at == call.started_at for call_id, call in known.items() if call_id in rows)
    taken, lost = Counter[str](), Counter[str]()
    for call in known.values():
        for visit in call.visits:
            if visit.left_at:
                (taken if visit.taken_at else lost)[visit.queue] += 1
    for queue in pbx.queues():
        assert (queue.completed, queue.lost) == (taken[queue.name], lost[queue.name])
    abandoned = Counter(name for record in rows.values() for name in record.abandoned_queues)
    assert abandoned == lost


def test_calls_made_by_hand_are_answered_too() -> None:
    """Somebody who tries the control interface would wait for an answer."""
    pbx, clock = office()
    call_id = pbx.call_in("8155550199", to="support")
    call = pbx.call(call_id)
    for _ in pass_time(pbx, clock, 1200):
        pass
    assert call.bridged
    assert call.ended_at


def test_the_office_survives_everything_being_taken_away() -> None:
    """Removing things by hand would stop the whole office with an exception."""
    pbx, clock = office()
    for queue in pbx.queues():
        pbx.remove_queue(queue.name)
    pbx.remove_campaign("1")
    for user in pbx.users():
        pbx.remove_extension(user.auth_id)
    for _ in pass_time(pbx, clock, 3600, step=60):
        pass
    assert (pbx.users(), pbx.queues(), pbx.faxes()[0]) == ([], [], [])


def test_the_names_are_as_nasty_as_real_ones() -> None:
    """A client that splits labels at "-" or "@" would never be found out."""
    pbx, _ = office(live=False)
    users, queues = pbx.users(), {queue.name: queue for queue in pbx.queues()}
    names = " ".join(user.name for user in users)
    assert all(nasty in names for nasty in ("-", "@", "ü", "'", '"'))
    assert [user.tenant for user in users if user.ext == "100"] == ["default", "north-side"]
    assert queues["0"].agents
    assert not queues["after-hours"].agents
    assert any(agent.call_count == 0 and agent.last_call_at is None for agent in queues["support"].agents)
    assert {"support", "sales", "billing"} <= queues.keys()


@pytest.mark.parametrize("size", [Size.DESK, Size.OFFICE, Size.COMPANY])
def test_the_past_is_told_by_the_same_rules(size: Size) -> None:
    """Statistics of past days would show what cannot have been."""
    pbx, _ = office(size, live=False, history_days=7)
    records = pbx.call_records()
    days = Counter(record.started_at.astimezone(pbx.time_zone).date() for record in records)
    working = [count for day, count in days.items() if day.weekday() < 5 and day != MORNING.date()]
    resting = [count for day, count in days.items() if day.weekday() >= 5]
    assert len(days) == 8
    assert min(working) > 3 * max(resting)
    assert [record.started_at for record in records] == sorted(record.started_at for record in records)
    assert len({record.unique_id for record in records}) == len(records)
    for record in records:
        assert record.started_at + timedelta(seconds=record.duration) < MORNING
        assert 0 <= record.billable_duration <= record.duration
        assert not (record.bridged and record.voicemail)
        assert len(record.involved_agents) == len(record.queue_talk_durations)
        assert bool(record.queue_talk_durations) == (record.bridged and bool(record.involved_queues))
    messages: list[Message] = list(pbx.messages())
    assert [message.time for message in messages] == sorted(message.time for message in messages)
    assert len({message.id for message in messages}) == len(messages) > 0


@pytest.mark.parametrize("seed", range(3))
def test_the_demos_today_is_a_day_like_those_of_its_past(seed: int) -> None:
    """A chart of a month in which one day is ten times as high as the others looks like an error."""
    pbx, clock = office(Size.DEMO, seed, history_days=7)
    past = [
        record
        for record in pbx.call_records()
        if record.started_at.astimezone(pbx.time_zone).weekday() < 5
        and 8 <= record.started_at.astimezone(pbx.time_zone).hour < 18
        and record.started_at < MORNING - timedelta(hours=9)
    ]
    before = len(pbx.call_records())
    for _ in pass_time(pbx, clock, 4 * 3600, step=1):
        pass
    today = pbx.call_records()[before:]
    assert 0.7 < len(today) / 4 / (len(past) / 5 / 10) < 1.4
    missed, missed_then = (sum(not one.bridged for one in some) / len(some) for some in (today, past))
    assert abs(missed - missed_then) < 0.1


def test_the_demo_can_be_shown_to_visitors() -> None:
    """Whoever tries it first sees a queue called "0"."""
    pbx, _ = office(Size.DEMO, live=False)
    assert [queue.name for queue in pbx.queues()] == ["Sales", "Support", "Billing", "After hours"]
    assert not pbx.queue("After hours").members
    assert {"Front Desk", "Lobby", "Meeting Room"} <= {user.name for user in pbx.users()}
    assert {user.tenant for user in pbx.users()} == {"default"}


def test_without_a_past_there_is_none() -> None:
    """A test would find records that it did not make."""
    pbx, _ = office(live=False)
    assert (len(pbx.call_records()), len(pbx.messages())) == (0, 0)


def test_the_vendors_sample_takes_orders_except_where_it_is_printed() -> None:
    """The samples could be looked at only, not written to."""
    pbx = vendor_sample()
    assert pbx.now() == SAMPLE_TIME
    pbx.add_subscriber("8155550101", "XXXXXXX")
    assert len(pbx.opt_in_lists()[0].numbers) == 191
    assert pbx.messages()[-1].id == 3131
    pbx.send_sms("100@default", ["630"], "Hi", "")
    assert pbx.messages()[-1].id == 3132
    with pytest.raises(PbxError, match="already"):
        pbx.add_unsubscriber("5555555555", "0")


@pytest.mark.parametrize("size", [Size.DESK, Size.OFFICE, Size.COMPANY])
def test_there_are_user_groups_at_every_size(size: Size) -> None:
    """A report on a group could be tried in one office only."""
    pbx, _ = office(size)
    assert pbx.user_groups
    assert all(members <= {user.auth_id for user in pbx.users()} for members in pbx.user_groups.values())
