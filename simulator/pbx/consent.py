"""Consent lists: the campaigns' opt-in lists and the tenants' opt-out lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import Consent, ConsentList
from simulator.pbx.core import CoreOptions
from simulator.pbx.directory import Directory

SHORTEST_NUMBER, LONGEST_NUMBER = 10, 15  # digits


class ConsentBook(Directory):
    """The lists. Sending does not look at them."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._opt_in: dict[str, tuple[str, dict[str, Consent]]] = {}  # campaign id to name and numbers
        self._opt_out: dict[str, dict[str, Consent]] = {}  # tenant id to numbers

    def opt_in_lists(self) -> Sequence[ConsentList]:
        """Return the campaigns' opt-in lists."""
        return [
            ConsentList(id=campaign, name=name, numbers=list(numbers.values()))
            for campaign, (name, numbers) in self._opt_in.items()
        ]

    def opt_out_lists(self) -> Sequence[ConsentList]:
        """Return the tenants' opt-out lists."""
        return [
            ConsentList(id=str(number), name=name, numbers=list(self._opt_out.get(str(number), {}).values()))
            for name, number in self.tenants.items()
        ]

    def add_messaging_campaign(self, campaign_id: str, name: str) -> None:
        """Register a campaign for text messages, with an empty opt-in list."""
        if campaign_id in self._opt_in:
            raise PbxError(f"Campaign {campaign_id} already exists")
        self._opt_in[campaign_id] = (name, {})

    def add_subscriber(
        self, phone_number: str, campaign_id: str, *, text: str = r"N\A", since: datetime | None = None
    ) -> None:
        """Put a number on a campaign's opt-in list."""
        self._put(self._subscribers(campaign_id), phone_number, "subscribed", text, since)

    def remove_subscriber(self, phone_number: str, campaign_id: str) -> None:
        """Take a number off a campaign's opt-in list."""
        _take(self._subscribers(campaign_id), phone_number, "subscribed")

    def add_unsubscriber(
        self, phone_number: str, tenant_id: str, *, text: str = r"N\A", since: datetime | None = None
    ) -> None:
        """Put a number on a tenant's opt-out list."""
        self._put(self._unsubscribers(tenant_id), phone_number, "unsubscribed", text, since)

    def remove_unsubscriber(self, phone_number: str, tenant_id: str) -> None:
        """Take a number off a tenant's opt-out list."""
        _take(self._unsubscribers(tenant_id), phone_number, "unsubscribed")

    def _subscribers(self, campaign_id: str) -> dict[str, Consent]:
        if campaign_id not in self._opt_in:
            raise PbxError(f"Unknown campaign: {campaign_id}")
        return self._opt_in[campaign_id][1]

    def _unsubscribers(self, tenant_id: str) -> dict[str, Consent]:
        if tenant_id not in map(str, self.tenants.values()):
            raise PbxError(f"Unknown tenant: {tenant_id}")
        return self._opt_out.setdefault(tenant_id, {})

    def _put(self, numbers: dict[str, Consent], number: str, word: str, text: str, since: datetime | None) -> None:
        digits = _digits(number)
        if digits in numbers:
            raise PbxError(f"The phone number is already {word}: {number}")
        reason = "MANUAL" if text == r"N\A" else "SMS"
        numbers[digits] = Consent(number=digits, reason=reason, text=text, since=since or self.now())


def _take(numbers: dict[str, Consent], number: str, word: str) -> None:
    if numbers.pop(_digits(number), None) is None:
        raise PbxError(f"The phone number is not {word}: {number}")


def _digits(number: str) -> str:
    """Return a number as the lists hold it: ten digits, or an international one's digits."""
    digits = number.translate(str.maketrans("", "", "+-(). "))
    if len(digits) == SHORTEST_NUMBER and number.strip().startswith("+") and digits.isdecimal():
        return f"+{digits}"  # of another country: without the plus it would be an American's
    if not digits.isdecimal() or not SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER:
        raise PbxError(f"Invalid phone number: {number}")
    return digits[1:] if len(digits) == SHORTEST_NUMBER + 1 and digits.startswith("1") else digits
