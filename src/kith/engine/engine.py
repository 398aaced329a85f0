"""The local recognizer: one pack's models, ready to be asked from any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import Box, FaceDetail
from kith.engine.candidates import Candidates
from kith.engine.chips import FACE_POINTS, WORKING_SIDE, cut_chip_of
from kith.engine.detect import FaceFinder
from kith.engine.embed import Chips, FaceEmbedder
from kith.engine.landmarks import USUAL_POINTS, landmarks_of
from kith.engine.pack import Pack
from kith.engine.pixels import PixelSource, Vectors
from kith.engine.quality import QUALITY_CHIP, pose_of, quality_of
from kith.engine.similarity import Scale


class Engine:
    """Finds faces, embeds them, and says what their cosines mean.

    Making one costs nothing: a model is read and compiled when it is first needed. Every method may
    be called from several threads at once, and answers the same as from one.

    Args:
        pack: the models and how they are fed.
        files: where the file of a ``Weight.path`` lies.
        workers: how many threads will ask at once.
        centered: whether embeddings are relative to the pack's center; see ``kith.engine.embed``.
    """

    def __init__(
        self,
        pack: Pack,
        files: Callable[[str], Path],
        *,
        workers: int = 1,
        centered: bool = True,
    ) -> None:
        self.pack = pack
        detector, embedder = pack.detector, pack.embedder
        self._scale = Scale(pack.calibration)
        self._finder = FaceFinder(detector, lambda: files(detector.file), workers=workers)
        self._embedder = FaceEmbedder(
            pack, lambda: files(embedder.file), workers=workers, centered=centered
        )

    def detect(self, source: PixelSource) -> tuple[FaceDetail, ...]:
        """Every face of a picture, largest box first, at most 100."""
        source.prefer(WORKING_SIDE)
        found = self._finder.find(source)
        areas = np.prod(found.boxes[:, 2:] - found.boxes[:, :2], axis=1)
        largest = found.take(np.argsort(-areas, kind="stable"))
        return tuple(_describe(source, largest, index) for index in range(len(largest)))

    def face_in(self, source: PixelSource, box: Box) -> FaceDetail:
        """The face in a box that a hand drew; its box is that one.

        Where the detector sees none at all, its confidence is 0, and its landmarks are where those
        of a face that looks at the camera would be.
        """
        source.prefer(WORKING_SIDE)
        size = np.array([source.width, source.height], dtype=np.float64)
        corner, sides = np.array([box.left, box.top]), np.array([box.width, box.height])
        drawn = np.concatenate([corner, corner + sides]) * np.tile(size, 2)
        seen = self._finder.look_in(source, drawn.astype(np.float32))
        points = seen.points if len(seen) else ((corner + USUAL_POINTS * sides) * size)[None]
        confidence = seen.confidence if len(seen) else np.zeros(1)
        found = Candidates(
            drawn[None].astype(np.float32),
            points.astype(np.float32),
            confidence.astype(np.float32),
        )
        return replace(_describe(source, found, 0), box=box)

    def chips(self, source: PixelSource, faces: Sequence[FaceDetail]) -> Chips:
        """Aligned chips of each face, for ``embed_chips``, which needs the picture no more."""
        source.prefer(WORKING_SIDE)
        return self._embedder.cut(source, faces)

    def embed_chips(self, chips: Chips) -> Vectors:
        """The embeddings of chips, in their order: count x dimensions, rows of length 1."""
        return self._embedder.embed(chips)

    def embed(self, faces: Sequence[tuple[PixelSource, FaceDetail]]) -> Vectors:
        """The embeddings of faces, in their order: count x dimensions, rows of length 1."""
        chips = [self.chips(source, [face]) for source, face in faces]
        views, size = len(self.pack.embedder.views), self.pack.embedder.input_size
        none = np.zeros((0, views, size, size, 3), dtype=np.uint8)
        return self.embed_chips(np.concatenate([none, *chips]))

    def percent(self, cosines: NDArray[np.floating]) -> NDArray[np.float64]:
        """The similarity of each cosine of two embeddings, percent."""
        return self._scale.percent(cosines)

    def cosine(self, percent: float) -> float:
        """The cosine at which similarity reaches a percentage; the inverse of ``percent``."""
        return self._scale.cosine(percent)


def _describe(source: PixelSource, found: Candidates, index: int) -> FaceDetail:
    size = np.array([source.width, source.height], dtype=np.float64)
    box = found.boxes[index].astype(np.float64)
    points = found.points[index].astype(np.float64)
    low, high = box[:2] / size, box[2:] / size
    confidence = min(100.0, 100 * float(found.confidence[index]))
    pose = pose_of(points)
    side = float(min(box[2:] - box[:2]))
    chip = cut_chip_of(source, points / size, FACE_POINTS * QUALITY_CHIP, QUALITY_CHIP)
    return FaceDetail(
        box=Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])),
        confidence=confidence,
        landmarks=landmarks_of(points / size),
        pose=pose,
        quality=quality_of(chip, side, pose, confidence),
    )
