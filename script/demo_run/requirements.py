"""Print what a real Home Assistant fetches at its first start, pinned as the installed release pins it."""

import json
from pathlib import Path
import re

from homeassistant import bootstrap, components

CONFIGURATION = Path(__file__).with_name("configuration.yaml")
OURS = (Path("custom_components/dls_pbx"), Path(__file__).with_name("office_devices"))


def requirements(domains: set[str]) -> set[str]:
    """Return the requirements of these integrations and of all that they depend on."""
    known = {path.name: path for path in OURS}
    found, seen = set[str](), set[str]()
    waiting = domains | known.keys()
    while waiting:
        domain = waiting.pop()
        seen.add(domain)
        path = known.get(domain, Path(components.__path__[0]) / domain)
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        found.update(manifest.get("requirements", ()))
        waiting |= set(manifest.get("dependencies", ())) - seen
    return found


def main() -> None:
    """Print them, one to a line."""
    configured = set(re.findall(r"^(\w+):", CONFIGURATION.read_text("utf-8"), re.MULTILINE))
    always = bootstrap.CORE_INTEGRATIONS | bootstrap.DEFAULT_INTEGRATIONS
    print("\n".join(sorted(requirements(configured | always))))


if __name__ == "__main__":
    main()
