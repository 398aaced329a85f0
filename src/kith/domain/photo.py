"""Photos, and the places where their bytes lie."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

PhotoId = NewType("PhotoId", str)
"""SHA-256 of the original bytes, in lower-case hex: a photo is known by its content."""


def photo_id_of(data: bytes) -> PhotoId:
    """The id of the photo that consists of these original bytes."""
    return PhotoId(hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Location:
    """Where a photo was taken: degrees north and east (WGS 84), meters above the sea."""

    latitude: float
    longitude: float
    altitude: float | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One image the user owns.

    Attributes:
        id: SHA-256 of the original bytes.
        format: the container as its bytes say, not as its name says: ``JPEG``, ``PNG``, ``HEIF`` …
        width: pixels of the upright picture.
        height: pixels of the upright picture.
        byte_size: length of the original in bytes.
        taken_at: when the shutter opened; aware if the camera recorded its offset, else naive.
        camera: maker and model in one line.
        location: where it was taken.
    """

    id: PhotoId
    format: str
    width: int
    height: int
    byte_size: int
    taken_at: datetime | None = None
    camera: str | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One file that holds a photo's bytes. A photo may have several places; copies are one photo.

    Attributes:
        path: absolute path of the file.
        byte_size: as the file system says.
        modified_ns: time of the last change in nanoseconds since 1970. With the size it decides
            whether a file must be read again.
    """

    path: str
    byte_size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not become a photo: a row in the report, remembered until the file changes.

    Attributes:
        place: the file as it was when it was refused.
        reason: what is wrong, in one sentence.
        advice: what the user can do about it.
    """

    place: Place
    reason: str
    advice: str
