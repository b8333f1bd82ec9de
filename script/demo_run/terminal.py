"""What the demo says while one waits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
import sys
from time import monotonic

BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


@asynccontextmanager
async def step(text: str) -> AsyncIterator[None]:
    """Say what is under way, and for how long; on a terminal the seconds count up."""
    began = monotonic()
    ticking = asyncio.create_task(_tick(text, began)) if sys.stdout.isatty() else None
    if ticking is None:
        say(f"[demo] {text}…")
    try:
        yield
    finally:
        if ticking:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            say(f"\r[demo] {text}… {monotonic() - began:.0f} s")


async def _tick(text: str, began: float) -> None:
    while True:
        print(f"\r[demo] {text}… {monotonic() - began:.0f} s", end="", flush=True)
        await asyncio.sleep(1)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text with aligned columns."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([text[0], "  ".join("-" * width for width in widths), *text[1:]])
