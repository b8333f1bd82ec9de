"""Validation of an account: one way in which every step of the config flow asks the PBX."""

from collections.abc import Iterable, Mapping
import traceback
from typing import Any, NamedTuple

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant

from ..api import DlsPbxBareRefusalError, DlsPbxError, DlsPbxUnreachableError, Obstacle
from ..const import LOGGER
from ..errors import error_key
from ..texts import async_obstacle_text
from .account import CONF_DIALECT
from .connections import async_passing_client

# What the form says of what the PBX, or the way to it, answered; of the rest it says that it cannot connect, and why.
_ERRORS = frozenset({"invalid_auth", "invalid_response"})


class Problem(NamedTuple):
    """Why a step cannot go on: the text's key, the PBX's reason, the field at fault."""

    error: str
    reason: str = ""
    field: str = "base"


async def async_problem(hass: HomeAssistant, err: DlsPbxError) -> Problem:
    """Return what the form says of an error."""
    match err:
        case DlsPbxBareRefusalError():
            return Problem("invalid_response" if err.is_bad_request else "invalid_auth", str(err))
        case DlsPbxUnreachableError(obstacle=Obstacle() as obstacle):
            return Problem("cannot_connect", await async_obstacle_text(hass, obstacle))
    error = error_key(err)
    return Problem(error if error in _ERRORS else "cannot_connect", str(err))


async def async_validate(hass: HomeAssistant, data: dict[str, Any]) -> Problem | None:
    """Ask the PBX whether user and key are right; None = they are, and `data` has what was learned of the PBX."""
    try:
        async with async_passing_client(hass, data) as client:
            await client.check()
    except DlsPbxError as err:
        return await async_problem(hass, err)
    except Exception as err:  # noqa: BLE001 - whatever it is, the form has to stay usable
        # The place but not the text, which could hold what was typed.
        place = "".join(traceback.format_tb(err.__traceback__))
        LOGGER.error("Unexpected %s while checking the account:\n%s", type(err).__name__, place)
        return Problem("unknown")
    data.pop(CONF_DIALECT, None)
    if learned := client.dialect.as_stored():
        data[CONF_DIALECT] = learned
    return None


async def async_find(
    hass: HomeAssistant, data: Mapping[str, Any], urls: Iterable[str]
) -> tuple[dict[str, Any], Problem | None]:
    """Return the settings with the first address at which the PBX's API answers, and what is wrong with them."""
    found, problem = dict(data), None
    for url in urls:
        found = {**data, CONF_URL: url}
        if (problem := await async_validate(hass, found)) is None or problem.error == "invalid_auth":
            break
    return found, problem
