"""Text pages: the PBX's texts, the newest first, as far back as somebody looks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant

from ..actions.request import async_ask
from ..api.models import Message
from ..data import DlsPbxConfigEntry
from ..records.conversations import time_of
from ..records.read import async_newest_messages

_PER_PAGE: Final = 200
# A search goes no further back, and a list of conversations no further at a time.
_MOST_PAGES: Final = 10


async def async_read_texts(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, take: Callable[[Sequence[Message]], bool]
) -> bool:
    """Have pages of texts taken until they are enough; returns whether there are older ones.

    `take` tells whether it has enough. Raises a HomeAssistantError (`sms.php query_sms`).
    """
    end: datetime | None = None
    for _ in range(_MOST_PAGES):
        more, messages = await async_ask(hass, entry, partial(async_newest_messages, limit=_PER_PAGE, end=end))
        reached = time_of(messages[-1]) if messages else None
        if take(messages) or not more or reached is None or reached == end:
            return more
        end = reached
    return True
