"""Rosters: who works in an office of a dozen people, and who answers which of its queues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NORTH = "north-side"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """People by extension, tenant and name; queues by name, each with its strategy and agents.

    The last one of the people has never plugged their phone in. The first one's log-in to a queue is for good.
    """

    staff: Sequence[tuple[str, str, str]]
    queues: Mapping[str, tuple[str, Sequence[str]]]
    mobile: str  # the extension that rings along with somebody's desk phone
    team: Sequence[str]  # the extensions of the user group "Sales team"


# Names as nasty as real ones can be; the queue named "0" is what callers get who press it.
ODD = Roster(
    staff=(
        ("100", "default", "Front Desk"),
        ("101", "default", "Anna Meyer"),
        ("102", "default", "Tom Becker"),
        ("103", "default", "Jerry Castillo"),
        ("104", "default", "Anne-Marie O'Neil"),
        ("105", "default", "Jürgen Groß"),
        ("106", "default", "Priya Raman"),
        ("107", "default", 'Luis "Lucho" Ortega'),
        ("108", "default", "Mei-Ling Chen"),
        ("109", "default", "Warehouse @ Dock 2"),
        ("1102", "default", "Tom Becker - Mobile"),
        ("100", NORTH, "North Side Reception"),
        ("101", NORTH, "Zoë Núñez"),
        ("110", "default", "Spare Room"),
    ),
    queues={
        "support": ("ringall", ("101@default", "102@default", "103@default", f"101@{NORTH}")),
        "sales": ("leastrecent", ("105@default", "106@default", "107@default")),
        "billing": ("rrmemory", ("104@default", "108@default")),
        "0": ("linear", ("100@default", f"100@{NORTH}")),
        "after-hours": ("ringall", ()),
    },
    mobile="1102@default",
    team=("105", "106", "107"),
)

# What one would show a visitor. Nobody answers after hours, so that who calls there can be seen waiting.
SHOWN = Roster(
    staff=(
        ("100", "default", "Front Desk"),
        ("101", "default", "Anna Meyer"),
        ("102", "default", "Tom Becker"),
        ("103", "default", "Jerry Castillo"),
        ("104", "default", "Anne-Marie O'Neil"),
        ("105", "default", "Jürgen Groß"),
        ("106", "default", "Priya Raman"),
        ("107", "default", "Luis Ortega"),
        ("108", "default", "Mei-Ling Chen"),
        ("109", "default", "Warehouse"),
        ("120", "default", "Lobby"),
        ("121", "default", "Meeting Room"),
        ("1102", "default", "Tom Becker Mobile"),
        ("110", "default", "Spare Desk"),
    ),
    queues={
        "Sales": ("leastrecent", ("105@default", "106@default", "107@default")),
        "Support": ("ringall", ("101@default", "102@default", "103@default", "100@default")),
        "Billing": ("rrmemory", ("104@default", "108@default")),
        "After hours": ("ringall", ()),
    },
    mobile="1102@default",
    team=("105", "106", "107"),
)
