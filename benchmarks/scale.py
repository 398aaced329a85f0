"""What a large library costs: ``python -m benchmarks.scale``.

A library of 100,000 photos and 150,000 faces is made up: its files are real, small JPEGs, its
embeddings are synthetic. The people of the portraits are the 51 most photographed ones, so that
pictures of them meet the largest groups. Then the commands run on it as processes of their own.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click

from benchmarks.child import Spent, kith
from benchmarks.crowd import make_crowd
from benchmarks.labelled import MODELS, PHOTOS
from benchmarks.pictures import make_pictures
from benchmarks.report import Section, publish
from kith.compose import open_library
from kith.config import Settings
from kith.imaging.picture import Picture
from kith.pipeline.people import find

NEW_PHOTOS = 50
REPEATS = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds by the clock that ``find`` took in one process.

    Attributes:
        opening: to open the library.
        first: the first picture: models are compiled, and the index is mapped into memory.
        later: the pictures after it, the median.
    """

    opening: float
    first: float
    later: float


@click.command()
@click.option("--photos", default=100_000, show_default=True)
@click.option("--faces", default=150_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the library here; reuse it.")
def main(photos: int, faces: int, folder: Path | None) -> None:
    """Make up the library, run the commands, publish."""
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch)
        if not (place / "library").exists():
            make_crowd(place, photos, faces)
        new = _new_photos(Path(scratch))
        commands = _commands(place, new)
        answered = _in_process(place / "library")
        grown = _growth(place, Path(scratch), new)
    _report(photos, faces, commands, answered, grown)


def _new_photos(scratch: Path) -> Path:
    folder, labels = make_pictures()
    new = scratch / "new"
    new.mkdir()
    for name in [name for name in sorted(labels) if name.startswith("2-MP")][:NEW_PHOTOS]:
        shutil.copy(folder / name, new)
    return new


def _commands(place: Path, new: Path) -> dict[str, Spent]:
    library, portrait = place / "library", PHOTOS / "portraits" / "001" / "smiling.jpg"
    return {
        "kith add, nothing new": _ran(library, "add", place / "photos", repeats=2),
        "kith find, one face": _ran(library, "find", portrait),
        "kith find, group": _ran(library, "find", _group(new)),
        "kith status": _ran(library, "status"),
        "kith people": _ran(library, "people", "list"),
        "kith doctor": _ran(library, "doctor", repeats=1),
    }


def _group(new: Path) -> Path:
    """The picture with the most people."""
    _, labels = make_pictures()
    return max(sorted(new.iterdir()), key=lambda path: len(labels[f"2-MP/{path.name}"]))


def _ran(library: Path, *arguments: str | Path, repeats: int = REPEATS) -> Spent:
    runs = [kith(library, *arguments)[0] for _ in range(repeats)]
    return Spent(
        median(run.cpu_seconds for run in runs),
        median(run.wall_seconds for run in runs),
        median(run.peak_megabytes for run in runs),
    )


def _in_process(library: Path) -> Answered:
    settings = Settings(library=library, models=MODELS, workers=1)
    pictures = sorted((PHOTOS / "portraits").glob("*/smiling.jpg"))[:20]
    began = time.perf_counter()
    with open_library(settings) as opened:
        opening = time.perf_counter() - began
        took = [_clocked(lambda p=path: find(opened, Picture.open(p))) for path in pictures]
    return Answered(1000 * opening, 1000 * took[0], 1000 * median(took[1:]))


def _clocked(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _growth(place: Path, scratch: Path, new: Path) -> dict[str, float]:
    """Milliseconds of CPU time for a new photo in an empty library and in the large one."""
    nothing = scratch / "nothing"
    nothing.mkdir()
    copy = scratch / "copy"
    shutil.copytree(place / "library", copy, ignore=shutil.ignore_patterns("thumbnails"))
    libraries = {"an empty library": scratch / "empty", "the large library": copy}
    return {name: _cost_of_a_photo(library, new, nothing) for name, library in libraries.items()}


def _cost_of_a_photo(library: Path, new: Path, nothing: Path) -> float:
    start = kith(library, "add", nothing)[0].cpu_seconds
    return 1000 * (kith(library, "add", new)[0].cpu_seconds - start) / NEW_PHOTOS


_NOTE = """
`python -m benchmarks.scale`, on 2 cores of an AMD EPYC with AVX-512 that others used meanwhile:
where CPU time and the clock differ, the former is the better figure. {photos:,} photos and
{faces:,} faces; the most photographed person is in some thousand photos. Each command is a process
of its own, measured from its start to its end, Python's start included: medians. Files and database
are in the system's cache.
"""


def _report(
    photos: int,
    faces: int,
    commands: dict[str, Spent],
    answered: Answered,
    grown: dict[str, float],
) -> None:
    spent = [
        (name, f"{one.cpu_seconds:.2f}", f"{one.wall_seconds:.2f}", f"{one.peak_megabytes:.0f}")
        for name, one in commands.items()
    ]
    sections = [
        Section("Commands", ("command", "CPU s", "s by the clock", "peak MB"), spent),
        Section(
            "kith find in a running process, ms by the clock",
            ("open the library", "first picture, models are compiled", "later pictures"),
            [tuple(f"{figure:.0f}" for figure in asdict(answered).values())],
        ),
        Section(
            f"{NEW_PHOTOS} new photos of 1600 x 1200, CPU ms each, without the program's start",
            tuple(grown),
            [tuple(f"{cost:.0f}" for cost in grown.values())],
        ),
    ]
    numbers = {
        "photos": photos,
        "faces": faces,
        "commands": {name: asdict(one) for name, one in commands.items()},
        "find_in_process_ms": asdict(answered),
        "new_photo_cpu_ms": grown,
    }
    publish("scale", sections, numbers, _NOTE.format(photos=photos, faces=faces))


if __name__ == "__main__":
    main()
