"""The vendor's samples, answered to the letter by the stand-in PBX over a real socket."""

from collections.abc import Callable
import json
from typing import Any

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.clock import ManualClock
from simulator.office.scenarios import vendor_sample
from tests.helpers.paths import VENDOR_SAMPLES
from tests.helpers.vendor_samples import SAMPLES, answer


def _shortened(answer: dict[str, Any]) -> None:
    """Cut the lists where the page does: it prints fewer numbers than it counts."""
    for half, numbers in (("optin", "subscribed_at"), ("optout", "unsubscribed_at")):
        for one in answer[half]:
            del one[numbers][1:]


def _with_the_pages_weekdays(answer: dict[str, Any]) -> None:
    """Say Monday as the page does: the 1st of October 2016 was a Saturday, the 28th a Friday."""
    answer["title"] = answer["title"].replace("Sat, Oct 1,", "Mon, Oct 1,").replace("Fri, Oct 28,", "Mon, Oct 28,")


# Where no PBX can say what the page says: the smallest change that makes it so.
SUBSTITUTIONS: dict[str, Callable[[dict[str, Any]], None]] = {
    "sms.query_sms": lambda answer: answer["results"].__delitem__(slice(2, None)),  # ten are asked for, two printed
    "subscribers.query_lists": _shortened,
    "reports.report": _with_the_pages_weekdays,
}


@pytest.mark.parametrize("name", SAMPLES)
async def test_the_stand_in_answers_as_the_page_does(socket_enabled: None, name: str) -> None:
    """A stand-in that answers otherwise lets the integration pass its tests and fail at the office."""
    sample = SAMPLES[name]
    clock = ManualClock(sample.taken)
    async with Simulator(vendor_sample(clock), clock=clock) as sim, aiohttp.ClientSession() as session:
        # The page counts nobody waiting beside one who waits.
        sim.control.quirk("status.queues", waiting_count="zero")
        endpoint, action = name.split(".")
        url = f"{sim.url}/api/v1/{endpoint}.php?api_action={action}&api_format=json"
        fields = {"api_user": "100@default", "api_key": DEFAULT_KEY} | sample.fields
        async with session.post(url, json=fields) as response:
            given = await response.json()
    SUBSTITUTIONS.get(name, lambda _: None)(given)
    assert json.dumps(given, indent=1) == json.dumps(answer(name), indent=1)  # the order of the keys, too


def test_no_sample_is_forgotten() -> None:
    """A sample that lies there unread checks nothing."""
    assert {f"{name}.json" for name in SAMPLES} == {
        path.name for path in VENDOR_SAMPLES.glob("*.json") if ".request." not in path.name
    }


async def test_the_samples_own_sms_query_is_understood(socket_enabled: None) -> None:
    """The page's request has other times than its text describes, and brackets in a key."""
    request = json.loads((VENDOR_SAMPLES / "sms.query_sms.request.json").read_text())
    async with Simulator(vendor_sample()) as sim, aiohttp.ClientSession() as session:
        request |= {"api_key": DEFAULT_KEY}
        async with session.post(f"{sim.url}/api/v1/sms.php?api_action=query_sms", json=request) as response:
            answer = await response.json()
    assert answer["result"] == "success"
    assert answer["results"] == []  # nothing in the samples is inbound
