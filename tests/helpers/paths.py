"""Places of the project, and what is read from its data files."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "custom_components" / "dls_pbx"
VENDOR_SAMPLES = ROOT / "tests" / "contract"


def read(name: str) -> dict[str, Any]:
    """Return one of the integration's JSON files."""
    found: dict[str, Any] = json.loads((INTEGRATION / name).read_text("utf-8"))
    return found


def translations(language: str) -> dict[str, Any]:
    """Return the integration's texts in a language."""
    return read(f"translations/{language}.json")
