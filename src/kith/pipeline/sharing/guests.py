"""What a guest sees: photos that the link's query means, and nothing else.

Every question is put together with the link's own selection, so that no answer can hold another
photo. Who is hidden, or refused to be recognized, is nobody to guests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kith.domain.access import Link
from kith.domain.errors import ForbiddenError, NotFoundError
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.domain.query import QueryError
from kith.domain.selection import Condition, Selection, Shows
from kith.imaging.picture import Picture
from kith.pipeline.albums.albums import holds
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.resolve import resolve_saved
from kith.pipeline.library import Library
from kith.pipeline.sharing.shown import GuestPerson, is_shown, people_shown

CONSENT: Final = (
    "Your picture is used once, to look for your face among these photos. "
    "It is not kept, and neither is anything that was found out about it."
)
"""What a guest agrees to before looking for himself."""

FIND_ME_MIN_SIMILARITY: Final = 80.0
"""Percent. One pair of strangers in 10,000 passes: a guest is to see himself, nobody else."""

_MOST_FOUND: Final = 100_000
"""Faces that a guest's picture is compared with at most: of those that are like it."""


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
    if not holds(records, photos_of(records, link), photo_id):
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
    return people_shown(records, photo_ids)


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


def _shown(records: Records, link: Link, person_id: PersonId) -> Person:
    """The person of that id, if guests are shown him.

    Raises:
        NotFoundError: there is none, or guests are not.
    """
    person = records.catalog.person(person_id) if link.people else None
    if person is None or not is_shown(person):
        raise NotFoundError("There is no such person in these photos")
    return person
