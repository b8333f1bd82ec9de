"""Trouble that keeps the statistics from being written: said once when it begins, and once when it is over."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from ..const import LOGGER
from .series import NotWrittenError

# The recorder says in its own words why it did not write.
DATABASE_ERRORS: Final = (SQLAlchemyError, NotWrittenError)


class Trouble:
    """Trouble of one PBX, however many hours it lasts."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said: set[str] = set()

    def database_failed(self, err: Exception) -> None:
        """Say that Home Assistant's database fails, in the words of its driver."""
        cause, *_ = str(getattr(err, "orig", None) or err).splitlines() or [""]
        self._once(
            "database",
            lambda: LOGGER.warning(
                "%s: the statistics wait for Home Assistant's database, which cannot be read or written: %s",
                self._name,
                cause or "the recorder has logged why",
            ),
        )

    def unexpected(self) -> None:
        """Say where our own mistake is."""
        self._once("ours", lambda: LOGGER.exception("Unexpected error filling the statistics of %s", self._name))

    def _once(self, kind: str, say: Callable[[], None]) -> None:
        if kind not in self._said:
            self._said.add(kind)
            say()

    def over(self) -> None:
        """Say that it works again, if it did not."""
        if self._said:
            self._said.clear()
            LOGGER.info("%s: the statistics are written again", self._name)
