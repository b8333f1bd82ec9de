"""The table that every bench prints: a figure, its limit, and whether it keeps to it."""


class Table:
    """Prints a row per figure and remembers whether a limit was broken."""

    broken = False

    def row(self, name: str, ours: float, limit: float, unit: str = "ms", beside: str = "") -> None:
        """Print a row of the table."""
        self.broken |= ours > limit
        print(f"{name:<50}{ours:>10.2f}{limit:>10.2f} {unit:<4}{'over' if ours > limit else 'ok':<6}{beside}")
