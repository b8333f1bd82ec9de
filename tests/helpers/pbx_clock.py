"""The PBX's clock: whoever runs the PBX sets it, and not by its API."""

from datetime import timedelta

from simulator.pbx.simulated import SimulatedPbx


def set_ahead(pbx: SimulatedPbx, minutes: float) -> None:
    """Have the PBX's clock be ahead by so many minutes from now on; behind, where they are negative."""
    right = pbx._clock  # noqa: SLF001
    pbx._clock = lambda: right() + timedelta(minutes=minutes)  # noqa: SLF001
