"""The stateless half: faces of single pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kith.domain.errors import NoFaceError
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.engine.scan import cosines_with
from kith.ports.recognition import ComparedFace, Comparison

if TYPE_CHECKING:
    from kith.domain.face import FaceDetail
    from kith.engine.engine import Engine
    from kith.imaging.picture import Picture


class LocalRecognizer:
    """A ``Recognizer`` that asks the local engine.

    Args:
        engine: finds and tells apart the faces.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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


def largest_face(engine: Engine, picture: Picture, what: str) -> FaceDetail:
    """The largest face of a picture.

    Raises:
        NoFaceError: the picture shows no face; ``what`` names it in the message.
    """
    faces = engine.detect(picture)
    if not faces:
        raise NoFaceError(f"{what} shows no face")
    return faces[0]
