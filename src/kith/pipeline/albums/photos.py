"""Run a query: which photos are meant, and what a list shows of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kith.domain.face import FaceId
from kith.domain.person import Appearance, PersonId
from kith.domain.photo import Photo, PhotoId, Place
from kith.domain.query_parse import parse_query
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.resolve import resolve
from kith.pipeline.chunks import in_chunks
from kith.pipeline.originals import is_address
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Shown:
    """Someone in a photo.

    Attributes:
        person_id: who.
        name: what the person is called, if anything.
        similarity: how well the face fits, percent.
    """

    person_id: PersonId
    name: str | None
    similarity: float


@dataclass(frozen=True, slots=True)
class ListedPhoto:
    """A photo as a list shows it.

    Attributes:
        photo: itself.
        places: where it lies, by path; empty for a missing photo.
        people: who is in it, the largest face first, hidden people too.
        face_count: faces found in it, whoever they are.
    """

    photo: Photo
    places: tuple[Place, ...]
    people: tuple[Shown, ...]
    face_count: int


def photos_matching(records: Records, text: str, *, limit: int | None = None) -> Sequence[PhotoId]:
    """The photos that a query means, in the order of ``PhotoQueries.matching``.

    Raises:
        QueryError: the query cannot be understood, or names someone or something unknown.
    """
    return records.queries.matching(resolve(records, parse_query(text)), limit=limit)


def files_of(catalog: Catalog, photo_ids: Sequence[PhotoId]) -> list[Path]:
    """A file of each photo, one that is there if any is; none of a photo that no file holds."""
    files: list[Path] = []
    for chunk in in_chunks(photo_ids):
        places = catalog.places_of(chunk)
        for photo_id in chunk:
            known = (place.path for place in places.get(photo_id, ()))
            paths = [Path(path) for path in known if not is_address(path)]
            files += [path for path in paths if path.exists()][:1] or paths[:1]
    return files


def list_photos(records: Records, photo_ids: Sequence[PhotoId]) -> Iterator[ListedPhoto]:
    """These photos in their order, with what a list shows of them; unknown ones are left out."""
    # All names at once: asking for each person by itself would take longer than all else.
    names = records.queries.named_people()
    for chunk in in_chunks(photo_ids):
        yield from _listed(records.catalog, chunk, names)


def _listed(
    catalog: Catalog, photo_ids: Sequence[PhotoId], names: Mapping[PersonId, str]
) -> Iterator[ListedPhoto]:
    photos = {photo.id: photo for photo in catalog.photos(photo_ids)}
    places = catalog.places_of(photo_ids)
    faces: dict[PhotoId, list[FaceId]] = {photo_id: [] for photo_id in photos}
    for face in catalog.faces(photo_ids):
        faces[face.photo_id].append(face.id)
    appearances = catalog.appearances_of([id_ for some in faces.values() for id_ in some])
    for photo_id in photo_ids:
        if photo_id in photos:
            found = faces[photo_id]
            shown = [appearances[face_id] for face_id in found if face_id in appearances]
            yield ListedPhoto(
                photos[photo_id], places.get(photo_id, ()), _who(shown, names), len(found)
            )


def _who(shown: Sequence[Appearance], names: Mapping[PersonId, str]) -> tuple[Shown, ...]:
    """Each person once, though a mirror may show someone twice."""
    once: dict[PersonId, Shown] = {}
    for one in shown:
        who = one.person_id
        once.setdefault(who, Shown(who, names.get(who), one.similarity))
    return tuple(once.values())
