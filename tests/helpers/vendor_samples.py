"""The vendor's samples: what each was asked with, and when it was taken. Both sides of the socket are held to them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import json
from typing import Any

from custom_components.dls_pbx.api import DlsPbxClient
from simulator.office.scenarios import SAMPLE_SMS_TIME, SAMPLE_TIME
from tests.helpers.paths import VENDOR_SAMPLES

REPORT_REQUEST = json.loads((VENDOR_SAMPLES / "reports.report.request.json").read_text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample: the fields of its request, as the page shows them or as follows from the answer; and our call."""

    call: Callable[[DlsPbxClient], Awaitable[Any]]
    fields: Mapping[str, Any] = field(default_factory=dict)
    taken: datetime = SAMPLE_TIME


def answer(name: str) -> dict[str, Any]:
    """Return the page's answer."""
    found: dict[str, Any] = json.loads((VENDOR_SAMPLES / f"{name}.json").read_text())
    return found


SAMPLES: dict[str, Sample] = {
    "status.users": Sample(call=lambda client: client.users()),
    "status.queues": Sample(call=lambda client: client.queues()),
    "status.calls": Sample(call=lambda client: client.calls()),
    "status.faxes": Sample(call=lambda client: client.faxes()),
    "status.conferences": Sample(call=lambda client: client.conferences()),
    "status.provisioning": Sample(call=lambda client: client.provisioning()),
    "status.dialer": Sample(call=lambda client: client.campaigns()),
    "status.dialerlogs": Sample(call=lambda client: client.campaign_logs()),
    "sms.send_sms": Sample(
        fields={"dst": "100,2223334444", "account_code": "505", "body": "This is a successful message."},
        call=lambda client: client.send_sms(["100", "2223334444"], "This is a successful message.", "505"),
        taken=SAMPLE_SMS_TIME,
    ),
    "sms.query_sms": Sample(
        fields={"results_limit": 10, "results_offset": 0, "order_by": "desc"},
        call=lambda client: client.query_sms(limit=10, offset=0, ascending=False),
    ),
    "subscribers.query_lists": Sample(call=lambda client: client.query_lists()),
    "subscribers.add_subscriber": Sample(
        fields={"phone_number": 1112224444, "campaign_id": "XXXXXXX"},
        call=lambda client: client.add_subscriber("1112224444", "XXXXXXX"),
    ),
    "subscribers.remove_subscriber": Sample(
        fields={"phone_number": 5555555555, "campaign_id": "XXXXXXX"},
        call=lambda client: client.remove_subscriber("5555555555", "XXXXXXX"),
    ),
    "subscribers.add_unsubscriber": Sample(
        fields={"phone_number": 1112224444, "tenant_id": "0"},
        call=lambda client: client.add_unsubscriber("1112224444", "0"),
    ),
    "subscribers.remove_unsubscriber": Sample(
        fields={"phone_number": 5555555555, "tenant_id": "0"},
        call=lambda client: client.remove_unsubscriber("5555555555", "0"),
    ),
    "reports.report": Sample(
        # Without the filters of the page's request, which would leave out two of the rows that its answer shows.
        fields={name: value for name, value in REPORT_REQUEST.items() if name != "filter_groups"},
        call=lambda client: client.report(
            REPORT_REQUEST["columns"], options=dict(one.split("=", 1) for one in REPORT_REQUEST["options"])
        ),
    ),
}
