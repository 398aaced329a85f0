"""The stateless half: faces, labels and text of single pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kith.adapters.recognition.rekognition.client import Client, InvalidError, understood
from kith.adapters.recognition.rekognition.wire import (
    detail_of,
    image_of,
    label_of,
    lines_of,
    shows_enough,
)
from kith.domain.errors import NoFaceError
from kith.domain.label import DEFAULT_LABEL_CONFIDENCE
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.ports.recognition import ComparedFace, Comparison, ReadText, SeenLabels

if TYPE_CHECKING:
    from kith.domain.face import FaceDetail
    from kith.imaging.picture import Picture


class RekognitionRecognizer:
    """A ``Recognizer`` that asks Rekognition.

    A picture of less than 80 pixels on a side is too small for the service, and shows nothing.

    Args:
        client: of boto3; see ``rekognition_client``.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def detect_faces(self, picture: Picture, /) -> tuple[FaceDetail, ...]:
        """See ``Recognizer.detect_faces``."""
        if not shows_enough(picture):
            return ()
        image = image_of(picture)
        with understood():
            answer = self._client.detect_faces(Image=image)
        size = (picture.width, picture.height)
        faces = [detail_of(members, size) for members in answer["FaceDetails"]]
        return tuple(sorted(faces, key=lambda face: -face.box.area))

    def compare_faces(
        self, source: Picture, target: Picture, /, *, min_similarity: float = DEFAULT_MIN_SIMILARITY
    ) -> Comparison:
        """See ``Recognizer.compare_faces``."""
        # The answer has no more of the source's face than its box.
        searched = largest_face(self, source, "The source picture")
        if not shows_enough(target):
            raise NoFaceError("The target picture shows no face")
        images = {"SourceImage": image_of(source), "TargetImage": image_of(target)}
        try:
            with understood():
                answer = self._client.compare_faces(**images, SimilarityThreshold=min_similarity)
        except InvalidError as error:
            raise NoFaceError("The target picture shows no face") from error
        size = (target.width, target.height)
        unmatched = [detail_of(members, size) for members in answer["UnmatchedFaces"]]
        return Comparison(
            source=searched,
            matches=tuple(
                ComparedFace(detail_of(match["Face"], size), match["Similarity"])
                for match in answer["FaceMatches"]
            ),
            unmatched=tuple(sorted(unmatched, key=lambda face: -face.box.area)),
        )

    def detect_labels(
        self, picture: Picture, /, *, min_confidence: float = DEFAULT_LABEL_CONFIDENCE
    ) -> SeenLabels:
        """See ``Recognizer.detect_labels``."""
        if not shows_enough(picture):
            return SeenLabels((), "")
        image = image_of(picture)
        with understood():
            answer = self._client.detect_labels(Image=image, MinConfidence=min_confidence)
        labels = map(label_of, answer["Labels"])
        return SeenLabels(
            tuple(sorted(labels, key=lambda one: -one.confidence)), answer["LabelModelVersion"]
        )

    def detect_text(self, picture: Picture, /) -> ReadText:
        """See ``Recognizer.detect_text``."""
        if not shows_enough(picture):
            return ReadText((), "")
        image = image_of(picture)
        with understood():
            answer = self._client.detect_text(
                Image=image, Filters={"WordFilter": {"MinConfidence": 0}}
            )
        return ReadText(lines_of(answer["TextDetections"]), answer["TextModelVersion"])


def largest_face(recognizer: RekognitionRecognizer, picture: Picture, what: str) -> FaceDetail:
    """The largest face of a picture.

    Raises:
        NoFaceError: the picture shows no face; ``what`` names it in the message.
    """
    faces = recognizer.detect_faces(picture)
    if not faces:
        raise NoFaceError(f"{what} shows no face")
    return faces[0]
