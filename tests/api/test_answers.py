"""Answers that are none, or say something else than success."""

import pytest

from custom_components.dls_pbx.api import DlsPbxClient, DlsPbxRateLimitError, DlsPbxRequestError, DlsPbxResponseError
from tests.helpers.office import KEY
from tests.helpers.scripted_server import Scripted


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        (b"", 200, "nothing"),
        (b" \r\n", 200, "nothing"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>Login</p>", 200, "a web page"),
        (b"[]", 200, "not of this API"),
        (b"null", 200, "not of this API"),
        (b"42", 200, "not of this API"),
        (b"{}", 200, "not of this API"),
        (b'{"message": "Forbidden"}', 403, "not of this API"),
        (b"error code: 1020", 403, "not of this API"),
        (b"<html><h1>403 Forbidden</h1><p>Invalid API key? Contact your administrator", 403, "a web page"),
        (b'{"result": "success", "users": [', 200, "not of this API"),
        (b'{"result": "success"}{"result": "success"}', 200, "not of this API"),
        (b"[" * 100_000, 200, "not of this API"),
    ],
)
async def test_what_is_not_of_this_api_is_told_as_such(
    scripted: Scripted, reader: DlsPbxClient, body: bytes, status: int, what: str
) -> None:
    """A firewall's page says nothing about the key: asking the user for a new one would be no help."""
    scripted.says(body, status)
    with pytest.raises(DlsPbxResponseError, match=what):
        await reader.users()
    scripted.shows(users=[])
    assert (await reader.users()).rows == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"result": "success"},
        {"result": "success", "users": 7},
        {"result": "success", "users": "none"},
        {"result": "success", "users": [[]]},
        {"result": "success", "users": {"tom": "Tom"}},
    ],
)
async def test_a_success_without_its_list_empties_no_office(
    scripted: Scripted, reader: DlsPbxClient, answer: dict[str, object]
) -> None:
    """All devices would be removed over a broken answer."""
    scripted.says(answer)
    with pytest.raises(DlsPbxResponseError):
        await reader.users()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"result": "error", "error": "The trunk is down"}, "The trunk is down"),
        ({"result": "error", "error": ""}, "error"),
        ({"result": "error"}, "error"),
        ({"result": "error", "error": ["one", "two"]}, "['one', 'two']"),
        ({"result": "failure", "error": None}, "failure"),
        ({"result": "Success"}, "Success"),
        ({"result": None}, "None"),
        ({"result": "error", "error": "  two \n lines "}, "two lines"),
        ({"result": "error", "error": "x" * 999}, "x" * 300),
    ],
)
async def test_everything_but_success_is_a_refusal(
    scripted: Scripted, reader: DlsPbxClient, answer: dict[str, object], words: str
) -> None:
    """A message that was not sent must not be reported as sent."""
    scripted.says(answer)
    with pytest.raises(DlsPbxRequestError) as caught:
        await reader.send_sms(["630"], "Hello")
    assert str(caught.value) == words


async def test_maintenance_with_a_time_is_a_wait_as_well(scripted: Scripted, reader: DlsPbxClient) -> None:
    """503 with Retry-After means the same; without, it is a server in trouble."""
    scripted.says("<html>Maintenance</html>", 503, Retry_After="300")
    with pytest.raises(DlsPbxRateLimitError) as caught:
        await reader.users()
    assert caught.value.retry_after == 300
    scripted.says("<html>Maintenance</html>", 503)
    with pytest.raises(DlsPbxResponseError, match="a web page"):
        await reader.users()


@pytest.mark.parametrize("error", ["The database is down", ["x"], {"code": 7}])
async def test_a_success_with_an_error_is_none(scripted: Scripted, reader: DlsPbxClient, error: object) -> None:
    """Nobody would have opted out while the database was down."""
    scripted.shows(error=error, optin=[], optout=[])
    with pytest.raises(DlsPbxResponseError, match="a success and an error"):
        await reader.query_lists()


@pytest.mark.parametrize("error", ["", None, False, 0, "none", "No error", [], "0"])
async def test_a_success_may_say_that_there_was_no_error(
    scripted: Scripted, reader: DlsPbxClient, error: object
) -> None:
    """The page's own sample has an empty one."""
    scripted.shows(error=error, users=[])
    assert (await reader.users()).rows == {}


@pytest.mark.parametrize(
    ("action", "rows"),
    [
        ("users", [{"user": "Tom"}, {"authid": None, "user": "Zoë"}]),
        ("users", [{"authid": None}]),
        ("users", [{"authid": "\0"}]),
        ("queues", {"": {"lost": "1"}}),
        ("conferences", [{"users": "1"}]),
        ("provisioning", [{"ext": "630@default"}]),
        ("campaigns", [{"name": "Reminders"}]),
        ("calls", {"inbound": 7}),
        ("calls", {"inbound": ["a call"]}),
    ],
)
async def test_rows_of_which_none_can_be_told_apart_empty_no_office(
    scripted: Scripted, reader: DlsPbxClient, action: str, rows: object
) -> None:
    """All devices would be removed, or all calls would have ended, because a field has another name."""
    scripted.shows(**{"dialer" if action == "campaigns" else action: rows})
    with pytest.raises(DlsPbxResponseError):
        await getattr(reader, action)()


async def test_no_error_brings_more_than_a_line_can_show(scripted: Scripted, reader: DlsPbxClient) -> None:
    """It goes into logs, repairs and the answer of an action; and a key with a NUL in it is the key all the same."""
    scripted.says({"result": "error", "error": f"\x1b[31m{KEY[:5]}\0{KEY[5:]} " + "x" * 2**20})
    with pytest.raises(DlsPbxRequestError) as caught:
        await reader.send_sms(["630"], "Hello")
    assert str(caught.value) == ("[31m*** " + "x" * 300)[:300]
