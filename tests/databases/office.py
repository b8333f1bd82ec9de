"""Office whose calls test a database: summer time ends, names have every character, and talk does not come out even."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from simulator.models import CallRecord
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER, OTHER_CALLER, TOM, small_office

NOW: Final = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
# Half past one comes twice in this night.
NIGHT: Final = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
ODD_QUEUES: Final = ("O'Neil's \"VIP\" 🚀; DROP TABLE statistics; -- \\", "Support" + " and sales" * 30)


def odd_office() -> SimulatedPbx:
    """Build the small office with queues of odd names, and some days in each of its queues."""
    pbx = small_office()
    for queue in ODD_QUEUES:
        pbx.add_queue(queue)
        pbx.log_in_agent(queue, TOM)
    for hour in range(4):
        moment = NIGHT + timedelta(hours=hour)
        pbx.add_past_call(CALLER, "support", ago=(NOW - moment).total_seconds(), talk=60 + hour)
    for day in range(1, 3):
        for number, queue in enumerate(("support", *ODD_QUEUES)):
            ago = day * 86400 - number * 3600
            pbx.add_past_call(CALLER, queue, ago=ago + 100, wait=12, talk=130 + day)
            pbx.add_past_call(OTHER_CALLER, queue, ago=ago + 200, outcome=Outcome.UNANSWERED, wait=4 + number)
            pbx.add_past_call(CALLER, queue, ago=ago + 300, via=("night",), wait=9, talk=77)
            share_talk(pbx, pbx.add_past_call(TOM, OTHER_CALLER, ago=ago + 400))
    return pbx


def share_talk(pbx: SimulatedPbx, call_id: str) -> None:
    """Let a call have been in three queues, whose shares of its talk have endless fractions."""
    rows: list[CallRecord] = pbx._records  # noqa: SLF001 - transfers of long ago have no verb
    index = next(index for index, row in enumerate(rows) if row.unique_id == call_id)
    rows[index] = replace(
        rows[index],
        bridged=True,
        involved_queues=["support", *ODD_QUEUES],
        queue_talk_durations=[100],
        queue_hold_durations=[7],
    )
