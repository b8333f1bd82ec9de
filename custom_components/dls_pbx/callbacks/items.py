"""Items of the callbacks owed: a caller and their tries. Pure data, as it is kept on the disk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

from .. import phone_numbers
from ..records.cursor import stored_time
from .notes import joined_notes

MOST_TRIES: Final = 100  # a robot's, and nobody wants to know how many more

# By their uids; up to 0.2.0 a list.
type Stored = Mapping[str, Mapping[str, Any]] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A call that came to nothing."""

    id: str
    began: datetime
    queues: tuple[str, ...] = ()
    voicemail: bool = False

    @classmethod
    def from_stored(cls, call_id: str, stored: Mapping[str, Any]) -> Self:
        """Read what `as_stored` wrote."""
        began = stored_time(stored["began"])
        return cls(id=call_id, began=began, queues=tuple(stored["queues"]), voicemail=stored["voicemail"])

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON takes it, without its id."""
        return {"began": self.began.isoformat(), "queues": list(self.queues), "voicemail": self.voicemail}


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A caller and their tries, oldest first; owed until `completed`, which nothing that began before it undoes.

    `number` is in E.164, or just digits where it has no area code; `uid` is the id of the call that made the item,
    with the number where the PBX has given it to two calls.
    """

    uid: str
    number: str = field(repr=False)
    name: str | None = field(repr=False)
    tries: tuple[Try, ...]
    completed: datetime | None = None
    deleted: bool = False  # not shown any more, only remembered
    note: str | None = field(default=None, repr=False)  # what people here wrote of it
    owner: str | None = field(default=None, repr=False)  # the name of who has taken it
    texted: datetime | None = None  # when somebody last texted them

    @property
    def first(self) -> datetime:
        """When they first tried."""
        return self.tries[0].began

    @property
    def last(self) -> datetime:
        """When they last tried."""
        return self.tries[-1].began

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues they were in, each once."""
        return tuple(dict.fromkeys(queue for one in self.tries for queue in one.queues))

    @property
    def voicemail(self) -> bool:
        """Whether they went to voicemail; the PBX does not say whether they left a message."""
        return any(one.voicemail for one in self.tries)

    @property
    def texted_since(self) -> datetime | None:
        """When somebody texted them since their last try: a text of before answers nothing."""
        return self.texted if self.texted and self.texted > self.last else None

    @classmethod
    def from_stored(cls, uid: str, stored: Mapping[str, Any]) -> Self:
        """Read what `as_stored` wrote."""
        completed, texted, tries = stored.get("completed"), stored.get("texted"), stored["tries"]
        by_id = tries if isinstance(tries, Mapping) else {one["id"]: one for one in tries}
        return cls(
            uid=uid,
            number=stored["number"],
            name=stored.get("name"),
            tries=tuple(sorted((Try.from_stored(*one) for one in by_id.items()), key=lambda one: one.began)),
            completed=stored_time(completed) if completed else None,
            deleted=stored["deleted"],
            note=_text(stored.get("note")),
            owner=_text(stored.get("owner")),
            texted=stored_time(texted) if texted else None,
        )

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON takes it, without its uid."""
        return {
            "number": self.number,
            "name": self.name,
            "tries": {one.id: one.as_stored() for one in self.tries},
            "completed": self.completed.isoformat() if self.completed else None,
            "deleted": self.deleted,
            "note": self.note,
            "owner": self.owner,
            "texted": self.texted.isoformat() if self.texted else None,
        }

    def with_tries(self, more: Iterable[Try], name: str | None) -> Self:
        """Return it with more tries, each once; a newer name is the better one."""
        tries = {one.id: one for one in (*self.tries, *more)}
        latest = sorted(tries.values(), key=lambda one: one.began)[-MOST_TRIES:]
        return replace(self, tries=tuple(latest), name=name or self.name)

    def with_reopened(self, older: Self) -> Self:
        """Return it with all that is known of an item of the same caller that was done, and is not any more."""
        return replace(
            self.with_tries(older.tries, self.name or older.name),
            note=joined_notes(older.note, self.note),
            owner=self.owner or older.owner,
            texted=max(filter(None, (self.texted, older.texted)), default=None),
        )


def _text(stored: Any) -> str | None:
    if not isinstance(stored, str | None):
        raise TypeError("A stored text of a callback is none")
    return stored


def item_uid(call_id: str, number: str, *, taken: bool) -> str:
    """Return the uid of an item that a call makes: nobody else's, also where the PBX gives two calls the same id."""
    return f"{call_id} {number}" if taken else call_id


def from_stored(stored: Stored) -> dict[str, Callback]:
    """Read all of them, by their uids; each has tries."""
    by_uid = stored if isinstance(stored, Mapping) else _by_uid(stored)
    found = {uid: Callback.from_stored(uid, item) for uid, item in by_uid.items()}
    if not all(item.tries for item in found.values()):
        raise ValueError("A stored callback has no tries")
    # Up to 0.2.0 some of those who hide had a number.
    return {uid: item for uid, item in found.items() if not phone_numbers.hides(item.number)}


def _by_uid(stored: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for item in stored:
        found[item_uid(item["uid"], item["number"], taken=item["uid"] in found)] = item
    return found
