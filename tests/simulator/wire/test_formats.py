"""Answers in the vendor's five formats, by `api_format` and by `Accept`."""

from collections.abc import AsyncIterator
import csv
import io
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp
import orjson
import pytest
import yaml

from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.office.scenarios import SAMPLE_TIME, vendor_sample
from simulator.vendor.actions import ACTIONS
from tests.simulator.conftest import CREDENTIALS

# The page's XML sample of the users, without its line breaks.
USERS_XML = (
    "<response><result>success</result><users>"
    "<array><ext>630</ext><user>Tom</user><tenant>default</tenant><authid>beaucrn6</authid><vmail>6/6</vmail>"
    "<status>OK (3 ms)</status><host>209.242.9.134</host><port>12447</port></array>"
    "<array><ext>69</ext><user>Jerry</user><tenant>default</tenant><authid>cpirg16m</authid><vmail>0/0</vmail>"
    "<status>Unmonitored</status><host>N/A</host><port>0</port></array>"
    "</users></response>"
)
CONTENT_TYPES = {
    "json": "application/json",
    "xml": "application/xml",
    "yaml": "application/x-yaml",
    "csv": "text/csv",
    "plain": "text/plain",
}
REPORT = {"report_type": "detail_table", "columns": "unique_id,callerid"}


@pytest.fixture
async def sample() -> AsyncIterator[Simulator]:
    """Return the PBX of the vendor's samples."""
    clock = ManualClock(SAMPLE_TIME)
    async with Simulator(vendor_sample(clock), clock=clock) as sim:
        yield sim


class Asked:
    """The vendor's samples, asked for in any format."""

    def __init__(self, sim: Simulator, session: aiohttp.ClientSession) -> None:
        self._sim, self._session = sim, session

    async def body(self, action: str, wanted: str, **fields: Any) -> str:
        """Return an answer's text."""
        endpoint, name = action.split(".")
        url = f"{self._sim.url}/api/v1/{endpoint}.php?api_action={name}&api_format={wanted}"
        async with self._session.post(url, json=CREDENTIALS | fields) as response:
            assert response.headers["Content-Type"] == CONTENT_TYPES[wanted]
            return await response.text()

    async def lines(self, action: str, **fields: Any) -> list[list[str]]:
        """Return a CSV answer's lines."""
        return list(csv.reader(io.StringIO(await self.body(action, "csv", **fields))))

    async def xml(self, action: str, **fields: Any) -> ET.Element:
        """Return an XML answer."""
        return ET.fromstring(await self.body(action, "xml", **fields))  # noqa: S314 - our own


@pytest.fixture
def asked(sample: Simulator, session: aiohttp.ClientSession) -> Asked:
    """Return a way to ask."""
    return Asked(sample, session)


async def test_the_pages_xml_sample_comes_to_the_letter(asked: Asked) -> None:
    """A client that reads XML is written from this sample."""
    assert await asked.body("status.users", "xml") == f'<?xml version="1.0" encoding="UTF-8"?>{USERS_XML}'


async def test_xml_repeats_the_elements_that_the_page_repeats(asked: Asked) -> None:
    """Calls and messages are not wrapped in <array> on the page; a client looks for them by name."""
    calls = await asked.xml("status.calls")
    assert [one.tag for one in calls[1]] == ["inbound", "outbound", "internal"]
    assert calls.findtext("calls/inbound/connected_to") == "Queue:support_queue"
    messages = await asked.xml("sms.query_sms", results_limit=2)
    assert [one.findtext("id") for one in messages.findall("results")] == ["3131", "3121"]


async def test_xml_names_the_queues_and_lists_the_log_lines(asked: Asked) -> None:
    """Queues and agents are elements of their own name, log lines are <value>s."""
    queues = await asked.xml("status.queues")
    assert queues.findtext("queues/support_queue/agents/beaucrn6/name") == "Tom"
    assert queues.findtext("queues/support_queue/calls_waiting/array/wait_time") == "0:04"
    logs = await asked.xml("status.dialerlogs")
    assert len(logs.findall("logs/array/output/value")) == 8


async def test_xml_spells_the_consent_lists_its_own_way(asked: Asked) -> None:
    """The page's JSON and XML samples disagree; each client is written from one of them."""
    lists = await asked.xml("subscribers.query_lists")
    assert lists.findtext("optin/array/subscribers/array/number") == "5555555555"
    assert lists.findtext("optout/array/tenant_name") == "name of the tenant"


async def test_a_queue_whose_name_is_no_element_still_makes_good_xml(
    sim: Simulator, session: aiohttp.ClientSession
) -> None:
    """One queue named "0" must not make the whole answer unreadable."""
    root = await Asked(sim, session).xml("status.queues")
    assert [queue.findtext("queue") for queue in root[1]] == ["support_queue", "0"]
    users = await Asked(sim, session).xml("status.users")
    assert "Zoë O'Neil-Smith" in [user.findtext("user") for user in users[1]]


async def test_nothing_is_an_empty_element(sample: Simulator, asked: Asked) -> None:
    """XML has no null; YAML and CSV have their own."""
    sample.control.quirk(blanks="null")
    root = await asked.xml("status.dialer")
    assert root.find("dialer/array/script_id") is not None
    assert root.findtext("dialer/array/script_id") == ""
    assert yaml.safe_load(await asked.body("status.dialer", "yaml"))["dialer"][0]["script_id"] is None
    assert ["dialer", "script_id", ""] in await asked.lines("status.dialer")


async def test_yaml_says_what_json_says(asked: Asked) -> None:
    """A client that prefers YAML sees the same PBX."""
    for action in ("status.users", "status.queues", "status.faxes", "status.dialerlogs", "subscribers.query_lists"):
        text = await asked.body(action, "yaml")
        assert text.startswith('---\nresult: "success"\n')
        assert yaml.safe_load(text) == orjson.loads(await asked.body(action, "json"))


async def test_csv_leads_to_every_value(asked: Asked) -> None:
    """The page's CSV has a line per value, named by where it stands."""
    lines = await asked.lines("status.users")
    assert lines[:2] == [["result", "success"], ["error", ""]]
    assert [line[-1] for line in lines if line[:2] == ["users", "ext"]] == ["630", "69"]
    assert ["queues", "support_queue", "agents", "beaucrn6", "avail", "1"] in await asked.lines("status.queues")
    assert ["results", "1476370358.2", '"John" <8881234567>'] in await asked.lines("reports.report", **REPORT)


async def test_plain_text_is_an_id_or_minus_one(asked: Asked) -> None:
    """A shell script reads nothing but this number."""
    assert await asked.body("dialer.add_contact_list", "plain", name="Spring") == "1"
    assert await asked.body("dialer.add_contact_list", "plain", name="Autumn") == "2"
    assert await asked.body("dialer.add_contact_list", "plain") == "-1"
    assert await asked.body("status.users", "plain") == "0"


async def test_an_error_is_an_error_in_every_format(asked: Asked) -> None:
    """Each format has its own way to fail, and a client knows only its own."""
    words = "Unknown field 'limit'"
    xml = f"<response><result>error</result><error>{words}</error></response>"
    errors = {wanted: await asked.body("status.users", wanted, limit="1") for wanted in ("json", "xml", "yaml")}
    assert errors == {
        "json": f'{{"result":"error","error":"{words}"}}',
        "xml": f'<?xml version="1.0" encoding="UTF-8"?>{xml}',
        "yaml": f'---\nresult: "error"\nerror: "{words}"\n',
    }
    assert await asked.lines("status.users", limit="1") == [["result", "error"], ["error", words]]


@pytest.mark.parametrize("action", [name for name in ACTIONS if name.startswith("status.")])
@pytest.mark.parametrize("wanted", CONTENT_TYPES)
async def test_every_status_action_has_every_format(asked: Asked, action: str, wanted: str) -> None:
    """A format that fails for one action is found out at the office otherwise."""
    assert await asked.body(action, wanted)


@pytest.mark.parametrize(
    ("accept", "api_format", "content_type"),
    [
        ("application/xml", None, "application/xml"),
        ("application/x-yaml", None, "application/x-yaml"),
        ("text/csv", None, "text/csv"),
        ("text/plain", None, "text/plain"),
        ("text/html, application/xml;q=0.5, text/csv;q=0.9", None, "text/csv"),
        ("application/xml;q=0, */*", None, "application/json"),
        ("image/png", None, "application/json"),
        ("application/xml", "JSON", "application/json"),
        ("application/json", "csv", "text/csv"),
    ],
)
async def test_the_format_is_the_parameters_then_the_headers(
    sample: Simulator, session: aiohttp.ClientSession, accept: str, api_format: str | None, content_type: str
) -> None:
    """A client that asks both ways gets what its address says."""
    url = f"{sample.url}/api/v1/status.php?api_action=users" + (f"&api_format={api_format}" if api_format else "")
    async with session.post(url, json=CREDENTIALS, headers={"Accept": accept}) as response:
        assert response.headers["Content-Type"] == content_type
