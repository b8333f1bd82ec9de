"""Check that the tests go through each file by itself, branches included: a total hides the file that nobody tries."""

import json
from pathlib import Path
import subprocess
import sys
from tempfile import TemporaryDirectory

LEAST = 95  # percent


def main(*options: str) -> int:
    """Print the files that fall short, and return whether any does; `options` are those of `coverage json`."""
    with TemporaryDirectory() as folder:
        report = Path(folder, "coverage.json")
        command = (sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report), *options)
        subprocess.run(command, check=True)  # noqa: S603 - our own arguments
        files = json.loads(report.read_text())["files"]
    short = {name: covered for name, of in files.items() if (covered := of["summary"]["percent_covered"]) < LEAST}
    for name, covered in sorted(short.items()):
        sys.stderr.write(f"{name}: {covered:.1f} % of lines and branches, and not {LEAST}\n")
    return bool(short)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
