"""What tests of the front desk share: somebody who may read some entities, and nothing else."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from tests.helpers.front_desk import Connect, Desk, entities, put_in_group

type Guest = Callable[..., Awaitable[Desk]]


@pytest.fixture
def guest(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: Connect,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> Guest:
    """Return a function that opens a front desk for somebody who may read these entities alone."""

    async def open_desk(*entity_ids: str) -> Desk:
        await put_in_group(hass, hass_read_only_user, entities(*entity_ids))
        return await Desk.open(hass_ws_client, hass_read_only_access_token)

    return open_desk
