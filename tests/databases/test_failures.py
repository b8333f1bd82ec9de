"""A database that fails for a while is waited for, in few words, and then has what it would have had."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import logging

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.dls_pbx.statistics import series
from tests.databases.conftest import Houses
from tests.databases.hours import agrees, caught_up, next_hour, rows_of
from tests.helpers.databases import Server
from tests.helpers.office import CALLER, small_office

OURS = "custom_components.dls_pbx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a server is broken and mended."""

    server: str
    breaks: Callable[[Server, str], None]
    mends: Callable[[Server, str], None]


def _says(statement: str) -> Callable[[Server, str], None]:
    return lambda server, database: server.execute(statement, database)


FAILURES = {
    "PostgreSQL is stopped": Failure(
        server="postgresql", breaks=lambda server, _: server.stop(), mends=lambda server, _: server.start()
    ),
    "MariaDB is stopped": Failure(
        server="mariadb", breaks=lambda server, _: server.stop(), mends=lambda server, _: server.start()
    ),
    "PostgreSQL has lost the table": Failure(
        server="postgresql",
        breaks=_says("ALTER TABLE statistics RENAME TO lost"),
        mends=_says("ALTER TABLE lost RENAME TO statistics"),
    ),
    "PostgreSQL takes no rows": Failure(
        server="postgresql",
        breaks=_says("ALTER TABLE statistics ADD CONSTRAINT full_disk CHECK (false) NOT VALID"),
        mends=_says("ALTER TABLE statistics DROP CONSTRAINT full_disk"),
    ),
    "MariaDB takes no rows": Failure(
        server="mariadb",
        breaks=_says("CREATE TRIGGER full_disk BEFORE INSERT ON statistics FOR EACH ROW SIGNAL SQLSTATE '45000'"),
        mends=_says("DROP TRIGGER full_disk"),
    ),
}


@pytest.fixture(params=FAILURES)
def failure(request: pytest.FixtureRequest, clock: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch) -> Failure:
    """Return a failure; nobody looks a thousand times for rows that do not come."""
    monkeypatch.setattr(series, "PATIENCE", (0, 0))
    return FAILURES[request.param]


def _said(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    found = [one for one in caplog.records if one.name == OURS and one.levelno == level]
    assert [one for one in found if one.exc_info] == []
    return [one.getMessage() for one in found if "statistics" in one.getMessage()]


async def test_a_database_that_fails_for_a_while_is_tried_again_and_loses_nothing(
    failure: Failure,
    databases: Mapping[str, str],
    servers: Mapping[str, Server],
    house_on: Houses,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An hour would be missing until the next, with a stack trace for each; or be counted twice afterwards."""
    pbx, url, server = small_office(), databases[failure.server], servers[failure.server]
    pbx.add_past_call(CALLER, "support", ago=8 * 3600, talk=100)
    async with house_on(pbx, url, days=1) as house:
        await house.start()
        await caught_up(house)
        before = await rows_of(house)
        pbx.add_past_call(CALLER, "support", ago=300, talk=45)
        assert house.hass
        failure.breaks(server, url.rpartition("/")[2])
        try:
            await house.pass_time(75 * 60)
            for _ in range(2):
                await house.pass_time(301)
            (warning,) = _said(caplog, logging.WARNING)
            assert "wait for Home Assistant's database" in warning
            assert _said(caplog, logging.ERROR) == _said(caplog, logging.INFO) == []
        finally:
            await house.hass.async_add_executor_job(failure.mends, server, url.rpartition("/")[2])
        # Not only in the next hour.
        await house.pass_time(301)
        await house.pass_time(301)
        assert len(await rows_of(house)) == len(before)
        assert {len(hours) for hours in (await rows_of(house)).values()} == {len(before["pbx_calls"]) + 1}
        await agrees(house, pbx)
        (info,) = _said(caplog, logging.INFO)
        assert "written again" in info
        await next_hour(house)
        await agrees(house, pbx)


async def test_a_mistake_of_ours_is_said_once_with_its_trace(
    databases: Mapping[str, str], house_on: Houses, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log would be full of one and the same trace, hour after hour; or there would be none to report."""

    def rows_of_another_shape(*_: object) -> dict[str, list[object]]:
        return {"dls_pbx:x": [{}]}

    async with house_on(small_office(), databases["sqlite"], days=0) as house:
        await house.start()
        with monkeypatch.context() as changed:
            # As Home Assistant's next release may answer.
            changed.setattr(series, "statistics_during_period", rows_of_another_shape)
            await house.pass_time(75 * 60)
            await house.pass_time(3600)
        (error,) = [one for one in caplog.records if one.name == OURS and one.levelno == logging.ERROR]
        assert error.exc_info
        await next_hour(house)
        assert any("written again" in one.getMessage() for one in caplog.records if one.name == OURS)
