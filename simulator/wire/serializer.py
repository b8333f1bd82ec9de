"""Serializer: models in the vendor's words, a method per kind of row, in the order of the page's fields."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.models import (
    Agent,
    Caller,
    Campaign,
    CampaignLog,
    Conference,
    ConsentList,
    DeviceState,
    Direction,
    Extension,
    Fax,
    LiveCall,
    Message,
    ProvisionedPhone,
    Queue,
    Registration,
)
from simulator.quirks.switches import Quirks
from simulator.wire import durations

type Row = dict[str, Any]


class NamedMap(dict[str, Any]):
    """A map keyed by the PBX's own names, which PHP writes as `[]` when empty: not a row of fields."""


class Serializer:
    """Writes models as they are at one moment, in the PBX's own time zone."""

    def __init__(self, now: datetime, time_zone: ZoneInfo, quirks: Quirks) -> None:
        self._now = now
        self._time_zone = time_zone
        self._quirks = quirks
        self._style = durations.STYLES.get(quirks.durations)
        self._all_keys = quirks.empties == "shown"

    def time(self, moment: datetime) -> str:
        """Write a time as the page does: local, without a zone."""
        return moment.astimezone(self._time_zone).strftime("%Y-%m-%d %H:%M:%S")

    def users(self, users: Iterable[Extension]) -> list[Row]:
        """Write `status.php users`."""
        return [
            {
                "ext": user.ext,
                "user": user.name,
                "tenant": user.tenant,
                "authid": user.auth_id,
                "vmail": f"{user.voicemail_new}/{user.voicemail_old}",
                "status": phone_status(user),
                "host": user.host or "N/A",
                "port": str(user.port),
            }
            for user in users
        ]

    def queues(self, queues: Iterable[Queue]) -> NamedMap:
        """Write `status.php queues`."""
        return NamedMap({queue.name: self._queue(queue) for queue in queues})

    def _queue(self, queue: Queue) -> Row:
        waiting = len(queue.callers) if self._quirks.waiting_count == "callers" else 0
        row: Row = {
            "queue": queue.name,
            "holdtime": (self._style or durations.suffixed)(queue.hold_time),
            "waiting": str(waiting),
            "complete": str(queue.completed),
            "lost": str(queue.lost),
            "hunt": queue.strategy,
            "agents": NamedMap({agent.auth_id: self._agent(agent) for agent in queue.agents}),
        }
        if queue.callers or self._all_keys:
            row["calls_waiting"] = [self._caller(caller) for caller in queue.callers]
        return row

    def _agent(self, agent: Agent) -> Row:
        available = agent.device_state is DeviceState.NOT_IN_USE
        if agent.paused and not self._quirks.avail_ignores_pause:
            available = False
        row: Row = {
            "name": agent.name,
            "tenant": agent.tenant,
            "tid": str(agent.tenant_id),
            "avail": str(int(available)),
            "callcount": str(agent.call_count),
            "lastcall": self._ago(agent.last_call_at) if agent.last_call_at else self._quirks.never,
            "status": agent.device_state.value,
            "otherdata": self._other_data(agent),
            "penalty": str(agent.penalty),
            "paused": str(int(agent.paused)),
        }
        if agent.connected_to is not None or self._all_keys:
            row["connected_to"] = agent.connected_to or ""
        return row

    def _ago(self, moment: datetime) -> str:
        return (self._style or durations.ago)(durations.between(moment, self._now))

    def _other_data(self, agent: Agent) -> str:
        """Write the brackets that `queue show` prints between a member's name and its status."""
        if self._quirks.other_data == "none":
            return ""
        parts = [f" (ringinuse {'enabled' if agent.ring_in_use else 'disabled'})", " (dynamic)" * agent.dynamic]
        if self._quirks.other_data == "full":
            if agent.paused:
                reason = f":{agent.pause_reason}" if agent.pause_reason else ""
                since = f" was {self._ago(agent.paused_at)}" if agent.paused_at else ""
                parts.append(f" (paused{reason}{since})")
            parts.append(" (in call)" * agent.in_call)
            parts.append(f" (login was {self._ago(agent.logged_in_at)})" if agent.logged_in_at else "")
        return "".join(parts)

    def _caller(self, caller: Caller) -> Row:
        waited = durations.between(caller.joined_at, self._now)
        return {
            "number": caller.number,
            "priority": str(caller.priority),
            "wait_time": (self._style or durations.waiting)(waited),
        }

    def calls(self, calls: Iterable[LiveCall]) -> NamedMap:
        """Write `status.php calls`."""
        rows = NamedMap({"inbound": [], "outbound": [], "internal": []})
        for call in calls:
            rows[live_direction(call.direction)].append(self._call(call))
        return rows

    def _call(self, call: LiveCall) -> Row:
        row: Row = {}
        if call.extension is not None:
            row["ext"] = f"{call.extension.ext}@{call.extension.tenant}-{call.extension.name}"
        if call.caller_id is not None:
            row["callerid"] = call.caller_id
        row["connected_to"] = call.connected_to
        row["status"] = "Connected" if call.connected else "Ringing"
        row["elapsed"] = (self._style or durations.lettered)(durations.between(call.started_at, self._now))
        return row

    def faxes(self, queued: Iterable[Fax], stats: Mapping[str, int]) -> Row:
        """Write `status.php faxes`."""
        return {
            "queued_faxes": [self._fax(fax) for fax in queued],
            "fax_stats": {name: str(count) for name, count in stats.items()},
        }

    def _fax(self, fax: Fax) -> Row:
        wait = durations.between(self._now, fax.next_retry_at) if fax.next_retry_at else 0
        return {
            "to": fax.to,
            "from": fax.from_auth_id,
            "page": "N/A" if fax.page is None else f"{fax.page}/{fax.pages}",
            "status": "Processing" if fax.processing else "Queued",
            "attempt": f"{fax.attempt}/{fax.max_attempts}",
            "next_retry": (self._style if wait and self._style else durations.retry)(wait),
        }

    def conferences(self, rooms: Iterable[Conference]) -> list[Row]:
        """Write `status.php conferences`."""
        return [
            {
                "conference_number": room.number,
                "users": str(room.users),
                "admins": str(room.admins),
                "locked": "Locked" if room.locked else "Unlocked",
            }
            for room in rooms
        ]

    def provisioning(self, phones: Iterable[ProvisionedPhone]) -> list[Row]:
        """Write `status.php provisioning`."""
        return [
            {
                "ext": f"{phone.ext}@{phone.tenant}",
                "mac_address": phone.mac_address,
                "device": phone.device,
                "last_provisioned": self.time(phone.last_provisioned_at),
                "provisioned": "Yes" if phone.provisioned else "No",
                "last_provision_delta": (self._style or durations.delta)(
                    durations.between(phone.last_provisioned_at, self._now)
                ),
                "calls_in": str(phone.calls_in),
                "calls_out": str(phone.calls_out),
                "file_name": phone.file_name,
            }
            for phone in phones
        ]

    def campaigns(self, campaigns: Iterable[Campaign]) -> list[Row]:
        """Write `status.php dialer`."""
        return [dict(campaign.fields) for campaign in campaigns]

    def campaign_logs(self, logs: Iterable[CampaignLog]) -> list[Row]:
        """Write `status.php dialerlogs`."""
        return [{"campaign": log.campaign, "output": [self._log_line(*line) for line in log.lines]} for log in logs]

    def _log_line(self, moment: datetime, level: str, text: str) -> str:
        return f"[{moment.astimezone(self._time_zone):%b %d %H:%M:%S}] {level}: {text}"

    def messages(self, messages: Iterable[Message]) -> list[Row]:
        """Write the rows of `sms.php query_sms`."""
        return [
            {
                "id": str(message.id),
                "timestamp": self.time(message.time),
                "src_label": message.src_label,
                "dst_original_label": message.dst_original_label,
                "dst_label": message.dst_label,
                "status": message.status,
                "direction": message.direction,
                "message": message.body,
                "account_code": message.account_code,
                "message_id": message.message_id,
            }
            for message in messages
        ]

    def consent_lists(self, lists: Sequence[ConsentList], *, opt_in: bool, xml: bool) -> list[Row]:
        """Write one half of `subscribers.php query_lists`; the page spells it differently in XML."""
        owner = "campaign" if opt_in else "tenant"
        prefix = "" if opt_in else "un"
        name = f"{owner}_name" if xml else "campaign_name"
        numbers = f"{prefix}subscribers" if xml else f"{prefix}subscribed_at"
        return [
            {
                f"{owner}_id": one.id,
                name: one.name,
                f"total_{prefix}subscribers": str(len(one.numbers)),
                numbers: [
                    {
                        "number": consent.number,
                        "reason": consent.reason,
                        f"{prefix}subscribe_text": consent.text,
                        f"{prefix}subscribed_at": self.time(consent.since),
                    }
                    for consent in one.numbers
                ],
            }
            for one in lists
        ]


def phone_status(user: Extension) -> str:
    """Write a phone's status as `sip show peers` does."""
    if user.registration in {Registration.OK, Registration.LAGGED} and user.latency_ms is not None:
        return f"{user.registration} ({user.latency_ms} ms)"
    return user.registration.value


def live_direction(direction: Direction) -> str:
    """Return under which of the three live directions a call is shown."""
    if direction in {Direction.OUTBOUND, Direction.INTERNAL}:
        return direction.value
    return "inbound"
