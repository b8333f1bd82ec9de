"""To-do list of callers who have to be called back."""

from dataclasses import replace
from typing import override

from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity, TodoListEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import phone_numbers
from .callbacks.items import Callback
from .callbacks.notes import without_lines, written_note
from .data import DlsPbxConfigEntry
from .entity import CallbacksEntity
from .errors import wrong_input
from .texts import text

# Ticking off asks the PBX nothing.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the list of a PBX."""
    async_add_entities([CallbackList(entry)])


class CallbackList(CallbacksEntity, TodoListEntity):
    """Callers to be ticked off; what an item says comes from the CDR, but for the note that begins its description."""

    # Home Assistant's form sends all fields of an item back, also to tick it off. Without the last two features it
    # would not be let through.
    _attr_supported_features = (
        TodoListEntityFeature.UPDATE_TODO_ITEM
        | TodoListEntityFeature.DELETE_TODO_ITEM
        | TodoListEntityFeature.SET_DESCRIPTION_ON_ITEM
        | TodoListEntityFeature.SET_DUE_DATETIME_ON_ITEM
    )

    def __init__(self, entry: DlsPbxConfigEntry) -> None:
        super().__init__(entry, "callbacks")
        self._data = entry.runtime_data
        self._contacts = entry.runtime_data.contacts

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        shown = next((one for one in self.todo_items or () if one.uid == item.uid), item)
        # Whoever ticks off may have a form that has become old meanwhile.
        ticks = item.status != shown.status
        if not ticks and (item.summary, item.due) != (shown.summary, shown.due):
            raise wrong_input("callback_not_editable")
        one = self._callbacks.find(item.uid or "")
        if one and item.description != shown.description:
            self._callbacks.change(one.uid, note=self._note(one, item.description or ""), owner=one.owner)
        if one and ticks:
            change = self._callbacks.complete if item.status == TodoItemStatus.COMPLETED else self._callbacks.reopen
            change(one.uid)
        await self._data.async_save_callbacks()

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        self._callbacks.delete(uids)
        await self._data.async_save_callbacks()

    @override
    def _show(self) -> None:
        self._attr_todo_items = [self._item(one) for one in self._callbacks.items]

    def _item(self, one: Callback) -> TodoItem:
        number = phone_numbers.readable(one.number, self._callbacks.region)
        name = self._contacts.named(one.number, one.name).name
        return TodoItem(
            uid=one.uid,
            summary=f"{name} · {number}" if name else number,
            status=TodoItemStatus.COMPLETED if one.completed else TodoItemStatus.NEEDS_ACTION,
            due=one.last.astimezone(self._callbacks.zone),
            description="\n".join(filter(None, (one.note, self._details(one)))) or None,
            completed=one.completed,
        )

    def _note(self, one: Callback, description: str) -> str | None:
        """Return what somebody wrote into a description; its details may be those of an earlier try by now."""
        earlier = (replace(one, tries=one.tries[:number]) for number in range(1, len(one.tries) + 1))
        return written_note(without_lines(description, {self._details(item) for item in earlier} - {""}))

    def _details(self, one: Callback) -> str:
        details = []
        if one.queues:
            details.append(text(self.hass, "callback_queue", queue=", ".join(one.queues)))
        if len(one.tries) > 1:
            details.append(text(self.hass, "callback_tries", tries=len(one.tries), first=self._first_try(one)))
        if one.voicemail:
            details.append(text(self.hass, "callback_voicemail"))
        return " · ".join(details)

    def _first_try(self, one: Callback) -> str:
        """Return when they first tried: the time, and the day if it was another one than that of the last try."""
        first, last = (moment.astimezone(self._callbacks.zone) for moment in (one.first, one.last))
        return first.strftime("%H:%M" if first.date() == last.date() else "%Y-%m-%d %H:%M")
