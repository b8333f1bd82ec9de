"""State of one call queue: members, callers and counters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from simulator.pbx.call import Call

STRATEGIES = ("ringall", "leastrecent", "fewestcalls", "random", "rrmemory", "linear", "wrandom", "rrordered")


@dataclass(slots=True, kw_only=True)
class Member:
    """An agent's place in one queue."""

    auth_id: str
    logged_in_at: datetime | None
    penalty: int = 0
    dynamic: bool = True
    ring_in_use: bool = False
    paused: bool = False
    pause_reason: str | None = None
    paused_at: datetime | None = None
    last_call_at: datetime | None = None
    call_count: int = 0
    in_call: bool = False


@dataclass(slots=True, kw_only=True)
class QueueState:
    """A queue's members, callers and counters."""

    name: str
    strategy: str
    ring_seconds: int = 15  # how long one agent's phone rings before the next one's
    timeout: int | None = None  # how long a caller may wait; None = for ever
    members: dict[str, Member] = field(default_factory=dict)
    waiting: list[Call] = field(default_factory=list)
    hold_time: int = 0
    completed: int = 0
    lost: int = 0
    last_rung: str = ""

    def count_hold(self, seconds: int) -> None:
        """Move the average hold time a quarter of the way, in whole seconds; the first call sets it."""
        self.hold_time = (3 * self.hold_time + seconds) // 4 if self.completed + self.lost else seconds

    def choose(self, agents: Sequence[Member], rng: Random) -> Member:
        """Pick the agent to ring, in strategies that ring one at a time."""
        match self.strategy:
            case "leastrecent":
                return min(agents, key=lambda member: member.last_call_at.timestamp() if member.last_call_at else 0)
            case "fewestcalls":
                return min(agents, key=lambda member: member.call_count)
            case "random" | "wrandom":
                return rng.choice(agents)
            case "rrmemory" | "rrordered":
                order = list(self.members)
                last = order.index(self.last_rung) if self.last_rung in order else -1
                return min(agents, key=lambda member: (order.index(member.auth_id) - last - 1) % len(order))
            case _:
                return agents[0]
