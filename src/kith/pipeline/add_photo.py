"""What happens to a photo that arrives: receive, thumbnail, recognize, group, store, announce.

The first three steps of several batches may run at once, in any thread. The last three run batch by
batch in the order of arrival, so that who is who does not depend on which thread was faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kith.domain.errors import KithError, LibraryError, PictureError
from kith.domain.face import Face
from kith.domain.grouping import Step
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.grouping.draft import Draft
from kith.imaging.picture import Picture
from kith.imaging.thumbnail import placeholder, thumbnail
from kith.pipeline.decisions.decide import retrying
from kith.pipeline.decisions.settle import settle
from kith.pipeline.library import Library
from kith.pipeline.marks import index_unmarked
from kith.pipeline.neighbors import StoredNeighborhood
from kith.pipeline.originals import look_at
from kith.pipeline.walk import absolute
from kith.ports.catalog import PhotoRecord
from kith.ports.recognition import Indexed, IndexEntry

THUMBNAIL_LONG_SIDE = 512
"""Pixels. Fills a tile of the album at twice the density of a usual screen, so that an album is
seen at once, also where the originals are on a disk that is asleep. 2 ms more than 320 would take,
of some 70 for a photo."""

WORKING_LONG_SIDE = 1280
"""Pixels. What recognition looks at in most photos: decoding once for it serves the thumbnail, too.
Detection at 1280 finds 98.8 % of faces; smaller ones ask for more by themselves."""

FIRST_LONG_SIDE = 640
"""Pixels. What recognition looks at first in every photo. Made before the thumbnail, it leaves it
little to do: 2.5 ms instead of 8 ms for a photo of 12 megapixels."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one file.

    Attributes:
        place: where it lies, as it was before it was read.
        photo: the photo it holds; ``None`` if it was refused.
        faces: the photo's faces, largest first; empty if the photo was known already.
        known: the photo was in the library before, from another place.
        placeholder: of a new photo, to show until its thumbnail is there.
        problem: why it was refused, or could not be read.
        unread: it could not be read, which says nothing about its content; so it is not remembered
            as refused, and is tried again next time.
    """

    place: Place
    photo: Photo | None = None
    faces: tuple[Face, ...] = ()
    known: bool = False
    placeholder: bytes | None = None
    problem: Problem | None = None
    unread: bool = False


Listener = Callable[[Arrival], None]
"""Hears of every file when it is stored."""

Onlooker = Callable[[Picture, Sequence[Face]], None]
"""Sees the picture of every new photo with its faces, before anything is stored."""


def _look_away(_picture: Picture, _faces: Sequence[Face]) -> None:
    """Whoever needs nothing of the pictures."""


def add_photo(library: Library, path: Path, listener: Listener) -> Arrival:
    """Add one file to the library."""
    return Finisher(library, listener).finish(prepare(library, [look_at(absolute(path))]))[0]


def prepare(
    library: Library, places: Sequence[Place], onlooker: Onlooker = _look_away
) -> Sequence[Arrival]:
    """The steps that need no order: receive, thumbnail, recognize."""
    received = [_receive(library, place) for place in places]
    new = _new_photos(library, received)
    placeholders = {photo_id: _make_thumbnail(library, one) for photo_id, one in new.items()}
    recognized = _recognize(library, new)
    for photo_id, row in recognized.items():
        picture = new[photo_id].picture
        if row.error is None and picture is not None:
            onlooker(picture, row.faces)
    return [_outcome(one.arrival, recognized, placeholders) for one in received]


class Finisher:
    """The steps in order: group into people, store, announce. One thread at a time.

    It remembers the groups it has met, so keep one for a whole run, in which nobody else adds or
    removes photos. Decisions may be made meanwhile. Where others may add photos, too, take a new
    one for each batch, and name the edition.
    """

    def __init__(self, library: Library, listener: Listener) -> None:
        self._library = library
        self._listener = listener
        self._draft = Draft(StoredNeighborhood(library.catalog, library.collection))

    def finish(self, arrivals: Sequence[Arrival], edition: int | None = None) -> Sequence[Arrival]:
        """Group, store and announce a batch; answers what became of its files.

        Args:
            arrivals: what was prepared.
            edition: of the catalog, as it was read before this finisher was made; ``None`` where
                nobody else adds photos.

        Raises:
            StaleError: the library is of another edition by now; nothing was stored.
        """
        checked = self._without_repeats(arrivals)
        steps = [step for arrival in checked for step in self._group(arrival)]
        self._store(checked, steps, edition)
        for arrival in checked:
            self._listener(arrival)
        return checked

    def _without_repeats(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Copies that were prepared at the same time as their twin are known by now."""
        ids = [arrival.photo.id for arrival in arrivals if arrival.photo]
        stored = set(self._library.catalog.has_photos(ids))
        checked: list[Arrival] = []
        for arrival in arrivals:
            known = arrival.photo is not None and arrival.photo.id in stored
            checked.append(replace(arrival, known=True, faces=()) if known else arrival)
            if arrival.photo:
                stored.add(arrival.photo.id)
        return checked

    def _group(self, arrival: Arrival) -> Sequence[Step]:
        return self._draft.add(arrival.faces) if arrival.faces else ()

    def _store(
        self, arrivals: Sequence[Arrival], steps: Sequence[Step], edition: int | None
    ) -> None:
        records = [
            PhotoRecord(arrival.photo, arrival.place, arrival.faces, arrival.placeholder)
            for arrival in arrivals
            if arrival.photo
        ]
        problems = [
            arrival.problem for arrival in arrivals if arrival.problem and not arrival.unread
        ]
        if records and edition is not None:
            self._settle(records, steps, edition)
        elif records:
            retrying(lambda: self._settle(records, steps, self._library.catalog.edition()))
        if problems:
            self._library.catalog.note_problems(problems)

    def _settle(self, records: Sequence[PhotoRecord], steps: Sequence[Step], edition: int) -> None:
        catalog = self._library.catalog
        new = [record for record in records if record.faces]
        change = settle(catalog, new, steps)
        announcer = self._library.announcer
        notices = announcer.of_faces(catalog, new, change) if announcer else ()
        catalog.store(records, steps, change, edition, notices=notices)


@dataclass(frozen=True, slots=True)
class _Received:
    """A file that was read: its picture if it is one, and what is known of it so far."""

    arrival: Arrival
    picture: Picture | None = None

    @property
    def photo(self) -> Photo | None:
        return self.arrival.photo


def _receive(library: Library, place: Place) -> _Received:
    """Read the file as a whole and say what photo it is."""
    try:
        place, picture = library.originals.receive(place)
        return _Received(Arrival(place, picture.describe()), picture)
    except LibraryError:
        raise
    except PictureError as error:
        return _Received(_refused(place, error))
    except KithError as error:
        return _Received(replace(_refused(place, error), unread=True))


def _new_photos(library: Library, received: Sequence[_Received]) -> dict[PhotoId, _Received]:
    """One of each photo that the library does not know."""
    by_id = {one.photo.id: one for one in reversed(received) if one.photo}
    stored = library.catalog.has_photos(by_id.keys())
    return {photo_id: one for photo_id, one in by_id.items() if photo_id not in stored}


def _make_thumbnail(library: Library, one: _Received) -> bytes | None:
    """Write the thumbnail; of a picture that cannot be decoded, recognition will say so.

    Returns the placeholder.
    """
    assert one.photo is not None
    assert one.picture is not None
    one.picture.prefer(WORKING_LONG_SIDE)
    try:
        one.picture.pixels(FIRST_LONG_SIDE)
        data = thumbnail(one.picture, THUMBNAIL_LONG_SIDE)
        tiny = placeholder(one.picture)
    except PictureError:
        return None
    library.derived.write(thumbnail_key(one.photo.id), data, durable=False)
    return tiny


def thumbnail_key(photo_id: PhotoId) -> str:
    """Where the thumbnail of a photo lies among the derived files."""
    return f"thumbnails/{photo_id[:2]}/{photo_id}.jpg"


def _recognize(library: Library, new: dict[PhotoId, _Received]) -> dict[PhotoId, Indexed]:
    """Find the faces of every new photo and keep them, searchable, under its id."""
    entries = [
        IndexEntry(photo_id, one.picture)
        for photo_id, one in new.items()
        if one.picture is not None
    ]
    return {row.photo_id: row for row in index_unmarked(library, entries)}


def _outcome(
    arrival: Arrival,
    recognized: Mapping[PhotoId, Indexed],
    placeholders: Mapping[PhotoId, bytes | None],
) -> Arrival:
    """The arrival with the faces of its photo; copies in one batch share them."""
    row = recognized.get(arrival.photo.id) if arrival.photo else None
    if row is None:
        return arrival
    if isinstance(row.error, KithError):
        return _refused(arrival.place, row.error)
    return replace(arrival, faces=row.faces, placeholder=placeholders.get(row.photo_id))


def _refused(place: Place, error: KithError) -> Arrival:
    return Arrival(place, problem=Problem(place, error.message, error.advice))
