"""Outages: what fails at present, logged once when it begins and once when it ends."""

from homeassistant.core import CALLBACK_TYPE

from ..api import DlsPbxError, DlsPbxPermissionError
from ..const import LOGGER
from ..errors import error_key
from .keys import Action


class Outages:
    """Outages of one PBX, however many actions each of them takes down."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.failing: dict[Action, str] = {}  # what fails now, and how: an error's key
        self._held_back: dict[str, str] | None = {}  # lines by kind, until the entry is set up
        self.refused: set[Action] = set()  # what the key may not use, until it was used again
        self.on_refusal: CALLBACK_TYPE = lambda: None  # called when that changes

    def failed(self, action: Action, err: DlsPbxError) -> None:
        """Note that an action failed; the first of a kind is logged."""
        if isinstance(err, DlsPbxPermissionError) and action not in self.refused:
            self.refused.add(action)
            self.on_refusal()
        if action in self.failing:
            return
        kind = error_key(err)
        if kind not in self.failing.values():
            self._warn(kind, f"{self._name}: reading {action} failed: {err}")
        self.failing[action] = kind

    def _warn(self, kind: str, line: str) -> None:
        if self._held_back is None:
            LOGGER.warning(line)
        else:
            self._held_back[kind] = line

    def set_up(self) -> None:
        """Begin to log. Until then Home Assistant itself says why it cannot set up, and tries again and again."""
        lines, self._held_back = self._held_back or {}, None
        for kind, line in lines.items():
            self._warn(kind, line)

    def succeeded(self, action: Action) -> None:
        """Note that an action succeeded; the last of a kind to come back is logged."""
        if action in self.refused:
            self.refused.remove(action)
            self.on_refusal()
        kind = self.failing.pop(action, None)
        if kind and kind not in self.failing.values():
            LOGGER.info("%s: reading %s works again", self._name, action)
