"""Every database says of each hour what SQLite says, and all say what the stand-in's books say."""

from collections.abc import Mapping
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.statistics import async_list_statistic_ids

from custom_components.dls_pbx.const import DOMAIN
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.databases.conftest import Houses
from tests.databases.hours import Rows, agrees, caught_up, next_hour, rows_of, stored
from tests.databases.office import NOW, ODD_QUEUES, odd_office
from tests.helpers.office import CALLER
from tests.helpers.restarts import House


async def _live_through(house: House, pbx: SimulatedPbx) -> Rows:
    """Fill back with a power cut in the middle, go on by the hour, and let the PBX change its mind."""
    await house.start()
    await house.pass_time(11)
    assert await rows_of(house)
    assert not stored(house)["filled"]
    await house.kill()
    await house.start()
    await caught_up(house)
    await agrees(house, pbx)

    pbx.add_past_call(CALLER, ODD_QUEUES[1], ago=300, wait=20, talk=45)
    await next_hour(house)
    await agrees(house, pbx)

    pbx.add_past_call(CALLER, "support", ago=5 * 3600, wait=20, talk=4 * 3600)
    missed = pbx.add_past_call(CALLER, ODD_QUEUES[0], ago=7 * 3600, outcome=Outcome.UNANSWERED, wait=20)
    await next_hour(house)
    pbx.correct_call(missed, bridged=True)
    pbx.remove_queue("night")
    await house.stop()
    await house.start()
    await next_hour(house)
    await agrees(house, pbx)

    await house.pass_time(30 * 3600)
    await caught_up(house)
    pbx.add_queue("night")
    pbx.add_past_call(CALLER, "night", ago=600, outcome=Outcome.UNANSWERED)
    await next_hour(house)
    await agrees(house, pbx)
    await _names_can_be_told_apart(house)
    return await rows_of(house)


async def _names_can_be_told_apart(house: House) -> None:
    assert house.hass
    names = [row["name"] or "" for row in await async_list_statistic_ids(house.hass) if row["source"] == DOMAIN]
    assert f"{ODD_QUEUES[0]} calls" in names
    assert len({name for name in names if name.startswith("Support and sales")}) == 4
    assert len(set(names)) == len(names)


async def test_every_database_has_the_same_rows_and_they_are_those_of_the_books(
    databases: Mapping[str, str], house_on: Houses, clock: FrozenDateTimeFactory
) -> None:
    """Who has moved Home Assistant to a server of its own would have no history, or another one."""
    found: dict[str, Rows] = {}
    for name, url in databases.items():
        clock.move_to(NOW)
        pbx = odd_office()
        with patch("custom_components.dls_pbx.api.client.CALLS_PER_PAGE", 10):
            async with house_on(pbx, url) as house:
                found[name] = await _live_through(house, pbx)
    assert set(found) == {"sqlite", "postgresql", "mariadb"}
    assert found["postgresql"] == found["sqlite"]
    assert found["mariadb"] == found["sqlite"]
    rows = found["sqlite"]
    assert len(rows) == 4 * (1 + len(("support", "night", *ODD_QUEUES)))
    assert sum(map(len, rows.values())) > 1500
