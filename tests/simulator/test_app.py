"""The vendor's API on a real socket: who may ask, how, and for what."""

import ast
import asyncio
import ssl
from typing import Any

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.pbx.simulated import SimulatedPbx
from simulator.vendor.actions import ACTIONS
from tests.helpers.paths import ROOT
from tests.simulator.conftest import CREDENTIALS, Ask

USERS = "/api/v1/status.php?api_action=users"
CONTACT = {
    "contact_list": "Spring",
    "first_name": "Ann",
    "last_name": "Lee",
    "phone_number": "8475550123",
    "address": "1 Main St",
    "city": "Lake Zurich",
    "state": "IL",
    "zip_code": "60047",
}
# A good request for every action that takes fields.
GOOD: dict[str, dict[str, Any]] = {
    "sms.send_sms": {"dst": "630", "body": "Hello"},
    "sms.query_sms": {"results_limit": 10},
    "dialer.add_contact_list": {"name": "Autumn"},
    "dialer.add_contact": CONTACT,
    "reports.report": {"report_type": "detail_table", "columns": ["unique_id"]},
    "subscribers.add_subscriber": {"phone_number": 1112224444, "campaign_id": "CAMPAIGN"},
    "subscribers.remove_subscriber": {"phone_number": "8475550199", "campaign_id": "CAMPAIGN"},
    "subscribers.add_unsubscriber": {"phone_number": 1112224444, "tenant_id": "0"},
    "subscribers.remove_unsubscriber": {"phone_number": "8475550199", "tenant_id": 0},
}


@pytest.fixture(autouse=True)
def prepared(pbx: SimulatedPbx) -> None:
    """Make the contact list and the consents that the good requests are about."""
    pbx.add_contact_list("Spring")
    pbx.add_subscriber("8475550199", "CAMPAIGN")
    pbx.add_unsubscriber("8475550199", "0")


async def post(session: aiohttp.ClientSession, url: str, **how: Any) -> tuple[int, dict[str, Any]]:
    """Return the status and the answer of a POST."""
    async with session.post(url, **how) as response:
        return response.status, await response.json(content_type=None)


def test_there_are_eighteen_actions() -> None:
    """A forgotten action is one that nobody can try without a real PBX."""
    assert len(ACTIONS) == 18


@pytest.mark.parametrize("action", ACTIONS)
async def test_every_action_answers(ask: Ask, action: str) -> None:
    """An action that fails here cannot be tried."""
    answer = await ask(action, **GOOD.get(action, {}))
    assert answer["result"] == "success", answer


@pytest.mark.parametrize("user", ["100@default", "100", "PHONE100", "100@DEFAULT"])
async def test_a_user_is_known_in_three_spellings(ask: Ask, user: str) -> None:
    """Users type their extension, auth ID or extension@tenant, and in any case."""
    assert (await ask("status.users", api_user=user))["result"] == "success"


@pytest.mark.parametrize(
    "wrong",
    [{"api_key": "wrong"}, {"api_user": "630"}, {"api_user": "cpirg16m"}, {"api_user": "nobody"}, {"api_key": None}],
)
async def test_wrong_credentials_are_refused(ask: Ask, sim: Simulator, wrong: dict[str, Any]) -> None:
    """A stand-in that lets anybody in would hide that the integration sends the wrong key."""
    assert await ask("status.users", **wrong) == {"result": "error", "error": "Invalid API user or key"}
    assert not sim.requests[-1].authenticated
    assert not sim.requests[-1].processed


@pytest.mark.parametrize("where", ["api_key", "api_user"])
async def test_credentials_in_the_query_string_are_refused(
    sim: Simulator, session: aiohttp.ClientSession, where: str
) -> None:
    """A key in a URL ends up in every proxy's log; the vendor takes it from the body only."""
    _, answer = await post(session, f"{sim.url}{USERS}&{where}={CREDENTIALS[where]}", json=CREDENTIALS)
    assert answer == {"result": "error", "error": f"'{where}' must be sent via POST, not in the query string"}


async def test_action_fields_in_the_query_string_are_refused(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Message texts do not belong in a URL either."""
    url = f"{sim.url}/api/v1/sms.php?api_action=send_sms&body=Hi"
    _, answer = await post(session, url, json=CREDENTIALS | {"dst": "630"})
    assert answer["result"] == "error"


async def test_get_is_refused(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """The credentials of a GET would have to be in its URL."""
    async with session.get(f"{sim.url}{USERS}") as response:
        assert response.status == 405
        assert (await response.json())["error"] == "Requests must be sent via POST"


async def test_the_action_may_be_in_the_body(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """The page only says that the action can be in the query string."""
    fields = CREDENTIALS | {"api_action": "users", "api_format": "json"}
    _, answer = await post(session, f"{sim.url}/api/v1/status.php", json=fields)
    assert answer["result"] == "success"


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/api/v1/status.php?api_action=nothing", 200, "Unknown api_action 'nothing'"),
        ("/api/v1/status.php", 200, "Missing api_action"),
        ("/api/v1/sms.php?api_action=users", 200, "Unknown api_action 'users'"),
        ("/api/v1/voicemail.php?api_action=users", 404, "Unknown endpoint '/api/v1/voicemail.php'"),
        ("/", 404, "Unknown endpoint '/'"),
        (f"{USERS}&api_format=toml", 200, "Unknown api_format 'toml'"),
    ],
)
async def test_what_does_not_exist_is_named(
    sim: Simulator, session: aiohttp.ClientSession, path: str, status: int, error: str
) -> None:
    """Whoever writes a client learns here what is wrong, not from an empty answer."""
    assert await post(session, f"{sim.url}{path}", json=CREDENTIALS) == (status, {"result": "error", "error": error})


@pytest.mark.parametrize(
    ("action", "fields", "error"),
    [
        ("status.users", {"limit": 5}, "Unknown field 'limit'"),
        ("sms.send_sms", {"body": "Hi"}, "Missing field 'dst'"),
        ("sms.send_sms", {"dst": "630"}, "Missing field 'body'"),
        ("sms.send_sms", {"dst": "630", "body": " "}, "Missing field 'body'"),
        ("sms.send_sms", {"dst": "630", "body": "x" * 201}, "1 to 200 characters"),
        ("sms.send_sms", {"dst": "999", "body": "Hi"}, "999"),
        ("sms.send_sms", {"dst": {"a": "630"}, "body": "Hi"}, "'dst' must be a text"),
        ("sms.send_sms", {"dst": "630", "body": ["Hi"]}, "'body' must be a text"),
        ("dialer.add_contact_list", {}, "Missing field 'name'"),
        ("dialer.add_contact", CONTACT | {"contact_list": "Winter"}, "Unknown contact list: Winter"),
        ("dialer.add_contact", CONTACT | {"zip_code": ""}, "Missing field 'zip_code'"),
        ("dialer.add_contact", CONTACT | {"state": "Illinois"}, "two letters"),
        ("dialer.add_contact", CONTACT | {"phone_number": "+442071234567"}, "ten digits"),
        ("dialer.add_contact", CONTACT | {"dialOnDate": "11/23/2026"}, "'dialOnDate' must be YYYY-MM-DD"),
        ("dialer.add_contact", CONTACT | {"customer": "7"}, "Unknown field 'customer'"),
        ("subscribers.add_subscriber", {"phone_number": "1112224444", "campaign_id": "NONE"}, "NONE"),
        ("subscribers.remove_subscriber", {"phone_number": "1112224444", "campaign_id": "CAMPAIGN"}, "not subscribed"),
        ("subscribers.add_unsubscriber", {"phone_number": "1112224444", "tenant_id": "7"}, "7"),
        ("subscribers.add_unsubscriber", {"phone_number": True, "tenant_id": "0"}, "'phone_number' must be a text"),
    ],
)
async def test_bad_fields_are_refused_with_a_useful_text(
    ask: Ask, sim: Simulator, action: str, fields: dict[str, Any], error: str
) -> None:
    """A stand-in that takes anything lets a wrong request through to the real PBX."""
    answer = await ask(action, **fields)
    assert answer["result"] == "error"
    assert error in answer["error"]
    assert not sim.requests[-1].processed


async def test_a_contact_goes_out_with_its_own_fields(ask: Ask, pbx: SimulatedPbx) -> None:
    """A dialer script without its custom fields reads nonsense to the callee."""
    fields = CONTACT | {"custom:account": "77", "dialOnDate": "2026-12-01", "country": "US"}
    answer = await ask("dialer.add_contact", **fields)
    [contact] = pbx.contact_lists[1].contacts.values()
    assert answer == {"result": "success", "id": contact.id}
    assert (contact.custom, str(contact.dial_on)) == ({"account": "77"}, "2026-12-01")


async def test_an_sms_comes_from_the_api_user(ask: Ask, sim: Simulator, pbx: SimulatedPbx) -> None:
    """With one extension in two tenants, a reply to the wrong one is lost."""
    sim.api.users = ("100@north-side",)
    answer = await ask("sms.send_sms", api_user="100@north-side", dst=["+12223334444"], body="Hello")
    assert answer["result"] == "success"
    assert pbx.messages()[-1].src == "north100"


async def test_the_request_log_tells_what_was_asked_but_not_the_key(ask: Ask, sim: Simulator) -> None:
    """Tests of the client rest on this log."""
    await ask("sms.send_sms", dst="630", body="Hello")
    [logged] = sim.requests.of("sms.send_sms")
    assert (logged.status, logged.processed, logged.authenticated) == (200, True, True)
    assert logged.params == {"api_user": "100@default", "dst": "630", "body": "Hello"}
    assert logged.key_in == ("body",)
    assert DEFAULT_KEY not in str(logged.as_dict())


async def test_the_request_log_forgets_the_oldest(ask: Ask, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo that runs for weeks must not fill the memory."""
    monkeypatch.setattr("simulator.vendor.request_log.LIMIT", 4)
    for action in ("users", "queues", "calls", "faxes", "dialer"):
        await ask(f"status.{action}")
    assert [request.action for request in sim.requests] == ["status.calls", "status.faxes", "status.dialer"]


async def test_an_outage_ends_on_the_same_port(ask: Ask, sim: Simulator) -> None:
    """A PBX that comes back elsewhere is not the one that went down."""
    url = sim.url
    await sim.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask("status.users")
    await sim.start()
    assert sim.url == url
    assert (await ask("status.users"))["result"] == "success"


async def test_things_happen_by_themselves_on_the_real_clock(pbx: SimulatedPbx) -> None:
    """A demo whose calls end only when someone looks is no living office."""
    happened = asyncio.Event()
    async with Simulator(pbx):
        pbx.at(pbx.now(), happened.set)
        await happened.wait()


async def test_it_speaks_tls(
    pbx: SimulatedPbx, session: aiohttp.ClientSession, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """The real PBX is only reached by https."""
    server, client = tls
    async with Simulator(pbx, ssl_context=server) as sim:
        assert sim.url.startswith("https://")
        _, answer = await post(session, f"{sim.url}{USERS}", json=CREDENTIALS, ssl=client)
    assert answer["result"] == "success"


@pytest.mark.parametrize("path", ["/pbx", "pbx/", "/our/pbx"])
async def test_it_can_be_found_under_a_path(pbx: SimulatedPbx, session: aiohttp.ClientSession, path: str) -> None:
    """Many a PBX stands behind a proxy that serves other things too."""
    async with Simulator(pbx, path=path) as sim:
        assert sim.url == f"{sim.origin}/{path.strip('/')}"
        _, answer = await post(session, f"{sim.url}{USERS}", json=CREDENTIALS)
        assert answer["result"] == "success"
        assert sim.requests[-1].path.startswith(f"/{path.strip('/')}/api/")
        for outside in (USERS, f"/pbxy{USERS}", "/", "/moved/api/v1/status.php"):
            async with session.post(f"{sim.origin}{outside}", json=CREDENTIALS) as response:
                assert (response.status, response.content_type) == (404, "text/html")
            assert (sim.requests[-1].status, sim.requests[-1].processed) == (404, False)
        async with session.get(f"{sim.origin}/control/state") as response:
            assert response.status == 200


async def test_a_redirect_leads_back_under_the_path(pbx: SimulatedPbx, session: aiohttp.ClientSession) -> None:
    """A proxy's redirect that loses the path would be a test of nothing."""
    async with Simulator(pbx, path="/pbx") as sim:
        sim.control.fail("status.users", "redirect")
        _, answer = await post(session, f"{sim.url}{USERS}", json=CREDENTIALS)
    assert answer["result"] == "success"


def test_the_simulator_imports_none_of_ours_and_no_home_assistant() -> None:
    """A stand-in written with the client's own code would share its mistakes."""
    root = ROOT / "simulator"
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not {name.partition(".")[0] for name in names} & {"custom_components", "homeassistant"}, path
