"""Desk phones that fetch their configuration from the PBX."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import ProvisionedPhone
from simulator.pbx.core import CoreOptions
from simulator.pbx.directory import Directory


class Provisioning(Directory):
    """Provisioned phones and their call counters."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._phones: dict[str, ProvisionedPhone] = {}  # by auth id

    def provisioning(self) -> Sequence[ProvisionedPhone]:
        """Return the provisioned phones."""
        return list(self._phones.values())

    def add_phone(
        self,
        auth_id: str,
        mac_address: str,
        device: str,
        *,
        file_name: str | None = None,
        last_provisioned_at: datetime | None = None,
        provisioned: bool = True,
    ) -> None:
        """Give a user a provisioned phone."""
        user = self.user(auth_id)
        self._phones[user.auth_id] = ProvisionedPhone(
            ext=user.ext,
            tenant=user.tenant,
            mac_address=mac_address,
            device=device,
            file_name=file_name or f"{mac_address.replace(':', '')}.cfg",
            last_provisioned_at=last_provisioned_at or self.now(),
            provisioned=provisioned,
            calls_in=0,
            calls_out=0,
        )

    def provision(self, auth_id: str) -> None:
        """Let a user's phone fetch its configuration now."""
        user = self.user(auth_id)
        if user.auth_id not in self._phones:
            raise PbxError(f"Extension {user.ext}@{user.tenant} has no provisioned phone")
        phone = self._phones[user.auth_id]
        self._phones[user.auth_id] = replace(phone, last_provisioned_at=self.now(), provisioned=True)

    def remove_phone(self, auth_id: str) -> None:
        """Take a user's provisioned phone away."""
        self._phones.pop(self.user(auth_id).auth_id, None)

    def remove_extension(self, auth_id: str) -> None:
        """Remove a user and the phone."""
        user = self.user(auth_id)
        super().remove_extension(auth_id)
        self._phones.pop(user.auth_id, None)

    def reset_counters(self) -> None:
        """Forget what was counted, as a restart of the PBX does."""
        super().reset_counters()
        self._phones = {key: replace(phone, calls_in=0, calls_out=0) for key, phone in self._phones.items()}

    def _count_call(self, auth_id: str, *, incoming: bool) -> None:
        if phone := self._phones.get(auth_id):
            phone = replace(phone, calls_in=phone.calls_in + incoming, calls_out=phone.calls_out + (not incoming))
            self._phones[auth_id] = phone
