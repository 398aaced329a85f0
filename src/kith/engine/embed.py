"""Faces as embeddings: cut a chip of each, run the embedder over the chips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import FaceDetail
from kith.engine.chips import cut_chip_of
from kith.engine.dlib_resnet import read_dlib_resnet
from kith.engine.landmarks import points_of
from kith.engine.pack import Pack
from kith.engine.pixels import Pixels, PixelSource, Vectors
from kith.engine.runtime import Feed, Network

Chips = NDArray[np.uint8]
"""Aligned faces: count x size x size x 3, RGB, 0 to 255."""


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
        self._points = np.array(pack.embedder.points) * pack.embedder.input_size
        self._center = read_center(pack) if centered else np.zeros(1, dtype=np.float32)
        feed = Feed(pack.embedder.colors, pack.embedder.mean, pack.embedder.scale)
        reader = read_dlib_resnet if pack.embedder.file.endswith(".dat") else None
        self._network = Network(file, feed, workers=workers, reader=reader)

    def cut(self, source: PixelSource, faces: Sequence[FaceDetail]) -> Chips:
        """An aligned chip of each face."""
        size = self._embedder.input_size
        chips = np.empty((len(faces), size, size, 3), dtype=np.uint8)
        for index, face in enumerate(faces):
            chips[index] = cut_chip_of(source, points_of(face.landmarks), self._points, size)
        return chips

    def embed(self, chips: Chips) -> Vectors:
        """The embeddings of chips, in their order: count x dimensions, rows of length 1.

        One chip at a time: batches of 2 to 32 were no faster on a processor, and so the embedding
        of a face does not depend on which others it was computed with.
        """
        vectors = np.empty((len(chips), self._embedder.dimensions), dtype=np.float32)
        for index, chip in enumerate(chips):
            vectors[index] = self._embed(chip)
        return vectors

    def _embed(self, chip: Pixels) -> Vectors:
        vector = self._run(chip)
        if self._embedder.mirrored:
            vector = _unit(vector + self._run(np.ascontiguousarray(chip[:, ::-1])))
        return _unit(vector - self._center)

    def _run(self, chip: Pixels) -> Vectors:
        return _unit(next(iter(self._network.run(chip).values())).reshape(-1))


def read_center(pack: Pack) -> Vectors:
    """The mean embedding of many people, which says nothing of who one is; zeros if none is known.

    It is subtracted before cosines are taken. Written by ``benchmarks/calibrate.py`` for packs that
    it helps.
    """
    file = resources.files("kith.engine") / "packs" / f"{pack.name}.center"
    center = np.zeros(pack.embedder.dimensions, dtype=np.float32)
    if file.is_file():
        known = np.array(file.read_text(encoding="ascii").split(), dtype=np.float32)
        center = known if known.shape == center.shape else center
    return center


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
