"""Kith's words as Rekognition's, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kith.domain.errors import PictureTooLargeError
from kith.domain.face import Box, FaceDetail, Landmarks, Point, Pose, Quality
from kith.domain.label import Instance, Label
from kith.domain.text import Polygon, TextLine, TextWord
from kith.imaging.crop import face_crop
from kith.imaging.picture import Picture
from kith.imaging.thumbnail import thumbnail

_MOST_BYTES: Final = 5_242_880
"""Of a picture in a request; Rekognition's limit."""

_LEAST_SIDE: Final = 80
"""Pixels; Rekognition's limit."""

_FORMATS: Final = frozenset({"JPEG", "PNG"})
_LONG_SIDES: Final = (4096, 2560, 1600)
"""Tried one after the other until the bytes fit. Faces that Rekognition would find in a larger
picture are found in these, for it wants 40 pixels of 1920."""

_MARGIN: Final = 0.6
"""Of a face that is sent alone, on each side, as a part of the face's longer side."""

_DRAWN_MARGIN: Final = 0.3
"""Of a face that a hand drew: hands leave room, and the largest face in it is to be the one."""

_LARGEST_CROP: Final = 1024
"""Pixels of a face that is sent alone, with its margin; smaller ones are sent as they are."""

_LARGE: Final = 96.0
"""Pixels. Faces beyond this shorter side are recognized no better."""

_SURE: Final = 95.0
"""Percent. A face of this confidence, or more, is one."""

_MARKS: Final = ("eyeLeft", "eyeRight", "nose", "mouthLeft", "mouthRight")
_USUAL: Final = ((0.31, 0.38), (0.69, 0.38), (0.5, 0.58), (0.35, 0.77), (0.65, 0.77))
"""Where these are in the box of a face that looks at the camera."""


def shows_enough(picture: Picture) -> bool:
    """Whether the service takes a picture of this size at all."""
    return min(picture.width, picture.height) >= _LEAST_SIDE


def image_of(picture: Picture) -> Mapping[str, bytes]:
    """The ``Image`` for a picture: its own bytes where the service takes them, else a copy.

    The same for the same picture, so that the service knows it again.

    Raises:
        PictureError: it cannot be decoded.
    """
    if picture.format in _FORMATS and len(picture.data) <= _MOST_BYTES:
        return {"Bytes": picture.data}
    for long_side in _LONG_SIDES:
        data = thumbnail(picture, long_side)
        if len(data) <= _MOST_BYTES:
            return {"Bytes": data}
    raise PictureTooLargeError(f"{picture.name} does not get small enough for Rekognition")


def image_of_face(picture: Picture, face: FaceDetail) -> Mapping[str, bytes]:
    """The ``Image`` for one face of a picture."""
    return _image_of(picture, face.box, _MARGIN)


def image_of_drawn(picture: Picture, box: Box) -> Mapping[str, bytes]:
    """The ``Image`` for what a box shows that a hand drew."""
    return _image_of(picture, box, _DRAWN_MARGIN)


def _image_of(picture: Picture, box: Box, margin: float) -> Mapping[str, bytes]:
    side = max(box.width * picture.width, box.height * picture.height)
    size = min(_LARGEST_CROP, max(_LEAST_SIDE, round(side * (1 + 2 * margin))))
    return {"Bytes": face_crop(picture, box, size, margin)}


def members_of(box: Box) -> Mapping[str, float]:
    """The ``BoundingBox`` for a box; the inverse of ``box_of``."""
    return {"Left": box.left, "Top": box.top, "Width": box.width, "Height": box.height}


def box_of(members: Mapping[str, Any]) -> Box:
    """A ``BoundingBox``."""
    left, top, width, height = (members[side] for side in ("Left", "Top", "Width", "Height"))
    return Box(left, top, width, height)


def detail_of(members: Mapping[str, Any], size: tuple[int, int] | None = None) -> FaceDetail:
    """A face as the service describes it.

    Of a face that is listed it tells the box and the confidence alone. Its other figures are then
    those of a face that looks at the camera, is well lit and sharp, and large enough.

    Args:
        members: ``FaceDetail``, ``ComparedFace`` or ``Face``.
        size: width and height of the original, where that is known.
    """
    box = box_of(members["BoundingBox"])
    told, marks = members.get("Quality", {}), members.get("Landmarks", ())
    at = {mark["Type"]: Point(mark["X"], mark["Y"]) for mark in marks}
    usual = (Point(box.left + x * box.width, box.top + y * box.height) for x, y in _USUAL)
    places = [at.get(name, place) for name, place in zip(_MARKS, usual, strict=True)]
    turned = members.get("Pose", {})
    pose = Pose(turned.get("Yaw", 0.0), turned.get("Pitch", 0.0), turned.get("Roll", 0.0))
    pixels = _LARGE if size is None else min(box.width * size[0], box.height * size[1])
    sharpness, confidence = told.get("Sharpness", 100.0), members["Confidence"]
    return FaceDetail(
        box=box,
        confidence=confidence,
        landmarks=Landmarks(*places),
        pose=pose,
        quality=Quality(
            told.get("Brightness", 50.0),
            sharpness,
            pixels,
            _overall(pixels, sharpness, pose, confidence),
        ),
    )


def label_of(members: Mapping[str, Any]) -> Label:
    """A ``Label``; one without a place has no ``Instances``."""
    instances = [
        Instance(box_of(told["BoundingBox"]), told["Confidence"]) for told in members["Instances"]
    ]
    return Label(
        name=members["Name"],
        confidence=members["Confidence"],
        parents=_names(members["Parents"]),
        aliases=_names(members.get("Aliases", ())),
        categories=_names(members.get("Categories", ())),
        instances=tuple(sorted(instances, key=lambda one: -one.confidence)),
    )


def lines_of(detections: Sequence[Mapping[str, Any]]) -> tuple[TextLine, ...]:
    """Lines out of ``TextDetections``, in their order; words are told after all lines."""
    words: dict[int, list[TextWord]] = {}
    for told in detections:
        if told["Type"] == "WORD":
            word = TextWord(told["DetectedText"], told["Confidence"], _polygon_of(told))
            words.setdefault(told["ParentId"], []).append(word)
    return tuple(
        TextLine(told["DetectedText"], told["Confidence"], _polygon_of(told), tuple(found))
        for told in detections
        if told["Type"] == "LINE" and (found := words.get(told["Id"]))
    )


def _names(entries: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(entry["Name"] for entry in entries)


def _polygon_of(members: Mapping[str, Any]) -> Polygon:
    return tuple(Point(corner["X"], corner["Y"]) for corner in members["Geometry"]["Polygon"])


def _overall(pixels: float, sharpness: float, pose: Pose, confidence: float) -> float:
    """One figure, percent, as ``kith.engine.quality`` has it: size, sharpness, pose and confidence.

    Amazon's confidence is 99.9 % of nearly every face, and so takes nothing away from it; Kith's
    own server says which faces are too poor to begin a person with.
    """
    size = min(1.0, max(0.0, pixels) / _LARGE)
    sure = min(1.0, confidence / _SURE)
    toward = math.cos(math.radians(pose.yaw)) * math.cos(math.radians(pose.pitch))
    return 100 * math.sqrt(size * math.sqrt(sharpness / 100)) * sure**4 * max(0.0, toward)
