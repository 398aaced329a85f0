"""The pictures of requests: bytes, or an object in a bucket."""

from __future__ import annotations

import uuid
from typing import Final

from kith.domain.errors import NotFoundError
from kith.domain.photo import PhotoId
from kith.imaging.picture import Picture, PictureLimits
from kith.imaging.unturned import without_turn
from kith.ports.buckets import Buckets
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Members

_FORMATS: Final = frozenset({"JPEG", "MPO", "PNG"})
"""What the real service reads; an MPO is a JPEG with another one behind it."""

_SHORTEST_SIDE: Final = 80
"""Pixels; the real service's limit."""

_OBJECT_BYTES: Final = 15_728_640
"""Bytes of an object, 15 MB; the real service's limit. Of bytes in requests the model has one."""

_IMAGES: Final = uuid.UUID("b7f44a4e-4c0a-5d0e-8a9d-0c6a86b4a3c1")

_NO_OBJECT: Final = (
    "Unable to get object metadata from S3. Check object key, region and/or access permissions."
)


class Images:
    """Reads the pictures of requests.

    Args:
        buckets: where objects are read; without it, every one is missing.
        limits: above these a picture is refused.
    """

    def __init__(self, buckets: Buckets | None, limits: PictureLimits | None = None) -> None:
        self._buckets = buckets
        self._limits = limits or PictureLimits()

    def picture(self, image: Members) -> Picture:
        """The picture of an ``Image``; its header was read, its pixels were not.

        Raises:
            RekognitionError: there is none, or the service would not take it.
            PictureError: it is no picture.
        """
        if ("Bytes" in image) == ("S3Object" in image):
            raise _invalid()
        data = image["Bytes"] if "Bytes" in image else self._object(image["S3Object"])
        # The real service heeds the EXIF of JPEGs alone.
        picture = Picture(without_turn(data), "the picture", self._limits)
        if picture.format not in _FORMATS:
            raise RekognitionError(Kind.INVALID_IMAGE_FORMAT, "Request has invalid image format")
        if min(picture.width, picture.height) < _SHORTEST_SIDE:
            raise _invalid()
        return picture

    def _object(self, told: Members) -> bytes:
        bucket, name = told.get("Bucket"), told.get("Name")
        if not bucket or not name:
            raise _invalid()
        if self._buckets is None:
            raise RekognitionError(Kind.INVALID_S3_OBJECT, _NO_OBJECT)
        try:
            data = self._buckets.read(bucket, name, told.get("Version"), _OBJECT_BYTES + 1)
        except NotFoundError as error:
            raise RekognitionError(Kind.INVALID_S3_OBJECT, _NO_OBJECT) from error
        if len(data) > _OBJECT_BYTES:
            raise RekognitionError(Kind.IMAGE_TOO_LARGE, "Image size is too large")
        return data


def image_id_of(picture_id: PhotoId) -> str:
    """The ``ImageId`` of a picture: the same for the same bytes, wherever they come from."""
    return str(uuid.uuid5(_IMAGES, picture_id))


def _invalid() -> RekognitionError:
    return RekognitionError(Kind.INVALID_PARAMETER, "Request has invalid parameters")
