"""What a store hands out itself: who asks for an original is sent there, and crops are put there.

What is asked for by an address of ours is answered with one of the store's, which is good for some
minutes. So a function that may answer with a few megabytes hands out photos of any size.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from kith.domain.errors import KithError, NotFoundError
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.imaging.encode import Encoding
from kith.pipeline.serving.files import address_of_original, media_type_of
from kith.pipeline.serving.renditions import bare_key
from kith.pipeline.serving.services import Services
from kith.pipeline.serving.signing import PhotoPicture
from kith.pipeline.serving.store_urls import Store
from kith.pipeline.sharing.downloads import Download
from kith.ports.storage import Reading

_SECONDS: Final = 300
"""Browsers follow at once. The end is later than that for those who stop and go on by ``Range``."""


def original_address(
    services: Services, store: Store, photo_id: PhotoId, kind: PhotoPicture
) -> str:
    """Where a store hands out a photo's original bytes.

    Raises:
        NotFoundError: there is no such photo, or no object has it any more.
        StoreError: the store cannot be reached now.
    """
    photo = next(iter(services.catalog.photos([photo_id])), None)
    if photo is None:
        raise NotFoundError(f"There is no photo {photo_id[:12]}")
    place = address_of_original(services.catalog, services.originals, photo_id)
    name = place.path.rpartition("/")[2].encode("utf-8", "replace").decode()
    return _address(store, place.path, media_type_of(photo), f"{_how(kind)}; {_named(name)}")


def download_address(
    services: Services, store: Store, photo_id: PhotoId, file: Download, kind: PhotoPicture
) -> str:
    """Where a store hands out what guests take home, which is put there first."""
    key = bare_key(photo_id)
    services.derived.write(key, file.data, durable=False)
    disposition = f'{_how(kind)}; filename="{file.name}"'
    return _address(store, store.derived + key, file.media_type, disposition)


def put_crop(services: Services, face_id: FaceId) -> None:
    """See that the crop of a new face lies where its address leads.

    A face whose picture cannot be read any more has none, and is a face all the same.
    """
    with suppress(KithError):
        services.renditions.face(face_id, Encoding.JPEG)


def _address(store: Store, where: str, media_type: str, disposition: str) -> str:
    # By what its bytes are, never by what its name says: so no page comes along as a photo.
    reading = Reading(media_type, disposition, "private, no-store")
    begins = int(time.time())
    return store.addresses.to_read(where, begins=begins, seconds=_SECONDS, reading=reading)


def _how(kind: PhotoPicture) -> str:
    return "attachment" if kind is PhotoPicture.DOWNLOAD else "inline"


def _named(name: str) -> str:
    return f"filename*=utf-8''{quote(name, safe='')}"
