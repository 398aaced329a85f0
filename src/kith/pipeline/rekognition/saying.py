"""Kith's faces as members of answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from kith.domain.face import Box, FaceDetail, Point
from kith.pipeline.rekognition.images import image_id_of
from kith.ports.collections import KeptFace
from kith.rekognition.interface import Members

_UNKNOWN: Final = {"Value": False, "Confidence": 0.0}

_NOT_SEEN: Final[Mapping[str, tuple[str, Any]]] = {
    "AGE_RANGE": ("AgeRange", {"Low": 0, "High": 120}),
    "SMILE": ("Smile", _UNKNOWN),
    "EYEGLASSES": ("Eyeglasses", _UNKNOWN),
    "SUNGLASSES": ("Sunglasses", _UNKNOWN),
    "GENDER": ("Gender", {"Confidence": 0.0}),
    "BEARD": ("Beard", _UNKNOWN),
    "MUSTACHE": ("Mustache", _UNKNOWN),
    "EYES_OPEN": ("EyesOpen", _UNKNOWN),
    "MOUTH_OPEN": ("MouthOpen", _UNKNOWN),
    "EMOTIONS": ("Emotions", ({"Type": "UNKNOWN", "Confidence": 0.0},)),
    "FACE_OCCLUDED": ("FaceOccluded", _UNKNOWN),
    "EYE_DIRECTION": ("EyeDirection", {"Yaw": 0.0, "Pitch": 0.0, "Confidence": 0.0}),
}
"""What the engine cannot know, by the attribute that asks for it.

Who asks for it reads it without looking whether it is there, and would die. So it is there, and
says that nothing is known: a confidence of 0 %, the age range that holds everybody, the emotion
UNKNOWN. Of a gender there is no such value, and none is guessed. Who does not ask gets none of it.
"""

_KEPT_DIGITS: Final = 6
"""Decimals of a box that was kept, as the real service rounds it."""


def face_detail(face: FaceDetail, attributes: Collection[str] = ()) -> Members:
    """A ``FaceDetail``, with the attributes that were asked for."""
    asked = _NOT_SEEN if "ALL" in attributes else attributes
    unknown = dict(_NOT_SEEN[name] for name in asked if name in _NOT_SEEN)
    return {**compared_face(face), **unknown}


def compared_face(face: FaceDetail) -> Members:
    """A ``ComparedFace``: what is known of every face."""
    return {
        **box_and_confidence(face),
        "Landmarks": _landmarks(face),
        "Pose": {"Roll": face.pose.roll, "Yaw": face.pose.yaw, "Pitch": face.pose.pitch},
        "Quality": {"Brightness": face.quality.brightness, "Sharpness": face.quality.sharpness},
    }


def box_and_confidence(face: FaceDetail) -> Members:
    """A ``ComparedSourceImageFace``."""
    return {"BoundingBox": bounding_box(face.box), "Confidence": face.confidence}


def bounding_box(box: Box) -> Members:
    """A ``BoundingBox``."""
    return {"Left": box.left, "Top": box.top, "Width": box.width, "Height": box.height}


def kept_face(face: KeptFace, model_version: str) -> Members:
    """A ``Face`` of a collection."""
    members = {
        "FaceId": face.id,
        "BoundingBox": {
            side: round(ratio, _KEPT_DIGITS)
            for side, ratio in bounding_box(face.detail.box).items()
        },
        "ImageId": image_id_of(face.picture_id),
        "Confidence": face.detail.confidence,
        "IndexFacesModelVersion": model_version,
    }
    if face.external_id is not None:
        members["ExternalImageId"] = face.external_id
    if face.user_id is not None:
        members["UserId"] = face.user_id
    return members


def _landmarks(face: FaceDetail) -> list[Members]:
    marks = face.landmarks
    return [
        _landmark("eyeLeft", marks.left_eye),
        _landmark("eyeRight", marks.right_eye),
        _landmark("mouthLeft", marks.mouth_left),
        _landmark("mouthRight", marks.mouth_right),
        _landmark("nose", marks.nose),
    ]


def _landmark(name: str, place: Point) -> Members:
    return {"Type": name, "X": place.x, "Y": place.y}
