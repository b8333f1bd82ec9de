"""HTTP side of the control interface: `/control/...`, JSON in and out, for this machine only."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass
from ipaddress import ip_address
from typing import Any

from aiohttp import web
import orjson

from simulator.control.commands import Control
from simulator.engine import PbxError

type Body = dict[str, Any]

ROUTES = """
GET    /control/requests             the request log; ?action=status.users for one action
DELETE /control/requests             empty it
POST   /control/faults               {"action": "status.users" or "*", "kind": ..., "times": 1 or null, options}
DELETE /control/faults               take back all, or those of ?action=
POST   /control/release              let slow and stalled answers go
POST   /control/close_idle           close the connections that carry nothing, as a server does after a while
POST   /control/quirks               {"action": "status.users" or "*", "name of a quirk": value, ...}
DELETE /control/quirks               turn back all, or those of ?action=
POST   /control/clock                {"seconds": 60}: advance a manual clock
POST   /control/reset                start from the beginning
GET    /control/state                a summary, with the ids that the verbs take
POST   /control/VERB                 let something happen: call_in, answer, hang_up, pause_agent, receive_sms, ...
""".strip()


def control_routes(control: Control) -> list[web.RouteDef]:
    """Return the routes: a thin table over Control."""

    def take_back(clear: Callable[[str | None], None]) -> Callable[[web.Request, Body], Any]:
        return lambda request, _body: clear(request.query.get("action"))

    table: list[tuple[str, str, Callable[[web.Request, Body], Any]]] = [
        ("GET", "requests", lambda request, _body: _requests(control, request.query.get("action"))),
        ("DELETE", "requests", lambda _request, _body: control.requests.clear()),
        ("POST", "faults", lambda _request, body: _fail(control, body)),
        ("DELETE", "faults", take_back(control.heal)),
        ("POST", "release", lambda _request, _body: control.release()),
        ("POST", "close_idle", lambda _request, _body: control.close_idle()),
        ("POST", "quirks", lambda _request, body: control.quirk(body.pop("action", "*"), **body)),
        ("DELETE", "quirks", take_back(control.plain)),
        ("POST", "clock", lambda _request, body: control.advance(body.get("seconds", 0)).isoformat()),
        ("POST", "reset", lambda _request, _body: control.reset()),
        ("GET", "state", lambda _request, _body: control.state()),
        ("POST", "{verb}", lambda request, body: control.do(request.match_info["verb"], **body)),
    ]
    return [web.route(method, f"/control/{path}", _handler(run)) for method, path, run in table]


def _fail(control: Control, body: Body) -> None:
    control.fail(body.pop("action", "*"), body.pop("kind", ""), body.pop("times", 1), **body)


def _requests(control: Control, action: str | None) -> list[dict[str, Any]]:
    found = control.requests if action is None else control.requests.of(action)
    return [request.as_dict() for request in found]


def _handler(run: Callable[[web.Request, Body], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        if not is_local(request.remote):
            return _json({"error": "The control interface is for this machine only"}, 403)
        try:
            return _json({"result": _plain(run(request, await _body(request)))}, 200)
        except PbxError as refusal:
            return _json({"error": str(refusal)}, 400)

    return handle


def is_local(address: str | None) -> bool:
    """Tell whether a request comes from this machine."""
    return address is not None and ip_address(address).is_loopback


async def _body(request: web.Request) -> Body:
    raw = await request.read()
    try:
        body = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise PbxError("The body is not valid JSON") from None
    if not isinstance(body, dict):
        raise PbxError("The body must be a JSON object")
    return body


def _plain(result: Any) -> Any:
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result


def _json(value: Any, status: int) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")
