"""What the integration has stored on a disk: its journal, read as another program would, and the file of before."""

import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.dls_pbx.const import DOMAIN
from tests.helpers.entities import ENTRY_ID

OLD = f"{DOMAIN}.{ENTRY_ID}"
JOURNAL = f"{OLD}.jsonl"


def journal_of(hass: HomeAssistant) -> Path:
    """Return the journal of a running Home Assistant."""
    return Path(hass.config.path(".storage", JOURNAL))


def files_of(hass: HomeAssistant) -> list[Path]:
    """Return all files of a running Home Assistant that hold what the integration has stored."""
    return sorted(Path(hass.config.path(".storage")).glob(f"{DOMAIN}*"))


def stored(journal: Path | HomeAssistant) -> dict[str, Any]:
    """Return what a journal without a torn end comes to."""
    path = journal_of(journal) if isinstance(journal, HomeAssistant) else journal
    return state_of(path.read_bytes())


def state_of(written: bytes) -> dict[str, Any]:
    """Return what lines come to, the last of which may be torn."""
    state: Any = {}
    for line in written.split(b"\n")[:-1]:
        state = merge(state, json.loads(line))
    return dict(state)


def merge(target: Any, patch: Any) -> Any:
    """Return what a merge patch makes of something, by the pseudocode of RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge(result.get(name), value)
    return result


def as_before(state: dict[str, Any]) -> str:
    """Return the file that a version up to 0.2.0 would have written."""
    sections: dict[str, Any] = {name: dict(section) for name, section in state.items()}
    for name in sections.keys() & {"calls", "messages"}:
        sections[name] = {"newest": None} | sections[name]
    sections["callbacks"] = [
        {"uid": uid, "name": None, "completed": None}
        | item
        | {"tries": [{"id": call_id} | one for call_id, one in item["tries"].items()]}
        for uid, item in sections.get("callbacks", {}).items()
    ]
    return json.dumps({"version": 1, "minor_version": 1, "key": OLD, "data": sections}, indent=2, ensure_ascii=False)
