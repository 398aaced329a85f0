"""Sending photos of a library to a bucket: those that the other side lacks, by their content."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kith.domain.errors import NotFoundError
from kith.domain.photo import Photo, PhotoId, Place
from kith.imaging.picture import PictureLimits
from kith.pipeline.chunks import in_chunks
from kith.pipeline.originals import is_address, look_at
from kith.pipeline.uploading import Manner, UploadReport, send_files
from kith.pipeline.walk import FoundFile, Refused
from kith.ports.catalog import Catalog
from kith.ports.depots import Depot

_ID: Final = 12
"""Digits of a photo's id in its key: two photos of one name and month are told apart."""

Listener = Callable[[int, int], None]
"""Hears how many photos are done, of how many."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of photos that the other side lacks.

    Attributes:
        lacking: how many it lacks.
        elsewhere: those of them that lie in a store, and not on this machine.
        report: of the others.
    """

    lacking: int
    elsewhere: int
    report: UploadReport


def send_photos(
    photos: Catalog,
    others: Catalog | None,
    depot: Depot,
    limits: PictureLimits,
    listener: Listener = lambda _done, _total: None,
) -> Sent:
    """Send those photos of a library that others lack, byte for byte; its files are only read.

    Each goes under year and month, its name, and the beginning of its id: the same whenever it is
    sent, wherever it lies. What is there is not written over.

    Args:
        photos: the library's.
        others: what the other side has; nothing if it keeps no record.
        depot: where they go.
        limits: pictures beyond these are sent, but not looked into.
        listener: hears how far it is.

    Raises:
        NotFoundError: there is no such bucket.
        StoreError: it cannot be reached, or refuses; what was sent stays.
    """
    lacking = list(_lacking(photos, others))
    places = photos.places_of([photo.id for photo in lacking])
    files: list[tuple[FoundFile, str]] = []
    refused: list[Refused] = []
    elsewhere = 0
    for photo in lacking:
        here = [place for place in places[photo.id] if not is_address(place.path)]
        file = next((_found(place) for place in here if _is_unchanged(place)), None)
        if file is not None:
            files.append((file, key_of(photo, file.path)))
        elif places[photo.id] and not here:
            elsewhere += 1
        else:
            refused.append(_lost(photo, here))
    report = send_files(files, depot, Manner(), limits, listener)
    report.refused[:0] = refused
    return Sent(len(lacking), elsewhere, report)


def key_of(photo: Photo, path: Path) -> str:
    """Under which key a photo goes that lies at this path."""
    name = PurePosixPath(path.name.encode("utf-8", "replace").decode())
    when = f"{photo.taken_at:%Y/%m}" if photo.taken_at else "undated"
    return f"{when}/{name.stem}-{photo.id[:_ID]}{name.suffix}"


def _lacking(photos: Catalog, others: Catalog | None) -> Iterator[Photo]:
    for some in in_chunks(photos.photos()):
        ids = [photo.id for photo in some]
        known = others.has_photos(ids) if others else frozenset[PhotoId]()
        yield from (photo for photo in some if photo.id not in known)


def _is_unchanged(place: Place) -> bool:
    """Whether the file is still what it was when it was added: else it is another photo."""
    try:
        return look_at(Path(place.path)) == place
    except NotFoundError:
        return False


def _found(place: Place) -> FoundFile:
    return FoundFile(Path(place.path), place.byte_size, place.modified_ns)


def _lost(photo: Photo, here: Sequence[Place]) -> Refused:
    if here:
        path = Path(here[0].path)
        return Refused(path, "has changed since it was added, or is gone", "Add its folder again.")
    return Refused(Path(photo.id), "has no file any more", "Bring it back, or forget it.")
