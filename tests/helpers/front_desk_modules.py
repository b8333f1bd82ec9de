"""Modules of the front desk that a browser loads, and how large they may be."""

from collections.abc import Mapping
from os.path import normpath
from pathlib import PurePosixPath
import re
from typing import Final

KB: Final = 1024
SECTIONS: Final = ("queues", "waiting", "people", "calls", "callbacks", "messages", "faxes", "sms-box")
# Uncompressed: what every page of Home Assistant loads, the front desk with all that it shows, and each other card with
# all that it opens, beside what all cards share.
PAGE: Final = ("main.js",)
FRONT_DESK: Final = ("front_desk/card.js", *(f"front_desk/sections/{name}.js" for name in SECTIONS))
LIMITS: Final[Mapping[tuple[str, ...], int]] = {
    PAGE: 12 * KB,
    FRONT_DESK: 70 * KB,
    ("messages/card.js", "messages/thread.js"): 25 * KB,
    ("call_log/card.js", "call_log/export.js"): 25 * KB,
    ("lists/card.js",): 25 * KB,
    ("trends/card.js",): 25 * KB,
    ("caller/panel.js",): 25 * KB,
}
_SHARED: Final = ("ui/", "data/")


def loaded(files: Mapping[str, str], *modules: str) -> set[str]:
    """Return the modules that come with some; what is imported only when somebody opens it is not among them."""
    found, left = set[str](), [*modules]
    while left:
        module = left.pop()
        found.add(module)
        imports = re.findall(r'(?<!\w)import [^"()]*"(\.[^"]+)";', files[module])
        left += {normpath(PurePosixPath(module).parent / one) for one in imports} - found
    return found


def size(files: Mapping[str, str], modules: tuple[str, ...]) -> int:
    """Return the bytes that one of `LIMITS` is about."""
    whole = modules in (PAGE, FRONT_DESK)
    counted = [module for module in loaded(files, *modules) if whole or not module.startswith(_SHARED)]
    return sum(len(files[module].encode()) for module in counted)
