"""Photos that are sent to a store at once, where somebody else takes them in."""

from __future__ import annotations

import mimetypes
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kith.domain.errors import PictureTooLargeError
from kith.domain.photo import PhotoId
from kith.pipeline.serving.file_names import file_name
from kith.pipeline.serving.services import Services
from kith.pipeline.serving.store_urls import Store
from kith.ports.storage import Form

_SECONDS: Final = 900
"""In which sending must begin."""

_FOLDER: Final = "uploads"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A photo that somebody wants to send.

    Attributes:
        name: of the file.
        size: bytes.
        modified_at: when the file was changed.
        sha256: of its bytes, where that is known.
    """

    name: str
    size: int
    modified_at: datetime | None = None
    sha256: str | None = None


def known_photo(services: Services, wanted: Wanted) -> PhotoId | None:
    """The photo, if the library has it and knows where it lies."""
    if wanted.sha256 is None:
        return None
    photo_id = PhotoId(wanted.sha256)
    return photo_id if services.catalog.places_of([photo_id]).get(photo_id) else None


def form_for(services: Services, store: Store, wanted: Wanted) -> Form:
    """A form that sends the photo to where photos are taken in; it replaces none that is there.

    Raises:
        PictureTooLargeError: so large a photo would be refused.
    """
    most = services.limits.byte_size
    if wanted.size > most:
        raise PictureTooLargeError(f"{wanted.name} is larger than {most:,} bytes", "Shrink it.")
    day = wanted.modified_at or datetime.now(UTC)
    name = file_name(wanted.name, "")
    # One folder a month, for each is an album; and no two of one name.
    where = f"{_FOLDER}/{day:%Y/%m}/{uuid.uuid4().hex[:12]}-{name}"
    return store.addresses.to_write(
        store.originals + where,
        begins=int(time.time()),
        seconds=_SECONDS,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        most=wanted.size,
    )
