"""DetectFaces, CompareFaces: of single pictures, keeping nothing."""

from __future__ import annotations

from kith.domain.errors import NoFaceError
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.pipeline.rekognition.choice import shortcomings
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.least import least_similarity
from kith.pipeline.rekognition.refusing import invalid
from kith.pipeline.rekognition.saying import box_and_confidence, compared_face, face_detail
from kith.rekognition.interface import Call, Members


def detect_faces(kit: Kit, members: Members, _call: Call) -> Members:
    """Every face of a picture, largest first."""
    seen = kit.recognizer.detect_faces(kit.images.picture(members["Image"]))
    attributes = members.get("Attributes", ())
    return {"FaceDetails": [face_detail(face, attributes) for face in seen]}


def compare_faces(kit: Kit, members: Members, _call: Call) -> Members:
    """How similar the faces of one picture are to the largest one of another."""
    source = kit.images.picture(members["SourceImage"])
    target = kit.images.picture(members["TargetImage"])
    least = least_similarity(members, "SimilarityThreshold", DEFAULT_MIN_SIMILARITY)
    bar = members.get("QualityFilter", "NONE")
    try:
        comparison = kit.recognizer.compare_faces(source, target, min_similarity=least)
    except NoFaceError:
        raise invalid() from None
    if shortcomings(comparison.source, bar):
        raise invalid()
    return {
        "SourceImageFace": box_and_confidence(comparison.source),
        "FaceMatches": [
            {"Similarity": match.similarity, "Face": compared_face(match.detail)}
            for match in comparison.matches
            if not shortcomings(match.detail, bar)
        ],
        "UnmatchedFaces": [
            compared_face(face) for face in comparison.unmatched if not shortcomings(face, bar)
        ],
    }
