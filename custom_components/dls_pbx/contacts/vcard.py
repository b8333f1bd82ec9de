"""Cards of contacts (vCard, RFC 6350 and its forerunners), as telephones and mail programs export them."""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
import re
from typing import Any, Final

import vobject

from .book import VIP, AddressBookError, Contact

_BEGIN: Final = re.compile(r"\s*BEGIN:VCARD\s", re.IGNORECASE)
_LOGGER = logging.getLogger("vobject.base")


def is_vcard(text: str) -> bool:
    """Tell whether a text begins as a vCard."""
    return _BEGIN.match(text) is not None


def vcard_contacts(text: str) -> tuple[list[Contact], int]:
    """Return the contacts of a file, and how many of its lines cannot be read; raises an AddressBookError."""
    cards: list[Any] = []
    torn = 0
    with _unlogged() as skipped:
        try:
            cards.extend(vobject.readComponents(text, ignoreUnreadable=True, allowQP=True))
        except (vobject.base.ParseError, ValueError, LookupError) as err:
            # A download that broke off: what is whole is good.
            if not cards:
                raise AddressBookError("not_an_address_book") from err
            torn = 1
    return [_contact(card) for card in cards if "tel" in card.contents], len(skipped) + torn


def _contact(card: Any) -> Contact:
    categories = [str(name) for line in card.contents.get("categories", ()) for name in _listed(line.value)]
    return Contact(
        name=_name(card),
        numbers=tuple(str(line.value) for line in card.contents["tel"]),
        vip=any(name.strip().casefold() == VIP for name in categories),
    )


def _name(card: Any) -> str:
    for field in ("fn", "n", "org"):
        for line in card.contents.get(field, ()):
            if name := " ".join(map(str, _listed(line.value))).strip():
                return name
    return ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@contextmanager
def _unlogged() -> Iterator[list[logging.LogRecord]]:
    """Keep what cannot be read out of the log, where the library writes it: it is about people."""
    found: list[logging.LogRecord] = []

    def keep(record: logging.LogRecord) -> bool:
        found.append(record)
        return False

    _LOGGER.addFilter(keep)
    try:
        yield found
    finally:
        _LOGGER.removeFilter(keep)
