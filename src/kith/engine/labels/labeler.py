"""The labeler: the label pack's models and the vocabulary, ready to be asked from any thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from kith.domain.label import DEFAULT_LABEL_CONFIDENCE, Label
from kith.engine.chips import WORKING_SIDE
from kith.engine.labels.objects import ObjectFinder
from kith.engine.labels.pack import LabelPack
from kith.engine.labels.scenes import SceneReader
from kith.engine.labels.vocabulary import Vocabulary, load_vocabulary
from kith.engine.labels.weigh import labels_of
from kith.engine.pixels import PixelSource


class Labeler:
    """Names what pictures show.

    Making one costs nothing: a model is read and compiled when it is first needed.

    Args:
        pack: the models and how they are read.
        files: where the file of a ``Weight.path`` lies; may raise ``ModelError``.
        workers: how many threads will ask at once.
    """

    def __init__(self, pack: LabelPack, files: Callable[[str], Path], *, workers: int = 1) -> None:
        self.pack = pack
        objects, pictures = pack.objects, pack.pictures
        self._objects = ObjectFinder(objects, lambda: files(objects.file), workers=workers)
        self._scenes = SceneReader(pictures, lambda: files(pictures.file), workers=workers)

    def label(
        self, source: PixelSource, min_confidence: float = DEFAULT_LABEL_CONFIDENCE
    ) -> tuple[Label, ...]:
        """What a picture shows, surest first, from this confidence (percent) on."""
        # As for faces, so that a picture is decoded once for both.
        source.prefer(WORKING_SIDE)
        seen = self._objects.find(source)
        return labels_of(self._vocabulary, seen, self._scenes.read(source), min_confidence)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return load_vocabulary()
