"""The long part of a migration: every photo's faces are found and embedded anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

from kith.domain.errors import KithError
from kith.domain.photo import PhotoId
from kith.pipeline.abreast import abreast
from kith.pipeline.chunks import in_chunks
from kith.pipeline.crops import open_original
from kith.pipeline.marks import index_unmarked
from kith.pipeline.migration.successor import Listener, Migrating
from kith.ports.catalog import Catalog
from kith.ports.recognition import IndexEntry

_BATCH = 4
"""Photos worked on in one go; a transaction costs as much for several as for one."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A photo whose original could not be read, so that its faces stay those of the old pack.

    Attributes:
        photo_id: which photo.
        path: where it lay last; empty if nothing is known of that.
        faces: how many faces the library has of it.
        reason: what is wrong, in one sentence.
    """

    photo_id: PhotoId
    path: str
    faces: int
    reason: str


@dataclass(slots=True)
class Survey:
    """What is to be done, and what cannot be.

    Attributes:
        photos: all photos of the library.
        done: those whose new faces were found by an earlier run.
        todo: those whose originals are to be read, in the order of arrival.
        unreadable: those with faces that cannot be read.
    """

    photos: int = 0
    done: int = 0
    todo: list[PhotoId] = field(default_factory=list[PhotoId])
    unreadable: list[Unreadable] = field(default_factory=list[Unreadable])


def survey(work: Migrating) -> Survey:
    """What a migration has to do; changes nothing, and opens no file."""
    found = Survey()
    for photos in in_chunks(work.library.catalog.photos()):
        photo_ids = [photo.id for photo in photos]
        indexed = work.successor.indexed(photo_ids)
        places = work.library.catalog.places_of(photo_ids)
        found.photos += len(photo_ids)
        found.done += len(indexed)
        found.todo += [id_ for id_ in photo_ids if id_ not in indexed and places.get(id_)]
        lost = [id_ for id_ in photo_ids if id_ not in indexed and not places.get(id_)]
        reason = "No file has it any more"
        found.unreadable += _unreadable(work.library.catalog, dict.fromkeys(lost, reason))
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking for faces.

    Attributes:
        photos: how many photos were looked at.
        unreadable: those with faces that could not be read.
    """

    photos: int
    unreadable: tuple[Unreadable, ...]


def find_faces(work: Migrating, todo: Sequence[PhotoId], listener: Listener) -> Found:
    """Find and embed the faces of these photos.

    Raises:
        LibraryError: the library cannot be written to; what was done stays.
    """
    reasons: dict[PhotoId, str] = {}
    done = 0
    batches = (todo[start : start + _BATCH] for start in range(0, len(todo), _BATCH))
    with closing(
        abreast(partial(_index, work), batches, workers=work.library.workers, name="migrate")
    ) as indexed:
        for refused, count in indexed:
            reasons |= refused
            done += count
            listener("finding faces", done, len(todo))
    return Found(len(todo) - len(reasons), tuple(_unreadable(work.library.catalog, reasons)))


def _index(work: Migrating, photo_ids: Sequence[PhotoId]) -> tuple[Mapping[PhotoId, str], int]:
    reasons: dict[PhotoId, str] = {}
    entries: list[IndexEntry] = []
    for photo_id in photo_ids:
        picture = open_original(work.library.catalog, work.library.originals, photo_id)
        if picture is None:
            reasons[photo_id] = "No file has these bytes any more, or it cannot be read"
        else:
            entries.append(IndexEntry(photo_id, picture))
    for row in index_unmarked(work.library, entries) if entries else ():
        if isinstance(row.error, KithError):
            reasons[row.photo_id] = row.error.message
    return reasons, len(photo_ids)


def _unreadable(catalog: Catalog, reasons: Mapping[PhotoId, str]) -> list[Unreadable]:
    """Those of these photos that have faces: of others nothing is lost."""
    faces: dict[PhotoId, int] = {}
    for face in catalog.faces(reasons.keys()) if reasons else ():
        faces[face.photo_id] = faces.get(face.photo_id, 0) + 1
    places = catalog.places_of(faces.keys())
    return [
        Unreadable(id_, places[id_][0].path if places.get(id_) else "", count, reasons[id_])
        for id_, count in faces.items()
    ]
