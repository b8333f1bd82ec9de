"""Office of the vendor's page: the very state that its samples show."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from simulator.models import Conference, ConsentList, LiveCall, Queue, Registration
from simulator.office.vendor_rows import CHICAGO, call_records, live_calls, local, message, queue, support_queue
from simulator.pbx.faxes import FaxJob
from simulator.pbx.simulated import SimulatedPbx

SAMPLE_TIME = datetime(2024, 1, 30, 14, 42, 3, tzinfo=CHICAGO).astimezone(UTC)  # as the provisioning's ages tell
# what the page's `send_sms` sample was sent at: its message id is made of the time
SAMPLE_SMS_TIME = datetime(2018, 5, 4, 14, 25, 17, 860539, tzinfo=UTC)
_MESSAGES, _SUBSCRIBERS, _UNSUBSCRIBERS = 171, 190, 24  # in all; the page prints the first ones only
_LOG = (
    (12, "STATUS", "Ready for dialing"),
    (12, "DEBUG", "Reset dispositions for contact list 8"),
    (12, "DEBUG", "Pulling a contact to dial"),
    (12, "DEBUG", "Created call file /var/spool/asterisk/outgoing/pdialer_pd-12-8-3"),
    (12, "INFO", "Placing call to pd-12-8-3 at 8153556261"),
    (14, "DEBUG", "Checking failed calls"),
    (16, "DEBUG", "Checking failed calls"),
    (17, "DEBUG", "Checking completed calls"),
)
_FAX_COUNTERS = {
    "transmit_attempts": 11,
    "receive_attempts": 6,
    "completed_faxes": 15,
    "failed_faxes": 7,
    "success": 8,
    "call_dropped": 2,
}


class VendorSample(SimulatedPbx):
    """The samples' PBX.

    The page's samples were taken at different moments, so no PBX was ever in this state: queues, calls and rooms
    are rows as printed, which no verb changes. The rest behaves like any other office.
    """

    def queues(self) -> Sequence[Queue]:
        """Return the two queues as printed: an idle agent who is connected, a caller who is not counted."""
        return (support_queue(self.now()), queue("testqueue"))

    def calls(self) -> Sequence[LiveCall]:
        """Return the three calls as printed."""
        return live_calls(self.now())

    def conferences(self) -> Sequence[Conference]:
        """Return the one room as printed."""
        return (Conference(number="2000", users=1, admins=0, locked=False),)

    def opt_out_lists(self) -> Sequence[ConsentList]:
        """Return the list with the page's words in place of the tenant's name."""
        return [replace(known, name="name of the tenant") for known in super().opt_out_lists()]

    def furnish(self) -> None:
        """Put everything in its place."""
        self._furnish_users()
        self._furnish_provisioning()
        self._furnish_faxes()
        self._furnish_dialer()
        self._furnish_messages()
        self._furnish_lists()
        for record in call_records(self.user("123"), self.user("321")):
            self.add_record(record)

    def _furnish_users(self) -> None:
        self.add_extension("630", "Tom", auth_id="beaucrn6", address=("209.242.9.134", 12447))
        self.set_registration("beaucrn6", Registration.OK, 3)
        self.set_voicemail("beaucrn6", 6, 6)
        self.add_extension("69", "Jerry", auth_id="cpirg16m", address=None, registration=Registration.UNMONITORED)
        for ext, name in (
            ("100", "Phone Name"),
            ("123", "Example User 1"),
            ("321", "Example User 2"),
            ("635", "Example User 3"),
            ("985", "Jerma"),
        ):
            self.add_extension(ext, name, auth_id=f"sample{ext}", listed=False)

    def _furnish_provisioning(self) -> None:
        self.add_phone(
            "beaucrn6", "24:9a:d8:02:f4:4e", "Yealink W70P", last_provisioned_at=local(2024, 1, 30, 13, 42, 56)
        )
        self.add_phone(
            "sample635",
            "00:04:f2:cc:2c:46",
            "Polycom VVX400",
            file_name="0004f2cc2c46-provision.cfg",
            last_provisioned_at=local(2024, 1, 24, 11, 59, 55),
        )
        self.add_phone(
            "sample985",
            "00:15:65:4d:f1:b7",
            "Yealink SIP-T32G",
            last_provisioned_at=local(2024, 1, 12, 12, 0, 26),
            provisioned=False,
        )

    def _furnish_faxes(self) -> None:
        queued, processing = self.send_fax("beaucrn6", "7735966400"), self.send_fax("beaucrn6", "8474743126")
        job: FaxJob = self._jobs[queued]
        job.attempt, job.next_retry_at = 2, self.now() + timedelta(minutes=1)
        self.fax_progress(processing)
        self.set_fax_counters(_FAX_COUNTERS)

    def _furnish_dialer(self) -> None:
        self.add_campaign("1", "My Campaign")
        for second, level, text in _LOG:
            with self.as_of(local(2023, 12, 29, 17, 32, second)):
                self.log_campaign("1", level, text)

    def _furnish_messages(self) -> None:
        newest = message(3131, local(2017, 6, 22, 15, 36, 41), "213985")
        second = message(3121, local(2017, 6, 22, 13, 57, 51), "")
        for age in range(_MESSAGES - 2, 0, -1):
            self.add_message(message(second.id - age, second.time - timedelta(hours=age), ""))
        self.add_message(second)
        self.add_message(newest)

    def _furnish_lists(self) -> None:
        since = local(2023, 6, 22, 10, 16, 25)
        self.add_messaging_campaign("XXXXXXX", "Name of the campaign")
        for number in range(_SUBSCRIBERS):
            self.add_subscriber(str(5555555555 + number), "XXXXXXX", since=since)
        for number in range(_UNSUBSCRIBERS):
            self.add_unsubscriber(str(5555555555 + number), "0", since=since)


def vendor_sample(clock: Callable[[], datetime] = lambda: SAMPLE_TIME) -> VendorSample:
    """Return the samples' PBX, standing still at the time of the samples unless another clock is given."""
    pbx = VendorSample(clock=clock, rng=Random(0), time_zone=CHICAGO)
    pbx.furnish()
    return pbx
