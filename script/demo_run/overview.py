"""What the demo's Home Assistant knows of the simulated office."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from script.demo_run.home_assistant import DOMAIN, HomeAssistant

UNIQUE_ID_KINDS: Final = ("pbx", "queue", "phone", "conference", "campaign")
SHOWN: Final = ("pbx", "queue", "phone")
NO_VALUE: Final = ("unknown", "unavailable")
# Home Assistant says of every integration that is not part of it that it was not tested by them.
EXPECTED: Final = "We found a custom integration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entity and what it shows; state is None until it has one."""

    kind: str
    device_id: str
    device: str
    name: str
    state: str | None
    unit: str

    @property
    def shown(self) -> str:
        """The state with its unit; fractions cut to what Home Assistant's pages show."""
        state = self.state or "-"
        with suppress(ValueError):
            state = f"{float(state):.1f}" if "." in state else state
        return f"{state} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Overview:
    """All enabled entities of the PBX."""

    rows: Sequence[Row]

    @classmethod
    async def of(cls, home: HomeAssistant) -> Self:
        """Ask Home Assistant."""
        devices, entities, states = await home.ask(
            "config/device_registry/list", "config/entity_registry/list", "get_states"
        )
        names = {device["id"]: device["name_by_user"] or device["name"] for device in devices}
        by_id = {state["entity_id"]: state for state in states}
        ours = [entity for entity in entities if entity["platform"] == DOMAIN and not entity["disabled_by"]]
        return cls([_row(entity, names, by_id.get(entity["entity_id"])) for entity in ours])

    @property
    def complete(self) -> bool:
        """Whether every entity has a state, and each kind that we show is there with a real value."""
        with_value = {row.kind for row in self.rows if row.state and row.state not in NO_VALUE}
        return with_value.issuperset(SHOWN) and all(row.state not in {None, "unavailable"} for row in self.rows)

    @property
    def summary(self) -> str:
        """How many entities there are, and how many of them have a value."""
        states = Counter(row.state if row.state in NO_VALUE else "with a value" for row in self.rows)
        return f"{len(self.rows)} entities: " + ", ".join(f"{count} {state}" for state, count in states.most_common())

    def devices(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Yield for each kind that we show its busiest device's rows."""
        for kind in SHOWN:
            groups: dict[str, list[Row]] = {}
            for row in self.rows:
                if row.kind == kind:
                    groups.setdefault(row.device_id, []).append(row)
            if groups:
                yield kind, max(groups.values(), key=_business)


def _business(rows: Sequence[Row]) -> tuple[int, int]:
    """Tell how much there is to see: figures that are not nothing, and entities at all."""
    return sum(row.state not in {*NO_VALUE, None, "0", "off", "idle"} for row in rows), len(rows)


def _row(entity: dict[str, Any], names: dict[str, str], state: dict[str, Any] | None) -> Row:
    kinds = entity["unique_id"].partition("_")[2]
    device = names.get(entity["device_id"], "")
    attributes = state["attributes"] if state else {}
    return Row(
        kind=next((kind for kind in UNIQUE_ID_KINDS if kinds.startswith(kind)), ""),
        device_id=entity["device_id"],
        device=device,
        name=attributes.get("friendly_name", entity["entity_id"]).removeprefix(device).strip(),
        state=state["state"] if state else None,
        unit=attributes.get("unit_of_measurement", ""),
    )


def complaints(log: Path) -> list[str]:
    """Return what our integration had to complain about in Home Assistant's log."""
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    grave = [line for line in lines if " WARNING " in line or " ERROR " in line or " CRITICAL " in line]
    return [line for line in grave if DOMAIN in line and EXPECTED not in line]
