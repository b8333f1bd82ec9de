"""Asterisk's own words, read as a person at its console would, without the engine's help."""

import re
from typing import Final

_COLOR: Final = re.compile(r"\x1b\[[0-9;]*m")
_QUEUE: Final = re.compile(r"^(\S+) +has (\d+) calls .*\((\d+)s holdtime, .*\bC:(\d+), A:(\d+),")
_MEMBER: Final = re.compile(r"^\s+(?:.*\()?(?:PJSIP|Local)/(\w+)\S*?\)? +\(ringinuse (?:enabled|disabled)\)(.*)$")
_STATES: Final = (
    "Not in use",
    "In use",
    "Busy",
    "Invalid",
    "Unavailable",
    "Ringing",
    "Ring+Inuse",
    "On Hold",
    "Unknown",
    "in call",
)


def plain(text: str) -> str:
    """Take the colours off."""
    return _COLOR.sub("", text)


def queue_show(text: str) -> dict[str, dict[str, str]]:
    """Read `queue show`: what Home Assistant should show of each queue, as states."""
    queues: dict[str, dict[str, str]] = {}
    members: list[str] = []
    for line in plain(text).splitlines():
        if found := _QUEUE.match(line):
            name, waiting, hold, completed, lost = found.groups()
            members = []
            queues[name] = {
                "callers_waiting": waiting,
                "hold_time": hold,
                "completed_calls": completed,
                "lost_calls": lost,
            }
        elif queues and (member := _MEMBER.match(line)):
            members.append(member[2])
            queues[next(reversed(queues))] |= _agents(members)
    for figures in queues.values():
        figures.setdefault("agents_logged_in", "0")
    return queues


def _agents(members: list[str]) -> dict[str, str]:
    paused = ["(paused" in line for line in members]
    states = [next((state for state in _STATES if f"({state})" in line), "") for line in members]
    free = sum(state == "Not in use" and not is_paused for state, is_paused in zip(states, paused, strict=True))
    return {
        "agents_logged_in": str(len(members)),
        "agents_available": str(free),
        "agents_paused": str(sum(paused)),
    }


def members_in(text: str, queue: str) -> dict[str, str]:
    """Read `queue show`: the rest of each member's line, by auth ID."""
    inside, found = False, {}
    for line in plain(text).splitlines():
        if line and not line.startswith(" "):
            inside = line.startswith(f"{queue} ")
        elif inside and (member := _MEMBER.match(line)):
            found[member[1]] = member[2]
    return found


def voicemail_show_users(text: str) -> dict[str, str]:
    """Read `voicemail show users`: new messages by `mailbox@context`."""
    found = {}
    for line in plain(text).splitlines():
        words = line.split()
        if len(words) > 2 and words[1].isdigit() and words[-1].isdigit():  # context, box, count
            found[f"{words[1]}@{words[0]}"] = words[-1]
    return found


def confbridge_list(text: str) -> dict[str, str]:
    """Read `confbridge list`: users by room."""
    rooms = (line.split() for line in plain(text).splitlines())
    return {words[0]: words[1] for words in rooms if len(words) > 1 and words[0].isdigit() and words[1].isdigit()}
