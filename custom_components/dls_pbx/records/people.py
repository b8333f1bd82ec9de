"""People's figures of today from the CDR: how many callers somebody answered and missed, how long they talked.

They are about people's work, and there only where the options ask for them.
"""

from dataclasses import dataclass
from datetime import datetime

from ..api.models import CallRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFigures:
    """Somebody's calls from and to outside since midnight.

    `answered` and `missed` are of callers; `talk` is in seconds, of callers and of those whom they called; `last_call`
    is when the last of these ended, of today or before. The others are what the queues say of an agent: how many calls
    of theirs they took, and since when they have been logged in.
    """

    answered: int = 0
    missed: int = 0
    talk: float = 0
    last_call: datetime | None = None
    calls_taken: int | None = None
    logged_in_since: datetime | None = None

    def plus(self, other: PersonFigures, sign: int = 1) -> PersonFigures:
        """Count more calls, or with -1 take them back; the last of two last calls is the later one."""
        return PersonFigures(
            answered=self.answered + sign * other.answered,
            missed=self.missed + sign * other.missed,
            talk=self.talk + sign * other.talk,
            last_call=max(filter(None, (self.last_call, other.last_call)), default=None),
        )

    def before_today(self) -> PersonFigures:
        """Return what is left of it at midnight."""
        return PersonFigures(last_call=self.last_call)


def person_figures(record: CallRecord) -> dict[str, PersonFigures]:
    """Return what a call counts for each of our people, as the CDR calls them.

    The CDR says how long all agents of a call talked together: each gets their share. To whom an agent passed a call on
    stands in no column, and whose phones rang for a queue neither.
    """
    if record.internal or record.fax:
        return {}
    if not record.inbound:
        talk = record.billable if record.bridged else 0
        return _each((record.src_user,), PersonFigures(talk=talk, last_call=record.ended))
    if not record.bridged:
        return _each((record.dst_user,), PersonFigures(missed=1))
    people = record.agents or (record.dst_user,)
    talk = record.talk if record.agents else record.billable
    return _each(people, PersonFigures(answered=1, talk=talk / len(people), last_call=record.ended))


def _each(people: tuple[str | None, ...], figures: PersonFigures) -> dict[str, PersonFigures]:
    return {one: figures for one in people if one}
