"""Originals as they lie on the disk or in a store, to be handed out."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kith.domain.errors import KithError, NotFoundError, StoreError
from kith.domain.photo import Photo, PhotoId, Place
from kith.pipeline.originals import Originals, is_address
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

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.name

    def read(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class OriginalObject:
    """An object of a store elsewhere that holds a photo's original bytes; they were fetched.

    Attributes:
        name: what it is called.
        data: its bytes.
        media_type: of these bytes.
    """

    name: str
    data: bytes
    media_type: str

    def read(self) -> bytes:
        """Its bytes."""
        return self.data


def original_of(
    catalog: Catalog, originals: Originals, photo_id: PhotoId
) -> OriginalFile | OriginalObject:
    """The first of a photo's files and objects that still has its bytes.

    A file that looks as it did when it was added is taken for the same, as `kith add` does it; any
    other is read, and so is an object.

    Raises:
        NotFoundError: there is no such photo, or nothing has it any more.
        StoreError: only a store has it, which cannot be reached now.
    """
    photo = next(iter(catalog.photos([photo_id])), None)
    places = catalog.places_of([photo_id]).get(photo_id, ()) if photo else ()
    unreachable: StoreError | None = None
    for place in places:
        assert photo is not None
        media_type = media_type_of(photo)
        try:
            found = _fetched if is_address(place.path) else _on_disk
            if original := found(place, originals, photo_id, media_type):
                return original
        except StoreError as error:
            unreachable = error
    raise unreachable or _lost(photo_id)


def address_of_original(catalog: Catalog, originals: Originals, photo_id: PhotoId) -> Place:
    """Where in a store the first of a photo's objects lies that is as it was when it was added.

    It is looked at and not read: whoever asks is sent there.

    Raises:
        NotFoundError: there is no such photo, or no object of a store has it any more.
        StoreError: the store cannot be reached now.
    """
    for place in catalog.places_of([photo_id]).get(photo_id, ()):
        if is_address(place.path) and originals.is_unchanged(place):
            return place
    raise _lost(photo_id)


def _fetched(
    place: Place, originals: Originals, photo_id: PhotoId, media_type: str
) -> OriginalObject | None:
    try:
        picture = originals.open(place.path)
    except StoreError:
        raise
    except KithError:
        return None
    if picture.photo_id != photo_id:
        return None
    return OriginalObject(place.path.rpartition("/")[2], picture.data, media_type)


def _on_disk(
    place: Place, originals: Originals, photo_id: PhotoId, media_type: str
) -> OriginalFile | None:
    status = _status(place)
    if status is None:
        return None
    if not _unchanged(place, status) and not _holds(place, originals, photo_id):
        return None
    return OriginalFile(Path(place.path), status, media_type)


def media_type_of(photo: Photo) -> str:
    """What a photo's original is called to a browser."""
    return MEDIA_TYPES.get(photo.format, "application/octet-stream")


def _lost(photo_id: PhotoId) -> NotFoundError:
    return NotFoundError(
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


def _holds(place: Place, originals: Originals, photo_id: PhotoId) -> bool:
    try:
        return originals.open(place.path).photo_id == photo_id
    except KithError:
        return False
