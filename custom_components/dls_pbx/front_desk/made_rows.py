"""Making of rows: how models become what `dls_pbx/subscribe` sends."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from ..api.models import Agent, AgentState, Call, CallDirection, CallStatus, Queue, User
from ..callbacks.items import Callback
from ..coordinator.derived import CallState
from ..records.figures import Figures
from ..records.people import PersonFigures
from .call_graph import Engagement, Parties
from .rows import AgentRow, CallRow, HealthRow, LiveStatus, MissedRow, PhoneRow, QueueRow


class Party(NamedTuple):
    """Who is at an end of a call: the number as people here write it and in E.164, a name, and whether it is a VIP."""

    number: str
    tel: str | None = None
    name: str | None = None
    vip: bool = False


NOBODY: Final = Party("")
_STATUS: Final = {CallStatus.RINGING: LiveStatus.RINGING, CallStatus.CONNECTED: LiveStatus.CONNECTED}


def iso(moment: datetime | None) -> str | None:
    """Return a time as the rows have it."""
    return moment.isoformat(timespec="seconds") if moment else None


def queue_row(
    queue: Queue, name: str, callers: Sequence[Party], today: Figures | None, goal: float, device_id: str | None
) -> QueueRow:
    """Make a queue's row under a `name`; `callers` are its waiting callers' names and numbers, in their order."""
    return {
        "name": name,
        "waiting": queue.waiting,
        "waiting_since": iso(queue.waiting_since),
        "callers": [
            {
                "number": party.number,
                "tel": party.tel,
                "name": party.name,
                "vip": party.vip,
                "priority": caller.priority,
                "since": iso(caller.since),
            }
            for caller, party in zip(queue.callers, callers, strict=True)
        ],
        "agents_logged_in": len(queue.agents),
        "agents_available": queue.agents_in(AgentState.AVAILABLE),
        "agents_on_call": queue.agents_in(AgentState.ON_CALL),
        "agents_paused": queue.agents_paused,
        "service_level": today.service_level if today else None,
        "service_level_goal": goal,
        "calls_today": today.calls if today else None,
        "missed_calls_today": today.missed if today else None,
        "abandoned_calls_today": today.abandoned if today else None,
        "device_id": device_id,
    }


def agent_row(
    name: str,
    extension: str | None,
    state: AgentState | None,
    member_of: Mapping[str, Agent],
    engaged: Engagement | None,
    other: Party,
    today: PersonFigures | None,
) -> AgentRow:
    """Make the row of an agent in some queues, who is `engaged` in a call with `other` at its other end."""
    # Who is paused in one queue and not in another can take a call: nothing of the pause, then.
    paused = bool(member_of) and all(agent.paused for agent in member_of.values())
    pauses = list(member_of.values()) if paused else []
    paused_since = min((agent.paused_since for agent in pauses if agent.paused_since), default=None)
    since = engaged.call.started_at if engaged else None
    if state is AgentState.PAUSED:
        since = paused_since
    return {
        "name": name,
        "extension": extension,
        "state": state,
        "queues": sorted(member_of),
        "paused": paused,
        "pause_reason": next((agent.pause_reason for agent in pauses if agent.pause_reason), None),
        "paused_since": iso(paused_since),
        "since": iso(since),
        "answered": iso(engaged.answered_at if engaged else None),
        "connected_to": other.name or other.number or None,
        "answered_today": today.answered if today else None,
        "missed_today": today.missed if today else None,
        "talk_today": round(today.talk) if today else None,
        "last_call": iso(today.last_call) if today else None,
    }


def call_row(call: Call, outside: Party | None, parties: Parties) -> CallRow:
    """Make a call's row; `outside` is the party who is no user, `parties` are users."""
    return {
        # A call of no known direction is one from outside, as far as anybody can tell.
        "direction": CallDirection.INBOUND if call.direction is CallDirection.UNKNOWN else call.direction,
        "status": LiveStatus.WAITING if parties.waits else _STATUS.get(call.status),
        "since": iso(call.started_at),
        "answered": iso(parties.answered_at),
        "number": (outside and outside.number) or None,
        "tel": outside.tel if outside else None,
        "name": outside.name if outside else None,
        "vip": bool(outside and outside.vip),
        "queue": call.queue or None,
        "caller": parties.caller,
        "callee": parties.callee,
    }


def phone_row(user: User, state: CallState | None, device_id: str | None, *, users_known: bool) -> PhoneRow:
    """Make a phone's row; while the users are not told, only its calls are known."""
    return {
        "name": user.name or user.extension,
        "extension": user.extension,
        "tenant": user.tenant,
        "state": state,
        "registered": user.registered if users_known else None,
        "voicemail_new": user.voicemail_new if users_known else None,
        "device_id": device_id,
    }


def missed_row(item: Callback, caller: Party) -> MissedRow:
    """Make the row of a caller who is owed a call."""
    return {
        "number": caller.number,
        "tel": caller.tel,
        "name": caller.name,
        "vip": caller.vip,
        "first": item.first.isoformat(timespec="seconds"),
        "last": item.last.isoformat(timespec="seconds"),
        "calls": len(item.tries),
        "queues": list(item.queues),
        "voicemail": item.voicemail,
        "note": item.note,
        "owner": item.owner,
        "texted": iso(item.texted_since),
    }


def health_row(name: str, *, ok: bool, answered_at: datetime | None, refused: bool = False) -> HealthRow:
    """Make the row of something that is asked for; when it last answered is news only while it does not."""
    return {"name": name, "ok": ok, "since": None if ok else iso(answered_at), "refused": refused}
