"""Dialect of a PBX: which encoding of a body, and which names of arrays, each of its endpoints takes.

The vendor's page allows several readings. Which one holds is found out by asking: where a refusal can mean that the
PBX has not seen our fields, the same is asked in the next manner. What an endpoint has answered once is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from .encoding import ArrayNames, Encoding

# The page speaks of "POST fields" here, and shows JSON everywhere else.
_BY_THE_PAGE: Final = {"dialer": Encoding.FORM}


@dataclass(frozen=True, slots=True)
class Manner:
    """How an endpoint is asked."""

    encoding: Encoding
    arrays: ArrayNames = ArrayNames.BOTH

    @classmethod
    def by_the_page(cls, endpoint: str) -> Self:
        """Return what is tried first."""
        return cls(_BY_THE_PAGE.get(endpoint, Encoding.JSON))


class Dialect:
    """What is known of the endpoints of one PBX; `on_learned` is called with what is worth keeping."""

    def __init__(self, stored: Mapping[str, Any] | None = None) -> None:
        self._known: dict[str, Manner] = {}
        self._guesses: dict[str, Manner] = {}
        self.on_learned: Callable[[dict[str, dict[str, str]]], None] = lambda _: None
        for endpoint, manner in (stored or {}).items():
            self._guesses[endpoint] = Manner(Encoding(manner["encoding"]), ArrayNames(manner["arrays"]))

    def as_stored(self) -> dict[str, dict[str, str]]:
        """Return what the page does not say, by endpoint."""
        learned = {**self._guesses, **self._known}
        return {
            endpoint: {"encoding": manner.encoding.value, "arrays": manner.arrays.value}
            for endpoint, manner in sorted(learned.items())
            if manner != Manner.by_the_page(endpoint)
        }

    def knows(self, endpoint: str) -> bool:
        """Whether the endpoint has answered in this run."""
        return endpoint in self._known

    def of(self, endpoint: str) -> Manner:
        """Return how to ask an endpoint: as it answered before, or else as the others do."""
        found = self._known.get(endpoint) or self._guesses.get(endpoint)
        first = Manner.by_the_page(endpoint)
        if found or self._guesses:
            return found or first
        # A PBX that reads forms only does so everywhere, most likely: a try less for each endpoint.
        heard = {manner.encoding for manner in self._known.values()}
        return Manner(heard.pop()) if len(heard) == 1 and heard != {Encoding.JSON} else first

    def learn(self, endpoint: str, manner: Manner) -> None:
        """Note that an endpoint has answered."""
        if self._known.get(endpoint) != manner:
            before = self.as_stored()
            self._known[endpoint] = manner
            if (after := self.as_stored()) != before:
                self.on_learned(after)

    def other_encodings(self, endpoint: str) -> Iterator[Manner]:
        """Yield what else to try where the credentials may not have been seen."""
        asked = self.of(endpoint)
        yield from (Manner(encoding) for encoding in Encoding if encoding is not asked.encoding)

    @staticmethod
    def other_arrays(asked: Manner) -> Iterator[Manner]:
        """Yield what else to try where an array may not have been seen, or was seen twice."""
        yield from (replace(asked, arrays=arrays) for arrays in ArrayNames if arrays is not asked.arrays)
