"""Which sizes detection should look at: ``python -m benchmarks.detection``.

Portraits are pasted at known sizes into pictures without faces, their borders blended so that no
hard edge helps or hinders; then what a single look at 640, 1280 and 2560 finds is compared with
what Kith's own choice of looks finds, with and without its glances at hints, and what each costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.labelled import MODELS, PHOTOS
from benchmarks.report import Section, publish
from kith.engine.candidates import Candidates, Floats
from kith.engine.detect import FaceFinder
from kith.engine.pack import load_pack
from kith.engine.pixels import Pixels, PixelSource
from kith.imaging.cut import cut_square

SIZES = (30, 40, 60, 100, 300, 1500)
PLACES = {"12 MP": (4000, 3000), "1600": (1600, 1200)}
FACE_FREE = (
    "odd/immich-test-assets/albums/nature/*.jpg",
    "odd/immich-test-assets/albums/text/japanese-shop.jpg",
    "odd/immich-test-assets/metadata/gps-position/thompson-springs.jpg",
    "labels/cat_720p.jpg",
    "labels/hot_dog.jpg",
    "labels/owl.jpg",
    "labels/parrot.jpg",
    "labels/spheres_2.jpg",
    "labels/dragonfly.bmp",
)

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

Look = Callable[["Scene"], Candidates]


@dataclass(frozen=True, slots=True)
class Scene:
    """A composed picture, where its faces are, and its scaled copies; a ``PixelSource``."""

    image: Image.Image
    boxes: tuple[Box, ...]
    sizes: dict[int, Pixels]

    @property
    def width(self) -> int:
        """Pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self.image.height

    def prefer(self, long_side: int, /) -> None:
        """An array has nothing to decode."""

    def cut(self, affine: NDArray[np.float64], size: int, /) -> Pixels:
        """A square out of it."""
        return np.asarray(cut_square(self.image, affine, size))

    def pixels(self, long_side: int | None = None, /) -> Pixels:
        """The scene scaled down."""
        longest = max(self.image.size)
        side = min(long_side or longest, longest)
        if side not in self.sizes:
            factor = side / longest
            size = max(1, round(self.width * factor)), max(1, round(self.height * factor))
            self.sizes[side] = np.asarray(self.image.resize(size, Image.Resampling.BOX))
        return self.sizes[side]


@dataclass(frozen=True, slots=True)
class Tally:
    """What one way to look did on one kind of scene."""

    recall: float
    false: float
    milliseconds: float


def main() -> None:
    """Measure, print and publish."""
    detector = load_pack("open").detector
    finder = FaceFinder(detector, lambda: MODELS / detector.file, workers=1, second_look=False)
    hasty = _Hasty(detector, lambda: MODELS / detector.file, workers=1, second_look=False)
    looks: dict[str, Look] = {
        f"only {side}": _single(finder, side, detector.min_confidence / 100)
        for side in (640, 1280, 2560)
    }
    looks |= {"without glances": hasty.find, "Kith": finder.find}
    rows: list[list[str]] = []
    numbers: dict[str, dict[str, list[float]]] = {}
    for kind, scenes in _kinds():
        for look in looks.values():
            look(scenes[0])
        tallies = {name: _measure(look, scenes) for name, look in looks.items()}
        rows.append([kind, *map(_cell, tallies.values())])
        numbers[kind] = {
            name: [tally.recall, tally.false, tally.milliseconds] for name, tally in tallies.items()
        }
        print(rows[-1], flush=True)
    section = Section("Recall / false faces a picture / ms a picture", ("scenes", *looks), rows)
    publish("detection", [section], numbers, _NOTE)


class _Hasty(FaceFinder):
    """Looks closer at once wherever something is hinted at."""

    def _is_confirmed(self, source: PixelSource, box: Floats, scale: float) -> bool:
        del source, box, scale
        return True


_NOTE = """
Pack `open`. Sizes are the shorter side of the face's box in pixels of the original. Groups have
twelve faces, the others one. A face counts as found where a box overlaps its own by 0.4 or more
(intersection over union). Milliseconds are CPU time of one thread for detection alone, medians:
without decoding and scaling, and without the second look at each face's landmarks. Faces lost by a
single look show why one size does not do; what Kith's looks cost without faces is in the first
rows. Without glances, every hint at a small face has a closer look follow.
"""


def _kinds() -> Iterator[tuple[str, list[Scene]]]:
    rng = np.random.default_rng(1)
    for name, (width, height) in PLACES.items():
        places = [_background(path, width, height) for path in _face_free()]
        yield f"no face, {name}", [Scene(place, (), {}) for place in places]
        for size in SIZES:
            if size < height * 0.8:
                scenes = [_compose(place, size, 1, rng) for place in places[::2]]
                yield f"one face of {size}, {name}", scenes
        for size in SIZES[:4]:
            scenes = [_compose(place, size, 12, rng) for place in places[::2]]
            yield f"group of {size}, {name}", scenes
    yield "tight crops", [_tight(path, 0.0) for path in _portraits()[::4]]
    yield "tighter crops", [_tight(path, 0.12) for path in _portraits()[::4]]


def _single(finder: FaceFinder, side: int, sure: float) -> Look:
    def look(scene: Scene) -> Candidates:
        pixels = scene.pixels(side)
        factor = max(scene.width, scene.height) / max(pixels.shape[:2])
        return finder.look(pixels, sure).moved(factor)

    return look


def _measure(look: Look, scenes: Sequence[Scene]) -> Tally:
    found = expected = false = 0
    times: list[float] = []
    for scene in scenes:
        for side in (160, 640, 1280, 2560):
            scene.pixels(side)
        started = time.thread_time()
        seen = look(scene)
        times.append(time.thread_time() - started)
        matched = _matches(scene.boxes, seen.boxes)
        found += int(matched.any(axis=1).sum())
        expected += len(scene.boxes)
        false += int((~matched.any(axis=0)).sum())
    recall = found / expected if expected else 1.0
    return Tally(recall, false / len(scenes), float(np.median(times)) * 1000)


def _matches(boxes: Sequence[Box], seen: NDArray[np.float32]) -> NDArray[np.bool_]:
    own = np.array(boxes, dtype=np.float32).reshape(-1, 1, 4)
    low, high = np.maximum(own[..., :2], seen[..., :2]), np.minimum(own[..., 2:], seen[..., 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=-1)
    areas = np.prod(own[..., 2:] - own[..., :2], axis=-1)
    seen_areas = np.prod(seen[..., 2:] - seen[..., :2], axis=-1)
    return common / (areas + seen_areas - common) >= 0.4


def _cell(tally: Tally) -> str:
    return f"{tally.recall:.2f} / {tally.false:.2f} / {tally.milliseconds:.0f}"


def _face_free() -> list[Path]:
    return [path for pattern in FACE_FREE for path in sorted(PHOTOS.glob(pattern))]


def _portraits() -> list[Path]:
    return sorted((PHOTOS / "portraits").glob("*/*.jpg"))


def _background(path: Path, width: int, height: int) -> Image.Image:
    image = Image.open(path).convert("RGB")
    factor = max(width / image.width, height / image.height)
    large = image.resize((round(image.width * factor + 0.5), round(image.height * factor + 0.5)))
    return large.crop((0, 0, width, height))


def _compose(place: Image.Image, size: int, count: int, rng: np.random.Generator) -> Scene:
    """Faces in rows around the middle, people of a group two and a half faces apart."""
    image = place.copy()
    center = np.array(image.size) / 2 + rng.uniform(-0.05, 0.05, 2) * image.size
    boxes: list[Box] = []
    for index in range(count):
        row, column = divmod(index, 6)
        shift = np.array([(column - 2.5) * 2.5, (row - 0.5) * 3.0]) * size if count > 1 else 0.0
        portrait = _portraits()[int(rng.integers(len(_portraits())))]
        boxes.append(_paste(image, portrait, size, center + shift))
    return Scene(image, tuple(boxes), {})


def _paste(image: Image.Image, portrait: Path, size: int, center: NDArray[np.float64]) -> Box:
    """Paste one head, feathered over an eighth of its width; returns its face's box."""
    source, (left, top, right, bottom) = _face_of(portrait)
    factor = size / min(right - left, bottom - top)
    width, height = right - left, bottom - top
    mask = Image.new("L", source.size, 0)
    oval = (left - width * 0.45, top - height * 0.5, right + width * 0.45, bottom + height * 0.35)
    ImageDraw.Draw(mask).ellipse(oval, fill=255)
    scaled = (round(source.width * factor), round(source.height * factor))
    mask = mask.filter(ImageFilter.GaussianBlur(width / 16)).resize(scaled)
    x, y = center - np.array([left + right, top + bottom]) / 2 * factor
    image.paste(source.resize(scaled, Image.Resampling.LANCZOS), (round(x), round(y)), mask)
    return (x + left * factor, y + top * factor, x + right * factor, y + bottom * factor)


def _tight(portrait: Path, cut: float) -> Scene:
    """Nothing but the face's box, or less by a part of each side."""
    source, (left, top, right, bottom) = _face_of(portrait)
    dx, dy = (right - left) * cut, (bottom - top) * cut
    part = source.crop((round(left + dx), round(top + dy), round(right - dx), round(bottom - dy)))
    return Scene(part, ((-dx, -dy, part.width + dx, part.height + dy),), {})


@cache
def _face_of(portrait: Path) -> tuple[Image.Image, Box]:
    """A portrait and the box of its face, found at 640, where it is certain."""
    detector = load_pack("open").detector
    scene = Scene(Image.open(portrait).convert("RGB"), (), {})
    box = _single(_studio_finder(), 640, detector.min_confidence / 100)(scene).boxes[0]
    left, top, right, bottom = (float(edge) for edge in box)
    return scene.image, (left, top, right, bottom)


@cache
def _studio_finder() -> FaceFinder:
    detector = load_pack("open").detector
    return FaceFinder(detector, lambda: MODELS / detector.file, workers=1, second_look=False)


if __name__ == "__main__":
    main()
