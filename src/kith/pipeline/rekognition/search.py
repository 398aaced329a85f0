"""SearchFaces, SearchFacesByImage."""

from __future__ import annotations

from collections.abc import Sequence

from kith.domain.errors import NotFoundError
from kith.domain.face import Match
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY, MAX_MATCHES
from kith.pipeline.rekognition.choice import choose
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.least import least_similarity
from kith.pipeline.rekognition.refusing import NO_FACES, invalid
from kith.pipeline.rekognition.saying import bounding_box, kept_face
from kith.ports.collections import KeptFaces
from kith.rekognition.interface import Call, Members


def search_faces(kit: Kit, members: Members, _call: Call) -> Members:
    """The faces most similar to one of the collection, without itself."""
    faces = kit.open(members).faces
    try:
        matches = faces.search(
            members["FaceId"],
            min_similarity=least_similarity(members, "FaceMatchThreshold", DEFAULT_MIN_SIMILARITY),
            limit=members.get("MaxFaces", MAX_MATCHES),
        )
    except NotFoundError:
        raise invalid("faceId was not found in the collection") from None
    return {"SearchedFaceId": members["FaceId"], **_found(kit, faces, matches)}


def search_faces_by_image(kit: Kit, members: Members, _call: Call) -> Members:
    """The faces most similar to the largest one of a picture."""
    faces = kit.open(members).faces
    picture = kit.images.picture(members["Image"])
    seen = kit.recognizer.detect_faces(picture)
    good = choose(seen, members.get("QualityFilter", "NONE")).chosen
    if not good:
        raise invalid(NO_FACES)
    largest = good[min(good)]
    matches = faces.search_by_picture(
        picture,
        largest,
        min_similarity=least_similarity(members, "FaceMatchThreshold", DEFAULT_MIN_SIMILARITY),
        limit=members.get("MaxFaces", MAX_MATCHES),
    )
    return {
        "SearchedFaceBoundingBox": bounding_box(largest.box),
        "SearchedFaceConfidence": largest.confidence,
        **_found(kit, faces, matches),
    }


def _found(kit: Kit, faces: KeptFaces, matches: Sequence[Match]) -> Members:
    version = kit.collections.model_version
    ids = [match.face_id for match in matches]
    # One that was deleted since it was found is left out.
    known = {face.id: face for face in faces.page("", MAX_MATCHES, face_ids=ids)}
    return {
        "FaceMatches": [
            {
                "Similarity": match.similarity,
                "Face": kept_face(known[match.face_id], version),
            }
            for match in matches
            if match.face_id in known
        ],
        "FaceModelVersion": version,
    }
