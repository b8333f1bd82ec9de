"""Reach of the PBX's memory: a report may go back only so far, and is refused whole if it is asked for more."""

from datetime import datetime, timedelta
from typing import Final

from ..api import DlsPbxClient, DlsPbxRequestError

_A_DAY: Final = timedelta(days=1)


async def async_furthest(client: DlsPbxClient, start: datetime, now: datetime) -> datetime:
    """Return from when on the PBX gives calls, to the day: `start`, or later; raises what it says to a single day."""
    refused, given = (now - start) // _A_DAY + 1, 0
    # Halved each time: a year takes nine questions for nothing but a number.
    while refused - given > 1:
        days = (refused + given) // 2
        try:
            await _async_try(client, max(now - days * _A_DAY, start))
        except DlsPbxRequestError:
            refused = days
        else:
            given = days
    if not given:
        await _async_try(client, now - _A_DAY)
    return max(now - given * _A_DAY, start)


async def _async_try(client: DlsPbxClient, start: datetime) -> None:
    await client.report(["unique_id"], start=start, end=start + _A_DAY, options={"count_only": "true"})
