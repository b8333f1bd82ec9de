"""A server that says what a test tells it, for answers that no PBX in its right mind would give."""

from collections.abc import Mapping
from typing import Any, Self

from aiohttp import web
import orjson


class Scripted:
    """`async with Scripted() as server:` answers at `server.url`, to every request the same."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b""
        self.headers: dict[str, str] = {}
        self.seen: list[web.BaseRequest] = []
        self.url = ""

    def says(self, body: bytes | str | Mapping[str, Any], status: int = 200, **headers: str) -> None:
        """Answer so from now on; a mapping goes out as JSON, an underscore in a header's name as a hyphen."""
        match body:
            case bytes():
                self.body = body
            case str():
                self.body = body.encode()
            case _:
                self.body = orjson.dumps(body)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def shows(self, **fields: Any) -> None:
        """Answer with success and these fields from now on."""
        self.says({"result": "success", **fields})

    async def __aenter__(self) -> Self:
        """Start."""
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        self.seen.append(request)
        return web.Response(status=self.status, body=self.body, headers=self.headers)
