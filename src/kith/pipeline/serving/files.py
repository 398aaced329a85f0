"""Originals as they lie on the disk, to be handed out."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kith.domain.errors import KithError, NotFoundError
from kith.domain.photo import PhotoId, Place
from kith.imaging.picture import Picture, PictureLimits
from kith.ports.catalog import Catalog

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
    "BMP": "image/bmp",
}
"""What an original is called to a browser, by what its bytes are: never what its name says, so
that a page cannot come along as a photo."""


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """A file that holds a photo's original bytes.

    Attributes:
        path: where.
        status: as the operating system told it when it was found to be so.
        media_type: of these bytes.
    """

    path: Path
    status: os.stat_result
    media_type: str


def original_file(catalog: Catalog, limits: PictureLimits, photo_id: PhotoId) -> OriginalFile:
    """The first of a photo's files that still has its bytes.

    A file that looks as it did when it was added is taken for the same, as `kith add` does it; any
    other is read.

    Raises:
        NotFoundError: there is no such photo, or no file has it any more.
    """
    photo = next(iter(catalog.photos([photo_id])), None)
    places = catalog.places_of([photo_id]).get(photo_id, ())
    for place in places:
        status = _status(place)
        if status is None or photo is None:
            continue
        if _unchanged(place, status) or _holds(Path(place.path), limits, photo_id):
            media_type = MEDIA_TYPES.get(photo.format, "application/octet-stream")
            return OriginalFile(Path(place.path), status, media_type)
    raise NotFoundError(
        f"There is no photo {photo_id[:12]}, or no file has it any more",
        "Put the file back, or connect its disk.",
    )


def _status(place: Place) -> os.stat_result | None:
    try:
        status = Path(place.path).stat()
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _unchanged(place: Place, status: os.stat_result) -> bool:
    return (status.st_size, status.st_mtime_ns) == (place.byte_size, place.modified_ns)


def _holds(path: Path, limits: PictureLimits, photo_id: PhotoId) -> bool:
    try:
        return Picture.open(path, limits).photo_id == photo_id
    except KithError:
        return False
