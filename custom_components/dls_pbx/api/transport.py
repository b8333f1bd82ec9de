"""Transport of requests to the PBX: in which dialect each is asked, and what a refusal makes of it."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, NamedTuple

import aiohttp
from yarl import URL

from .answers import AnswerReader
from .connections import TIMEOUT, HttpConnections, Post
from .dialect import Dialect, Manner
from .encoding import ARRAYS, CONTENT_TYPES, encode
from .exceptions import (
    DlsPbxAuthenticationError,
    DlsPbxBareRefusalError,
    DlsPbxDoubtedKeyError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRequestError,
    DlsPbxUnwritableError,
)
from .refusals import names_right, unseen

# A refusal that passes has passed by then.
PAUSE: Final = 3  # s
# What is said where the credentials were not seen.
_UNSEEN: Final = (DlsPbxAuthenticationError, DlsPbxBareRefusalError, DlsPbxPermissionError, DlsPbxUnwritableError)
# Those that are polled as well find out themselves what an upgrade has changed.
_READABLE: Final = frozenset({"reports", "sms", "status", "subscribers"})
_MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """An action to be asked for. `known` is an answer that need not be read again; `changes` the PBX, or only reads."""

    endpoint: str
    action: str
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    changes: bool = False
    known: bytes | None = field(default=None, repr=False)


class Answer(NamedTuple):
    """What the PBX answered: read, or None where it is what was known; and as it came."""

    found: dict[str, Any] | None
    body: bytes


class Exchange(NamedTuple):
    """A request and what came back, as it was before anybody understood it."""

    request: Request
    status: int
    body: bytes


_RECORDING: ContextVar[list[Exchange] | None] = ContextVar("recording", default=None)


@contextmanager
def recorded() -> Iterator[list[Exchange]]:
    """Record whatever is asked meanwhile by this task, and by those that it starts."""
    exchanges: list[Exchange] = []
    token = _RECORDING.set(exchanges)
    try:
        yield exchanges
    finally:
        _RECORDING.reset(token)


class Transport:
    """Posts to one PBX with one user's key, until the PBX refuses that."""

    def __init__(
        self,
        connections: HttpConnections,
        url: str,
        username: str,
        api_key: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        dialect: Mapping[str, Any] | None = None,
    ) -> None:
        self._connections = connections
        self._base = URL(url)
        self._credentials = {"api_user": username, "api_key": api_key}
        self._timeout = timeout
        self._reader = AnswerReader(api_key)
        self._refused: DlsPbxAuthenticationError | None = None
        self._answered_at: float | None = None  # when the PBX last answered with this key
        self._doubting = asyncio.Lock()
        self._asked: deque[float] = deque(maxlen=_MOST_COUNTED)
        self.dialect = Dialect(dialect)

    @property
    def requests_last_minute(self) -> int:
        """How many requests went out in the last 60 s; no more than 1,000 are counted."""
        since = monotonic() - 60
        return sum(at > since for at in self._asked)

    @property
    def is_refused(self) -> bool:
        """Whether the PBX has refused the key, so that nothing is asked any more."""
        return self._refused is not None

    @property
    def is_certainly_refused(self) -> bool:
        """Whether the PBX has refused the key in words that can mean nothing that passes."""
        return self._refused is not None and self._refused.is_certain

    async def ask(self, request: Request) -> Answer:
        """Ask for an action, in the manner that its endpoint takes; raises a DlsPbxError.

        The same is asked again only where the PBX itself has refused it so that it may not have seen our fields, and
        so has done nothing. A refused key is believed when it is said again after a pause: then nothing is asked any
        more, because asking on would look like an attack, and may lock the user out.
        """
        asked_at = monotonic()
        found = await self._in_dialect(request)
        if isinstance(found, DlsPbxAuthenticationError) and self._refused is None:
            found = await self._doubted(found, asked_at, request)
        if isinstance(found, Answer):
            return found
        raise found

    async def _in_dialect(self, request: Request) -> Answer | DlsPbxError:
        asked = self.dialect.of(request.endpoint)
        found = await self._try(request, asked)
        if isinstance(found, Answer) or self.dialect.knows(request.endpoint):
            return found
        found = await self._with_other_arrays(request, asked, found)
        if isinstance(found, _UNSEEN) and not self._says_nothing_of_the_encoding(found):
            return await self._in_other_encodings(request, found)
        return found

    def _says_nothing_of_the_encoding(self, err: DlsPbxError) -> bool:
        if isinstance(err, DlsPbxBareRefusalError):
            # Somebody in between may have refused; of a PBX that never answered a 400 is its own.
            return not err.is_bad_request or self._answered_at is not None
        # Of a key that is good, a right that it has not got is all there is to say.
        return self._answered_at is not None and isinstance(err, DlsPbxPermissionError) and names_right(str(err))

    async def _in_other_encodings(self, request: Request, refused: DlsPbxError) -> Answer | DlsPbxError:
        """Ask again where the credentials may not have been seen; the first refusal counts, if all are the same."""
        for manner in self.dialect.other_encodings(request.endpoint):
            found = await self._with_other_arrays(request, manner, await self._try(request, manner))
            if not isinstance(found, _UNSEEN):
                return found
        return refused

    async def _with_other_arrays(
        self, request: Request, asked: Manner, found: Answer | DlsPbxError
    ) -> Answer | DlsPbxError:
        """Ask again where an array may not have been seen, or was seen twice; only what reads has any."""
        if not (isinstance(found, DlsPbxRequestError) and unseen(str(found)) and ARRAYS & request.params.keys()):
            return found
        for manner in self.dialect.other_arrays(asked):
            answer = await self._try(request, manner)
            if isinstance(answer, Answer):
                return answer
        return found

    async def _doubted(
        self, refused: DlsPbxAuthenticationError, asked_at: float, request: Request
    ) -> Answer | DlsPbxError:
        """Find out whether a refusal is the key's, this action's, or passes."""
        if self._answered_at is None:
            # A key that has never worked, refused in all encodings.
            return self._believe(refused)
        async with self._doubting:
            if self._refused is not None:
                return self._repeated(self._refused)
            if self._answered_at < asked_at:
                await asyncio.sleep(PAUSE)
            if not request.changes:
                found = await self._try(request, self.dialect.of(request.endpoint))
                if not isinstance(found, DlsPbxAuthenticationError):
                    return found
            # The PBX may have been upgraded, and read another encoding here.
            if not request.changes or request.endpoint not in _READABLE:
                found = await self._in_other_encodings(request, refused)
                if found is not refused:
                    return found
            check = Request("status", "queues" if request.action == "users" else "users")
            found = await self._try(check, self.dialect.of("status"))
            if isinstance(found, DlsPbxAuthenticationError):
                found = await self._in_other_encodings(check, found)
            if isinstance(found, DlsPbxAuthenticationError):
                return self._believe(refused)
            # It knows who is asking: it is this action that it refuses.
            return DlsPbxDoubtedKeyError(str(refused))

    def refuse(self, refused: DlsPbxAuthenticationError) -> None:
        """Ask nothing any more."""
        self._refused = refused

    def _believe(self, refused: DlsPbxAuthenticationError) -> DlsPbxAuthenticationError:
        self.refuse(refused)
        return refused

    @staticmethod
    def _repeated(refused: DlsPbxAuthenticationError) -> DlsPbxAuthenticationError:
        """Return it for another who asks: an exception that is raised again and again grows."""
        return DlsPbxAuthenticationError(str(refused), is_certain=refused.is_certain)

    async def _try(self, request: Request, manner: Manner) -> Answer | DlsPbxError:
        """Ask once; an endpoint that answers has seen our fields."""
        try:
            status, body = await self.post(request, manner)
            if (exchanges := _RECORDING.get()) is not None:
                exchanges.append(Exchange(request, status, body))
            found = None if body == request.known else self._reader.read(status, body)
        except DlsPbxError as err:
            return err
        self.dialect.learn(request.endpoint, manner)
        self._answered_at = monotonic()
        return Answer(found, body)

    async def post(self, request: Request, manner: Manner) -> tuple[int, bytes]:
        """Send one request; return the HTTP status and the whole body.

        Raises what `HttpConnections.post` raises; and DlsPbxAuthenticationError, without asking, once the PBX has
        refused the key.
        """
        if self._refused is not None:
            raise self._repeated(self._refused)
        self._asked.append(monotonic())
        post = Post(
            url=self._base / f"api/v1/{request.endpoint}.php",
            query={"api_action": request.action, "api_format": "json"},
            content_type=CONTENT_TYPES[manner.encoding],
            body=encode({**self._credentials, **request.params}, manner.encoding, manner.arrays),
            changes=request.changes,
            timeout=self._timeout,
        )
        return await self._connections.post(post)
