"""The vendor's samples, answered to the letter by the stand-in PBX over a real socket."""

from collections.abc import Callable
from datetime import datetime
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.clock import ManualClock
from simulator.scenarios import SAMPLE_SMS_TIME, SAMPLE_TIME, vendor_sample

HERE = Path(__file__).parent
SAMPLES = sorted(path.stem for path in HERE.glob("*.json") if not path.stem.endswith(".request"))

# What each sample was asked with, where the page shows it or it follows from the answer.
REQUESTS: dict[str, dict[str, Any]] = {
    "sms.send_sms": {"dst": "100,2223334444", "account_code": "505", "body": "This is a successful message."},
    "sms.query_sms": {"results_limit": 10, "results_offset": 0, "order_by": "desc"},
    "subscribers.add_subscriber": {"phone_number": 1112224444, "campaign_id": "XXXXXXX"},
    "subscribers.remove_subscriber": {"phone_number": 5555555555, "campaign_id": "XXXXXXX"},
    "subscribers.add_unsubscriber": {"phone_number": 1112224444, "tenant_id": "0"},
    "subscribers.remove_unsubscriber": {"phone_number": 5555555555, "tenant_id": "0"},
    # Without the filters of the page's request, which would leave out two of the rows that its answer shows.
    "reports.report": {
        name: value
        for name, value in json.loads((HERE / "reports.report.request.json").read_text()).items()
        if name != "filter_groups"
    },
}


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


def moment(sample: str) -> datetime:
    """Return when a sample was taken."""
    return SAMPLE_SMS_TIME if sample == "sms.send_sms" else SAMPLE_TIME


@pytest.mark.parametrize("sample", SAMPLES)
async def test_the_stand_in_answers_as_the_page_does(socket_enabled: None, sample: str) -> None:
    """A stand-in that answers otherwise lets the integration pass its tests and fail at the office."""
    clock = ManualClock(moment(sample))
    async with Simulator(vendor_sample(clock), clock=clock) as sim, aiohttp.ClientSession() as session:
        # The page counts nobody waiting beside one who waits.
        sim.control.quirk("status.queues", waiting_count="zero")
        endpoint, action = sample.split(".")
        url = f"{sim.url}/api/v1/{endpoint}.php?api_action={action}&api_format=json"
        fields = {"api_user": "100@default", "api_key": DEFAULT_KEY} | REQUESTS.get(sample, {})
        async with session.post(url, json=fields) as response:
            answer = await response.json()
    SUBSTITUTIONS.get(sample, lambda _: None)(answer)
    expected = json.loads((HERE / f"{sample}.json").read_text())
    assert json.dumps(answer, indent=1) == json.dumps(expected, indent=1)  # the order of the keys, too


async def test_the_samples_own_sms_query_is_understood(socket_enabled: None) -> None:
    """The page's request has other times than its text describes, and brackets in a key."""
    request = json.loads((HERE / "sms.query_sms.request.json").read_text())
    async with Simulator(vendor_sample()) as sim, aiohttp.ClientSession() as session:
        request |= {"api_key": DEFAULT_KEY}
        async with session.post(f"{sim.url}/api/v1/sms.php?api_action=query_sms", json=request) as response:
            answer = await response.json()
    assert answer["result"] == "success"
    assert answer["results"] == []  # nothing in the samples is inbound
