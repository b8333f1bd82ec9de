"""Characters that are none, in names and texts."""

import aiohttp
import orjson
import pytest

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import CREDENTIALS

BACKSLASH = "\\n"


@pytest.mark.parametrize(
    ("kind", "name", "seen"),
    [
        ("latin1", "André", b'"Andr\xe9"'),
        ("latin1", "10 € für André", b'"10 \xe2\x82\xac f\xfcr Andr\xe9"'),
        ("halves", "Low \U0001f50b", b'"Low \\ud83d"'),
        ("control", "one\ntwo\x07", b'"one\ntwo\x07"'),
        ("control", f'{BACKSLASH} "x"\t', b'"\\\\n \\"x\\"\t"'),
    ],
)
async def test_a_name_is_no_good_json(
    sim: Simulator, session: aiohttp.ClientSession, pbx: SimulatedPbx, kind: str, name: str, seen: bytes
) -> None:
    """A name with an accent must not make every entity of the PBX unavailable."""
    pbx.add_extension("700", name)
    url = f"{sim.url}/api/v1/status.php?api_action=users"
    async with session.post(url, json=CREDENTIALS) as response:
        assert orjson.loads(await response.read())["users"][-1]["user"] == name
    sim.control.quirk(characters=kind)
    async with session.post(url, json=CREDENTIALS) as response:
        body = await response.read()
    assert b'"user":' + seen in body
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(body)
