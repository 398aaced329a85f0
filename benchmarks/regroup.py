"""What grouping a large library anew costs: ``python -m benchmarks.regroup``."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks.crowd import make_crowd
from benchmarks.labelled import MODELS
from benchmarks.report import Section, publish
from kith.compose import open_library
from kith.config import Settings
from kith.pipeline.migration.regroup import Regrouped, regroup


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the first read to the last write."""

    cpu: float
    wall: float


@click.command()
@click.option("--photos", default=67_000, show_default=True)
@click.option("--faces", default=100_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the library here; reuse it.")
def main(photos: int, faces: int, folder: Path | None) -> None:
    """Make up the library, group it anew, publish."""
    with tempfile.TemporaryDirectory() as scratch:
        load = os.getloadavg()[0]
        place = folder or Path(scratch)
        if not (place / "library").exists():
            make_crowd(place, photos, faces)
        took, done = _regrouped(place / "library")
    _report(took, done, load)


def _regrouped(library: Path) -> tuple[Took, Regrouped]:
    settings = Settings(library=library, models=MODELS, workers=1)
    with open_library(settings, writing=True) as opened:
        cpu, wall = time.process_time(), time.perf_counter()
        done = regroup(opened)
        return Took(time.process_time() - cpu, time.perf_counter() - wall), done


_NOTE = """
`python -m benchmarks.regroup`, on 2 cores of an AMD EPYC with AVX-512, in one process: one thread
groups, two find pairs. Others use the machine, too; the load before the run says how much, and the
more they do, the more the clock says beyond the CPU seconds. The library is made up, see
`crowd.py`. Where its groups were made by `regroup` before, none may move.
"""


def _report(took: Took, done: Regrouped, load: float) -> None:
    section = Section(
        "A library grouped anew",
        ("faces", "groups", "faces that moved", "CPU s", "s by the clock", "load before"),
        [
            (
                f"{done.faces:,}",
                f"{done.groups:,}",
                f"{done.moved:,}",
                f"{took.cpu:.0f}",
                f"{took.wall:.0f}",
                f"{load:.1f}",
            )
        ],
    )
    publish("regroup", [section], {**asdict(done), "seconds": asdict(took), "load": load}, _NOTE)


if __name__ == "__main__":
    main()
