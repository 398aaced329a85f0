"""Pictures to look at: made of a photo or a face when first asked for, and kept as derived files.

The small ones are made of the thumbnail, which lies there for every photo, so that an album is seen
at once, and also where the originals are on a disk that is asleep. The others need the original.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kith.domain.errors import KithError, LibraryError, NotFoundError
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.imaging.crop import face_crop
from kith.imaging.encode import Encoding
from kith.imaging.picture import Picture
from kith.imaging.thumbnail import placeholder, thumbnail
from kith.pipeline.add_photo import THUMBNAIL_LONG_SIDE, thumbnail_key
from kith.pipeline.crops import open_original
from kith.pipeline.originals import Originals
from kith.ports.catalog import Catalog
from kith.ports.storage import ObjectStorage

CROP_SIDE: Final = 256
"""Pixels. A face in a list of people, at twice the density of a usual screen."""

LARGE_CROP_SIDE: Final = 640
"""Pixels. A face that is looked at closely, at twice that density."""


class Size(Enum):
    """The sizes of a photo's pictures: the pixels of the longer side, where there are as many."""

    TINY = 256
    SMALL = THUMBNAIL_LONG_SIDE
    LARGE = 2048


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture to look at.

    Attributes:
        data: its bytes.
        encoding: how it is written.
        lasting: it will be the same whenever it is asked for; otherwise it stands in for one that
            cannot be made now.
    """

    data: bytes
    encoding: Encoding
    lasting: bool = True


def rendition_keys(photo_id: PhotoId) -> list[str]:
    """Where all pictures of a photo lie among the derived files, the thumbnail aside."""
    sizes = [photo_key(photo_id, size, encoding) for size in Size for encoding in Encoding]
    return [*sizes, bare_key(photo_id)]


def face_keys(face_id: FaceId) -> list[str]:
    """Where all pictures of a face lie among the derived files, the crops of lists aside."""
    sides = (CROP_SIDE, LARGE_CROP_SIDE)
    return [face_key(face_id, side, encoding) for side in sides for encoding in Encoding]


class Renditions:
    """Pictures of photos and faces. May be used by several threads.

    Args:
        catalog: where photos lie.
        derived: where pictures are kept.
        originals: how photos' bytes are read.
        at_once: pictures made at once; each may hold a whole photo in memory.
        keeping: whether what is made is kept for the next time.
    """

    def __init__(
        self,
        catalog: Catalog,
        derived: ObjectStorage,
        originals: Originals,
        *,
        at_once: int = 1,
        keeping: bool = True,
    ) -> None:
        self._catalog = catalog
        self._derived = derived
        self._originals = originals
        self._keeping = keeping
        self._making = threading.BoundedSemaphore(at_once)

    def photo(self, photo_id: PhotoId, size: Size, encoding: Encoding) -> Rendition:
        """A photo's picture.

        Raises:
            NotFoundError: there is no such photo, or nothing is left of it.
            PictureError: it cannot be decoded any more.
        """
        key = photo_key(photo_id, size, encoding)
        return self._kept(key, encoding, lambda: self._make_photo(photo_id, size, encoding))

    def face(self, face_id: FaceId, encoding: Encoding, side: int = CROP_SIDE) -> Rendition:
        """A face's picture, square: ``CROP_SIDE`` or ``LARGE_CROP_SIDE`` pixels wide and high.

        Raises:
            NotFoundError: there is no such face, or its photo is gone.
            PictureError: its photo cannot be decoded any more.
        """
        key = face_key(face_id, side, encoding)
        return self._kept(key, encoding, lambda: self._make_face(face_id, side, encoding))

    def _kept(self, key: str, encoding: Encoding, make: Callable[[], Rendition]) -> Rendition:
        with suppress(NotFoundError):
            return Rendition(self._derived.read(key), encoding)
        with self._making:
            # Somebody else may have made it while this one waited.
            with suppress(NotFoundError):
                return Rendition(self._derived.read(key), encoding)
            return make()

    # -- photos ------------------------------------------------------------------------------------

    def _make_photo(self, photo_id: PhotoId, size: Size, encoding: Encoding) -> Rendition:
        picture, whole = self._source(photo_id, size)
        try:
            data = thumbnail(picture, size.value, encoding)
            if whole and self._keeping:
                self._keep(photo_key(photo_id, size, encoding), data)
                self._keep_placeholder(photo_id, picture)
        finally:
            picture.release()
        if not self._catalog.has_photos([photo_id]):
            # Forgotten meanwhile, by whoever took away what was there to be taken away.
            for key in rendition_keys(photo_id):
                self._derived.delete(key)
            raise _no_photo(photo_id)
        return Rendition(data, encoding, lasting=whole)

    def _source(self, photo_id: PhotoId, size: Size) -> tuple[Picture, bool]:
        """What a picture is made of, and whether that is as large as it can be."""
        kept = self._thumbnail(photo_id)
        if size is not Size.LARGE and kept and self._suffices(photo_id, size, kept):
            return kept, True
        original = open_original(self._catalog, self._originals, photo_id)
        if original is not None:
            return original, True
        if kept is None:
            raise _no_photo(photo_id)
        return kept, False

    def _thumbnail(self, photo_id: PhotoId) -> Picture | None:
        try:
            picture = Picture(self._derived.read(thumbnail_key(photo_id)), "the thumbnail")
            picture.describe()
        except KithError:  # there is none, or a power cut left an empty one
            return None
        return picture

    def _suffices(self, photo_id: PhotoId, size: Size, kept: Picture) -> bool:
        """Whether the thumbnail is large enough; those of older libraries are smaller than now."""
        photo = next(iter(self._catalog.photos([photo_id])), None)
        if photo is None:
            raise _no_photo(photo_id)
        wanted = min(size.value, max(photo.width, photo.height))
        return max(kept.width, kept.height) >= wanted

    def _keep_placeholder(self, photo_id: PhotoId, picture: Picture) -> None:
        """Photos of older libraries have none; now a picture is at hand to make it of."""
        if not self._catalog.placeholders([photo_id]).get(photo_id):
            with suppress(LibraryError):
                self._catalog.keep_placeholders({photo_id: placeholder(picture)})

    # -- faces -------------------------------------------------------------------------------------

    def _make_face(self, face_id: FaceId, side: int, encoding: Encoding) -> Rendition:
        face = self._catalog.faces_by_id([face_id]).get(face_id)
        if face is None:
            raise _no_face(face_id)
        picture = open_original(self._catalog, self._originals, face.photo_id)
        lasting = picture is not None
        picture = picture or self._thumbnail(face.photo_id)
        if picture is None:
            raise _no_face(face_id)
        try:
            data = face_crop(picture, face.box, side, encoding=encoding)
        except ValueError as error:
            raise _no_face(face_id) from error
        finally:
            picture.release()
        if lasting and self._keeping:
            self._keep(face_key(face_id, side, encoding), data)
        if not self._catalog.faces_by_id([face_id]):
            for key in face_keys(face_id):
                self._derived.delete(key)
            raise _no_face(face_id)
        return Rendition(data, encoding, lasting)

    def _keep(self, key: str, data: bytes) -> None:
        # Keeping it only saves time: a library that is read-only or full is shown, too.
        with suppress(LibraryError):
            self._derived.write(key, data, durable=False)


def photo_key(photo_id: PhotoId, size: Size, encoding: Encoding) -> str:
    """Where a picture of a photo lies among the derived files."""
    return f"pictures/{photo_id[:2]}/{photo_id}-{size.value}.{encoding.suffix}"


def bare_key(photo_id: PhotoId) -> str:
    """Where an original that guests take home lies among the derived files, if one was made."""
    return f"pictures/{photo_id[:2]}/{photo_id}-bare"


def face_key(face_id: FaceId, side: int, encoding: Encoding) -> str:
    """Where a square picture of a face lies among the derived files."""
    return f"crops/{face_id[:2]}/{face_id}-{side}.{encoding.suffix}"


def _no_photo(photo_id: PhotoId) -> NotFoundError:
    return NotFoundError(f"There is no photo {photo_id[:12]}, or no file has it any more")


def _no_face(face_id: FaceId) -> NotFoundError:
    return NotFoundError(f"There is no face {face_id}, or no file has its photo any more")
