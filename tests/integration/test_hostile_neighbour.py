"""Somebody answers in the PBX's place: Home Assistant goes on, and the key goes nowhere but where the user typed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
import logging
from pathlib import Path
import ssl

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from tests.helpers.entities import all_states
from tests.helpers.neighbour import ENDING, ENDLESS, Behaviour, Neighbour, neighbour, redirect
from tests.helpers.office import CALLER, KEY, small_office
from tests.helpers.service_calls import act
from tests.helpers.tls import EXPIRED, OTHER_HOST, self_signed
from tests.integration.conftest import Poll

BEHAVIOURS = [*ENDING.items(), *ENDLESS.items()]
NAMES = [name for name, _ in BEHAVIOURS]
REDIRECTS = (300, 301, 302, 303, 307, 308)
# A document is read until it is larger than any PBX's; what only says where its next piece begins is thrown away.
MOST_TAKEN = 40 * 2**20
TURNS = 200  # of the event loop until a client that has not ended waits for something
ROUNDS = 5000
SOMETIMES = 50
LONGEST = 31  # s until a client gives up

type Settle = Callable[[Awaitable[object], Neighbour], Awaitable[None]]


@pytest.fixture(autouse=True)
def calm(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """See that nothing was logged as an error, and the key not at all."""
    # In debug mode asyncio reports a client that hangs up during the handshake as an error of ours.
    hass.loop.set_debug(False)
    caplog.set_level(logging.DEBUG, "custom_components")
    yield
    records = caplog.get_records("call")
    assert [record.getMessage() for record in records if record.levelno >= logging.ERROR] == []
    assert KEY not in "\n".join(record.getMessage() for record in records)


@pytest.fixture
def given_up(hass: HomeAssistant, frozen: FrozenDateTimeFactory) -> Settle:
    """Return a function that does something to its end, and lets time pass where that would never come."""

    async def settle(work: Awaitable[object], someone: Neighbour) -> None:
        task = asyncio.ensure_future(work)
        for number in range(1, ROUNDS):
            for _ in range(TURNS):
                await asyncio.sleep(0)
            if task.done():
                break
            # Not while Home Assistant's threads are at work before anything is asked, nor before the question is here:
            # both have a clock of their own.
            if someone.answering or number % SOMETIMES == 0:
                frozen.tick(timedelta(seconds=LONGEST))
        await task

    return settle


async def _look(hass: HomeAssistant, frozen: FrozenDateTimeFactory) -> None:
    """Let every poll be due, and what does not come be given up."""
    for seconds in (301, LONGEST):
        frozen.tick(timedelta(seconds=seconds))
        for _ in range(TURNS):
            await asyncio.sleep(0)


def _unavailable(hass: HomeAssistant) -> set[str]:
    ours = ("pbx_connected", "pbx_callbacks")
    return {one for one, state in all_states(hass).items() if state != STATE_UNAVAILABLE and not one.startswith(ours)}


def _heard_the_key_in_the_body_only(heard: list[bytes]) -> bool:
    heads = [request.partition(b"\r\n\r\n")[0] for request in heard]
    return all(head.startswith(b"POST /api/v1/") and KEY.encode() not in head for head in heads)


async def _typed(hass: HomeAssistant, url: str) -> dict[str, object]:
    """Fill in the first form, for another account than the one that may be there; returns what comes of it."""
    begun = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    account = {CONF_URL: url, CONF_USERNAME: "630@default", CONF_API_KEY: KEY, CONF_VERIFY_SSL: True}
    result = dict(await hass.config_entries.flow.async_configure(begun["flow_id"], account))
    hass.config_entries.flow.async_abort(begun["flow_id"])
    return result


@pytest.mark.parametrize(("name", "behaviour"), BEHAVIOURS, ids=NAMES)
async def test_a_form_survives_whoever_answers(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    socket_enabled: None,
    frozen: FrozenDateTimeFactory,
    given_up: Settle,
    name: str,
    behaviour: Behaviour,
) -> None:
    """A slip in the address would take Home Assistant's memory, or leave a form that never comes back."""
    results: list[dict[str, object]] = []

    async def fill_in(url: str) -> None:
        results.append(await _typed(hass, url))

    async with neighbour(behaviour) as someone:
        await given_up(fill_in(f"http://127.0.0.1:{someone.port}"), someone)
    assert someone.heard
    assert _heard_the_key_in_the_body_only(someone.heard)
    assert someone.taken < MOST_TAKEN * len(someone.heard)
    assert results[0]["type"] is FlowResultType.FORM
    assert results[0]["errors"] in ({"base": "invalid_response"}, {"base": "cannot_connect"})
    assert KEY not in str(results[0]["description_placeholders"])


@pytest.mark.parametrize(("name", "behaviour"), BEHAVIOURS, ids=NAMES)
async def test_an_office_is_unavailable_while_somebody_else_answers_and_then_is_back(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    frozen: FrozenDateTimeFactory,
    poll: Poll,
    given_up: Settle,
    name: str,
    behaviour: Behaviour,
) -> None:
    """A captive portal or a broken proxy would empty the office, or end all of Home Assistant; reloaded or not."""
    before = all_states(hass)
    await simulator.stop()
    async with neighbour(behaviour, simulator.port) as someone:
        await given_up(_look(hass, frozen), someone)
        assert _unavailable(hass) == set()
        with pytest.raises(HomeAssistantError):
            await given_up(act(hass, "send_sms", recipients=[f"+1{CALLER}"], message="Hello"), someone)
        await given_up(hass.config_entries.async_reload(loaded.entry_id), someone)
        assert loaded.state is ConfigEntryState.SETUP_RETRY
    assert _heard_the_key_in_the_body_only(someone.heard)
    assert someone.taken < MOST_TAKEN * len(someone.heard)
    await simulator.start()
    await poll()
    await poll()
    assert loaded.state is ConfigEntryState.LOADED
    assert all_states(hass) == before


def _elsewhere(port: int, here: int) -> dict[str, str]:
    """Return where a redirect may lead: to another origin, in each of the ways in which that is written."""
    there = f"127.0.0.1:{port}"
    return {
        "another port": f"http://{there}/api/v1/status.php",
        "another name": f"http://localhost:{port}/",
        "no scheme": f"//{there}/api/v1/status.php",
        "a user": f"http://630:password@{there}/",
        "our address as a user": f"http://127.0.0.1:{here}@{there}/",
        "a backslash": f"http:\\\\{there}\\",
        "https": f"https://{there}/",
        "upper case": f"HTTP://{there}/",
    }


@pytest.mark.parametrize("status", REDIRECTS)
async def test_the_key_does_not_follow_a_redirect(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    frozen: FrozenDateTimeFactory,
    given_up: Settle,
    status: int,
) -> None:
    """Whoever can answer once for the PBX would have the key sent to a server of theirs."""
    await simulator.stop()
    async with neighbour() as there:
        for way, to in _elsewhere(there.port, simulator.port).items():
            async with neighbour(redirect(status, to), simulator.port) as someone:
                await given_up(_typed(hass, simulator.url), someone)
                await given_up(_look(hass, frozen), someone)
                assert _unavailable(hass) == set(), way
                with pytest.raises(HomeAssistantError):
                    await given_up(act(hass, "send_sms", recipients=[f"+1{CALLER}"], message="Hello"), someone)
                await given_up(hass.config_entries.async_reload(loaded.entry_id), someone)
            assert len(someone.heard) >= 3, way
            assert _heard_the_key_in_the_body_only(someone.heard), way
            assert there.callers == 0, way


async def test_a_server_elsewhere_sees_who_comes(
    hass: HomeAssistant, enable_custom_integrations: None, socket_enabled: None, frozen: FrozenDateTimeFactory
) -> None:
    """Else the test above would see nothing, whoever came."""
    async with neighbour() as there:
        await _typed(hass, f"http://127.0.0.1:{there.port}")
    assert there.callers
    assert KEY.encode() in there.heard[0]


@pytest.mark.parametrize(
    "misfit",
    [
        (EXPIRED, True, "certificate_expired"),
        (OTHER_HOST, True, "certificate_other_host"),
        (OTHER_HOST, False, "certificate_self_signed"),
    ],
    ids=["expired", "other host", "self-signed"],  # each run has other certificates
)
async def test_the_key_does_not_go_to_a_certificate_that_does_not_fit(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    frozen: FrozenDateTimeFactory,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    given_up: Settle,
    misfit: tuple[bytes, bool, str],
) -> None:
    """Whoever takes the PBX's place in the network, an hour after the set-up, would have the key with the next poll."""
    certificate, is_trusted, reason = misfit
    good, good_file = self_signed(tmp_path_factory.mktemp("good"))
    other = self_signed(tmp_path_factory.mktemp("other"), certificate)
    trust = _trust(good_file, *([other[1]] if is_trusted else []))
    monkeypatch.setattr("custom_components.dls_pbx.flows.connections.get_default_context", lambda: trust)
    simulator = Simulator(small_office(), ssl_context=good)
    await simulator.start()
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_URL: simulator.url})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    await simulator.stop()
    async with neighbour(port=simulator.port, tls=other[0]) as someone:
        await given_up(_look(hass, frozen), someone)
        assert _unavailable(hass) == set()
        with pytest.raises(HomeAssistantError):
            await given_up(act(hass, "send_sms", recipients=[f"+1{CALLER}"], message="Hello"), someone)
        await given_up(hass.config_entries.async_reload(entry.entry_id), someone)
        assert (entry.state, entry.error_reason_translation_key) == (ConfigEntryState.SETUP_RETRY, reason)
        form = await _typed(hass, simulator.url)
        assert form["errors"] == {"base": "cannot_connect"}
    assert someone.heard == []


def _trust(*files: Path) -> ssl.SSLContext:
    trust = ssl.create_default_context(cafile=files[0])
    for file in files[1:]:
        trust.load_verify_locations(file)
    return trust
