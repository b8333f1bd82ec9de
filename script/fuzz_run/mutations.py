"""Mutations: how a healthy answer is broken, in its document and in its bytes; the same seed breaks it the same way."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
import json
from random import Random
from typing import Any, Final

type Place = tuple[Any, Any]  # a map or list, and the key or index in it

DEPTH: Final = 200_000
MEGABYTE: Final = 2**20
# One answer in so many gets a megabyte: they are no more likely to break anything, and each costs a hundred others.
RARELY: Final = 40


class Raw(str):
    """JSON that no serializer would write; it goes into the body as it is."""

    __slots__ = ()


VALUES: Final[Sequence[Any]] = (
    # none, yes and no
    *(None, True, False, "", " ", "null", "Array", "N/A", "yes"),
    # numbers
    *(0, 1, -1, -7, 1.5, -0.5, 10**9, 10**12, -(10**12), 2**63, 2**64, 10**30, -(10**30), 1e300, -1e300),
    *(Raw("1e999"), Raw("-1e999"), Raw("-0"), Raw("NaN"), Raw("Infinity"), Raw("-Infinity"), Raw("9" * 350)),
    *(Raw("9" * 5000), Raw("0.1e1"), Raw("1E400"), Raw("00"), Raw("+1"), Raw("0x1F"), Raw("1.")),
    # numbers as texts
    *("0", "-1", "-7", "6.9", "1e3", "1e999", "-1e12", "nan", "inf", "-inf", "Infinity", "NaN", "1_000", "+5", "0x1F"),
    *("٣٤٥", "６", "²", "Ⅷ", "1,000", "9" * 16, "9" * 40, "9" * 400, "9" * 5000, "-" + "9" * 5000),  # noqa: RUF001
    # spans and times
    *("-5s", "-1 secs ago", "99999999999 weeks", "999999999999s", "9" * 5000 + "s", "0:99", "99999999:00", "-0:04"),
    *("1:2:3:4", "Now", "Over a week ago", "0000-00-00 00:00:00", "0001-01-01 00:00:00", "1969-12-31 23:59:59"),
    *("9999-12-31 23:59:59", "2026-02-30 00:00:00", "2026-11-23T15:00:00+99:99", "2026-11-23T15:00:00Z", "-1"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2099-01-01 00:00:00", "13/45/2026 99:99 PM"),
    *("1e15", "99999999999", "253402300800", "0.0", "2026-W01-1", "20261123"),
    # what a phone, a mailbox, a queue says
    *(
        "OK (" + "9" * 5000 + " ms)",
        "OK (-3 ms)",
        "OK (٣ ms)",
        "OK (99999999999 ms)",
        "-1/-1",
        "9999999999999/1",
        "1/2/3",
    ),
    *("Queue:", "Queue:" + "x" * 400, "(paused:" + "(" * 200, "(paused:x was 99999999999 weeks ago)", "(login was -1)"),
    # characters
    *("\ud83d", "\ude00", "\ud83d\ud83d\ude00", "\0", "a\0b", "\x1b[31m", "a\tb\r\nc", "\u2028", "\u202eabc", "\ufeff"),
    *(
        "\x7f\x80\x9f",
        "\uffff",
        "e\u0301" * 40,
        "\u200b",
        Raw(r'"\ud83d"'),
        Raw(r'"\\ud83d\ude00"'),
        Raw(r'"\ud83d\u0041"'),
    ),
    *(Raw(r'"\u0000"'), Raw('"a\x01b\x00c"'), Raw(r'"\x41"'), Raw(r'"\u12"'), Raw(r'"\\\ud800"'), "\\ud83d", "\\"),
    # somebody's idea of a joke
    *(
        "<b>x</b>",
        "' OR 1=1 --",
        "{{ 7 * 7 }}",
        "../../etc/passwd",
        "%s%n",
        "__class__",
        "8155550123@x",
        "+1" + "5" * 300,
    ),
    # lists and maps
    *([], {}, [[]], [{}], [None], ["x"], [0], {"0": {}}, {"": ""}, {"x": None}, {"x": []}, {"number": "8155550123"}),
    *([1, "two", None, {"three": []}], [[[[[[]]]]]], {"a": {"b": {"c": {"d": {}}}}}, [[], [[]], {}]),
)
KEYS: Final = (
    *("", " ", "0", "1", "-1", "result", "error", "results", "total", "total_results", "users", "number", "id", "x"),
    *("subscribed_at", "unsubscribed_at", "unsubscribers", "total_unsubscribers", "optout", "columns", "inbound"),
    *("\ud83d", "a\0b", "\x1b", "\u202e", "k" * 300, "9" * 400, "٣", "🦊", "__class__", "Ａ", "unique_id"),  # noqa: RUF001
)
ERRORS: Final = ("", "none", None, False, "The database is down", ["x"], {"code": 7}, "Access denied", 0)
RESULTS: Final = ("error", "Success", "success ", "", None, True, ["success"], {"success": 1}, "failure", "succes")
REFUSALS: Final = (
    *("Invalid API user or key", "Permission denied", "The trunk is down", "Missing field columns", "\0\ud83d", None),
    *(
        "8155550123 " * 1000,
        "x" * MEGABYTE,
        ["Invalid key"],
        {"a": "b"},
        "401",
        "The key k3y is wrong, k\0003y",
    ),
)
STATUSES: Final = (200,) * 30 + (201, 400, 401, 403, 404, 500, 503)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken answer, and what was done to it."""

    body: bytes
    status: int
    changes: tuple[str, ...]


def mutant(body: bytes, rng: Random) -> Mutant:
    """Break an answer once or several times over."""
    changes: list[str] = []
    document = json.loads(body)
    for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 2, 3, 5))):
        change = rng.choice(_OF_DOCUMENTS)
        change(document, rng)
        changes.append(_name(change))
    broken = _written(document, rng)
    if not changes or rng.random() < 0.15:  # noqa: PLR2004 - a few of those, too
        change_bytes = rng.choice(_OF_BYTES)
        broken = change_bytes(broken, rng)
        changes.append(_name(change_bytes))
    return Mutant(broken, rng.choice(STATUSES), tuple(changes))


def _name(change: Callable[..., Any]) -> str:
    return change.__name__.strip("_")


def _written(document: Any, rng: Random) -> bytes:
    """Write JSON as one of several programs would, with raw values as they are, and twins under one key."""
    raw: list[str] = []

    def inside(value: Any) -> Any:
        match value:
            case Raw():
                raw.append(value)
                return f"@raw{len(raw) - 1}@"
            case dict():
                return {key: inside(item) for key, item in value.items()}
            case list():
                return [inside(item) for item in value]
        return value

    text = json.dumps(inside(document), ensure_ascii=rng.choice((False, True)), indent=rng.choice((None, None, 2)))
    for number, value in enumerate(raw):
        text = text.replace(f'"@raw{number}@"', value)
    return text.replace(_TWIN, "").encode(errors="surrogatepass")


# --- Of documents ----------------------------------------------------------------------------------------------------

_TWIN: Final = "@twin@"  # of a key that is there twice


def _places(value: Any) -> Iterator[Place]:
    """Yield all places of a document."""
    for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


def _somewhere(document: Any, rng: Random, *, kind: type | tuple[type, ...] = object) -> Place | None:
    """Choose a place with such a value: near the top as often as deep down, where most of them are."""
    found = [(parent, key) for parent, key in _places(document) if isinstance(parent[key], kind)]
    if rng.random() < 0.25:  # noqa: PLR2004
        found = [(parent, key) for parent, key in found if parent is document] or found
    return rng.choice(found) if found else None


def _value(rng: Random) -> Any:
    if rng.randrange(RARELY) == 0:
        return rng.choice(
            (
                "x" * MEGABYTE,
                "8155550123," * (MEGABYTE // 11),
                "9" * MEGABYTE,
                " " * MEGABYTE,
                "🦊" * (MEGABYTE // 4),
                "(paused:" * (MEGABYTE // 8),
                "1 s " * (MEGABYTE // 4),
                Raw("[" * DEPTH + "]" * DEPTH),
                Raw('{"a":' * DEPTH + "1" + "}" * DEPTH),
                Raw("[" * 40_000 + "]" * 40_000),
                Raw("[" * 1000 + "]" * 1000),
                Raw('{"a":' * 900 + "{}" + "}" * 900),
            )
        )
    return _one(VALUES, rng)


def _one(values: Sequence[Any], rng: Random) -> Any:
    """Choose a value, and leave those to choose from as they are: it may be broken further."""
    return deepcopy(rng.choice(values))


def _replace(document: Any, rng: Random) -> None:
    if place := _somewhere(document, rng):
        place[0][place[1]] = _value(rng)


def _replace_scalar(document: Any, rng: Random) -> None:
    if place := _somewhere(document, rng, kind=(str, int, float, bool)):
        place[0][place[1]] = _value(rng)


def _swap_type(document: Any, rng: Random) -> None:
    if not (place := _somewhere(document, rng)):
        return
    value = place[0][place[1]]
    match value:
        case bool() | int() | float():
            new: Any = rng.choice((str(value), float(value), [value], {"0": value}, not value))
        case str():
            new = rng.choice(
                ([value], {"0": value}, list(value[:40]), len(value), value.encode(errors="surrogatepass").hex())
            )
        case list():
            new = rng.choice(
                ({str(at): item for at, item in enumerate(value)}, json.dumps(value, default=str), [value])
            )
        case dict():
            new = rng.choice((list(value.values()), list(value), list(map(list, value.items())), [value], len(value)))
        case _:
            new = rng.choice((0, "", [], {}))
    place[0][place[1]] = new


def _remove(document: Any, rng: Random) -> None:
    if place := _somewhere(document, rng):
        del place[0][place[1]]


def _map(document: Any, rng: Random) -> dict[str, Any]:
    place = _somewhere(document, rng, kind=dict)
    found: dict[str, Any] = place[0][place[1]] if place and rng.random() < 0.8 else document  # noqa: PLR2004
    return found


def _rename(document: Any, rng: Random) -> None:
    found = _map(document, rng)
    if not found:
        return
    key = rng.choice(list(found))
    new = rng.choice((rng.choice(KEYS), key.upper(), key + " ", f"{key}s", key[:-1], rng.choice(list(found))))
    items = [(new if name == key else name, value) for name, value in found.items()]
    found.clear()
    found.update(items)


def _add(document: Any, rng: Random) -> None:
    _map(document, rng)[rng.choice(KEYS)] = _value(rng)


def _double(document: Any, rng: Random) -> None:
    """Write a key twice, which no map can hold: the twin loses its mark when it is written."""
    found = _map(document, rng)
    if found:
        found[f"{rng.choice(list(found))}{_TWIN}"] = _value(rng)


def _list(document: Any, rng: Random) -> list[Any] | None:
    place = _somewhere(document, rng, kind=list)
    return place[0][place[1]] if place else None


def _lose_row(document: Any, rng: Random) -> None:
    if found := _list(document, rng):
        del found[rng.randrange(len(found))]


def _repeat_row(document: Any, rng: Random) -> None:
    if found := _list(document, rng):
        found.insert(rng.randrange(len(found) + 1), _one(found, rng))


def _stray_row(document: Any, rng: Random) -> None:
    if (found := _list(document, rng)) is not None:
        found.insert(rng.randrange(len(found) + 1), _value(rng))


def _empty_list(document: Any, rng: Random) -> None:
    if found := _list(document, rng):
        found.clear()


def _shuffle(document: Any, rng: Random) -> None:
    if found := _list(document, rng):
        rng.shuffle(found)


def _miscount(document: Any, rng: Random) -> None:
    """Let a total contradict what it counts."""
    totals = [(parent, key) for parent, key in _places(document) if isinstance(key, str) and key.startswith("total")]
    if totals:
        parent, key = rng.choice(totals)
        parent[key] = rng.choice((0, "0", "", None, 1, 3, "500", 10**12, -1, "-5", "many", True, [], 2.5, Raw("1e999")))


def _err(document: Any, rng: Random) -> None:
    document["error"] = _one(ERRORS, rng)


def _fail(document: Any, rng: Random) -> None:
    document["result"] = _one(RESULTS, rng)
    document["error"] = _one(REFUSALS, rng)


_OF_DOCUMENTS: Final[Sequence[Callable[[Any, Random], None]]] = (
    *(_replace, _replace_scalar, _replace_scalar, _replace_scalar, _swap_type, _swap_type, _remove, _rename, _add),
    *(_double, _lose_row, _repeat_row, _stray_row, _empty_list, _shuffle, _miscount, _miscount, _err, _fail),
)


# --- Of bytes --------------------------------------------------------------------------------------------------------


def _truncate(body: bytes, rng: Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _empty(_body: bytes, rng: Random) -> bytes:
    return rng.choice((b"", b" ", b"\r\n", b"\0", b"\xef\xbb\xbf", b"null", b"[]", b"{}", b'""', b"42", b"-1", b"true"))


def _mark(body: bytes, rng: Random) -> bytes:
    """Put a byte order mark before it, or two."""
    return rng.choice((b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2, b"\xff\xfe", b"\xfe\xff")) + body


def _encode(body: bytes, rng: Random) -> bytes:
    encoding = rng.choice(("latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037"))
    return body.decode(errors="replace").encode(encoding, errors="replace")


def _join(body: bytes, rng: Random) -> bytes:
    """Put something beside the document: a second one, a warning of PHP, a page."""
    other = rng.choice(
        (body, b"\n", b'{"result":"error"}', b"<br />\n<b>Notice</b>: Undefined index", b"<html></html>", b",")
    )
    return rng.choice((other + body, body + other))


def _other_format(_body: bytes, rng: Random) -> bytes:
    return rng.choice(
        (
            b"<!DOCTYPE html><html><title>Login</title><body>Please log in</body></html>",
            b'<?xml version="1.0"?><response><result>success</result><users></users></response>',
            b'---\nresult: "success"\nusers: []\n',
            b"result,success\nusers,\n",
            b"callback({})",
            b"%PDF-1.4",
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
            b"[" * DEPTH,
            b"[" * DEPTH + b"]" * DEPTH,
            b'{"result":' * DEPTH,
            b'{"result":"success","users":' + b"[" * DEPTH + b"]" * DEPTH + b"}",
            b"x" * MEGABYTE,
            b"\xff" * MEGABYTE,
        )
    )


def _flip(body: bytes, rng: Random) -> bytes:
    flipped = bytearray(body)
    for _ in range(rng.choice((1, 1, 2, 8)) if body else 0):
        flipped[rng.randrange(len(body))] = rng.randrange(256)
    return bytes(flipped)


def _insert(body: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(body) + 1)
    what = rng.choice(
        (b"\0", b"\x01", b"\n", b'"', b"\\", b"\xe9", b"\xed\xa0\xbd", b"\xc0\x80", b",", b"}", b"]", b"\\u0000")
    )
    return body[:at] + what + body[at:]


def _cut_out(body: bytes, rng: Random) -> bytes:
    begin = rng.randrange(len(body) + 1)
    return body[:begin] + body[begin + rng.choice((1, 2, 10, 200)) :]


def _pad(body: bytes, rng: Random) -> bytes:
    return rng.choice((b" ", b"\n\t", b"\0")) * rng.choice((1, 5, 4096)) + body + b"\n"


_OF_BYTES: Final[Sequence[Callable[[bytes, Random], bytes]]] = (
    *(_truncate, _truncate, _truncate, _empty, _mark, _encode, _encode, _join, _flip, _flip, _insert, _insert),
    *(_cut_out, _cut_out, _pad, _other_format),
)
