"""Characters that no text of the PBX may bring with it, whoever's phone put them there."""

import re
from typing import Final

# Control characters that lay out no text, and halves of characters: some databases refuse a whole state for one.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def printable(text: str) -> str:
    """Return a text without characters that nobody can see or write down."""
    return _UNPRINTABLE.sub("", text)
