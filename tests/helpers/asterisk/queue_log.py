"""`queue_log`, counted as naively as can be: the other opinion on what the engine makes of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass(slots=True)
class Tally:
    """Who came to which queue, in order, who was answered, and who is still there."""

    entered: list[tuple[str, str, str]] = field(default_factory=list)  # call, queue, number
    answered: set[tuple[str, str]] = field(default_factory=set)  # call, queue
    present: set[str] = field(default_factory=set)  # calls that wait or talk in a queue

    @classmethod
    def of(cls, path: Path) -> Self:
        """Count what the file says."""
        tally = cls()
        for line in path.read_text("utf-8").splitlines():
            _, call, queue, _, event, *data = [*line.split("|"), "", ""]
            if event == "QUEUESTART":
                tally.present.clear()
            elif event == "ENTERQUEUE":
                tally.entered.append((call, queue, data[1]))
                tally.present.add(call)
            elif event == "CONNECT":
                tally.answered.add((call, queue))
            elif event in {
                "ABANDON",
                "EXITWITHTIMEOUT",
                "COMPLETEAGENT",
                "COMPLETECALLER",
                "BLINDTRANSFER",
                "ATTENDEDTRANSFER",
            }:
                tally.present.discard(call)
        return tally

    def figures(self, queue: str) -> dict[str, str]:
        """Return a queue's figures of calls that are over, as Home Assistant should show them."""
        calls = {call for call, where, _ in self.entered if where == queue and call not in self.present}
        lost = {call for call in calls if (call, queue) not in self.answered}
        return {
            "calls_today": str(len(calls)),
            "missed_calls_today": str(len(lost)),
            "abandoned_calls_today": str(len(lost)),
        }
