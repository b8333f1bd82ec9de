"""Samples: the answers of a busy office with odd names to each of the vendor's actions, taken from the stand-in PBX."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from custom_components.dls_pbx.api import DlsPbxClient, HttpConnections
from custom_components.dls_pbx.api.call_records import COLUMNS
from custom_components.dls_pbx.api.transport import recorded
from simulator.app import DEFAULT_KEY, DEFAULT_USER, Simulator
from simulator.clock import ManualClock
from simulator.office.scenarios import Size, build
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.api_requests import CONTACT, STATUS

NOW: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
START: Final = NOW - timedelta(hours=24)
# What the page leaves open, played in a few combinations.
READINGS: Final[tuple[Mapping[str, Any], ...]] = (
    {},
    {"numbers": "numbers", "empty_maps": "object", "php_escapes": True, "durations": "clock"},
    {"consent_keys": "xml", "sequential_maps": "object", "zeros": "null", "blanks": "absent", "durations": "lettered"},
    {"numbers": "strings", "extra_fields": True, "other_data": "page", "values": "odd_words", "durations": "words"},
)
ROWS: Final = 12  # of a table: a row more is no other case, and costs as much as another one

type Ask = Callable[[DlsPbxClient, Any], Awaitable[Any]]

# Each action, as the integration asks for it; status actions with the snapshot before.
ASKS: Final[Mapping[str, Ask]] = {
    **STATUS,
    "sms.send_sms": lambda client, _: client.send_sms(["101", "+18155550123"], "Your order is ready", "505"),
    "sms.query_sms": lambda client, _: client.query_sms(limit=ROWS, offset=0, ascending=False),
    "dialer.add_contact_list": lambda client, _: client.add_contact_list("Überfällig"),
    "dialer.add_contact": lambda client, _: client.add_contact("Patients", CONTACT, {"A&B": "1"}, date(2026, 12, 1)),
    "subscribers.query_lists": lambda client, _: client.query_lists(),
    "subscribers.add_subscriber": lambda client, _: client.add_subscriber("8155550177", "CQ7X2LM"),
    "subscribers.remove_subscriber": lambda client, _: client.remove_subscriber("8155550177", "CQ7X2LM"),
    "subscribers.add_unsubscriber": lambda client, _: client.add_unsubscriber("8155550177", "0"),
    "subscribers.remove_unsubscriber": lambda client, _: client.remove_unsubscriber("8155550177", "0"),
    "reports.report": lambda client, _: client.report(COLUMNS, start=START, options={"per_page": str(ROWS)}),
    "reports.report ids": lambda client, _: client.report(["unique_id"], start=START, options={"per_page": str(ROWS)}),
    "reports.report count": lambda client, _: client.report(["date"], start=START, options={"count_only": "true"}),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One healthy answer, and the question to it."""

    question: str  # of ASKS
    body: bytes = field(repr=False)


def question(endpoint: str, action: str, params: Mapping[str, Any]) -> str:
    """Return which of the questions a request is."""
    if endpoint != "reports":
        return f"{endpoint}.{action}"
    if "count_only=true" in params["options"]:
        return "reports.report count"
    return "reports.report ids" if params["columns"] == ["unique_id"] else "reports.report"


async def take() -> list[Sample]:
    """Ask everything over the PBX's own interface, in each of the readings; the same in every run."""
    clock = ManualClock(NOW)
    found: dict[tuple[str, bytes], None] = {}
    for reading in READINGS:
        # Some of what is asked changes the office.
        async with Simulator(_office(clock), clock=clock) as sim, HttpConnections() as connections:
            sim.control.quirk(**reading)
            for name, ask in ASKS.items():
                client = DlsPbxClient(connections, sim.url, DEFAULT_USER, DEFAULT_KEY, clock=clock)
                with recorded() as exchanges:
                    await ask(client, None)
                found[name, exchanges[-1].body] = None
    return [Sample(*one) for one in found]


def _office(clock: ManualClock) -> SimulatedPbx:
    """Return an office in which all that can go on goes on, under names that nobody would choose for a test."""
    pbx = build(Size.OFFICE, 1, clock=clock, live=False, history_days=1)
    for ext, name in (("640", "Zoë 🦊 - O'Neil @ Home"), ("641", 'Robert "Bob" <b>\\'), ("642", "שלום نور 李雷")):
        pbx.add_extension(ext, name)
        pbx.set_registration(f"{ext}@default", pbx.user("101").registration, 12)
    for queue in ("Sales, West", "Línea 24/7 🦊"):
        pbx.add_queue(queue)
        pbx.log_in_agent(queue, "640@default")
        pbx.call_in("8155550123", name='Ann "Annie" <Lee> 🦊', to=queue)
    pbx.call_in("anonymous", to="support")
    pbx.pause_agent(None, "102@default", "lunch (late) 🦊")
    pbx.send_fax("640@default", "8155550144")
    pbx.join_conference("2000", "641@default", admin=True)
    pbx.log_campaign("1", "STATUS", "Placing call to 8155550123 — 🦊")
    for text in ("👍🏽 Thanks", "two\nlines", "STOP"):
        pbx.receive_sms("8155550123", "640@default", text)
    return pbx
