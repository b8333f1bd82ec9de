"""Home Assistant's own recorder, for the modules that import this fixture: all others do without a database."""

import pytest
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare a recorder, which the fixture `recorder` starts."""
