"""Whether the PBX's clock fits the zone that its times are read in, as desk phones that fetched their settings tell."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.dls_pbx.api import DlsPbxClient
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import ANNE_MARIE, NOW, TOM
from tests.helpers.scripted_server import Scripted


async def test_times_in_the_chosen_zone_agree_with_what_has_passed(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """A zone that is right would be called wrong."""
    pbx.add_phone(ANNE_MARIE, "24:9a:d8:02:f4:4f", "Yealink", last_provisioned_at=NOW - timedelta(days=6, hours=2))
    phones = (await client.provisioning()).rows.values()
    assert [phone.clock_offset for phone in phones] == [timedelta(0)] * 3


@pytest.mark.parametrize(
    ("zone", "minutes"), [("America/New_York", 60), ("America/Denver", -60), ("Asia/Kathmandu", 705)]
)
async def test_a_clock_in_another_zone_is_told_by_what_has_passed(
    client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock, zone: str, minutes: int
) -> None:
    """Each time that the PBX writes would be hours off, and nobody would know why."""
    clock.advance(100)
    pbx.time_zone = ZoneInfo(zone)
    phones = (await client.provisioning()).rows.values()
    assert {phone.clock_offset for phone in phones} == {timedelta(minutes=minutes)}


async def test_a_clock_is_no_news_while_only_time_passes(
    client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock
) -> None:
    """Thousands of phones would be read anew at each poll."""
    before = await client.provisioning()
    clock.advance(3 * 86400)
    after = await client.provisioning(before)
    assert (after.changed, after.rows) == (set(), before.rows)
    pbx.provision(TOM)
    assert len((await client.provisioning(after)).changed) == 1


@pytest.mark.parametrize("elapsed", ["Over a week ago", "", None, "3 hours ago", "168:00:01", "1 week 2 secs"])
async def test_what_has_passed_says_nothing_of_a_clock_where_it_is_vague(
    reader: DlsPbxClient, scripted: Scripted, elapsed: str | None
) -> None:
    """An old or rounded fetch would make a zone that is right look wrong."""
    row = {"mac_address": "24:9a:d8:02:f4:4e", "last_provisioned": "2026-11-23 02:00:00"}
    scripted.shows(provisioning=[row | {"last_provision_delta": elapsed}])
    (phone,) = (await reader.provisioning()).rows.values()
    assert (phone.clock_offset, phone.last_provisioned) == (None, NOW - timedelta(hours=7))


async def test_a_clock_that_was_never_set_is_in_no_zone(scripted: Scripted, reader: DlsPbxClient) -> None:
    """A repair would propose a zone seventy years away."""
    row = {"ext": "630@default", "mac_address": "24:9a:d8:02:f4:4f", "last_provision_delta": "5 minute(s)"}
    scripted.shows(provisioning=[{**row, "last_provisioned": "2099-01-01 00:00:00"}])
    (phone,) = (await reader.provisioning()).rows.values()
    assert phone.clock_offset is None
