"""Check what no other tool looks at: data files, whitespace, and what can be run."""

from collections.abc import Iterator
import json
from pathlib import Path
import subprocess
import sys
import tomllib

import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

BINARY = {".png"}


def tracked() -> Iterator[Path]:
    """Yield every file of the project, those not yet committed too."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed arguments
    yield from (path for name in names.split("\0") if name and (path := Path(name)).is_file())


def whitespace(path: Path, text: str) -> Iterator[str]:
    """Yield what is wrong with the white space of a text."""
    if text and not text.endswith("\n"):
        yield "no newline at the end"
    if text.endswith("\n\n"):
        yield "blank lines at the end"
    if "\r" in text:
        yield "carriage returns"
    for number, line in enumerate(text.split("\n"), 1):
        if line.rstrip() != line and path.suffix != ".md":
            yield f"line {number}: trailing white space"
        if "\t" in line:
            yield f"line {number}: a tab"


def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object of JSON; a key that stands twice would silently lose one of its values."""
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key stands twice among {sorted(keys)}")
    return dict(pairs)


def parsing(path: Path, text: str) -> Iterator[str]:
    """Yield why a data file does not parse."""
    try:
        match path.suffix:
            case ".json":
                json.loads(text, object_pairs_hook=unique_keys)
            case ".yaml" | ".yml":
                # Home Assistant's tags are no errors; only the form is looked at.
                yaml.compose(text)
            case ".toml":
                tomllib.loads(text)
    except (ValueError, yaml.YAMLError) as error:
        yield f"does not parse: {error}"


def runnable(path: Path, text: str) -> Iterator[str]:
    """Yield where a first line and the executable bit do not go together."""
    executable = bool(path.stat().st_mode & 0o111)
    if executable != text.startswith("#!"):
        yield "executable without a #! line" if executable else "a #! line, but not executable"


def main() -> int:
    """Print what is wrong; return the exit code."""
    wrong = 0
    for path in tracked():
        if path.suffix in BINARY:
            continue
        text = path.read_bytes().decode("utf-8")
        for check in (whitespace, parsing, runnable):
            for complaint in check(path, text):
                print(f"{path}: {complaint}")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
