"""The documents of photos of a library: what is known of them, read and put together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kith.domain.errors import KithError, NotFoundError
from kith.domain.face import Face
from kith.domain.findings import PhotoFindings
from kith.domain.person import Person, PersonId
from kith.domain.photo import Photo, PhotoId
from kith.imaging.picture import Picture
from kith.imaging.tags import TagValue, exif_tags
from kith.pipeline.albums.records import Records
from kith.pipeline.chunks import in_chunks
from kith.pipeline.crops import open_original
from kith.pipeline.findings.document import Everything, FoundFace, findings_document
from kith.pipeline.originals import Originals
from kith.ports.catalog import Catalog


def findings_documents(
    records: Records,
    originals: Originals,
    photo_ids: Collection[PhotoId] | None = None,
    *,
    face_engine: str | None,
) -> Iterator[dict[str, Any]]:
    """A document for each of these photos, or of all, in order of arrival.

    Originals are read for what their cameras wrote; where none can be read, ``exif`` is null.
    """

    def read(photo_id: PhotoId) -> Picture | None:
        return open_original(records.catalog, originals, photo_id)

    return _documents(records, photo_ids, read, face_engine)


def document_of(
    records: Records, photo_id: PhotoId, picture: Picture | None, *, face_engine: str | None
) -> dict[str, Any]:
    """The document of one photo, whose original is at hand, or ``None`` where it cannot be read.

    Raises:
        NotFoundError: there is no such photo, or not any more.
    """
    for document in _documents(records, [photo_id], lambda _: picture, face_engine):
        return document
    raise NotFoundError(f"There is no photo {photo_id}")


def known_of_photos(
    records: Records, photo_ids: Collection[PhotoId] | None = None
) -> Iterator[Everything]:
    """All that the library knows of each of these photos, or of all; nothing that files say."""
    people = _People(records.catalog)
    for photos in in_chunks(records.catalog.photos(photo_ids)):
        yield from _gathered(records, photos, people)


def _documents(
    records: Records,
    photo_ids: Collection[PhotoId] | None,
    read: Callable[[PhotoId], Picture | None],
    face_engine: str | None,
) -> Iterator[dict[str, Any]]:
    for known in known_of_photos(records, photo_ids):
        exif = _exif(read, known.photo.id)
        yield findings_document(replace(known, exif=exif, face_engine=face_engine))


class _People:
    """Those of the library who are asked for, each read once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[PersonId, Person] = {}

    def __getitem__(self, person_id: PersonId) -> Person:
        if person_id not in self._known:
            self._known[person_id] = self._catalog.person(person_id)
        return self._known[person_id]


def _gathered(records: Records, photos: Sequence[Photo], people: _People) -> Iterator[Everything]:
    photo_ids = [photo.id for photo in photos]
    places = records.catalog.places_of(photo_ids)
    found = records.findings.of(photo_ids)
    faces = _faces_in(records.catalog, photo_ids, people)
    for photo in photos:
        yield Everything(
            photo,
            [place.path for place in places.get(photo.id, ())],
            faces[photo.id],
            found.get(photo.id, PhotoFindings(photo.id)),
        )


def _faces_in(
    catalog: Catalog, photo_ids: Sequence[PhotoId], people: _People
) -> Mapping[PhotoId, list[FoundFace]]:
    every: list[Face] = list(catalog.faces(photo_ids))
    appearances = catalog.appearances_of([face.id for face in every])
    found: dict[PhotoId, list[FoundFace]] = {photo_id: [] for photo_id in photo_ids}
    for face in every:
        appearance = appearances.get(face.id)
        person = people[appearance.person_id] if appearance else None
        found[face.photo_id].append(FoundFace(face, person, appearance))
    return found


def _exif(
    read: Callable[[PhotoId], Picture | None], photo_id: PhotoId
) -> Mapping[str, Mapping[str, TagValue]] | None:
    try:
        picture = read(photo_id)
        return None if picture is None else exif_tags(picture)
    except KithError:
        return None
