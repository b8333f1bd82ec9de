"""Plan of an office: how big it is, and how its users, queues, rooms and lists are set up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from simulator.models import Extension, Registration
from simulator.office.people import DEVICES, full_name, outside_number, queue_name
from simulator.office.rosters import NORTH, ODD, SHOWN, Roster
from simulator.pbx.simulated import SimulatedPbx

FIRST_EXTENSION = 100
_TEAM = 20  # users of a group, where they are many


class Size(StrEnum):
    """How big an office is."""

    DESK = "desk"
    OFFICE = "office"
    DEMO = "demo"
    COMPANY = "company"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an office has; `calls` is how many are usually in progress, `calls_a_day` how many a past day had."""

    phones: int
    queues: int
    agents_per_queue: int
    calls: int
    calls_a_day: int
    contacts: int


PLANS = {
    Size.DESK: Plan(phones=1, queues=0, agents_per_queue=0, calls=1, calls_a_day=40, contacts=5),
    Size.OFFICE: Plan(phones=14, queues=5, agents_per_queue=3, calls=4, calls_a_day=160, contacts=25),
    # As many as on a day at the pace of its own life, so that today is a day like any other.
    Size.DEMO: Plan(phones=14, queues=4, agents_per_queue=3, calls=3, calls_a_day=1550, contacts=25),
    Size.COMPANY: Plan(phones=200, queues=20, agents_per_queue=6, calls=30, calls_a_day=1200, contacts=100),
    # A busier past costs minutes to make up.
    Size.LARGE: Plan(phones=5000, queues=200, agents_per_queue=10, calls=500, calls_a_day=4000, contacts=500),
}

_ROSTERS = {Size.OFFICE: ODD, Size.DEMO: SHOWN}
_STRATEGIES = ("ringall", "leastrecent", "rrmemory", "fewestcalls", "random")


def populate(pbx: SimulatedPbx, size: Size) -> None:
    """Put an office of that size into an empty PBX."""
    plan = PLANS[size]
    if roster := _ROSTERS.get(size):
        _hire(pbx, roster)
    else:
        _hire_many(pbx, plan)
    _equip(pbx)
    _number(pbx)
    pbx.add_conference("2000", recorded=True)
    pbx.add_campaign("1", "Spring Reminders", caller_id="1")
    _sign_up(pbx, plan)
    _look_back(pbx)


def _hire(pbx: SimulatedPbx, roster: Roster) -> None:
    """Hire by name."""
    for ext, tenant, name in roster.staff:
        pbx.add_extension(ext, name, tenant=tenant, address=_address(len(pbx.users())))
    at_desk, spare = (f"{ext}@{tenant}" for ext, tenant, _ in (roster.staff[0], roster.staff[-1]))
    pbx.set_registration(spare, Registration.UNKNOWN)
    pbx.mirror(roster.mobile, "102@default")
    pbx.user_groups["Sales team"] = _auth_ids(pbx.user(ext) for ext in roster.team)
    for name, (strategy, agents) in roster.queues.items():
        pbx.add_queue(name, strategy)
        for agent in agents:
            pbx.log_in_agent(name, agent, dynamic=agent != at_desk)


def _hire_many(pbx: SimulatedPbx, plan: Plan) -> None:
    """Hire by number: every fiftieth works on the north side and has the extension of the one before."""
    users: list[Extension] = []
    for index in range(plan.phones):
        north = index % 50 == 49  # noqa: PLR2004  # every fiftieth
        ext, tenant = str(FIRST_EXTENSION + index - north), NORTH if north else "default"
        users.append(pbx.add_extension(ext, full_name(index), tenant=tenant, address=_address(index)))
        if index and index % 100 == 0:
            pbx.set_registration(users[-1].auth_id, Registration.UNKNOWN)
        elif index % 100 == 1 and index > 1:
            pbx.set_registration(users[-1].auth_id, Registration.UNREACHABLE)
    for begin in range(0, len(users), _TEAM):
        pbx.user_groups[f"Team {begin // _TEAM + 1}"] = _auth_ids(users[begin : begin + _TEAM])
    for index in range(plan.queues):
        pbx.add_queue(queue_name(index), _STRATEGIES[index % len(_STRATEGIES)])
        for agent in range(plan.agents_per_queue):
            user = users[(index * plan.agents_per_queue + agent) % len(users)]
            pbx.log_in_agent(queue_name(index), user.auth_id, penalty=agent // 5)


def _auth_ids(users: Iterable[Extension]) -> set[str]:
    return {user.auth_id for user in users}


def _address(index: int) -> tuple[str, int]:
    """Return where a phone registers from: a network kept free for examples, one port per phone."""
    return f"203.0.113.{1 + index % 250}", 5060 + index // 250


def _equip(pbx: SimulatedPbx) -> None:
    """Give everyone a desk phone, provisioned within the last days; every tenth not for weeks, and in vain."""
    rng = pbx.rng
    for index, user in enumerate(pbx.users()):
        if user.host and user.registration is Registration.OK:
            pbx.set_registration(user.auth_id, Registration.OK, rng.randint(4, 60))
        prefix, device = DEVICES[index % len(DEVICES)]
        mac = f"{prefix}:{index >> 16 & 255:02x}:{index >> 8 & 255:02x}:{index & 255:02x}"
        stale = index % 10 == 9  # noqa: PLR2004  # every tenth
        age = timedelta(days=rng.uniform(8, 40)) if stale else timedelta(hours=rng.uniform(0, 100))
        pbx.add_phone(user.auth_id, mac, device, last_provisioned_at=pbx.now() - age, provisioned=not stale)


def _number(pbx: SimulatedPbx) -> None:
    """Lead numbers of the PBX's own to queues and people."""
    places: Sequence[str] = [queue.name for queue in pbx.queues()] + [f"{u.ext}@{u.tenant}" for u in pbx.users()]
    for index, place in enumerate(places[:100]):
        pbx.numbers[f"84755502{index:02}" if index else "8005550199"] = place


def _sign_up(pbx: SimulatedPbx, plan: Plan) -> None:
    """Fill the lists of those who want text messages, and of those who don't."""
    rng, now = pbx.rng, pbx.now()
    pbx.add_messaging_campaign("CQ7X2LM", "Appointment reminders")
    pbx.add_messaging_campaign("CB19ZKT", "News & offers")
    pbx.add_contact_list("Patients")
    numbers = sorted({outside_number(rng) for _ in range(plan.contacts)})
    for index, number in enumerate(numbers):
        since = now - timedelta(days=rng.uniform(1, 300))
        if index % 5 == 0:
            pbx.add_unsubscriber(number, str(index % len(pbx.tenants)), text="STOP", since=since)
        else:
            pbx.add_subscriber(number, "CQ7X2LM" if index % 2 else "CB19ZKT", since=since)


def _look_back(pbx: SimulatedPbx) -> None:
    """Set what the queues have counted since the PBX's last restart; one agent each has taken no call yet."""
    rng = pbx.rng
    for queue in map(pbx.queue, [queue.name for queue in pbx.queues()]):
        for member in list(queue.members.values())[:-1]:
            member.call_count = rng.randint(3, 30)
            member.last_call_at = pbx.now() - timedelta(seconds=rng.uniform(30, 5000))
        queue.completed = sum(member.call_count for member in queue.members.values())
        queue.lost = queue.completed // 8
        queue.hold_time = rng.randint(4, 25) if queue.completed else 0
    for index, user in enumerate(pbx.users()):
        pbx.set_voicemail(user.auth_id, index % 3, index % 7)
