"""What labels are worth and what they cost: ``python -m benchmarks.labels``."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np

from benchmarks.labelled import MODELS, PHOTOS, open_engine
from benchmarks.nanodet import SIDE, NanoDet
from benchmarks.report import Section, publish
from kith.engine.labels.labeler import Labeler
from kith.engine.labels.objects import ObjectFinder
from kith.engine.labels.pack import ObjectModel, load_label_pack
from kith.engine.text import TextReader
from kith.engine.weights import ModelFolders, find_pack_files
from kith.imaging.picture import Picture
from kith.imaging.properties import dominant_colors, picture_quality

SHOWN = {
    "labels/cat_720p.jpg": "cat",
    "labels/dragonfly.bmp": "",
    "labels/grace_hopper.bmp": "person tie",
    "labels/hot_dog.jpg": "hot_dog",
    "labels/kite_and_cold.jpg": "kite person",
    "labels/market_2.jpg": "car",
    "labels/owl.jpg": "bird",
    "labels/parrot.jpg": "bird",
    "labels/pets.jpg": "dog",
    "labels/spheres_2.jpg": "bus car truck",
    "nature/cyclamen_persicum.jpg": "",
    "nature/el_torcal_rocks.jpg": "",
    "nature/notocactus_minimus.jpg": "pottedplant",
    "nature/orychophragmus_violaceus.jpg": "pottedplant",
    "nature/polemonium_reptans.jpg": "pottedplant",
    "nature/prairie_falcon.jpg": "bird",
    "nature/silver_fir.jpg": "",
    "nature/tanners_ridge.jpg": "",
    "nature/wood_anemones.jpg": "",
    "text/book-beside-flowers.jpg": "book pottedplant",
    "text/craft-beer.jpg": "person cup bottle diningtable sandwich bowl wine_glass",
    "text/handwritten-notes.jpg": "book cell_phone",
    "text/japanese-shop.jpg": "bicycle bottle person",
}
"""Kinds of COCO in each photo, by eye, and what a kind of COCO may well be called."""

_BARS = (0.3, 0.35, 0.4, 0.5, 0.6)
"""Raw scores from which a kind counts."""

_LEAST = 55.0
"""Percent; the default of the program."""

_ANIMATE = frozenset({"Animal", "Plant", "Food", "Vehicle"})
"""What a portrait does not show."""

_NOTE = """
`python -m benchmarks.labels`, one thread, 416 x 416 for both detectors.

*Detectors*: kinds of COCO found in 23 photos (the labels, nature and text albums), each kind once a
photo, where its best raw score reaches the bar. Kinds were noted by eye; flowers may be called a
potted plant, and the caravan a car, bus or truck. Where both say as much that is wrong, YOLOX-Nano
finds a little more (compare its bar 0.30 with NanoDet's 0.40). Of COCO itself, average precision is
published as 25.8 % at 416 pixels for the one, and 20.6 % at 320 for the other. So YOLOX-Nano was
chosen, for 3 ms more a photo; on these photos alone, it is nearly a tie.

*People*: portraits and photos of Labeled Faces in the Wild, each of which shows a person and hardly
anything else; neither model nor vocabulary was tuned on them.

*Cost*: CPU time of everything after decoding, and of decoding: JPEGs of 1,350 x 1,350. Faces are
found and embedded. `kith add` does decoding and faces first; then, in a second pass, decoding once
more, labels, colors and quality, and text. Of photos with text in them, see [text](text.md).
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector found from a bar on: kinds that are there, that are not, and missed ones."""

    detector: str
    bar: float
    right: int
    wrong: int
    missed: int


@click.command()
@click.option("--people", default=300, show_default=True, help="Take so many pictures of LFW.")
def main(people: int) -> None:
    """Measure, print, publish."""
    pack = load_label_pack()
    installed = find_pack_files(pack, ModelFolders(MODELS, MODELS))
    nano = NanoDet(installed.path("labels/nanodet_m.onnx"))
    yolox = ObjectFinder(pack.objects, lambda: installed.path(pack.objects.file), workers=1)
    finders: dict[str, Callable[[Picture], dict[str, float]]] = {
        "YOLOX-Nano": lambda picture: _of_yolox(yolox, picture, pack.objects),
        "NanoDet-m": lambda picture: _of_nanodet(nano, picture, pack.objects.kinds),
    }
    found = [row for name, finder in finders.items() for row in _compared(name, finder)]
    labeler = Labeler(pack, installed.path)
    named = _named(labeler)
    stranger = _of_people(labeler, people)
    cost = _cost(labeler, finders)
    sections = [
        Section(
            "Detectors",
            ("detector", "bar", "right", "wrong", "missed"),
            [
                (f.detector, f"{f.bar:.2f}", str(f.right), str(f.wrong), str(f.missed))
                for f in found
            ],
        ),
        Section("The first three labels", ("photo", "labels"), named),
        Section("People", ("pictures", "Person", "something that is not there"), stranger),
        Section("Cost of a photo", ("what", "CPU ms"), [(k, f"{v:.1f}") for k, v in cost.items()]),
    ]
    numbers = {"found": [asdict(row) for row in found], "cost_ms": cost, "named": named}
    publish("labels", sections, {**numbers, "people": stranger}, _NOTE)


def _compared(name: str, finder: Callable[[Picture], dict[str, float]]) -> list[Found]:
    best = {photo: finder(Picture.open(_path(photo))) for photo in SHOWN}
    rows: list[Found] = []
    for bar in _BARS:
        right = wrong = missed = 0
        for photo, kinds in SHOWN.items():
            there = {kind.replace("_", " ") for kind in kinds.split()}
            seen = {kind for kind, score in best[photo].items() if score >= bar}
            if there & {"car", "bus", "truck"}:
                there &= seen or there
            right += len(seen & there)
            wrong += len(seen - there)
            missed += len(there - seen)
        rows.append(Found(name, bar, right, wrong, missed))
    return rows


def _of_yolox(finder: ObjectFinder, picture: Picture, model: ObjectModel) -> dict[str, float]:
    """The best raw score of each kind; the finder tells chances, from which it is worked out."""
    best: dict[str, float] = {}
    for one in finder.find(picture):
        score = model.middle + np.log(one.chance / (1 - one.chance)) / model.slope
        best[one.kind] = max(best.get(one.kind, 0.0), float(score))
    return best


def _of_nanodet(nano: NanoDet, picture: Picture, kinds: Sequence[str]) -> dict[str, float]:
    return dict(zip(kinds, nano.best(picture.pixels(SIDE)).tolist(), strict=True))


def _named(labeler: Labeler) -> list[tuple[str, str]]:
    """The first three labels of each photo, with their percent."""
    rows: list[tuple[str, str]] = []
    for photo in SHOWN:
        labels = labeler.label(Picture.open(_path(photo)), 40)[:3]
        told = ", ".join(f"{label.name} {label.confidence:.0f}" for label in labels)
        rows.append((Path(photo).stem, told))
    return rows


def _of_people(labeler: Labeler, count: int) -> list[tuple[str, str, str]]:
    sets = {
        "portraits": sorted((PHOTOS / "portraits").glob("*/neutral.jpg")),
        "Labeled Faces in the Wild": sorted((PHOTOS / "lfw").glob("*/*.jpg"))[::7][:count],
    }
    rows: list[tuple[str, str, str]] = []
    for title, files in sets.items():
        told = [
            {label.name for label in labeler.label(Picture.open(file), _LEAST)} for file in files
        ]
        people, others = (
            100 * sum(bool(names & wanted) for names in told) / len(told)
            for wanted in (frozenset({"Person"}), _ANIMATE)
        )
        rows.append((f"{len(files)} {title}", f"{people:.1f} %", f"{others:.1f} %"))
    return rows


def _cost(
    labeler: Labeler, finders: dict[str, Callable[[Picture], dict[str, float]]]
) -> dict[str, float]:
    engine = open_engine("open")
    files = sorted((PHOTOS / "portraits").glob("*/neutral.jpg"))[:25]

    def faces(picture: Picture) -> object:
        return engine.embed_chips(engine.chips(picture, engine.detect(picture)))

    def decode(picture: Picture) -> object:
        picture.prefer(1280)
        return picture.pixels(1280)

    def look(picture: Picture) -> object:
        return picture_quality(picture), dominant_colors(picture, 10)

    steps: dict[str, Callable[[Picture], object]] = {
        "decoding": decode,
        "faces": faces,
        "labels": labeler.label,
        **{f"of these, objects by {name}": finder for name, finder in finders.items()},
        "colors and quality": look,
        "text, where nothing is written": TextReader().read,
    }
    return {
        name.replace("of these, objects by NanoDet-m", "NanoDet-m instead"): _milliseconds(
            step, decode, files
        )
        for name, step in steps.items()
    }


def _milliseconds(
    step: Callable[[Picture], object], decode: Callable[[Picture], object], files: Sequence[Path]
) -> float:
    """CPU time of a step for one picture, which was decoded before unless decoding is the step."""
    spent = 0.0
    for number, file in enumerate([files[0], *files]):
        picture = Picture.open(file)
        if step is not decode:
            decode(picture)
        begun = time.process_time()
        step(picture)
        if number:  # the first compiles
            spent += time.process_time() - begun
    return 1000 * spent / len(files)


def _path(photo: str) -> Path:
    folder, name = photo.split("/")
    albums = PHOTOS / "odd" / "immich-test-assets" / "albums"
    return (PHOTOS if folder == "labels" else albums) / folder / name


if __name__ == "__main__":
    main()
