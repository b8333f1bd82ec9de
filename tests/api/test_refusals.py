"""What the PBX's words are taken for: there are no error codes."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.dls_pbx.api import (
    DlsPbxAuthenticationError,
    DlsPbxBareRefusalError,
    DlsPbxClient,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRequestError,
    HttpConnections,
)
from simulator.app import Simulator
from simulator.quirks.switches import CREDENTIALS_TEXTS, PERMISSION_TEXTS
from tests.helpers.office import CALLER, KEY, USERNAME
from tests.helpers.scripted_server import Scripted

KEY_REFUSED = (
    *CREDENTIALS_TEXTS,
    "Invalid API key",
    "Invalid api_key",
    "invalid user or key",
    "Wrong key.",
    "Bad username or password",
    "Unknown api user",
    "Missing credentials",
    "The API key is invalid",
    "The api_key you provided is not valid",
    "API key expired",
    "Your API key has been revoked",
    "Your api key was not recognised",
    "api_key does not match",
    "API user not found",
    "Login failed",
    "Login required",
    "Authentication required",
    "Authentication error",
    "User authentication has failed",
    "User not authenticated",
    "Unable to authenticate",
    "Invalid authentication",
    "Unauthorized",
    "UNAUTHORISED!",
    "Not authorized.",
)
NOT_PERMITTED = (
    *PERMISSION_TEXTS,
    "Insufficient permissions",
    "You are not permitted to read queues",
    "You are not authorized to use this method",
    "Unauthorized to view reports",
    "User does not have access to the dialer",
    "Access denied",
    "This API action is not available for your account",
    "You do not have the right privileges",
)
OTHERWISE = (
    "Unknown campaign: NONE",
    "Unknown filter 'bad_thing'",
    "Invalid authid 'nobody'",
    "Invalid auth ID 'nobody'",
    "Invalid phone number",
    "Invalid column: user_name_key",
    "Unknown destination: 999",
    "Missing field 'dst'",
    "The message must have 1 to 200 characters",
    "Key 'from' is not a date",
    "Internal server error",
    "SQLSTATE[HY000] [1045] Access denied for user 'pbx'@'localhost'",
    "SQL error near api_key='...'",
    "No such queue",
    "error",
)


type Refused = Callable[[str, int], Awaitable[DlsPbxError]]


@pytest.fixture
def refused(scripted: Scripted, connections: HttpConnections) -> Refused:
    """Return a way to find out what a new client makes of a refusal."""

    async def refused(words: str, status: int) -> DlsPbxError:
        scripted.says({"result": "error", "error": words}, status)
        with pytest.raises(DlsPbxError) as caught:
            await DlsPbxClient(connections, scripted.url, USERNAME, KEY).users()
        return caught.value

    return refused


@pytest.mark.parametrize("words", KEY_REFUSED)
async def test_a_refused_key_is_told_by_its_words(refused: Refused, words: str) -> None:
    """Else the user is never asked for the new key, and everything stays unavailable."""
    for status in (200, 400, 401, 403, 500):
        assert type(await refused(words, status)) is DlsPbxAuthenticationError


@pytest.mark.parametrize("words", NOT_PERMITTED)
async def test_an_action_that_is_not_permitted_is_no_wrong_key(refused: Refused, words: str) -> None:
    """The other actions work: asking for a new key would stop them, and bring nothing."""
    for status in (200, 400, 403, 500):
        assert type(await refused(words, status)) is DlsPbxPermissionError


@pytest.mark.parametrize("words", OTHERWISE)
async def test_any_other_refusal_is_one_of_the_request(refused: Refused, words: str) -> None:
    """A wrong guess here locks out a key that is right."""
    for status in (200, 400, 404, 500):
        err = await refused(words, status)
        assert (type(err), str(err)) == (DlsPbxRequestError, words)


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (401, "Computer says no", DlsPbxAuthenticationError),
        (403, "Computer says no", DlsPbxAuthenticationError),
        (401, "Access denied", DlsPbxAuthenticationError),
        (401, "Forbidden", DlsPbxAuthenticationError),
        (401, "You do not have permission to use this API method", DlsPbxPermissionError),
        (403, "This method is not enabled for your user", DlsPbxPermissionError),
        (402, "Computer says no", DlsPbxRequestError),
    ],
)
async def test_the_http_status_counts_where_the_words_say_nothing(
    refused: Refused, status: int, words: str, kind: type[DlsPbxError]
) -> None:
    """401 is what the protocol has for a wrong key, but words that say otherwise know better."""
    assert type(await refused(words, status)) is kind


@pytest.mark.parametrize("words", KEY_REFUSED)
async def test_words_that_mean_user_or_key_are_certain(refused: Refused, words: str) -> None:
    """A wrong key would be tried again and again, and its user locked out."""
    err = await refused(words, 401)
    assert isinstance(err, DlsPbxAuthenticationError)
    assert err.is_certain


@pytest.mark.parametrize(
    "words",
    [
        "Session backend down",
        "Computer says no",
        "Clave incorrecta",
        "Login failed: database gone away",
        "Unable to authenticate: LDAP server cannot be reached, connection refused",
        "Authentication failed: timed out",
        "Invalid credentials (SQLSTATE[HY000] [2002])",
        "Authentication is temporarily unavailable",
        "Too many wrong passwords",
        "Account locked. Try again in 30 minutes",
    ],
)
async def test_words_that_may_mean_what_passes_are_not_certain(refused: Refused, words: str) -> None:
    """A key that is right would never be tried again."""
    err = await refused(words, 401)
    assert isinstance(err, DlsPbxAuthenticationError)
    assert not err.is_certain


@pytest.mark.parametrize(
    ("status", "body"), [(401, b""), (401, b"<html>Log in"), (401, b"no"), (403, b""), (403, b" \n")]
)
async def test_a_bare_refusal_is_one_of_the_key(
    scripted: Scripted, reader: DlsPbxClient, status: int, body: bytes
) -> None:
    """A PBX may refuse a key before PHP has a word to say; so may anything in front of it, for a moment."""
    scripted.says(body, status)
    with pytest.raises(DlsPbxBareRefusalError, match=f"HTTP status {status}"):
        await reader.users()


@pytest.mark.parametrize("words", CREDENTIALS_TEXTS)
async def test_the_stand_ins_wrong_key_is_one(sim: Simulator, connections: HttpConnections, words: str) -> None:
    """The key that was changed at the PBX."""
    sim.control.quirk(credentials_text=words)
    client = DlsPbxClient(connections, sim.url, USERNAME, "yesterday's key")
    with pytest.raises(DlsPbxAuthenticationError):
        await client.users()


async def test_after_a_refused_key_nothing_more_is_asked(sim: Simulator, connections: HttpConnections) -> None:
    """Eight actions that go on with a wrong key look like an attack, and get the office's address blocked."""
    client = DlsPbxClient(connections, sim.url, USERNAME, "yesterday's key")
    with pytest.raises(DlsPbxAuthenticationError) as first:
        await client.users()
    for ask in (client.users, client.queues, client.query_lists):
        with pytest.raises(DlsPbxAuthenticationError) as again:
            await ask()
        assert again.value is not first.value  # one object would gather the tracebacks of all
        assert str(again.value) == str(first.value)
    with pytest.raises(DlsPbxAuthenticationError):
        await client.add_subscriber(CALLER, "CSPRING")
    # Once in each encoding: a PBX that reads forms only says the same of a key in JSON.
    assert [request.encoding for request in sim.requests] == ["json", "form", "xml"]


async def test_a_new_client_starts_afresh(sim: Simulator, connections: HttpConnections) -> None:
    """With the new key everything works at once."""
    with pytest.raises(DlsPbxAuthenticationError):
        await DlsPbxClient(connections, sim.url, USERNAME, "yesterday's key").users()
    assert (await DlsPbxClient(connections, sim.url, USERNAME, KEY).users()).rows


@pytest.mark.parametrize("kind", ["no_permission", "rate_limited", "server_error", "html", "redirect", "reset_before"])
async def test_after_any_other_failure_is_asked_again(sim: Simulator, client: DlsPbxClient, kind: str) -> None:
    """They pass by themselves."""
    await client.queues()
    # Of a connection that breaks nobody hears unless it does so again.
    asked = 2 if kind == "reset_before" else 1
    sim.control.fail("status.users", kind, times=asked)
    with pytest.raises(DlsPbxError):
        await client.users()
    assert (await client.users()).rows
    assert len(sim.requests) == 1 + asked + 1


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("You do not have permission to use this method", ["json"]),
        ("Permission denied", ["json", "form", "xml"]),
        ("This method is out of order", ["json"]),
    ],
)
async def test_a_missing_right_is_asked_for_once(
    sim: Simulator, client: DlsPbxClient, words: str, asked: list[str]
) -> None:
    """Each poll of an action that this key may not use would be three; who is not seen may be refused as a stranger."""
    await client.users()
    sim.requests.clear()
    sim.control.quirk("sms.query_sms", permission_text=words)
    sim.control.fail("sms.query_sms", "no_permission", times=None)
    with pytest.raises(DlsPbxError, match=words):
        await client.query_sms(limit=1)
    assert [request.encoding for request in sim.requests] == asked
