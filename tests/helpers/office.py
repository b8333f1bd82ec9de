"""A small office at the stand-in PBX, the same in every test; nothing happens in it but what a test does."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from simulator.app import DEFAULT_KEY, DEFAULT_USER
from simulator.models import Registration
from simulator.pbx.simulated import SimulatedPbx

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ZONE = "America/Chicago"
KEY = DEFAULT_KEY
USERNAME = DEFAULT_USER

# Auth IDs, as the PBX makes them up.
TOM, JERRY, ANNE_MARIE, ZOE = "beaucrn6", "cpirg16m", "anmar3x9", "zoe5k2qf"
CALLER, OTHER_CALLER = "8155550123", "8475550199"


def small_office(clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> SimulatedPbx:
    """Build four phones in two tenants, two queues, a conference room and a campaign.

    Tom and Anne-Marie answer the support queue; nobody answers the night queue. Zoë's phone is off.
    """
    pbx = SimulatedPbx(clock=clock, rng=Random(7), time_zone=ZoneInfo(ZONE))
    pbx.add_extension("100", "Front Desk", auth_id="front100")
    pbx.add_extension("630", "Tom", auth_id=TOM)
    pbx.add_extension("69", "Jerry", auth_id=JERRY)
    pbx.add_extension("631", "Anne-Marie O'Neil", auth_id=ANNE_MARIE)
    pbx.add_extension("630", "Zoë @ Home", tenant="north-side", auth_id=ZOE, registration=Registration.UNREACHABLE)
    pbx.set_registration(TOM, Registration.OK, 3)
    pbx.set_voicemail(TOM, 2, 6)
    pbx.add_queue("support")
    pbx.add_queue("night")
    pbx.log_in_agent("support", TOM)
    pbx.log_in_agent("support", ANNE_MARIE)
    pbx.add_conference("2000")
    pbx.add_campaign("1", "Reminders", max_attempts="3", call_ratio="1.50")
    pbx.log_campaign("1", "STATUS", "Ready for dialing")
    pbx.add_phone(TOM, "24:9a:d8:02:f4:4e", "Yealink W70P")
    pbx.add_phone(JERRY, "00:04:f2:cc:2c:46", "Polycom VVX400")
    return pbx
