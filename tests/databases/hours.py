"""Statistics in a house's database, and what the books say of them."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.util import dt as dt_util
import pytest

from custom_components.dls_pbx.const import DOMAIN
from simulator.pbx.simulated import SimulatedPbx
from tests.databases.office import NOW
from tests.helpers.books import by_the_cdr, hour_of
from tests.helpers.entities import ENTRY_ID
from tests.helpers.restarts import House

type Rows = dict[str, dict[datetime, tuple[float, float]]]  # state and sum, by what ends the statistic ID

HOUR = timedelta(hours=1)


def stored(house: House) -> dict[str, Any]:
    """Return how far the statistics are."""
    assert house.hass
    entry = house.hass.config_entries.async_get_known_entry(ENTRY_ID)
    found: dict[str, Any] = entry.runtime_data.store.sections.get("statistics", {})
    return found


async def rows_of(house: House, since: datetime = NOW - timedelta(days=9)) -> Rows:
    """Return what the database says of each hour."""
    assert house.hass
    recorder = get_instance(house.hass)
    await recorder.async_block_till_done()
    found = await recorder.async_add_executor_job(
        statistics_during_period, house.hass, since, None, None, "hour", None, {"state", "sum"}
    )
    begin = f"{DOMAIN}:{stored(house)['slug']}_"
    return {
        series.removeprefix(begin): {
            dt_util.utc_from_timestamp(row["start"]): (row["state"] or 0, row["sum"] or 0) for row in rows
        }
        for series, rows in found.items()
        if series.startswith(begin)
    }


async def caught_up(house: House) -> None:
    """Let what is due come to its end."""
    for _ in range(100):
        until = stored(house).get("filled") and datetime.fromisoformat(stored(house)["until"])
        if until and until >= hour_of(dt_util.utcnow()):
            return
        await house.pass_time(11)
    pytest.fail(f"The statistics do not come to an end: {stored(house)}")


async def next_hour(house: House) -> None:
    """Let the hour end, and what is due then come to its end."""
    await house.pass_time(
        (HOUR + timedelta(minutes=15) - (dt_util.utcnow() - hour_of(dt_util.utcnow()))).total_seconds()
    )
    await caught_up(house)


async def agrees(house: House, pbx: SimulatedPbx) -> None:
    """See that each hour is in the books as it is in the database, and that sums are of all hours up to then."""
    rows, parts = await rows_of(house), stored(house)["queues"]
    books = by_the_cdr(pbx, NOW - timedelta(days=9), hour_of(dt_util.utcnow()), part=parts.__getitem__)
    assert set(books) <= set(rows)
    for series, hours in rows.items():
        total = 0.0
        for hour, (state, so_far) in sorted(hours.items()):
            total += books.get(series, {}).get(hour, 0)
            assert (state, so_far) == pytest.approx((books.get(series, {}).get(hour, 0), total)), (series, hour)
        assert total == pytest.approx(sum(books.get(series, {}).values())), series
