"""Pixels of photos and faces that are already in the library."""

from __future__ import annotations

from contextlib import suppress

from kith.domain.errors import KithError, LibraryError, NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.photo import PhotoId
from kith.imaging.crop import face_crop
from kith.imaging.picture import Picture
from kith.pipeline.originals import Originals
from kith.ports.catalog import Catalog
from kith.ports.storage import ObjectStorage

CROP_SIZE = 112
"""Pixels of a crop's side."""


def open_original(catalog: Catalog, originals: Originals, photo_id: PhotoId) -> Picture | None:
    """The photo's picture from the first of its files that still has these bytes, if one does."""
    for place in catalog.places_of([photo_id]).get(photo_id, ()):
        try:
            picture = originals.open(place.path)
        except KithError:
            continue
        if picture.photo_id == photo_id:
            return picture
    return None


def crop_key(face_id: FaceId) -> str:
    """Where the crop of a face lies among the derived files."""
    return f"crops/{face_id[:2]}/{face_id}.jpg"


class Crops:
    """Crops of faces, made when first asked for and kept among the derived files."""

    def __init__(self, catalog: Catalog, derived: ObjectStorage, originals: Originals) -> None:
        self._catalog = catalog
        self._derived = derived
        self._originals = originals

    def crop(self, face: Face) -> bytes | None:
        """The face as a JPEG; ``None`` if its photo is gone or cannot be read any more."""
        key = crop_key(face.id)
        try:
            return self._derived.read(key)
        except NotFoundError:
            made = self._make(face)
        if made is not None:
            # Keeping it only saves time: a library that is read-only or full shows people, too.
            with suppress(LibraryError):
                self._derived.write(key, made, durable=False)
        return made

    def _make(self, face: Face) -> bytes | None:
        picture = open_original(self._catalog, self._originals, face.photo_id)
        if picture is None:
            return None
        try:
            return face_crop(picture, face.box, CROP_SIZE)
        except (KithError, ValueError):
            return None
