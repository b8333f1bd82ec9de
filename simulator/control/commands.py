"""Commands: things happen at the PBX, fail or look different, on order."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
import inspect
from itertools import zip_longest
from typing import Any, get_args, get_origin, get_type_hints

from simulator.clock import ManualClock
from simulator.engine import Engine, PbxError
from simulator.faults.orders import Fault, FaultBoard
from simulator.quirks.switches import ANYWHERE
from simulator.vendor.api import VendorApi
from simulator.vendor.request_log import RequestLog

# What an engine may be told to do, beyond the vendor's API. Arguments are those of its method of that name.
VERBS = (
    "call_in",
    "call_out",
    "call_internal",
    "answer",
    "hang_up",
    "abandon",
    "hold",
    "transfer",
    "park",
    "pick_up_parked",
    "forward",
    "leave_voicemail",
    "read_voicemail",
    "set_voicemail",
    "join_conference",
    "leave_conference",
    "lock_conference",
    "pause_agent",
    "resume_agent",
    "log_in_agent",
    "log_out_agent",
    "send_fax",
    "fax_progress",
    "fax_fail",
    "fax_complete",
    "receive_fax",
    "miss_fax",
    "receive_sms",
    "sms_unreachable",
    "fail_sms",
    "add_past_call",
    "correct_call",
    "add_past_sms",
    "set_registration",
    "provision",
    "start_campaign",
    "stop_campaign",
    "log_campaign",
    "reset_counters",
    "restart",
    "add_tenant",
    "add_extension",
    "remove_extension",
    "mirror",
    "add_phone",
    "remove_phone",
    "add_queue",
    "remove_queue",
    "add_conference",
    "add_campaign",
    "remove_campaign",
    "add_messaging_campaign",
)


class Control:
    """Python's side of the control interface; every refusal is a PbxError with a useful text."""

    def __init__(
        self,
        api: VendorApi,
        faults: FaultBoard,
        *,
        clock: ManualClock | None,
        rebuild: Callable[[], Engine] | None,
        run: Callable[[], None],
        close_idle: Callable[[], int],
    ) -> None:
        self._api = api
        self._faults = faults
        self._clock = clock
        self._rebuild = rebuild
        self._run = run
        self._close_idle = close_idle

    @property
    def requests(self) -> RequestLog:
        """Return the request log."""
        return self._api.requests

    def fail(self, action: str, kind: str, times: int | None = 1, **options: Any) -> Fault:
        """Let an action (`status.users`, or `*`) fail once, so many times, or (None) until healed."""
        return self._faults.order(action, kind, times, **options)

    def release(self) -> None:
        """Let every answer go that is slow or stalled."""
        self._faults.release()

    def close_idle(self) -> int:
        """Close the connections that carry nothing, as a server does after a while; returns how many."""
        return self._close_idle()

    def heal(self, action: str | None = None) -> None:
        """Take back the faults of an action, or all of them."""
        self._faults.clear(action)

    def quirk(self, action: str = ANYWHERE, /, **values: Any) -> None:
        """Turn quirks for an action, or for all."""
        self._api.quirks.set(action, values)

    def plain(self, action: str | None = None) -> None:
        """Turn an action's quirks back, or all of them."""
        self._api.quirks.clear(action)

    def do(self, verb: str, **arguments: Any) -> Any:
        """Let something happen at the PBX; returns what the engine's verb returns (a call's id, say)."""
        method = getattr(self._api.engine, verb, None) if verb in VERBS else None
        if method is None:
            raise PbxError(f"Unknown verb '{verb}'. Known: {', '.join(self.verbs())}")
        self._run()
        return method(**_arguments(verb, method, arguments))

    def verbs(self) -> dict[str, str]:
        """Return the verbs that this engine has, with their arguments."""
        engine = self._api.engine
        return {verb: str(inspect.signature(getattr(engine, verb))) for verb in VERBS if hasattr(engine, verb)}

    def advance(self, seconds: float) -> datetime:
        """Turn a manual clock forward and let everything happen that is due by then."""
        if self._clock is None:
            raise PbxError("The clock is the real one: it advances by itself")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise PbxError("'seconds' must be a number from 0")
        self._clock.advance(seconds)
        self._run()
        return self._api.engine.now()

    def reset(self) -> None:
        """Start from the beginning: no faults, no quirks, an empty log, the engine and a manual clock as they were."""
        self._faults.clear()
        self._api.quirks.clear()
        self._api.requests.clear()
        if self._rebuild is not None:
            if self._clock is not None:
                self._clock.reset()
            self._api.engine = self._rebuild()

    def state(self) -> dict[str, Any]:
        """Return a readable summary of the PBX, with the ids that the verbs take."""
        self._run()
        engine = self._api.engine
        return {
            "now": engine.now().isoformat(),
            "time_zone": engine.time_zone.key,
            "users": {user.auth_id: f"{user.ext}@{user.tenant} - {user.name}" for user in engine.users()},
            "queues": {
                queue.name: {
                    "waiting": len(queue.callers),
                    "agents": {agent.auth_id: agent.device_state.value for agent in queue.agents},
                }
                for queue in engine.queues()
            },
            "calls": _calls(engine),
            "faxes": [
                {"id": fax_id, "to": fax.to, "attempt": fax.attempt}
                for fax, fax_id in zip_longest(engine.faxes()[0], _ids(engine, "fax_jobs"))
            ],
            "conferences": {room.number: room.users for room in engine.conferences()},
            "campaigns": {campaign.fields["id"]: campaign.fields["name"] for campaign in engine.campaigns()},
            "messages": len(engine.messages()),
            "call_records": len(engine.call_records()),
            "quirks": self._api.quirks.as_dict(),
            "faults": self._faults.as_dict(),
            "verbs": self.verbs(),
        }


def _ids(engine: Engine, listing: str) -> list[Any]:
    """Return the ids of what an engine has under way, if it can be steered at all."""
    steered: Callable[[], Iterable[Any]] = getattr(engine, listing, tuple)
    return [one.id for one in steered()]


def _calls(engine: Engine) -> list[dict[str, Any]]:
    return [
        {
            "id": call_id,
            "direction": call.direction.value,
            "connected": call.connected,
            "connected_to": call.connected_to,
            "caller": call.caller_id or (call.extension and f"{call.extension.ext}@{call.extension.tenant}"),
        }
        for call, call_id in zip_longest(engine.calls(), _ids(engine, "live_calls"))
    ]


def _arguments(verb: str, method: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a verb, words made into the enumerations that it takes."""
    try:
        inspect.signature(method).bind(**given)
    except TypeError as error:
        raise PbxError(f"{verb}: {error}") from None
    hints = get_type_hints(method)
    return {name: _typed(name, value, hints.get(name, Any)) for name, value in given.items()}


def _typed(name: str, value: Any, hint: Any) -> Any:
    """Return an argument as its verb takes it: JSON has neither enumerations nor tuples."""
    kinds = [get_origin(kind) or kind for kind in get_args(hint) or (hint,)]
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Enum):
            if value not in kind:
                raise PbxError(f"'{name}' must be one of: {', '.join(str(one.value) for one in kind)}")
            return kind(value)
        if kind is tuple and isinstance(value, list):
            return tuple(value)
    if float in kinds:
        kinds.append(int)
    if not any(kind is Any or isinstance(value, kind) for kind in kinds):
        raise PbxError(f"'{name}' must be {' or '.join(kind.__name__ for kind in kinds)}")
    return value
