"""How quickly the program starts: ``python -m benchmarks.start``.

What is imported is most of it, so this is where a heavy import that slipped in shows. Measure in an
environment whose packages are byte-compiled, as installers make it.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click

from benchmarks.child import Spent, run
from benchmarks.report import Section, publish
from kith.database.open import open_database

COMMANDS = (
    "python -c pass",
    "kith --help",
    "kith --version",
    "kith add --help",
    "kith status",
    "kith people list",
)


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the process's start to its end: median and best of the runs."""

    cpu: float
    best_cpu: float
    wall: float


@click.command()
@click.option("--runs", default=21, show_default=True)
def main(runs: int) -> None:
    """Start every command again and again, publish."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        library.mkdir()
        open_database(library / "library.db").close()
        starts = {name: _measure(name, library, runs) for name in COMMANDS}
    rows = [
        (name, f"{one.cpu:.3f}", f"{one.best_cpu:.3f}", f"{one.wall:.3f}")
        for name, one in starts.items()
    ]
    section = Section("Starting", ("command", "CPU s", "best CPU s", "s by the clock"), rows)
    publish("start", [section], {name: asdict(one) for name, one in starts.items()}, _NOTE)


_NOTE = """
`python -m benchmarks.start`, on 2 cores of an AMD EPYC with AVX-512 that others used meanwhile:
CPU time is user and system, and the better figure. Medians of 21 runs of the installed,
byte-compiled program, with a library in which nothing is yet; what `kith status` takes for a large
one stands in `scale.md`. The first row is Python alone.
"""


def _measure(name: str, library: Path, runs: int) -> Start:
    taken = [_run(name, library) for _ in range(runs)]
    cpu = [spent.cpu_seconds for spent in taken]
    return Start(median(cpu), min(cpu), median(spent.wall_seconds for spent in taken))


def _run(name: str, library: Path) -> Spent:
    program, *arguments = name.split()
    return run(program, arguments, {"KITH_LIBRARY": str(library)})[0]


if __name__ == "__main__":
    main()
