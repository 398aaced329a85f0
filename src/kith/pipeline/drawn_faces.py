"""Faces that a human drew where the machine missed them: kept, searched and grouped as any other.

What was drawn stands in the journal, and whether the face counts is worked out from it; so undoing
needs no models. Where a library lacks a face that its journal has, for it was imported, or because
somebody was cut off, ``add_drawn_faces`` makes it.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from kith.domain.decision import Anchor
from kith.domain.errors import NoFaceError, PictureError
from kith.domain.face import Face
from kith.domain.photo import PhotoId
from kith.grouping.draft import Draft
from kith.pipeline.crops import open_original
from kith.pipeline.decisions.decide import retrying
from kith.pipeline.decisions.missed import drawn_faces
from kith.pipeline.decisions.settle import settle
from kith.pipeline.library import Library
from kith.pipeline.marks import Marks
from kith.pipeline.neighbors import StoredNeighborhood
from kith.ports.catalog import PhotoRecord
from kith.ports.recognition import IndexEntry


def add_drawn_faces(library: Library, photo_ids: Collection[PhotoId] | None = None) -> list[Face]:
    """Add the faces that the journal has in these photos, or in all, and the library lacks.

    Only for who has the library's turn. Left out are photos that are not there or cannot be read,
    faces of which nothing can be recognized, and places where somebody was forgotten.
    """
    drawn = drawn_faces(library.catalog, photo_ids)
    if not drawn:
        return []
    in_photo: dict[PhotoId, list[Face]] = {
        photo_id: [] for photo_id in library.catalog.has_photos(drawn.keys())
    }
    for face in library.catalog.faces(in_photo.keys()):
        in_photo[face.photo_id].append(face)
    lacking = [
        anchor
        for photo_id, known in in_photo.items()
        for anchor in drawn[photo_id]
        if anchor.find(known) is None
    ]
    return [face for anchor in lacking if (face := _add(library, anchor))]


def _add(library: Library, anchor: Anchor) -> Face | None:
    """The face, once it is kept and stored; ``None`` where that cannot be."""
    picture = open_original(library.catalog, library.originals, anchor.photo_id)
    if picture is None:
        return None
    face: Face | None = None
    with suppress(PictureError, NoFaceError):
        face = library.collection.add_face(IndexEntry(anchor.photo_id, picture), anchor.box)
    if face is not None and Marks(library.derived).covers(face):
        library.collection.forget([face.id])
        return None
    if face is not None:
        _store(library, face)
    return face


def _store(library: Library, face: Face) -> None:
    catalog = library.catalog
    photo = next(catalog.photos([face.photo_id]))
    place = catalog.places_of([photo.id])[photo.id][0]
    steps = Draft(StoredNeighborhood(catalog, library.collection)).add([face])

    def attempt() -> None:
        edition = catalog.edition()
        change = settle(catalog, [PhotoRecord(photo, place, (face,))], steps)
        catalog.add_faces([face], steps, change, edition)

    retrying(attempt)
