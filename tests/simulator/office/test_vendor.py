"""The vendor's samples as an office that can be asked."""

from typing import Any

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.office.scenarios import vendor_sample


@pytest.mark.parametrize(("filters", "total"), [({"src": "100"}, "171"), ({"src": "630"}, "0")])
async def test_the_texts_are_found_by_their_sender(
    session: aiohttp.ClientSession, filters: dict[str, Any], total: str
) -> None:
    """The page's request asks for the texts of 100, and its answer has two."""
    async with Simulator(vendor_sample()) as sim:
        request = {"api_user": "100@default", "api_key": DEFAULT_KEY, "filters[]": filters}
        async with session.post(f"{sim.url}/api/v1/sms.php?api_action=query_sms", json=request) as response:
            assert (await response.json())["total_results"] == total
