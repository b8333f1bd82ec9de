"""Vendor API as a function: a request comes in, checks are passed or not, an answer goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import random
from typing import Any
from urllib.parse import parse_qsl

from simulator.engine import Engine, PbxError
from simulator.quirks.answers import apply_quirks
from simulator.quirks.damage import damaged
from simulator.quirks.switches import QuirkBoard, Quirks
from simulator.vendor.actions import ACTIONS, ENDPOINTS, Action, Ask
from simulator.vendor.request_log import LoggedRequest, RequestLog
from simulator.wire.formats import CONTENT_TYPES, Format, choose, encode
from simulator.wire.requests import Encoding, Fields, encoding_of, read_form, read_json, read_xml, without_brackets
from simulator.wire.serializer import Serializer

_IN_QUERY = frozenset({"api_action", "api_format"})
_NOT_PARAMS = frozenset({"api_user", "api_key", *_IN_QUERY})
_BOM = b"\xef\xbb\xbf"


class CredentialsError(PbxError):
    """The user or key is wrong."""


class PermissionRefusedError(PbxError):
    """The user may not use this action."""


class UnknownEndpointError(PbxError):
    """The path is none of the vendor's."""


class MethodError(PbxError):
    """Something other than a POST."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An HTTP request, read to its end."""

    method: str
    path: str
    endpoint: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    parts: Sequence[tuple[str, str]] = ()  # of a multipart body


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer; a `content_type` of "" means no such header."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Visit:
    """A request on its way through the checks."""

    incoming: Incoming
    record: LoggedRequest
    quirks: Quirks
    fields: Fields
    query: Mapping[str, str]
    refusal: PbxError | None  # what is wrong so far; said to those who may know
    verdict: PbxError | None = None  # a fault's: said to anybody
    format: Format = Format.JSON
    is_sampled: bool = False  # the answer is another PBX's, and already has its quirks

    @property
    def key(self) -> str:
        """Return the key that came with the request."""
        return str(self.fields.get("api_key", ""))


class VendorApi:
    """Answers requests from an engine. `users` are `ext@tenant`, all with one key."""

    def __init__(
        self, engine: Engine, *, users: Sequence[str], key: str, actions: Mapping[str, Action] = ACTIONS
    ) -> None:
        self.engine = engine
        self._actions = actions
        self.users = tuple(users)
        self.key = key
        self.quirks = QuirkBoard()
        self.requests = RequestLog()
        self._rng = random.Random(0)

    def visit(self, incoming: Incoming) -> Visit:
        """Read a request and note it in the log; what cannot be read is refused later."""
        query = dict(incoming.query)
        encoding = encoding_of(incoming.headers.get("Content-Type", "").partition(";")[0].lower(), incoming.body)
        refusal: PbxError | None = None
        fields: Fields = {}
        try:
            fields = _read(incoming, encoding)
        except PbxError as error:
            refusal = error
        name = f"{incoming.endpoint}.{query.get('api_action') or fields.get('api_action') or ''}"
        quirks = self.quirks.of(name)
        try:
            fields = _seen(fields, encoding, quirks)
        except PbxError as error:
            refusal = error
        record = self._record(incoming, name, encoding)
        record.params = {key: value for key, value in fields.items() if key not in _NOT_PARAMS - {"api_user"}}
        self.requests.note(record)
        return Visit(incoming=incoming, record=record, quirks=quirks, fields=fields, query=query, refusal=refusal)

    def _record(self, incoming: Incoming, name: str, encoding: Encoding) -> LoggedRequest:
        places = {
            "path": incoming.path,
            "query": str(incoming.query),
            "headers": str(dict(incoming.headers)),
            "body": incoming.body.decode(errors="replace") + str(incoming.parts),
        }
        return LoggedRequest(
            time=self.engine.now(),
            method=incoming.method,
            path=incoming.path,
            host=incoming.headers.get("Host", ""),
            query=tuple(key for key, _ in incoming.query),
            user_agent=incoming.headers.get("User-Agent", ""),
            endpoint=incoming.endpoint,
            action=name,
            encoding=encoding,
            key_in=tuple(place for place, text in places.items() if self.key in text),
        )

    def answer(self, visit: Visit) -> Reply:
        """Let the engine do what is asked, if it may, and serialize the answer."""
        record, quirks = visit.record, visit.quirks
        try:
            document = {"result": "success"} | self._process(visit)
            record.processed, record.status = True, 200
        except PbxError as refusal:
            record.error = str(refusal).replace(visit.key or self.key, "***")
            record.status = _status(refusal, quirks)
            document = {"result": "error", "error": str(refusal)}
        if not visit.is_sampled:
            document = damaged(apply_quirks(document, quirks, self._rng), quirks)
        return self._reply(visit, record.status, encode(document, visit.format, quirks, visit.incoming.endpoint))

    @staticmethod
    def _reply(visit: Visit, status: int, body: bytes) -> Reply:
        quirks = visit.quirks
        if quirks.leading_whitespace:
            body = b"\r\n\t " + body
        if quirks.byte_order_mark:
            body = _BOM + body
        content_type = CONTENT_TYPES[visit.format] if quirks.content_type is None else quirks.content_type
        return Reply(status=status, body=body, content_type=content_type)

    def _process(self, visit: Visit) -> dict[str, Any]:
        incoming, query, fields = visit.incoming, visit.query, visit.fields
        if incoming.endpoint not in ENDPOINTS:
            raise UnknownEndpointError(f"Unknown endpoint '{incoming.path}'")
        given = query.get("api_format", fields.get("api_format"))
        visit.format = choose(None if given is None else str(given), incoming.headers.get("Accept", ""))
        if visit.verdict is not None:
            raise visit.verdict
        self._check_way(visit)
        user = self._check_credentials(visit)
        action = self._action(visit)
        params = {name: value for name, value in fields.items() if name not in _NOT_PARAMS}
        action.check(params)
        engine = self.engine
        visit.is_sampled = action.is_sampled
        return action.run(
            Ask(
                engine=engine,
                serializer=Serializer(engine.now(), engine.time_zone, visit.quirks),
                user=user,
                fields=params,
                format=visit.format,
                quirks=visit.quirks,
                rng=self._rng,
            )
        )

    def _action(self, visit: Visit) -> Action:
        name = visit.query.get("api_action") or visit.fields.get("api_action")
        if not name:
            raise PbxError("Missing api_action")
        if visit.record.action not in self._actions:
            raise PbxError(f"Unknown api_action '{name}'")
        return self._actions[visit.record.action]

    @staticmethod
    def _check_way(visit: Visit) -> None:
        """Refuse what did not come by POST: the whole request, or a parameter in the query string."""
        if visit.incoming.method != "POST":
            raise MethodError("Requests must be sent via POST")
        for name in visit.query:
            if name not in _IN_QUERY:
                raise PbxError(f"'{name}' must be sent via POST, not in the query string")

    def _check_credentials(self, visit: Visit) -> str:
        """Return the api_user; what is wrong with the request is only said to those who may know."""
        given, key = visit.fields.get("api_user"), visit.fields.get("api_key")
        user = self._user(str(given).casefold()) if given is not None else None
        if user is None or not isinstance(key, str) or key != self.key:
            if visit.refusal is not None and not visit.fields:
                raise visit.refusal
            raise CredentialsError(visit.quirks.credentials_text)
        visit.record.authenticated = True
        if visit.refusal is not None:
            raise visit.refusal
        return user

    def _user(self, given: str) -> str | None:
        """Return the user that an api_user in one of its three spellings means: extension, auth id, `ext@tenant`."""
        known = {user.casefold(): user for user in self.users}
        if given in known:
            return known[given]
        for name, user in known.items():
            if given == name.partition("@")[0]:
                return user
        for extension in self.engine.users():
            if extension.auth_id.casefold() == given:
                return known.get(f"{extension.ext}@{extension.tenant}".casefold())
        return None


def _read(incoming: Incoming, encoding: Encoding) -> Fields:
    match encoding:
        case Encoding.JSON:
            return read_json(incoming.body)
        case Encoding.XML:
            return read_xml(incoming.body)
        case Encoding.FORM:
            return read_form(
                incoming.parts or parse_qsl(incoming.body.decode(errors="replace"), keep_blank_values=True)
            )
        case Encoding.EMPTY:
            return {}


def _seen(fields: Fields, encoding: Encoding, quirks: Quirks) -> Fields:
    """Return the fields that a PBX with these quirks sees."""
    if quirks.body_encodings not in {"any", encoding.value}:
        return {}
    return without_brackets(fields, quirks.array_names, encoding)


def _status(refusal: PbxError, quirks: Quirks) -> int:
    statuses = {
        CredentialsError: quirks.credentials_status,
        PermissionRefusedError: quirks.permission_status,
        UnknownEndpointError: 404,
        MethodError: 405,
    }
    return statuses.get(type(refusal), quirks.error_status)
