"""Numbers of the simulated office's callers, who are in North America or in Britain, as E.164 without its plus."""

_NATIONAL, _SHORTEST = 10, 7


def spoken(written: str) -> str:
    """Return the digits of a number as somebody may write it."""
    digits = "".join(filter(str.isdecimal, written))
    return f"1{digits}" if len(digits) == _NATIONAL and not written.strip().startswith("+") else digits


def outside(written: str | None) -> str | None:
    """Return the number of somebody outside; None for extensions, and for those who keep theirs to themselves."""
    found = spoken(written or "")
    return found if len(found) >= _SHORTEST and not any(map(str.isalpha, written or "")) else None
