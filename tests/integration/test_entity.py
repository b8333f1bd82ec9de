"""Rows of the platform tables: each is checked against the model that it shows, before and while it runs."""

from pathlib import Path
import subprocess
import sys

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.binary_sensor import BINARY_SENSORS
from custom_components.dls_pbx.sensor import SENSORS
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER, OTHER_CALLER, TOM
from tests.helpers.paths import ROOT
from tests.integration.conftest import Poll

TOPICS = {row.topic for row in (*SENSORS, *BINARY_SENSORS)}
ROW = """
from custom_components.dls_pbx.entity import PBX_CALLS, PHONE
from custom_components.dls_pbx.binary_sensor import DlsPbxBinarySensorDescription
from custom_components.dls_pbx.sensor import DlsPbxSensorDescription

DlsPbxSensorDescription(key="active_calls", topic=PBX_CALLS, value_fn=lambda calls: calls.{field})
DlsPbxBinarySensorDescription(key="registered", topic=PHONE, value_fn=lambda user: user.{property})
"""


def types_of(code: str, folder: Path) -> tuple[int, str]:
    """Check code as script/lint does; returns the exit code and the complaints."""
    path = folder / "row.py"
    path.write_text(code)
    command = (sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--no-error-summary", str(path))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    return done.returncode, done.stdout


def test_a_row_that_reads_a_field_which_its_model_lacks_is_no_type(tmp_path: Path) -> None:
    """The entity would be there, and unknown for ever."""
    good, bad = ({"field": "active", "property": "registered"}, {"field": "queues", "property": "wait"})
    assert types_of(ROW.format(**good), tmp_path) == (0, "")
    code, complaints = types_of(ROW.format(**bad), tmp_path)
    assert code == 1
    assert '"CallTotals" has no attribute "queues"' in complaints
    assert '"User" has no attribute "wait"' in complaints


@pytest.mark.usefixtures("all_entities", "agent_figures")
async def test_each_model_is_what_its_rows_take_it_for(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A row that is handed something else raises at each poll, and the entity is never written."""
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.answer(pbx.call_in(CALLER, to="support"), TOM)
    pbx.add_messaging_campaign("12", "Offers")
    await poll(3601)
    seen = set()
    for source in loaded.runtime_data.sources:
        for topic in TOPICS:
            for key, model in source.data.items():
                if (topic.action, topic.kind, topic.aspect) == (source.action, key.kind, key.aspect):
                    items = model.values() if topic.aspect else [model]
                    seen |= {topic for item in items if item is not None}
                    assert all(item is None or isinstance(item, topic.model) for item in items), (topic, model)
    assert seen == TOPICS
