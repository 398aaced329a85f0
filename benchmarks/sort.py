"""Does ``kith sort`` put every photo where it belongs? ``python -m benchmarks.sort [--pack PACK]``.

51 people: the neutral portrait is the reference; the photos are the smiling portraits and group
pictures composed of them, 4 to 9 people at different sizes, whose labels are known. Once everybody
has a reference, once only every second one: the others are strangers and must land nowhere.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from PIL import Image

from benchmarks.labelled import PHOTOS, open_engine
from benchmarks.report import Section, publish
from kith.adapters.recognition.local import LocalFaceCollection
from kith.database.open import open_database
from kith.domain.thresholds import SORT_MIN_SIMILARITY
from kith.pipeline.sorting.plan import SortPlan, SortRequest
from kith.pipeline.sorting.sort import plan_sort
from kith.ports.recognition import FaceCollection

GROUPS = 40
GROUP_SIZE = (2400, 1600)
CELLS = (3, 3)
SMALLEST = 0.35
"""A pasted portrait's side as a part of its cell's: faces from about 90 pixels on."""

Labels = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sorting: how much was to be placed, and how much was, rightly and wrongly."""

    references: int
    photos: int
    expected: int
    right: int
    missing: int
    wrong: int
    lowest_similarity: float
    seconds: float


def compose(portraits: Path, folder: Path) -> Labels:
    """Write the photos; who is in each, by file name."""
    draw = random.Random(2)
    people = sorted(path.name for path in portraits.iterdir() if path.is_dir())
    labels: Labels = {}
    for person in people:
        shutil.copy(portraits / person / "smiling.jpg", folder / f"{person}.jpg")
        labels[f"{person}.jpg"] = frozenset({person})
    for number in range(GROUPS):
        members = draw.sample(people, draw.randint(4, 9))
        name = f"group-{number:02}.jpg"
        _group(portraits, members, draw).save(folder / name, quality=88)
        labels[name] = frozenset(members)
    return labels


def _group(portraits: Path, members: Sequence[str], draw: random.Random) -> Image.Image:
    """The members' smiling portraits, each in a cell of its own, at any size and place in it."""
    group = Image.new("RGB", GROUP_SIZE, (96, 104, 112))
    width, height = GROUP_SIZE[0] // CELLS[0], GROUP_SIZE[1] // CELLS[1]
    cells = draw.sample(range(CELLS[0] * CELLS[1]), len(members))
    for member, cell in zip(members, cells, strict=True):
        side = int(min(width, height) * draw.uniform(SMALLEST, 1.0))
        left = cell % CELLS[0] * width + draw.randint(0, width - side)
        top = cell // CELLS[0] * height + draw.randint(0, height - side)
        with Image.open(portraits / member / "smiling.jpg") as portrait:
            group.paste(portrait.resize((side, side), Image.Resampling.LANCZOS), (left, top))
    return group


def judge(plan: SortPlan, labels: Labels, known: frozenset[str], seconds: float) -> Outcome:
    """Compare a plan with the labels."""
    expected = {(name, person) for name, people in labels.items() for person in people & known}
    placed = {
        (placement.photo.name, placement.evidence.person): placement.evidence.similarity
        for placement in plan.placements
        if placement.evidence
    }
    return Outcome(
        references=len(known),
        photos=len(labels),
        expected=len(expected),
        right=len(expected & placed.keys()),
        missing=len(expected - placed.keys()),
        wrong=len(placed.keys() - expected),
        lowest_similarity=min(placed.values(), default=0.0),
        seconds=seconds,
    )


def run(pack: str, folder: Path) -> list[Outcome]:
    """Sort with every reference, then with every second."""
    portraits = PHOTOS / "portraits"
    photos = folder / "photos"
    photos.mkdir()
    labels = compose(portraits, photos)
    people = sorted({person for members in labels.values() for person in members})
    return [
        _sort(pack, portraits, photos, folder / f"references-{step}", people[::step], labels)
        for step in (1, 2)
    ]


def _sort(
    pack: str, portraits: Path, photos: Path, references: Path, known: Sequence[str], labels: Labels
) -> Outcome:
    references.mkdir()
    for person in known:
        shutil.copy(portraits / person / "neutral.jpg", references / f"{person}.jpg")
    request = SortRequest(references, photos, references.parent / "out")
    with open_collection(pack) as collection:
        start = time.perf_counter()
        plan = plan_sort(request, collection, workers=2)
        seconds = time.perf_counter() - start
        assert not list(collection.faces()), "faces were kept"
    return judge(plan, labels, frozenset(known), seconds)


@contextmanager
def open_collection(pack: str) -> Generator[FaceCollection]:
    """What ``kith sort`` works with: the engine over a database in memory."""
    with closing(open_database(":memory:")) as database:
        yield LocalFaceCollection(open_engine(pack), database)


@click.command()
@click.option("--pack", default="open", show_default=True)
def main(pack: str) -> None:
    """Compose, sort, compare, publish."""
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run(pack, Path(folder))
    columns = (
        "known",
        "photos",
        "expected",
        "right",
        "missing",
        "wrong",
        "lowest %",
        "seconds",
    )
    rows = [
        [str(value) if isinstance(value, int) else f"{value:.1f}" for value in asdict(one).values()]
        for one in outcomes
    ]
    note = f"{(__doc__ or '').splitlines()[0]} Pack {pack}, at least {SORT_MIN_SIMILARITY:.0f} %."
    publish(
        "sort",
        [Section("photos placed with the people they show", columns, rows)],
        {"pack": pack, "outcomes": [asdict(one) for one in outcomes]},
        note,
    )


if __name__ == "__main__":
    main()
