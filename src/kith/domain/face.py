"""Faces and where they are.

Every coordinate is a ratio of the *upright* picture: ``left`` 0.25 means a quarter of the width
from the left edge. Ratios may be negative or exceed 1 where a face is cut by the edge. Confidence,
similarity, brightness and sharpness are percent from 0 to 100; angles are degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from kith.domain.photo import PhotoId

FaceId = NewType("FaceId", str)
"""A lower-case UUID (8-4-4-4-12), as Rekognition has them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the upright picture, as ratios of its width and height."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the upright picture, as ratios of its width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge as a ratio of the width."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge as a ratio of the height."""
        return self.top + self.height

    @property
    def area(self) -> float:
        """The part of the picture that the box covers, 0 to 1 where it lies inside."""
        return self.width * self.height

    def overlap(self, other: Box) -> float:
        """Intersection over union with another box: 0 where they are apart, 1 where equal."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        common = width * height
        return common / (self.area + other.area - common)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The five points that alignment needs; left and right as the viewer sees them."""

    left_eye: Point
    right_eye: Point
    nose: Point
    mouth_left: Point
    mouth_right: Point


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is turned, in degrees from -180 to 180; all zero faces the camera."""

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be recognized.

    Attributes:
        brightness: mean luminance of the face, percent.
        sharpness: how much fine detail the face shows, percent.
        pixels: the shorter side of the face's box in pixels of the original picture.
        overall: one figure, percent, from size, sharpness, pose and the detector's confidence.
    """

    brightness: float
    sharpness: float
    pixels: float
    overall: float


@dataclass(frozen=True, slots=True)
class FaceDetail:
    """What can be seen of one face in one picture, before anyone asks who it is."""

    box: Box
    confidence: float
    landmarks: Landmarks
    pose: Pose
    quality: Quality


@dataclass(frozen=True, slots=True)
class Face:
    """One face found in one photo."""

    id: FaceId
    photo_id: PhotoId
    detail: FaceDetail

    @property
    def box(self) -> Box:
        """Where the face is, as ratios of the upright picture."""
        return self.detail.box


@dataclass(frozen=True, slots=True)
class Match:
    """Another face of the collection with its similarity in percent, 0 to 100."""

    face_id: FaceId
    photo_id: PhotoId
    similarity: float
