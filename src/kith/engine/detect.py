"""Finding faces: one look at a small picture, and closer ones only where they may pay.

The detectors see a face from about 10 pixels on and lose one that fills the frame. So the first
look is at 640 pixels, and what it *hints* at, faces too small or unsure to count, decides on the
next, after a glance at the hints alone. The measurement behind every number here is in
``benchmarks/results/detection.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import Final

import numpy as np

from kith.engine.candidates import Candidates, Floats
from kith.engine.centerface import read_centerface
from kith.engine.pack import Detector
from kith.engine.pixels import Pixels, PixelSource
from kith.engine.runtime import Feed, Network, Outputs
from kith.engine.second_look import look_again
from kith.engine.yunet import read_yunet

MAX_FACES: Final = 100
"""Faces that are returned of one picture, the surest; Rekognition's limit."""

_SIDES: Final = (640, 1280, 2560)
"""Longer sides of the pictures looked at, one after the other."""

_SMALL: Final = 24.0
"""Pixels. A face whose longer side is below may have smaller neighbors still unseen."""

_HINT: Final = 0.15
"""Confidence from which a small candidate is worth a closer look; one picture without faces in ten
has such a candidate at 640."""

_GLANCE: Final = 128
"""Pixels of the square in which an unsure hint is glanced at, enlarged: 1 ms, where the closer look
takes 35. The second look at landmarks has the same size, and so the same compiled model."""

_GLANCE_ZOOM: Final = 1.9
"""How much larger the hint is then. At 2, a photo of 12 megapixels would be decoded in full."""

_GLANCE_CONFIDENCE: Final = 0.4
"""Confidence from which a glance confirms. All of 178 unsure hints at small faces showed a face of
78 % or more; of 87 at nothing, in photos of 2 and 12 megapixels, 66 showed none of 40 %."""

_GLANCES: Final = 8
"""Hints that are glanced at, the surest: where none of so many shows a face, foliage hints."""

_SMALLEST: Final = 30.0
"""Pixels of the original: smaller faces need not be found."""

_SEEN: Final = 9.5
"""Pixels. Of a group of faces so small, at least one gives a hint."""

_TILE: Final = 704
"""Pixels. The closest look is in squares, for a whole picture of 2560 would take 300 MB."""

_TILE_OVERLAP: Final = 64
"""Pixels. Smaller faces lie whole in one of the squares; larger ones were seen before."""

_STEP_BACK: Final = (160, 256)
"""Pixels: a picture so long, in a frame so wide: a face that fills it has 5/8 of the frame."""

_AROUND: Final = 2.0
"""The square around a box that is looked into, in lengths of the box's longer side: a detector
wants to see the head."""

_MEANT: Final = 0.2
"""Intersection over union with a box that a hand drew, from which a face is the one that is meant;
hands draw with hair and chin, or cut both off."""


@dataclass(frozen=True, slots=True)
class _Family:
    """How a kind of detector is fed and read."""

    colors: str
    read: Callable[[Outputs, int, float], Candidates]


_FAMILIES: Final = {
    "yunet": _Family("BGR", read_yunet),
    "centerface": _Family("RGB", read_centerface),
}


class FaceFinder:
    """Finds the faces of pictures; several threads may ask at once.

    Args:
        detector: the model, and the confidence from which a candidate counts.
        file: tells the model file; called when it is first needed.
        workers: how many threads ask at once.
        second_look: whether landmarks are refined; see ``kith.engine.second_look``.
    """

    def __init__(
        self,
        detector: Detector,
        file: Callable[[], Path],
        *,
        workers: int,
        second_look: bool = True,
    ) -> None:
        self._family = _FAMILIES[detector.kind]
        self._sure = detector.min_confidence / 100
        self._second_look = second_look
        self._network = Network(file, Feed(self._family.colors), workers=workers, kept_sizes=6)

    def find(self, source: PixelSource) -> Candidates:
        """The faces in pixels of the original, surest first."""
        longest = max(source.width, source.height)
        found = seen = self._look(source.pixels(_SIDES[0]), longest)
        for side, wider in pairwise(_SIDES):
            hints = seen.take(seen.sides * side / longest < _SMALL)
            if longest <= side or not self._is_closer_look_due(source, seen, hints, side / longest):
                break
            seen = self._look_closer(source.pixels(wider), longest, hints)
            found = Candidates.joined([found, seen]).distinct()
        sure = found.take(found.confidence >= self._sure)
        faces = sure if len(sure) else self._step_back(source)
        return self._refined(source, faces) if self._second_look else faces

    def look_in(self, source: PixelSource, box: Floats) -> Candidates:
        """The one face that a box is meant to hold, however unsure; none where none is seen.

        Args:
            source: the picture.
            box: left, top, right, bottom in pixels of the original.
        """
        side = float(max(box[2:] - box[:2])) * _AROUND
        left, top = (box[:2] + box[2:]) / 2 - side / 2
        step = side / _STEP_BACK[1]
        pixels = source.cut(np.array([[step, 0, left], [0, step, top]]), _STEP_BACK[1])
        seen = self.look(pixels, _HINT).moved(step, float(left), float(top))
        overlaps = seen.overlaps(box)
        best = seen.take(np.argsort(-overlaps, kind="stable")[:1])
        if not len(seen) or overlaps.max() < _MEANT:
            return Candidates.none()
        return self._refined(source, best) if self._second_look else best

    def look(self, pixels: Pixels, floor: float) -> Candidates:
        """One look at pixels as they are; in their coordinates, surest first."""
        canvas = _framed(pixels)
        outputs = self._network.run(canvas)
        return self._family.read(outputs, canvas.shape[1], floor).distinct()

    def _refined(self, source: PixelSource, found: Candidates) -> Candidates:
        """The same faces with better landmarks, which alignment depends on."""
        points = [
            look_again(source, points, lambda pixels: self.look(pixels, _HINT))
            for points in found.points[:MAX_FACES].astype(np.float64)
        ]
        return found.take(np.arange(len(points))).with_points(points)

    def _is_closer_look_due(
        self, source: PixelSource, seen: Candidates, hints: Candidates, scale: float
    ) -> bool:
        """Whether small faces are hinted at, or nothing is seen and they would be too small to."""
        sure = seen.confidence >= self._sure
        if not sure.any() and _SMALLEST * scale < _SEEN <= _SMALLEST * 2 * scale:
            return True
        return any(
            confidence >= self._sure or self._is_confirmed(source, box, scale)
            for box, confidence in zip(hints.boxes[:_GLANCES], hints.confidence, strict=False)
        )

    def _is_confirmed(self, source: PixelSource, box: Floats, scale: float) -> bool:
        """Whether a glance at a hint, seen at this scale of the original, shows a face there."""
        step = 1 / (scale * _GLANCE_ZOOM)
        left, top = (box[:2] + box[2:]) / 2 - step * _GLANCE / 2
        pixels = source.cut(np.array([[step, 0, left], [0, step, top]]), _GLANCE)
        return len(self.look(pixels, _GLANCE_CONFIDENCE)) > 0

    def _look(self, pixels: Pixels, longest: int) -> Candidates:
        return self.look(pixels, _HINT).moved(longest / max(pixels.shape[:2]))

    def _look_closer(self, pixels: Pixels, longest: int, hints: Candidates) -> Candidates:
        """A look at a whole picture, or, where it is large, at the squares around the hints."""
        factor = longest / max(pixels.shape[:2])
        if max(pixels.shape[:2]) <= _SIDES[1]:
            return self.look(pixels, _HINT).moved(factor)
        parts: list[Candidates] = []
        for left, top in _tiles(pixels, hints.moved(1 / factor)):
            tile = pixels[top : top + _TILE, left : left + _TILE]
            seen = self.look(tile, _HINT)
            whole = seen.take(seen.sides < _TILE_OVERLAP)
            parts.append(whole.moved(factor, left * factor, top * factor))
        return Candidates.joined(parts)

    def _step_back(self, source: PixelSource) -> Candidates:
        """A look from farther away at a picture that shows nothing: a face may fill the frame."""
        side, frame = _STEP_BACK
        pixels = source.pixels(side)
        height, width, _ = pixels.shape
        top, left = (frame - height) // 2, (frame - width) // 2
        canvas = np.zeros((frame, frame, 3), dtype=np.uint8)
        canvas[top : top + height, left : left + width] = pixels
        factor = max(source.width, source.height) / max(height, width)
        return self.look(canvas, self._sure).moved(factor, -left * factor, -top * factor)


def _framed(pixels: Pixels) -> Pixels:
    """The pixels in the upper left of a black frame whose sides are multiples of 32.

    The frame's shorter side has one of seven lengths, for each kind of frame costs memory and a
    tenth of a second: 4:3, 16:9 and square fit without a border, 3:2 nearly.
    """
    height, width, _ = pixels.shape
    long = -(-max(height, width) // 32) * 32
    step = max(32, long * 3 // 20 // 32 * 32)
    short = min(long, -(-min(height, width) // step) * step)
    canvas = np.zeros((*((short, long) if width >= height else (long, short)), 3), dtype=np.uint8)
    canvas[:height, :width] = pixels
    return canvas


def _tiles(pixels: Pixels, hints: Candidates) -> Iterator[tuple[int, int]]:
    """Left and top of the squares near the hints, or of all; spread evenly over the picture."""
    height, width, _ = pixels.shape
    boxes = hints.boxes if len(hints) else np.array([[0, 0, width, height]], dtype=np.float32)
    low = boxes[:, :2].min(axis=0) - _TILE / 4
    high = boxes[:, 2:].max(axis=0) + _TILE / 4
    for top, left in product(_starts(height), _starts(width)):
        if low[0] < left + _TILE and high[0] > left and low[1] < top + _TILE and high[1] > top:
            yield left, top


def _starts(length: int) -> list[int]:
    count = max(1, -(-(length - _TILE_OVERLAP) // (_TILE - _TILE_OVERLAP)))
    return np.linspace(0, max(0, length - _TILE), count).astype(int).tolist()
