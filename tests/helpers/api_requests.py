"""Every action of the vendor's page, asked through the client."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

from custom_components.dls_pbx.api import DlsPbxClient

type Ask = Callable[[DlsPbxClient], Awaitable[Any]]
type AskAgain = Callable[[DlsPbxClient, Any], Awaitable[Any]]

CONTACT = {
    "first_name": "Ann",
    "last_name": "Lee",
    "phone_number": "8155550177",
    "address": "1 Main St",
    "city": "Elgin",
    "state": "IL",
    "zip_code": "60120",
}
START, END = datetime(2026, 11, 23, 6, tzinfo=UTC), datetime(2026, 11, 23, 18, tzinfo=UTC)

# Status actions: asked, or asked again with the snapshot before.
STATUS: dict[str, AskAgain] = {
    "status.users": lambda client, before: client.users(before),
    "status.queues": lambda client, before: client.queues(before),
    "status.calls": lambda client, before: client.calls(before),
    "status.faxes": lambda client, before: client.faxes(before),
    "status.conferences": lambda client, before: client.conferences(before),
    "status.provisioning": lambda client, before: client.provisioning(before),
    "status.dialer": lambda client, before: client.campaigns(before),
    "status.dialerlogs": lambda client, before: client.campaign_logs(before),
}


def _first(ask: AskAgain) -> Ask:
    return lambda client: ask(client, None)


def _change(name: str, owner: str) -> Ask:
    return lambda client: getattr(client, name)("8155550123", owner)


# What each call must look like to the PBX: its encoding, and its fields besides the credentials.
REQUESTS: dict[str, tuple[Ask, str, dict[str, Any]]] = {
    **{action: (_first(ask), "json", {}) for action, ask in STATUS.items()},
    "sms.send_sms": (
        lambda client: client.send_sms(["630", "+18155550123"], "Your order is ready", "505"),
        "json",
        {"dst": ["630", "+18155550123"], "body": "Your order is ready", "account_code": "505"},
    ),
    "sms.query_sms": (
        lambda client: client.query_sms(
            {"direction": "inbound", "src": ["630", "+18155550123"], "status": None},
            start=START,
            end=END,
            limit=10,
            offset=20,
            ascending=True,
        ),
        "json",
        {
            "filters": {
                "direction": "inbound",
                "src": ["630", "+18155550123"],
                "from": 1795413600,
                "to": 1795456800,
            },
            "results_limit": 10,
            "results_offset": 20,
            "order_by": "asc",
        },
    ),
    "dialer.add_contact_list": (lambda client: client.add_contact_list("Überfällig"), "form", {"name": "Überfällig"}),
    "dialer.add_contact": (
        lambda client: client.add_contact("Überfällig", CONTACT, {"customer id": "A&B=1"}, date(2026, 12, 1)),
        "form",
        {"contact_list": "Überfällig", **CONTACT, "custom:customer id": "A&B=1", "dialOnDate": "2026-12-01"},
    ),
    "subscribers.query_lists": (lambda client: client.query_lists(), "json", {}),
    **{
        f"subscribers.{name}": (
            _change(name, owner[1]),
            "json",
            {"phone_number": "8155550123", owner[0]: owner[1]},
        )
        for name, owner in (
            ("add_subscriber", ("campaign_id", "CSPRING")),
            ("remove_subscriber", ("campaign_id", "CSPRING")),
            ("add_unsubscriber", ("tenant_id", "0")),
            ("remove_unsubscriber", ("tenant_id", "0")),
        )
    },
    "reports.report": (
        lambda client: client.report(
            ["date", "src"],
            start=START,
            end=END,
            filter_groups=[{"exclusivity": "include", "logical_operator": "and", "rules": [{"type": "bridged"}]}],
            options={"page": "ALL"},
        ),
        "json",
        {
            "report_type": "detail_table",
            "columns": ["date", "src"],
            "options": [
                "timezone=America/Chicago",
                "page=ALL",
                "from=2026-11-23 00:00:00",
                "to=2026-11-23 12:00:00",
            ],
            "filter_groups": [{"exclusivity": "include", "logical_operator": "and", "rules": [{"type": "bridged"}]}],
        },
    ),
}

# What changes the PBX.
CHANGES = frozenset(action for action in REQUESTS if action.partition(".")[2].startswith(("add_", "remove_", "send_")))
