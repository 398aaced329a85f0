"""The stateless half: faces, labels and text of single pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kith.domain.errors import NoFaceError, WeightsMissingError
from kith.domain.label import DEFAULT_LABEL_CONFIDENCE
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.engine.scan import cosines_with
from kith.ports.recognition import ComparedFace, Comparison, ReadText, SeenLabels

if TYPE_CHECKING:
    from kith.domain.face import FaceDetail
    from kith.engine.engine import Engine
    from kith.engine.labels.labeler import Labeler
    from kith.engine.text import TextReader
    from kith.imaging.picture import Picture


class LocalRecognizer:
    """A ``Recognizer`` that asks the local engine.

    Args:
        engine: finds and tells apart the faces.
        labeler: names what pictures show; without it, that is refused.
        reader: reads what is written in them; without it, that is refused.
    """

    def __init__(
        self, engine: Engine, labeler: Labeler | None = None, reader: TextReader | None = None
    ) -> None:
        self._engine = engine
        self._labeler = labeler
        self._reader = reader

    def detect_faces(self, picture: Picture, /) -> tuple[FaceDetail, ...]:
        """See ``Recognizer.detect_faces``."""
        return self._engine.detect(picture)

    def compare_faces(
        self, source: Picture, target: Picture, /, *, min_similarity: float = DEFAULT_MIN_SIMILARITY
    ) -> Comparison:
        """See ``Recognizer.compare_faces``."""
        searched = largest_face(self._engine, source, "The source picture")
        faces = self._engine.detect(target)
        if not faces:
            raise NoFaceError("The target picture shows no face")
        (vector,) = self._engine.embed_chips(self._engine.chips(source, [searched]))
        vectors = self._engine.embed_chips(self._engine.chips(target, faces))
        percents = self._engine.percent(cosines_with(vector, vectors)).tolist()
        compared = [ComparedFace(*pair) for pair in zip(faces, percents, strict=True)]
        matches = [face for face in compared if face.similarity >= min_similarity]
        return Comparison(
            source=searched,
            matches=tuple(sorted(matches, key=lambda face: -face.similarity)),
            unmatched=tuple(f.detail for f in compared if f.similarity < min_similarity),
        )

    def detect_labels(
        self, picture: Picture, /, *, min_confidence: float = DEFAULT_LABEL_CONFIDENCE
    ) -> SeenLabels:
        """See ``Recognizer.detect_labels``."""
        if self._labeler is None:
            raise WeightsMissingError("Nothing here names what pictures show")
        labels = self._labeler.label(picture, min_confidence)
        return SeenLabels(labels, self._labeler.pack.version)

    def detect_text(self, picture: Picture, /) -> ReadText:
        """See ``Recognizer.detect_text``."""
        if self._reader is None:
            raise WeightsMissingError("Nothing here reads what is written in pictures")
        return ReadText(self._reader.read(picture), self._reader.version)


def largest_face(engine: Engine, picture: Picture, what: str) -> FaceDetail:
    """The largest face of a picture.

    Raises:
        NoFaceError: the picture shows no face; ``what`` names it in the message.
    """
    faces = engine.detect(picture)
    if not faces:
        raise NoFaceError(f"{what} shows no face")
    return faces[0]
