"""Actions of the API, all 18: which fields each one takes, and what it asks of the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from simulator.engine import Engine, PbxError
from simulator.quirks.records import shown_messages
from simulator.quirks.switches import Quirks
from simulator.vendor import report_query
from simulator.vendor.fields import required, text, texts
from simulator.vendor.message_query import query
from simulator.wire.formats import Format
from simulator.wire.serializer import Serializer

CUSTOM = "custom:"  # a dialer contact's own fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call of an action: by whom, with which fields (credentials and `api_*` taken off)."""

    engine: Engine
    serializer: Serializer
    user: str  # the api_user as `ext@tenant`
    fields: Mapping[str, Any]
    format: Format
    quirks: Quirks
    rng: Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action: `run` returns the answer's fields after `result`; one that `is_sampled` has been said so before."""

    run: Callable[[Ask], dict[str, Any]]
    fields: frozenset[str] = frozenset()
    custom_fields: bool = False
    is_sampled: bool = False

    def check(self, fields: Mapping[str, Any]) -> None:
        """Refuse fields that the action does not have."""
        for name in fields:
            if name not in self.fields and not (self.custom_fields and name.startswith(CUSTOM)):
                raise PbxError(f"Unknown field '{name}'")


def _send_sms(ask: Ask) -> dict[str, Any]:
    sent = ask.engine.send_sms(
        ask.user, texts(ask.fields, "dst"), required(ask.fields, "body"), text(ask.fields, "account_code", "")
    )
    return {
        "src": sent.src,
        "dst": list(sent.dst),
        "body": sent.body,
        "account_code": sent.account_code,
        "message_id": sent.message_id,
    }


def _query_sms(ask: Ask) -> dict[str, Any]:
    engine, quirks = ask.engine, ask.quirks
    page = query(engine, ask.fields, shown_messages(engine.messages(), quirks, engine.now(), ask.rng), quirks)
    return {
        "total_results": str(page.total),
        "results_limit": str(page.limit),
        "results_offset": str(page.offset),
        "results": ask.serializer.messages(page.messages),
    }


_CONTACT = ("first_name", "last_name", "phone_number", "address", "city", "state", "zip_code")
_CONTACT_OPTIONAL = ("company_name", "address_2", "country")


def _add_contact(ask: Ask) -> dict[str, Any]:
    fields = ask.fields
    contact = {name: required(fields, name) for name in _CONTACT}
    contact |= {name: text(fields, name) for name in _CONTACT_OPTIONAL if name in fields}
    custom = {name.removeprefix(CUSTOM): text(fields, name) for name in fields if name.startswith(CUSTOM)}
    return {"id": ask.engine.add_contact(required(fields, "contact_list"), contact, custom, _dial_on(fields))}


def _dial_on(fields: Mapping[str, Any]) -> date | None:
    given = text(fields, "dialOnDate", "")
    try:
        return date.strptime(given, "%Y-%m-%d") if given else None
    except ValueError:
        raise PbxError("'dialOnDate' must be YYYY-MM-DD") from None


def _report(ask: Ask) -> dict[str, Any]:
    found = report_query.report(ask.engine, ask.fields, ask.quirks, ask.rng)
    document: dict[str, Any] = {"error": "", "total_results": found.total_results, "title": found.title}
    if found.results is not None:
        document |= {"columns": list(found.columns), "results": found.results}
    return document


def _query_lists(ask: Ask) -> dict[str, Any]:
    xml = ask.quirks.consent_keys == "xml" or (ask.quirks.consent_keys == "page" and ask.format is Format.XML)
    return {
        "optin": ask.serializer.consent_lists(ask.engine.opt_in_lists(), opt_in=True, xml=xml),
        "optout": ask.serializer.consent_lists(ask.engine.opt_out_lists(), opt_in=False, xml=xml),
    }


def _consent(name: str, owner: str, done: str) -> Action:
    def run(ask: Ask) -> dict[str, Any]:
        change: Callable[[str, str], None] = getattr(ask.engine, name)
        change(required(ask.fields, "phone_number"), required(ask.fields, owner))
        return {"success": done}

    return Action(run=run, fields=frozenset({"phone_number", owner}))


ACTIONS: Mapping[str, Action] = {
    "status.users": Action(run=lambda ask: {"users": ask.serializer.users(ask.engine.users())}),
    "status.queues": Action(run=lambda ask: {"queues": ask.serializer.queues(ask.engine.queues())}),
    "status.calls": Action(run=lambda ask: {"calls": ask.serializer.calls(ask.engine.calls())}),
    "status.faxes": Action(run=lambda ask: {"faxes": ask.serializer.faxes(*ask.engine.faxes())}),
    "status.conferences": Action(run=lambda ask: {"conferences": ask.serializer.conferences(ask.engine.conferences())}),
    "status.provisioning": Action(
        run=lambda ask: {"provisioning": ask.serializer.provisioning(ask.engine.provisioning())}
    ),
    "status.dialer": Action(run=lambda ask: {"dialer": ask.serializer.campaigns(ask.engine.campaigns())}),
    "status.dialerlogs": Action(run=lambda ask: {"logs": ask.serializer.campaign_logs(ask.engine.campaign_logs())}),
    "sms.send_sms": Action(run=_send_sms, fields=frozenset({"dst", "body", "account_code"})),
    "sms.query_sms": Action(
        run=_query_sms, fields=frozenset({"filters", "results_limit", "results_offset", "order_by"})
    ),
    "dialer.add_contact_list": Action(
        run=lambda ask: {"id": ask.engine.add_contact_list(required(ask.fields, "name"))}, fields=frozenset({"name"})
    ),
    "dialer.add_contact": Action(
        run=_add_contact,
        fields=frozenset({"contact_list", "dialOnDate", *_CONTACT, *_CONTACT_OPTIONAL}),
        custom_fields=True,
    ),
    "reports.report": Action(run=_report, fields=report_query.FIELDS),
    "subscribers.query_lists": Action(run=_query_lists),
    "subscribers.add_subscriber": _consent("add_subscriber", "campaign_id", "Successfully added a new subscriber"),
    "subscribers.remove_subscriber": _consent(
        "remove_subscriber", "campaign_id", "Successfully removed the subscriber"
    ),
    "subscribers.add_unsubscriber": _consent(
        "add_unsubscriber", "tenant_id", "Successfully added unsubscriber to the provided tenants opt-out list."
    ),
    "subscribers.remove_unsubscriber": _consent(
        "remove_unsubscriber",
        "tenant_id",
        "Successfully removed the unsubscriber from the provided tenants opt-out list.",
    ),
}
ENDPOINTS = frozenset(name.partition(".")[0] for name in ACTIONS)
