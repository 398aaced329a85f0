"""What a guest sees: photos that the link's query means, and nothing else.

Every question is put together with the link's own selection, so that no answer can hold another
photo. Who is hidden, or refused to be recognized, is nobody to guests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kith.domain.access import Link
from kith.domain.errors import ForbiddenError, NotFoundError
from kith.domain.face import Face, FaceId
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.domain.query import QueryError
from kith.domain.selection import Condition, Selection, Shows
from kith.imaging.picture import Picture
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.resolve import resolve_saved
from kith.pipeline.chunks import in_chunks
from kith.pipeline.library import Library

CONSENT: Final = (
    "Your picture is used once, to look for your face among these photos. "
    "It is not kept, and neither is anything that was found out about it."
)
"""What a guest agrees to before looking for himself."""

FIND_ME_MIN_SIMILARITY: Final = 80.0
"""Percent. One pair of strangers in 10,000 passes: a guest is to see himself, nobody else."""

MOST_PEOPLE: Final = 500
"""People whom a guest is shown; those in most photos."""

_MOST_FOUND: Final = 100_000
"""Faces that a guest's picture is compared with at most: of those that are like it."""


@dataclass(frozen=True, slots=True)
class GuestPerson:
    """Somebody in the photos of a link.

    Attributes:
        id: who.
        name: if that is known.
        cover: a face of one of these photos.
        photo_count: how many of these photos show him.
    """

    id: PersonId
    name: str | None
    cover: FaceId
    photo_count: int


def photos_of(records: Records, link: Link, *, of: PersonId | None = None) -> Selection:
    """The photos of a link.

    Args:
        records: the library's.
        link: whose.
        of: those alone that show this person, whom the guest must be shown.

    Raises:
        NotFoundError: what the link is about has gone, or the guest is not shown such a person.
    """
    try:
        selection = resolve_saved(records, link.query, "")
    except QueryError as error:
        raise NotFoundError("What this link led to is not there any more") from error
    if of is None:
        return selection
    person = _shown(records, link, of)
    return Selection((*selection.conditions, Condition(Shows(frozenset({person.id})))))


def require_photo(records: Records, link: Link, photo_id: PhotoId) -> PhotoId:
    """See that a photo is one of a link's.

    Raises:
        NotFoundError: it is not, or there is no such photo; a guest learns not which.
    """
    if photo_id not in records.queries.matching(photos_of(records, link)):
        raise NotFoundError("There is no such photo among these")
    return photo_id


def people_in(
    records: Records, link: Link, photo_ids: Sequence[PhotoId] | None = None
) -> list[GuestPerson]:
    """Who is in the photos of a link, those in most photos first.

    Args:
        records: the library's.
        link: whose.
        photo_ids: photos of the link; all of them without.

    Raises:
        ForbiddenError: guests are not to see that.
    """
    if not link.people:
        raise ForbiddenError("This link does not tell who is in the photos")
    if photo_ids is None:
        photo_ids = records.queries.matching(photos_of(records, link))
    photos: Counter[PersonId] = Counter()
    covers: dict[PersonId, tuple[float, FaceId]] = {}
    for shown in _shown_faces(records, photo_ids):
        photos.update({person_id for _face, person_id in shown})
        for face, person_id in shown:
            # By id where they are as good, so that the same face is shown each time.
            best = covers.get(person_id, (-1.0, face.id))
            covers[person_id] = max(best, (face.detail.quality.overall, face.id))
    people = {one: records.catalog.person(one) for one in photos}
    return [
        GuestPerson(one, people[one].name, covers[one][1], count)
        for one, count in sorted(photos.items(), key=lambda item: (-item[1], item[0]))
        if _is_shown(people[one])
    ][:MOST_PEOPLE]


def find_me(library: Library, records: Records, link: Link, picture: Picture) -> list[PhotoId]:
    """The photos of a link that show the largest face of a picture, which is not kept.

    Whoever in the library is most like it counts with every face, unless he refused that.

    Raises:
        ForbiddenError: guests may not look for themselves here.
        NoFaceError: the picture shows no face.
        PictureError: it cannot be decoded.
    """
    require_find_me(link)
    selection = photos_of(records, link)
    found = library.collection.search_by_picture(
        picture, min_similarity=FIND_ME_MIN_SIMILARITY, limit=_MOST_FOUND
    ).matches
    known = records.catalog.appearances_of([match.face_id for match in found])
    whose = {face_id: one.person_id for face_id, one in known.items()}
    refused = {one for one in set(whose.values()) if records.catalog.person(one).consent is False}
    nearest = next((whose[match.face_id] for match in found if match.face_id in whose), None)
    if nearest in refused:
        return []
    showing = {match.photo_id for match in found if whose.get(match.face_id) not in refused}
    if nearest is not None:
        also = Condition(Shows(frozenset({nearest})))
        showing.update(records.queries.matching(Selection((*selection.conditions, also))))
    return [photo_id for photo_id in records.queries.matching(selection) if photo_id in showing]


def require_find_me(link: Link) -> None:
    """See that guests may look for themselves.

    Raises:
        ForbiddenError: they may not.
    """
    if not link.find_me:
        raise ForbiddenError("This link does not let guests look for themselves")


def _shown_faces(
    records: Records, photo_ids: Sequence[PhotoId]
) -> Iterator[list[tuple[Face, PersonId]]]:
    """The faces of each photo that are somebody's."""
    for chunk in in_chunks(photo_ids):
        by_photo: dict[PhotoId, list[Face]] = {}
        for face in records.catalog.faces(chunk):
            by_photo.setdefault(face.photo_id, []).append(face)
        every = [face.id for faces in by_photo.values() for face in faces]
        whose = records.catalog.appearances_of(every)
        for faces in by_photo.values():
            yield [(face, whose[face.id].person_id) for face in faces if face.id in whose]


def _shown(records: Records, link: Link, person_id: PersonId) -> Person:
    """The person of that id, if guests are shown him.

    Raises:
        NotFoundError: there is none, or guests are not.
    """
    person = records.catalog.person(person_id) if link.people else None
    if person is None or not _is_shown(person):
        raise NotFoundError("There is no such person in these photos")
    return person


def _is_shown(person: Person) -> bool:
    return not person.hidden and person.consent is not False
