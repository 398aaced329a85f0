"""How fast ``kith add`` is, beside the ``face_recognition`` library and beside its own parts.

    python -m benchmarks.speed --rival ENVIRONMENT/bin/python

Measured is CPU time, user and system, for it says the same on a busy machine. The environment of
the other library is described in benchmarks/README.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import TypeVar

import click

from benchmarks.child import Spent, kith
from benchmarks.parts import Parts, measure_parts
from benchmarks.pictures import COUNTS, KnownFace, Labels, make_pictures
from benchmarks.report import Section, publish
from kith.compose import open_catalog
from kith.config import Settings

FOLDERS = {"12 MP": "12-MP", "2 MP": "2-MP"}
RIVAL_SAMPLE = {"12 MP": 10, "2 MP": 40}
PARTS_SAMPLE = {"12 MP": 40, "2 MP": 200}

Seen = tuple[float, float, float]
"""A face that was found: its middle and its width, pixels."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Run:
    """What one ``kith add`` in a process of its own took, from start to end."""

    photos: int
    workers: int
    spent: Spent

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU time a photo."""
        return 1000 * self.spent.cpu_seconds / self.photos


@dataclass(frozen=True, slots=True)
class Rival:
    """What the other library took for some of the pictures, and what it saw in them."""

    cpu_ms: float
    seen: Mapping[str, Sequence[Seen]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the known faces were found, and how many boxes show none."""

    known: int
    found: int
    false: int

    def __str__(self) -> str:
        return f"{self.found / self.known:.3f} of {self.known}, {self.false} false"


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything, by size of the pictures."""

    together: Run
    runs: Mapping[str, Run]
    parts: Mapping[str, Parts]
    rivals: Mapping[str, Rival]
    seen: Mapping[str, Sequence[Seen]]
    labels: Labels


@click.command()
@click.option("--rival", type=click.Path(path_type=Path), help="Python with face_recognition.")
@click.option("--part", default=1, show_default=True, help="Take one in so many of the pictures.")
def main(rival: Path | None, part: int) -> None:
    """Make the pictures, measure, publish."""
    folder, labels = make_pictures({size: count // part for size, count in COUNTS.items()})
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch)
        # In turns, so that what is compared meets the machine in the same state.
        before = _beside(folder, labels, rival, 0)
        together = add(folder, library / "all", workers=0)
        runs = {
            size: add(folder / name, library / name, workers=1) for size, name in FOLDERS.items()
        }
        after = _beside(folder, labels, rival, 1)
        seen = faces_seen(library / "all", folder)
    parts = {size: _mean(before[0][size], after[0][size]) for size in FOLDERS}
    rivals = {size: _joined(before[1][size], after[1][size]) for size in before[1]}
    _report(Measured(together, runs, parts, rivals, seen, labels))


def _beside(
    folder: Path, labels: Labels, rival: Path | None, half: int
) -> tuple[Mapping[str, Parts], Mapping[str, Rival]]:
    """Half of the samples: what Kith's parts take alone, and what the other library takes."""
    parts: dict[str, Parts] = {}
    rivals: dict[str, Rival] = {}
    for size, name in FOLDERS.items():
        names = [picture for picture in sorted(labels) if picture.startswith(name)]
        some = _some(names, PARTS_SAMPLE[size])[half::2]
        parts[size] = measure_parts([folder / picture for picture in some])
        if rival:
            rivals[size] = ask(rival, folder, _some(names, RIVAL_SAMPLE[size])[half::2])
    return parts, rivals


def _some(names: Sequence[_T], count: int) -> Sequence[_T]:
    return names[:: max(1, len(names) // count)][:count]


def add(photos: Path, library: Path, *, workers: int) -> Run:
    """Run ``kith add`` on a folder with a new library; ``workers`` as its option."""
    spent, output = kith(library, "add", photos, "--json", "--workers", str(workers))
    added: int = json.loads(output)["added"]
    return Run(added, workers or len(os.sched_getaffinity(0)), spent)


def faces_seen(library: Path, folder: Path) -> Mapping[str, Sequence[Seen]]:
    """The faces that a library holds, by the picture's path below the folder."""
    seen: dict[str, list[Seen]] = {}
    with open_catalog(Settings(library=library)) as catalog:
        photos = {photo.id: photo for photo in catalog.photos()}
        names = {known.photo_id: known.place.path for known in catalog.places()}
        for face in catalog.faces():
            photo, box = photos[face.photo_id], face.detail.box
            name = Path(names[face.photo_id]).relative_to(folder).as_posix()
            middle = box.left + box.width / 2, box.top + box.height / 2
            seen.setdefault(name, []).append(
                (middle[0] * photo.width, middle[1] * photo.height, box.width * photo.width)
            )
    return seen


def ask(rival: Path, folder: Path, names: Sequence[str]) -> Rival:
    """Let the other library find and encode the faces of these pictures."""
    answer = subprocess.run(
        [rival, "-W", "ignore", Path(__file__).with_name("rival.py")],
        input="\n".join(str(folder / name) for name in names),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    rows = [json.loads(line) for line in answer.splitlines()]
    seen = {
        name: [tuple(face) for face in row["faces"]] for name, row in zip(names, rows, strict=True)
    }
    return Rival(1000 * fmean(row["seconds"] for row in rows), seen)


def tally(labels: Labels, seen: Mapping[str, Sequence[Seen]], names: Sequence[str]) -> Tally:
    """Compare what is known of these pictures with what was seen in them."""
    known = found = false = 0
    for name in names:
        faces, boxes = labels[name], seen.get(name, ())
        known += len(faces)
        found += sum(any(_agree(face, box) for box in boxes) for face in faces)
        false += sum(not any(_agree(face, box) for face in faces) for box in boxes)
    return Tally(known, found, false)


def _agree(face: KnownFace, box: Seen) -> bool:
    """Whether a box is of this face, however much of a head the library puts into its boxes."""
    x, y, width = box
    near = max(abs(x - face.x), abs(y - face.y)) < face.width / 2
    return near and 0.5 < width / face.width < 2


def _mean(one: Parts, other: Parts) -> Parts:
    pairs = zip(asdict(one).values(), asdict(other).values(), strict=True)
    return Parts(*(fmean(pair) for pair in pairs))


def _joined(one: Rival, other: Rival) -> Rival:
    return Rival(fmean((one.cpu_ms, other.cpu_ms)), {**one.seen, **other.seen})


_NOTE = """
`python -m benchmarks.speed --rival ENVIRONMENT/bin/python`, on 2 cores of an AMD EPYC with AVX-512
that others used meanwhile: so the figures are CPU time (user and system), and photos by the clock
are a lower bound. 200 pictures of 4000 x 3000 and 1,000 of 1600 x 1200, made by
`benchmarks/pictures.py`. `kith add` is timed as a process of its own from start to end: models are
compiled, photos hashed, faces grouped and stored. The other library, its defaults, one process:
`load_image_file`, `face_locations`, `face_encodings`, without its start. Its recall, and Kith's
beside it, are of the same sample of 10 large and 40 small pictures.

The parts are measured alone and in one process, on 40 large and 200 small pictures: Pillow's scaled
decoding to the sizes that Kith decodes, scaling to the sizes that recognition looks at, the models
on the same pixels, and the thumbnail.
"""


def _report(measured: Measured) -> None:
    sections = [_adding(measured), _against_parts(measured)]
    if measured.rivals:
        sections.append(_against_rival(measured))
    every = tally(measured.labels, measured.seen, list(measured.labels))
    numbers = {
        "together": asdict(measured.together),
        "runs": {size: asdict(run) for size, run in measured.runs.items()},
        "parts_ms": {size: asdict(parts) for size, parts in measured.parts.items()},
        "rival_ms": {size: rival.cpu_ms for size, rival in measured.rivals.items()},
        "kith_faces": asdict(every),
    }
    publish("speed", sections, numbers, _NOTE)


def _adding(measured: Measured) -> Section:
    runs = {"both": measured.together, **measured.runs}
    prefixes = {"both": "", **FOLDERS}
    rows = [
        (
            size,
            f"{run.photos}",
            f"{run.workers}",
            f"{run.cpu_ms:.0f}",
            f"{run.photos / run.spent.wall_seconds:.1f}",
            f"{run.spent.peak_megabytes:.0f}",
            str(_tally_of(measured, prefixes[size])),
        )
        for size, run in runs.items()
    ]
    columns = (
        "pictures",
        "photos",
        "workers",
        "CPU ms a photo",
        "photos/s",
        "peak MB",
        "faces found",
    )
    return Section("kith add", columns, rows)


def _tally_of(measured: Measured, prefix: str) -> Tally:
    names = [name for name in measured.labels if name.startswith(prefix)]
    return tally(measured.labels, measured.seen, names)


def _against_parts(measured: Measured) -> Section:
    rows: list[tuple[str, ...]] = []
    for size, parts in measured.parts.items():
        whole = measured.runs[size].cpu_ms
        figures = (*asdict(parts).values(), parts.total, whole)
        rows.append((size, *(f"{figure:.1f}" for figure in figures), f"{whole / parts.total:.2f}"))
    columns = ("pictures", "decode", "scale", "inference", "thumbnail", "sum", "kith add", "ratio")
    return Section("kith add against the sum of its parts, CPU ms a photo", columns, rows)


def _against_rival(measured: Measured) -> Section:
    rows: list[tuple[str, ...]] = []
    for size, rival in measured.rivals.items():
        names, ours = list(rival.seen), measured.runs[size].cpu_ms
        rows.append(
            (
                size,
                f"{rival.cpu_ms:.0f}",
                f"{ours:.0f}",
                f"{rival.cpu_ms / ours:.1f}",
                str(tally(measured.labels, rival.seen, names)),
                str(tally(measured.labels, measured.seen, names)),
            )
        )
    counts = {size: measured.runs[size].photos for size in measured.rivals}
    theirs = sum(rival.cpu_ms * counts[size] for size, rival in measured.rivals.items())
    ours = sum(measured.runs[size].spent.cpu_seconds * 1000 for size in counts)
    photos = sum(counts.values())
    both = (theirs / photos, ours / photos)
    rows.append(("both", *(f"{ms:.0f}" for ms in both), f"{theirs / ours:.1f}", "", ""))
    columns = ("pictures", "face_recognition", "kith add", "ratio", "its faces", "Kith's faces")
    return Section("CPU ms a photo beside face_recognition", columns, rows)


if __name__ == "__main__":
    main()
