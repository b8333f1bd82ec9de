"""Log of what was asked of the PBX, and what became of it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from simulator.wire.requests import Encoding

LIMIT = 20_000  # a demo runs for weeks


@dataclass(slots=True, kw_only=True)
class LoggedRequest:
    """One request; the key itself is not kept, only where it was seen."""

    time: datetime
    method: str
    path: str
    host: str
    query: tuple[str, ...]  # the names in the query string
    user_agent: str
    endpoint: str  # `status`, "" when the path is none of the vendor's
    action: str  # `status.users`
    encoding: Encoding
    key_in: tuple[str, ...]  # path, query, headers, body
    params: dict[str, Any] = field(default_factory=dict)  # without credentials' key and `api_*` of the query
    connection: int = 0  # its number, from 1
    authenticated: bool = False
    status: int | None = None  # None = no answer (yet)
    processed: bool = False
    error: str = ""
    fault: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return this as JSON takes it."""
        return asdict(self)


class RequestLog(list[LoggedRequest]):
    """The requests, oldest first; only the last ones are kept."""

    def note(self, request: LoggedRequest) -> None:
        """Add a request."""
        if len(self) >= LIMIT:
            del self[: LIMIT // 2]
        self.append(request)

    def of(self, action: str) -> list[LoggedRequest]:
        """Return the requests of one action (`sms.send_sms`)."""
        return [request for request in self if request.action == action]
