"""To-do list of callers who have to be called back."""

from typing import override

from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity, TodoListEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import phone_numbers
from .callbacks.items import Callback
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
    """Callers to be ticked off; what an item says comes from the CDR and is nobody's to change."""

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
        self._store = entry.runtime_data.store
        self._contacts = entry.runtime_data.contacts

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        shown = next((one for one in self.todo_items or () if one.uid == item.uid), item)
        if item.uid and item.status != shown.status:
            change = self._callbacks.complete if item.status == TodoItemStatus.COMPLETED else self._callbacks.reopen
            change(item.uid)
            await self._async_save()
        elif (item.summary, item.description, item.due) != (shown.summary, shown.description, shown.due):
            raise wrong_input("callback_not_editable")

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        self._callbacks.delete(uids)
        await self._async_save()

    async def _async_save(self) -> None:
        """Write at once what somebody did by hand: nobody would do it again after a kill."""
        self._store.patch("callbacks", self._callbacks.changes())
        await self._store.async_save_if_possible()

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
            description=" · ".join(self._details(one)) or None,
            completed=one.completed,
        )

    def _details(self, one: Callback) -> list[str]:
        details = []
        if one.queues:
            details.append(text(self.hass, "callback_queue", queue=", ".join(one.queues)))
        if len(one.tries) > 1:
            details.append(text(self.hass, "callback_tries", tries=len(one.tries), first=self._first_try(one)))
        if one.voicemail:
            details.append(text(self.hass, "callback_voicemail"))
        return details

    def _first_try(self, one: Callback) -> str:
        """Return when they first tried: the time, and the day if it was another one than that of the last try."""
        first, last = (moment.astimezone(self._callbacks.zone) for moment in (one.first, one.last))
        return first.strftime("%H:%M" if first.date() == last.date() else "%Y-%m-%d %H:%M")
