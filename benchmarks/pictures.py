"""Pictures of known people in camera sizes, made from the portraits, the same on every machine.

A fifth are portraits cropped to the frame; the others show up to nine people before backgrounds
that have no faces, and a few show nobody. All get a camera's grain, for a smooth picture decodes
faster than any real one, and are JPEGs of quality 85 to 92. They are kept in the system's folder
for temporary files, never in the project.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from benchmarks.labelled import PHOTOS

VERSION = 1
"""Raised whenever the pictures change, so that older ones are not taken for them."""

SIZES = {"12 MP": (4000, 3000), "2 MP": (1600, 1200)}
COUNTS = {"12 MP": 200, "2 MP": 1000}

_PLACES = (
    "labels/spheres_2.jpg",
    "labels/cat_720p.jpg",
    "odd/immich-test-assets/albums/text/japanese-shop.jpg",
    "odd/immich-test-assets/albums/nature/el_torcal_rocks.jpg",
    "odd/immich-test-assets/albums/nature/silver_fir.jpg",
    "odd/immich-test-assets/albums/nature/tanners_ridge.jpg",
    "odd/immich-test-assets/albums/nature/wood_anemones.jpg",
)
"""Pictures without faces, below the folder of photos."""

_PEOPLE = {0: 12, 1: 40, 2: 20, 3: 12, 4: 8, 6: 5, 9: 3}
"""How many people a composed picture shows, and how often it does."""

_FACE = (0.337, 0.28, 0.663, 0.72)
"""Where the face is in a portrait, in ratios: left, top, right, bottom; all of them are aligned."""

_GRAIN = 4.0
"""Standard deviation of the grain, levels of 255: a phone's at ISO 200. A 12-megapixel picture then
takes 2 to 4 MB, as phones' do."""


@dataclass(frozen=True, slots=True)
class KnownFace:
    """A face that a picture shows: whose it is, its middle and its width in pixels."""

    person: str
    x: float
    y: float
    width: float


Labels = Mapping[str, Sequence[KnownFace]]
"""The faces of each picture, by its path below the folder."""


def make_pictures(counts: Mapping[str, int] = COUNTS) -> tuple[Path, Labels]:
    """The folder of the pictures, one folder for each size, and who they show.

    Made on the first call, kept for later ones.
    """
    amount = "-".join(f"{counts[size]}" for size in SIZES)
    folder = Path(tempfile.gettempdir()) / f"kith-benchmark-pictures-{VERSION}-{amount}"
    known = folder / "labels.json"
    if not known.exists():
        labels = {
            name: [[face.person, face.x, face.y, face.width] for face in faces]
            for name, faces in _make_all(folder, counts).items()
        }
        known.write_text(json.dumps(labels), encoding="utf-8")
    return folder, {
        name: [KnownFace(*face) for face in faces]
        for name, faces in json.loads(known.read_text(encoding="utf-8")).items()
    }


def _make_all(folder: Path, counts: Mapping[str, int]) -> Labels:
    jobs = [(size, number) for size, count in counts.items() for number in range(count)]
    for size in counts:
        (folder / size.replace(" ", "-")).mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(_make, repeat(folder), *zip(*jobs, strict=True), chunksize=8)
        return dict(made)


def _make(folder: Path, size: str, number: int) -> tuple[str, list[KnownFace]]:
    draw = random.Random(f"{size} {number}")
    if draw.random() < 0.2:
        image, faces = _cropped(draw, SIZES[size])
    else:
        image, faces = _composed(draw, SIZES[size])
    name = f"{size.replace(' ', '-')}/{number:04}.jpg"
    _grainy(image, draw).save(folder / name, quality=draw.randint(85, 92))
    return name, faces


def _cropped(draw: random.Random, size: tuple[int, int]) -> tuple[Image.Image, list[KnownFace]]:
    """A portrait that fills the frame, as wide as it or closer."""
    portrait = draw.choice(_portraits())
    source = _opened(portrait)
    width = source.width * draw.uniform(0.75, 1.0)
    height = width * size[1] / size[0]
    left, top = (source.width - width) / 2, (source.height - height) * draw.uniform(0.35, 0.55)
    box = (left, top, left + width, top + height)
    factor = size[0] / width
    image = source.resize(size, Image.Resampling.BICUBIC, box=box)
    center = source.width * (_FACE[0] + _FACE[2]) / 2, source.height * (_FACE[1] + _FACE[3]) / 2
    x, y = (center[0] - left) * factor, (center[1] - top) * factor
    face_width = (_FACE[2] - _FACE[0]) * source.width * factor
    return image, [KnownFace(portrait.parent.name, x, y, face_width)]


def _composed(draw: random.Random, size: tuple[int, int]) -> tuple[Image.Image, list[KnownFace]]:
    """Heads before a background, each in a cell of its own."""
    image = _background(draw, size)
    count = draw.choices(list(_PEOPLE), list(_PEOPLE.values()))[0]
    across = 1 if count < 2 else 2 if count < 5 else 3
    down = 2 if count > 2 and across < 3 else 1 if count < 3 else 3
    cell = size[0] / across, size[1] / down
    faces: list[KnownFace] = []
    people = draw.sample(_people(), count)
    for person, place in zip(people, draw.sample(range(across * down), count), strict=True):
        portrait = draw.choice(sorted(person.glob("*.jpg")))
        # From a face a twentieth of the frame high to one that has three quarters of its cell.
        low, high = 0.05 * size[1], min(0.4 * cell[0], 0.3 * cell[1])
        width = low * (max(high, low) / low) ** draw.random()
        row, column = divmod(place, across)
        x = (column + 0.5 + draw.uniform(-0.1, 0.1)) * cell[0]
        y = (row + 0.5 + draw.uniform(-0.1, 0.1)) * cell[1]
        _paste(image, portrait, width, (x, y))
        faces.append(KnownFace(person.name, x, y, width))
    return image, faces


def _background(draw: random.Random, size: tuple[int, int]) -> Image.Image:
    source = _opened(PHOTOS / draw.choice(_PLACES))
    width = min(source.width, source.height * size[0] / size[1]) * draw.uniform(0.7, 1.0)
    height = width * size[1] / size[0]
    left, top = draw.uniform(0, source.width - width), draw.uniform(0, source.height - height)
    box = (left, top, left + width, top + height)
    image = source.resize(size, Image.Resampling.BILINEAR, box=box)
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if draw.random() < 0.5 else image


def _paste(image: Image.Image, portrait: Path, width: float, center: tuple[float, float]) -> None:
    """Paste one head with its face so wide and centered there, its border blended."""
    source = _opened(portrait)
    factor = width / ((_FACE[2] - _FACE[0]) * source.width)
    scaled = round(source.width * factor), round(source.height * factor)
    x = center[0] - (_FACE[0] + _FACE[2]) / 2 * scaled[0]
    y = center[1] - (_FACE[1] + _FACE[3]) / 2 * scaled[1]
    image.paste(
        source.resize(scaled, Image.Resampling.BICUBIC, reducing_gap=2.0),
        (round(x), round(y)),
        _head_mask().resize(scaled),
    )


@cache
def _head_mask() -> Image.Image:
    mask = Image.new("L", (512, 512), 0)
    ImageDraw.Draw(mask).ellipse((0.19 * 512, 0.06 * 512, 0.81 * 512, 0.87 * 512), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(10))


def _grainy(image: Image.Image, draw: random.Random) -> Image.Image:
    tile = _grain(image.size)
    left = draw.randrange(tile.width - image.width)
    top = draw.randrange(tile.height - image.height)
    part = tile.crop((left, top, left + image.width, top + image.height))
    return ImageChops.add(image, part, offset=-128)


@cache
def _grain(size: tuple[int, int]) -> Image.Image:
    noise = np.random.default_rng(1)
    shape = size[1] + 64, size[0] + 64
    light = noise.standard_normal((*shape, 1), np.float32) * _GRAIN
    color = noise.standard_normal((*shape, 3), np.float32) * (_GRAIN / 2)
    return Image.fromarray(np.clip(light + color + 128.5, 0, 255).astype(np.uint8))


def _portraits() -> list[Path]:
    return [portrait for person in _people() for portrait in sorted(person.glob("*.jpg"))]


@cache
def _people() -> list[Path]:
    return sorted(path for path in (PHOTOS / "portraits").iterdir() if path.is_dir())


@cache
def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")
