"""Service actions: a table, and the loop that registers it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers.service import async_get_config_entry
import voluptuous as vol

from .actions import dialer, lists, queries, schemas, sms, written
from .api import DlsPbxClient
from .const import DOMAIN
from .data import DlsPbxConfigEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAction:
    """A service action: its fields, and what it does with them at one PBX."""

    name: str
    fields: schemas.Fields
    run: Callable[[HomeAssistant, DlsPbxConfigEntry, Mapping[str, Any]], Awaitable[ServiceResponse]]
    response: SupportsResponse = SupportsResponse.NONE


async def _async_send_sms(hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Mapping[str, Any]) -> ServiceResponse:
    sent = await sms.async_send_sms(hass, entry, fields["recipients"], fields["message"], fields.get("account_code"))
    return {
        "message_id": sent.message_id,
        "recipients": list(sent.recipients),
        "consent_checked": sent.consent_checked,
    }


async def _async_add_contact_list(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Mapping[str, Any]
) -> ServiceResponse:
    return {"id": await dialer.async_add_contact_list(hass, entry, fields["name"])}


async def _async_add_contact(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Mapping[str, Any]
) -> ServiceResponse:
    apart = ("contact_list", "custom_fields", "dial_on_date")
    contact = {name: value for name, value in fields.items() if name not in apart}
    contact_id = await dialer.async_add_contact(
        hass, entry, fields["contact_list"], contact, fields.get("custom_fields"), fields.get("dial_on_date")
    )
    return {"id": contact_id}


def _list_change(name: str, fields: schemas.Fields, change: lists.ListChange, id_field: str) -> ServiceAction:
    """Return the action that puts a number on a consent list or takes it off."""

    async def run(hass: HomeAssistant, entry: DlsPbxConfigEntry, given: Mapping[str, Any]) -> None:
        await lists.async_change_list(hass, entry, change, given["phone_number"], given[id_field], id_field)

    return ServiceAction(name=name, fields=fields, run=run)


ACTIONS = (
    ServiceAction(
        name="send_sms",
        fields=schemas.SEND_SMS,
        run=_async_send_sms,
        response=SupportsResponse.OPTIONAL,
    ),
    ServiceAction(
        name="query_sms",
        fields=schemas.QUERY_SMS,
        run=queries.async_query_sms,
        response=SupportsResponse.ONLY,
    ),
    ServiceAction(
        name="add_contact_list",
        fields=schemas.ADD_CONTACT_LIST,
        run=_async_add_contact_list,
        response=SupportsResponse.OPTIONAL,
    ),
    ServiceAction(
        name="add_contact",
        fields=schemas.ADD_CONTACT,
        run=_async_add_contact,
        response=SupportsResponse.OPTIONAL,
    ),
    ServiceAction(
        name="query_subscribers",
        fields=schemas.QUERY_SUBSCRIBERS,
        run=queries.async_query_subscribers,
        response=SupportsResponse.ONLY,
    ),
    _list_change("add_subscriber", schemas.SUBSCRIBER, DlsPbxClient.add_subscriber, "campaign_id"),
    _list_change("remove_subscriber", schemas.SUBSCRIBER, DlsPbxClient.remove_subscriber, "campaign_id"),
    _list_change("add_unsubscriber", schemas.UNSUBSCRIBER, DlsPbxClient.add_unsubscriber, "tenant_id"),
    _list_change("remove_unsubscriber", schemas.UNSUBSCRIBER, DlsPbxClient.remove_unsubscriber, "tenant_id"),
    ServiceAction(
        name="get_call_report",
        fields=schemas.GET_CALL_REPORT,
        run=queries.async_get_call_report,
        response=SupportsResponse.ONLY,
    ),
    ServiceAction(
        name="get_dialer_logs",
        fields=schemas.GET_DIALER_LOGS,
        run=queries.async_get_dialer_logs,
        response=SupportsResponse.ONLY,
    ),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, which are there whether a PBX is or not."""
    for action in ACTIONS:
        # Any: Home Assistant serves its own engine under voluptuous' name, which type checkers cannot know.
        schema: Any = vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): str, **action.fields})
        hass.services.async_register(
            DOMAIN, action.name, partial(_async_run, action), schema=schema, supports_response=action.response
        )


async def _async_run(action: ServiceAction, call: ServiceCall) -> ServiceResponse:
    fields = {name: written.all_whole(name, value) for name, value in call.data.items()}
    entry: DlsPbxConfigEntry = async_get_config_entry(call.hass, DOMAIN, fields.pop(ATTR_CONFIG_ENTRY_ID, None))
    return await action.run(call.hass, entry, fields)
