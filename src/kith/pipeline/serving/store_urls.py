"""Addresses of pictures where a store hands them out itself: what lies there, it is asked for.

A photo has a thumbnail from the moment at which it is in the library, and so have its faces their
crops where photos are taken in for this (``kith.pipeline.ingest``). These are most of what a page
shows. Whatever else there is to look at is made when it is first asked for, so its address leads
here, as every other signer's does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.imaging.encode import Encoding
from kith.pipeline.add_photo import thumbnail_key
from kith.pipeline.serving.renditions import CROP_SIDE, face_key
from kith.pipeline.serving.signing import PhotoPicture, UrlSigner
from kith.ports.storage import Addresses, Reading

STORE_STEP_SECONDS: Final = 1800
"""A store's address stays the same for so long, and is good for between one and two of these: an
hour at most, for whoever has one needs no login, and nobody can take it back."""

GUEST_STORE_STEP_SECONDS: Final = 900
"""The same for guests: what a link showed is not shown any more half an hour after it is taken
back."""

_KEPT: Final = Reading(caching="private, max-age=3600, immutable")
"""A picture never changes, for its key is of its bytes."""

_THUMBNAILS: Final = frozenset({PhotoPicture.TINY, PhotoPicture.SMALL})
"""The thumbnail is both: a second object for each photo would cost more than the bytes it saves."""


@dataclass(frozen=True, slots=True)
class Store:
    """A store that hands out objects itself.

    Attributes:
        addresses: makes addresses of its objects.
        derived: what stands before the keys of derived files there, such as ``s3://bucket/``.
        originals: below which everything is a photo.
    """

    addresses: Addresses
    derived: str
    originals: str


class StoreUrlSigner(UrlSigner):
    """A signer whose thumbnails and crops the store hands out. May be used by several threads.

    Args:
        key: what only the server knows, 32 bytes.
        store: hands out thumbnails and crops.
        clock: seconds since 1970.
        link: id of the link whose guests the addresses are for.
    """

    def __init__(
        self,
        key: bytes,
        store: Store,
        *,
        clock: Callable[[], float] = time.time,
        link: str = "",
    ) -> None:
        step = GUEST_STORE_STEP_SECONDS if link else STORE_STEP_SECONDS
        super().__init__(key, step_seconds=step, clock=clock, link=link)
        self._store = store

    def for_link(self, link_id: str) -> StoreUrlSigner:
        """See ``UrlSigner.for_link``. What the store hands out it does until the address ends."""
        return StoreUrlSigner(self.key_for(link_id), self._store, clock=self._clock, link=link_id)

    def photo_url(self, photo_id: PhotoId, kind: PhotoPicture) -> str:
        """The address of a photo's picture."""
        if kind not in _THUMBNAILS:
            return super().photo_url(photo_id, kind)
        return self._stored(thumbnail_key(photo_id), photo_id)

    def crop_url(self, face_id: FaceId, *, large: bool = False) -> str:
        """The address of a face's crop."""
        if large:
            return super().crop_url(face_id, large=True)
        return self._stored(face_key(face_id, CROP_SIDE, Encoding.JPEG), face_id)

    def _stored(self, key: str, spread: str) -> str:
        seconds = 2 * self._step
        return self._store.addresses.to_read(
            self._store.derived + key,
            begins=self._until(spread) - seconds,
            seconds=seconds,
            reading=_KEPT,
        )
