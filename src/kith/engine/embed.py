"""Faces as embeddings: cut a chip of each, run the embedder over the chips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import FaceDetail
from kith.engine.align import Points
from kith.engine.chips import cut_chip_of
from kith.engine.dlib_resnet import read_dlib_resnet
from kith.engine.landmarks import points_of
from kith.engine.pack import Embedder, Pack, View
from kith.engine.pixels import Pixels, PixelSource, Vectors
from kith.engine.runtime import Feed, Network

Chips = NDArray[np.uint8]
"""Aligned faces: count x views x size x size x 3, RGB, 0 to 255."""


class FaceEmbedder:
    """Cuts and embeds faces; several threads may ask at once.

    Args:
        pack: its embedder is the model.
        file: tells the model file; called when it is first needed.
        workers: how many threads ask at once.
        centered: whether the pack's center is subtracted; benchmarks that find it say no.
    """

    def __init__(
        self, pack: Pack, file: Callable[[], Path], *, workers: int, centered: bool = True
    ) -> None:
        self._embedder = pack.embedder
        self._points = [_points_in(view, pack.embedder) for view in pack.embedder.views]
        self._center = read_center(pack) if centered else np.zeros(1, dtype=np.float32)
        feed = Feed(pack.embedder.colors, pack.embedder.mean, pack.embedder.scale)
        reader = read_dlib_resnet if pack.embedder.file.endswith(".dat") else None
        self._network = Network(file, feed, workers=workers, reader=reader)

    def cut(self, source: PixelSource, faces: Sequence[FaceDetail]) -> Chips:
        """Aligned chips of each face, one for each view."""
        size = self._embedder.input_size
        chips = np.empty((len(faces), len(self._points), size, size, 3), dtype=np.uint8)
        for index, face in enumerate(faces):
            chips[index] = self.cut_at(source, points_of(face.landmarks))
        return chips

    def cut_at(self, source: PixelSource, ratios: Points) -> Chips:
        """The chips of the face whose landmarks are at these ratios of the picture (5 x 2)."""
        size = self._embedder.input_size
        return np.stack([cut_chip_of(source, ratios, points, size) for points in self._points])

    def embed(self, chips: Chips) -> Vectors:
        """The embeddings of chips, in their order: count x dimensions, rows of length 1.

        One chip at a time: batches of 2 to 32 were no faster on a processor, and so the embedding
        of a face does not depend on which others it was computed with.
        """
        vectors = np.empty((len(chips), self._embedder.dimensions), dtype=np.float32)
        for index, views in enumerate(chips):
            vectors[index] = self._embed(views)
        return vectors

    def _embed(self, views: Chips) -> Vectors:
        ways = [*views, *(view[:, ::-1] for view in views)] if self._embedder.mirrored else views
        vector = _unit(np.sum([self._run(np.ascontiguousarray(way)) for way in ways], axis=0))
        return _unit(vector - self._center)

    def _run(self, chip: Pixels) -> Vectors:
        return _unit(next(iter(self._network.run(chip).values())).reshape(-1))


def _points_in(view: View, embedder: Embedder) -> Points:
    """Where the landmarks go in pixels of a view's chip."""
    points = np.array(embedder.points)
    middle = points.mean(axis=0)
    return ((points - middle) * view.scale + middle + (0, view.down)) * embedder.input_size


def read_center(pack: Pack) -> Vectors:
    """The mean embedding of many people, which says nothing of who one is; zeros for none.

    It is subtracted before cosines are taken.
    """
    if not pack.embedder.center:
        return np.zeros(pack.embedder.dimensions, dtype=np.float32)
    file = resources.files("kith.engine") / "packs" / pack.embedder.center
    return np.array(file.read_text(encoding="ascii").split(), dtype=np.float32)


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
