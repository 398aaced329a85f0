"""Making a library know what lies at an address now: the way in for photos that others announce.

An announcement says that something changed there, and no more is believed of it: it may come late,
twice, or after the next one. What is there now is looked at, so announcements may be repeated and
come in any order, and a change whose own announcement was lost is taken in with the next one.

Several may work on one library at once, anywhere. What is made of a photo is written before the
photo is stored, all of it may be written twice, and storing is one step: whoever is stopped in
between leaves nothing that the next one must clean up.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar

from kith.domain.errors import NotFoundError, PictureError, StaleError, StoreError
from kith.domain.face import Face
from kith.domain.photo import PhotoId, Place
from kith.imaging.crop import face_crop
from kith.imaging.encode import Encoding
from kith.imaging.picture import Picture
from kith.pipeline.add_photo import Arrival, Finisher, prepare
from kith.pipeline.announcing import may_be_photo
from kith.pipeline.library import Library
from kith.pipeline.serving.renditions import CROP_SIDE, face_key
from kith.ports.sources import PhotoSource
from kith.ports.storage import ObjectStorage

_PATIENCE_SECONDS: Final = 20.0
"""For how long a photo is grouped anew because others were quicker; each time, one of them got
something done. Ten who add at once wait two seconds at most."""

_LONGEST_PAUSE: Final = 0.5
"""Seconds between two tries; chance decides how long, so that others do not wait alike."""

T = TypeVar("T")


class Became(StrEnum):
    """What became of an announcement."""

    ADDED = "added"
    COPY = "copy"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    GONE = "gone"
    NO_PICTURE = "no picture"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of an announcement.

    Attributes:
        address: of what was announced.
        became: what.
        photo_id: the photo that lies there.
        faces: how many faces a new photo shows.
        reason: why it was refused.
    """

    address: str
    became: Became
    photo_id: PhotoId | None = None
    faces: int = 0
    reason: str = ""


def ingest(library: Library, source: PhotoSource, address: str) -> Ingested:
    """Make the library know what lies at this address now. Repeatable, also by several at once.

    Args:
        library: whose ``originals`` read from the source.
        source: where the address leads.
        address: such as ``s3://bucket/2024/a.jpg``.

    Raises:
        StoreError: it cannot be read at this time.
        LibraryError: the library cannot be used at this time. Nothing was stored.
    """
    if not may_be_photo(address):
        return Ingested(address, Became.NO_PICTURE)
    try:
        place = source.look(address)
    except NotFoundError:
        library.catalog.remove_places([address])
        return Ingested(address, Became.GONE)
    known = {one.place: one.photo_id for one in library.catalog.places(address)}
    if place in known:
        return Ingested(address, Became.UNCHANGED, known[place])
    return _told(address, add_among_others(library, place))


def add_among_others(library: Library, place: Place) -> Arrival:
    """Add what lies at a place, while others add and remove photos, too.

    Whenever one of them was quicker, the photo is grouped anew.

    Raises:
        StaleError: others were quicker over and over; nothing was stored.
    """
    arrivals = prepare(library, [place], partial(_keep_crops, library.derived))

    def attempt() -> Arrival:
        edition = library.catalog.edition()
        return Finisher(library, lambda _: None).finish(arrivals, edition)[0]

    return patiently(attempt)


def patiently(attempt: Callable[[], T], seconds: float = _PATIENCE_SECONDS) -> T:
    """The attempt's result; it is repeated, after pauses, while the library changes meanwhile.

    Raises:
        StaleError: it did so for that long.
    """
    ends = time.monotonic() + seconds
    pause = 0.02
    while True:
        try:
            return attempt()
        except StaleError:
            if time.monotonic() > ends:
                raise
        time.sleep(random.uniform(0, pause))  # noqa: S311 - no secret
        pause = min(2 * pause, _LONGEST_PAUSE)


def _keep_crops(derived: ObjectStorage, picture: Picture, faces: Sequence[Face]) -> None:
    """Cut the faces out while the picture is at hand: whoever shows them has addresses alone."""
    try:
        for face in faces:
            with suppress(PictureError, ValueError):  # a face without a crop is a face all the same
                crop = face_crop(picture, face.box, CROP_SIDE)
                derived.write(face_key(face.id, CROP_SIDE, Encoding.JPEG), crop, durable=False)
    finally:
        picture.release()


def _told(address: str, arrival: Arrival) -> Ingested:
    if arrival.photo is not None:
        became = Became.COPY if arrival.known else Became.ADDED
        return Ingested(address, became, arrival.photo.id, len(arrival.faces))
    assert arrival.problem is not None
    if arrival.unread:
        # Not the picture's fault: whoever asks again may have more luck.
        raise StoreError(arrival.problem.reason, arrival.problem.advice)
    return Ingested(address, Became.REFUSED, reason=arrival.problem.reason)
