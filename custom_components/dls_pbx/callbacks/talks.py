"""Talks: which calls on record settle what somebody outside is owed."""

from collections.abc import Iterable
from datetime import datetime

from .. import phone_numbers
from ..api.models import CallRecord
from ..contacts.callers import outside_caller


def parties(record: CallRecord, region: str) -> set[str]:
    """Return who outside was in a call; a hairpin's other end is a colleague's own telephone."""
    own = record.internal or record.inbound or record.dst_user
    called = None if own else phone_numbers.outside(record.dst or record.dst_label or "", region)
    return set(filter(None, (outside_caller(record, region), called)))


def talks(records: Iterable[CallRecord], since: datetime, region: str) -> Iterable[tuple[str, datetime]]:
    """Yield to whom somebody spoke since a time, and when."""
    for record in records:
        if record.bridged and record.began >= since:
            for number in parties(record, region):
                yield number, record.began
