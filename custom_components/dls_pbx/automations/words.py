"""Words in a text, as people look for them: whole, in whatever letters, capitals, alphabet and keyboard."""

import re
from typing import Final
from unicodedata import category, name, normalize

# Written without spaces: of these nobody can tell where a word ends.
_UNSPACED: Final = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
# A phone's keyboard makes them curly.
_QUOTES: Final = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


def has_words(text: str, wanted: str) -> bool:
    """Tell whether a text has these words in it, whole and in this order: "stop" is not in "nonstop"."""
    text = _plain(text)
    phrase = r"\s+".join(map(re.escape, _plain(wanted).split()))
    # Looked ahead for, since a place that is inside of a word may overlap with one that is not.
    return any(
        not _is_inside_word(text, found.start(1)) and not _is_inside_word(text, found.end(1))
        for found in re.finditer(f"(?=({phrase}))", text)
    )


def _plain(written: str) -> str:
    """Return a text in one spelling: accents and capitals can be written in several ways."""
    return normalize("NFKC", normalize("NFKD", written).casefold()).translate(_QUOTES)


def _is_inside_word(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place : place + 1]
    if not (before and after) or not (before.isalnum() or _is_mark(before)):
        return False
    return _is_mark(after) or (after.isalnum() and not _is_unspaced(before + after))


def _is_mark(letter: str) -> bool:
    """Whether it is written onto the letter before it, as most vowels of India are."""
    return category(letter).startswith("M")


def _is_unspaced(letters: str) -> bool:
    return any(name(letter, "").startswith(_UNSPACED) for letter in letters)
