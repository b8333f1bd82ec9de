"""First use of everything in a Python that has loaded nothing yet: says what held up the event loop, a line each.

`python -m tests.helpers.first_use`. Modules are read from the disk once in a life, so it takes a life of its own.
"""

import asyncio
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
import logging
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
import threading
from types import FrameType, ModuleType
from typing import Any, Final, override

import homeassistant
from homeassistant import block_async_io
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers import resolver
from tests.helpers.office import CALLER, KEY, USERNAME, small_office

DOMAIN: Final = "dls_pbx"
OURS: Final = str(Path("custom_components", DOMAIN))
THEIRS: Final = str(Path(homeassistant.__file__).parent)
# Callers from three countries, so that each number has metadata of its own.
ABROAD: Final = ("442079460123", "33142685300", "4930123456")
CONTACT: Final = {
    "contact_list": "Reminders",
    "first_name": "Pat",
    "last_name": "Example",
    "phone_number": "(815) 555-0123",
    "address": "1 Main St",
    "city": "Rockford",
    "state": "IL",
    "zip_code": "61101",
}
ACTIONS: Final[dict[str, dict[str, Any]]] = {
    "send_sms": {"recipients": ["630", "+5511987654321"], "message": "Your order is ready"},
    "query_sms": {},
    "add_contact_list": {"name": "December"},
    "add_contact": CONTACT,
    "query_subscribers": {},
    "add_subscriber": {"phone_number": CALLER, "campaign_id": "CSPRING"},
    "remove_subscriber": {"phone_number": CALLER, "campaign_id": "CSPRING"},
    "add_unsubscriber": {"phone_number": "+81312345678", "tenant_id": "0"},
    "remove_unsubscriber": {"phone_number": "+81312345678", "tenant_id": "0"},
    "get_call_report": {"start": "2026-11-01 00:00:00", "end": "2026-11-02 00:00:00"},
    "get_dialer_logs": {},
}


class LoopImports(MetaPathFinder):
    """Notes what code of ours loads in the event loop; it finds nothing itself."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._loop = threading.get_ident()

    @override
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if threading.get_ident() == self._loop and (frame := _ours(sys._getframe())):  # noqa: SLF001 - there is no other
            self.found.append(f"import of {name} by {frame.f_code.co_filename}, line {frame.f_lineno}")
        return None


def _ours(frame: FrameType | None) -> FrameType | None:
    """Return where in our code something was loaded, unless it was Home Assistant that did so on our behalf."""
    while frame and OURS not in frame.f_code.co_filename:
        if THEIRS in frame.f_code.co_filename:
            return None
        frame = frame.f_back
    return frame


class Detected(logging.Handler):
    """Notes what Home Assistant's own detector says of us."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if "Detected blocking call" in said and OURS in said:
            self.found.append(said.splitlines()[0])


def _office() -> SimulatedPbx:
    pbx = small_office()
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    pbx.add_contact_list("Reminders")
    for number in ABROAD:
        pbx.receive_sms(number, "630", "Hello")
        pbx.call_in(number, to="support")
    return pbx


async def _use(hass: HomeAssistant, simulator: Simulator) -> None:
    account = {CONF_URL: simulator.url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True}
    entry = MockConfigEntry(domain=DOMAIN, data=account)
    entry.add_to_hass(hass)
    await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"{entry.state}: {entry.reason}")
    if missing := hass.services.async_services_for_domain(DOMAIN).keys() ^ ACTIONS.keys():
        raise RuntimeError(f"not tried: {missing}")
    for action, fields in ACTIONS.items():
        responds = hass.services.supports_response(DOMAIN, action) is not SupportsResponse.NONE
        try:
            await hass.services.async_call(DOMAIN, action, fields, blocking=True, return_response=responds)
        except HomeAssistantError as err:
            raise RuntimeError(f"{action}: {err}") from err
    await hass.async_block_till_done(wait_background_tasks=True)


async def _main() -> None:
    imports, detected = LoopImports(), Detected()
    with TemporaryDirectory() as folder:
        async with async_test_home_assistant(config_dir=folder) as hass, Simulator(_office()) as simulator:
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            hass.config.country = "US"
            resolver.use()
            logging.getLogger().addHandler(detected)
            sys.meta_path.insert(0, imports)
            vars(block_async_io)["_IN_TESTS"] = False
            block_async_io.enable()
            await _use(hass, simulator)
            sys.meta_path.remove(imports)
            await hass.async_stop(force=True)
    sys.stdout.write("\n".join(["used", *imports.found, *detected.found]) + "\n")


if __name__ == "__main__":
    asyncio.run(_main())
