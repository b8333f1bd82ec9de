"""Lines of the phones: which ring, which are in a call."""

from typing import Unpack

from simulator.models import DeviceState, Extension, Registration
from simulator.pbx.call import Call
from simulator.pbx.core import CoreOptions
from simulator.pbx.directory import Directory


class Lines(Directory):
    """The phones' lines; a phone can ring while it is in a call."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._ringing: dict[str, list[Call]] = {}
        self._in_call: dict[str, list[Call]] = {}

    def device_state(self, auth_id: str) -> DeviceState:
        """Return what Asterisk says of a user's device."""
        user = self._users.get(auth_id)
        if user is None:
            return DeviceState.INVALID
        ringing, calls = self._ringing.get(auth_id), self._in_call.get(auth_id)
        if calls:
            if ringing:
                return DeviceState.RING_IN_USE
            return DeviceState.ON_HOLD if all(call.on_hold for call in calls) else DeviceState.IN_USE
        if user.host is None or user.registration is Registration.UNREACHABLE:
            return DeviceState.UNAVAILABLE
        return DeviceState.RINGING if ringing else DeviceState.NOT_IN_USE

    def set_registration(self, auth_id: str, registration: Registration, latency_ms: int | None = None) -> Extension:
        """Let a phone answer, lag, drop off or come back; queues ring it no more, or again."""
        auth_id = self.user(auth_id).auth_id
        before = self.device_state(auth_id)
        user = super().set_registration(auth_id, registration, latency_ms)
        after = self.device_state(auth_id)
        if after is DeviceState.UNAVAILABLE:
            for call in tuple(self._ringing.get(auth_id, ())):
                if call.visit:
                    self._silence(call, auth_id)
        elif before is DeviceState.UNAVAILABLE:
            self._freed(auth_id)
        return user

    def is_free(self, auth_id: str) -> bool:
        """Tell whether a user sits by a phone that is neither in a call nor ringing."""
        return self.device_state(auth_id) is DeviceState.NOT_IN_USE

    def other_party(self, auth_id: str) -> str | None:
        """Return the number at the other end of a user's call."""
        for call in self._in_call.get(auth_id, ()):
            if call.talker != auth_id:
                return call.place.name
            return call.dialing_user.ext if call.dialing_user else call.number
        return None

    def _ring(self, call: Call, auth_id: str) -> None:
        call.ringing.append(auth_id)
        self._ringing.setdefault(auth_id, []).append(call)
        for watcher in self.watchers:
            watcher.rings(call, auth_id)

    def _silence(self, call: Call, *auth_ids: str) -> None:
        """Stop a call's ringing at these phones, or everywhere."""
        for auth_id in auth_ids or tuple(call.ringing):
            call.ringing.remove(auth_id)
            _drop(self._ringing, auth_id, call)
            self._freed(auth_id)

    def _seize(self, call: Call, auth_id: str) -> None:
        self._in_call.setdefault(auth_id, []).append(call)

    def _release(self, call: Call, auth_id: str) -> None:
        if call in self._in_call.get(auth_id, ()):
            _drop(self._in_call, auth_id, call)
            self._freed(auth_id)

    def _freed(self, auth_id: str) -> None:
        """Be told that a phone may take another call; the layer of the queues acts on it."""


def _drop(lines: dict[str, list[Call]], auth_id: str, call: Call) -> None:
    lines[auth_id].remove(call)
    if not lines[auth_id]:
        del lines[auth_id]
