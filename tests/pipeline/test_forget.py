"""Forgetting is real: who was forgotten is nowhere, and stays forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from kith.domain.errors import NotFoundError
from kith.domain.face import Face
from kith.domain.person import Person
from kith.imaging.picture import Picture
from kith.pipeline.crops import Crops, crop_key
from kith.pipeline.decisions.corrections import (
    confirm,
    different_people,
    merge_people,
    name_person,
    not_this_person,
    strangers,
)
from kith.pipeline.decisions.journal_entries import take_back
from kith.pipeline.doctor import examine
from kith.pipeline.findings.document import document_key
from kith.pipeline.forget import (
    finish_forgetting,
    forget_all_faces,
    forget_person,
    forget_photos,
)
from kith.pipeline.marks import Marks
from kith.pipeline.people import find

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

    from kith.pipeline.library import Library

ANNA, BERT, CARL = 0, 4, 8

_WRITES = frozenset(
    {"write", "delete", "forget", "erase", "record", "remove_photos", "rebuild_index", "scrub"}
)


class _PowerCutError(Exception):
    """The end of a process."""


class _Cut:
    """A part of a library that fails once so many of its and its siblings' writes were done."""

    def __init__(self, part: Any, left: list[int]) -> None:
        self._part = part
        self._left = left

    def __getattr__(self, name: str) -> Any:
        if name in _WRITES:
            self._left[0] -= 1
            if self._left[0] < 0:
                raise _PowerCutError
        return getattr(self._part, name)


def cut_after(library: Library, writes: int) -> Library:
    """The library, which fails after so many writes, whichever of its parts they go to."""
    left = [writes]
    parts: dict[str, Any] = {
        name: _Cut(getattr(library, name), left)
        for name in ("catalog", "collection", "derived", "upkeep")
    }
    return replace(library, **parts)


@pytest.fixture
def party(world: World) -> World:
    """Anna in three photos, Bert in two of them, Carl with both."""
    world.draw("anna.png", ANNA)
    world.draw("both.png", ANNA, BERT, gray=150)
    world.draw("all.png", BERT, ANNA, CARL, gray=100)
    world.draw("carl.png", CARL, gray=90)
    world.add()
    return world


def person(world: World, photo: str, name: str | None = None) -> Person:
    """Who is alone in that photo, named if a name is given."""
    catalog = world.library.catalog
    found = catalog.person(world.person_in(photo))
    if name:
        name_person(catalog, found, name, by="test")
    return catalog.person(found.id)


def test_a_forgotten_person_is_nowhere(party: World) -> None:
    """Not in the catalog, the collection, the crops, the journal, nor in any answer."""
    library = party.library
    anna, carl = person(party, "anna.png", "Anna Secret"), person(party, "carl.png", "Carl")
    different_people(library.catalog, anna, carl, by="test")
    faces = [each.face_id for each in library.catalog.appearances([anna.id])]
    crops = Crops(library.catalog, library.derived, library.originals)
    for face in library.catalog.faces_by_id(faces).values():
        assert crops.crop(face)

    report = forget_person(library, anna)

    assert (report.faces, report.photos, report.crops, report.people) == (3, 3, 3, 1)
    assert (report.decisions, report.rewritten, report.marks) == (2, 0, 3)
    with pytest.raises(NotFoundError):
        library.catalog.person(anna.id)
    kept = {face.id for face in library.collection.faces()}
    assert kept.isdisjoint(faces)
    assert kept == {face.id for face in library.catalog.faces()}
    assert not any(library.derived.list(crop_key(faces[0])))
    journal = list(library.catalog.decisions())
    assert "Secret" not in repr(journal)
    assert anna.id not in repr(journal)
    picture = Picture.open(party.draw("asked.png", ANNA, gray=33))
    (answer,) = find(library, picture)
    assert (answer.person, answer.photos) == (None, ())


def test_documents_of_the_forgotten_go(party: World) -> None:
    """Where they are kept beside the crops: of a person's photos, and of photos themselves."""
    library = party.library
    photos = [photo.id for photo in library.catalog.photos()]
    for photo_id in photos:
        library.derived.write(document_key(photo_id), b"{}")
    anna = person(party, "anna.png", "Anna")
    shown = {face.photo_id for face in faces_of(library, anna)}

    forget_person(library, anna)

    left = {document_key(photo_id) for photo_id in photos if photo_id not in shown}
    assert {one.key for one in library.derived.list("findings/")} == left
    assert len(left) == 1
    forget_photos(library, photos)
    assert not list(library.derived.list("findings/"))


def faces_of(library: Library, person: Person) -> list[Face]:
    """The person's faces."""
    ids = [each.face_id for each in library.catalog.appearances([person.id])]
    return list(library.catalog.faces_by_id(ids).values())


def test_the_others_are_as_they_were(party: World) -> None:
    """Their faces, names and ids, and what was said of them alone."""
    library = party.library
    carl = person(party, "carl.png", "Carl")
    before = party.groups()[carl.id]

    forget_person(library, person(party, "anna.png", "Anna"))

    assert party.groups()[carl.id] == before
    assert library.catalog.person(carl.id).name == "Carl"
    assert len(list(library.catalog.photos())) == 4
    assert examine(library) == []


def test_nobody_is_found_there_again(party: World) -> None:
    """Not when the photos are forgotten and added again, nor by the doctor; other faces are."""
    library = party.library
    anna = person(party, "anna.png", "Anna")
    forget_person(library, anna)

    forget_photos(library, [photo.id for photo in library.catalog.photos()])
    assert not any(library.catalog.photos())
    report = party.add()
    examine(library, fix=True)

    assert report.added == 4
    assert sorted(map(sorted, party.groups().values())) == [
        ["all.png", "both.png"], ["all.png", "carl.png"],
    ]  # fmt: skip
    assert {face.id for face in library.collection.faces()} == {
        face.id for face in library.catalog.faces()
    }


def test_a_mark_tells_neither_whom_nor_which_photo(party: World) -> None:
    """No photo id, person id, face id or name stands in what is kept."""
    library = party.library
    anna = person(party, "anna.png", "Anna Secret")
    faces = [each.face_id for each in library.catalog.appearances([anna.id])]
    forget_person(library, anna)

    kept = b"".join(library.derived.read(each.key) for each in library.derived.list("state/"))

    assert len(Marks(library.derived)) == 3
    ids = [anna.id, *faces, *(photo.id for photo in library.catalog.photos()), "Secret"]
    assert not any(id_.encode() in kept for id_ in ids)


def test_what_others_share_with_the_forgotten_loses_only_that_part(party: World) -> None:
    """A decision on several people's faces keeps the others'; undoing it still works."""
    library = party.library
    catalog = library.catalog
    anna, carl = person(party, "anna.png"), person(party, "carl.png", "Carl")
    crowd = next(
        face.photo_id for face in catalog.faces() if len(list(catalog.faces([face.photo_id]))) == 3
    )
    strangers(catalog, [crowd], by="test")
    assert len(catalog.standings()) == 2

    report = forget_person(library, anna)

    # Anna's face in that photo was a stranger by then, hence nobody's, and is not hers to forget.
    assert report.faces == 2
    assert len(catalog.standings()) == 2
    take_back(catalog, by="test")
    assert catalog.standings() == {}
    assert catalog.person(carl.id).name == "Carl"


def test_merges_and_corrections_of_the_forgotten_go_with_it(party: World) -> None:
    """Whoever had become part of the person is forgotten, too, and its undoings are no riddle."""
    library = party.library
    catalog = library.catalog
    anna, carl = person(party, "anna.png", "Anna"), person(party, "carl.png")
    merge_people(catalog, [carl], anna, by="test")
    face = next(catalog.appearances([anna.id])).face_id
    not_this_person(catalog, anna, [face], by="test")
    take_back(catalog, by="test")
    confirm(catalog, anna, [face], by="test")

    forget_person(library, catalog.person(anna.id))

    assert list(catalog.decisions()) == []
    assert list(party.groups().values()) == [frozenset({"all.png", "both.png"})]
    with pytest.raises(NotFoundError):
        catalog.person(carl.id)


def test_all_faces_can_be_forgotten_at_once(party: World) -> None:
    """Photos and thumbnails stay; nobody is left, nothing was said, and a new photo is new."""
    library = party.library
    person(party, "anna.png", "Anna")

    report = forget_all_faces(library)

    assert (report.faces, report.decisions) == (7, 1)
    assert list(library.catalog.people()) == list(library.catalog.decisions()) == []
    assert not any(library.collection.faces())
    assert library.catalog.counts().photos == 4
    assert examine(library) == []
    assert party.add().unchanged == 4
    party.draw("new.png", ANNA, gray=20)
    party.add()
    assert list(party.groups().values()) == [frozenset({"new.png"})]


def test_forgotten_photos_leave_their_files_and_what_was_said(party: World) -> None:
    """Added again, they show who they showed, by name."""
    library = party.library
    anna = person(party, "anna.png", "Anna")
    photo_ids = [photo.id for photo in library.catalog.photos()]

    report = forget_photos(library, photo_ids)

    assert (report.photos, report.faces, report.thumbnails) == (4, 7, 4)
    assert library.catalog.counts().faces == 0
    assert not any(library.derived.list("thumbnails/"))
    party.add()
    assert library.catalog.person(anna.id).name == "Anna"
    assert party.groups()[anna.id] == {"anna.png", "both.png", "all.png"}


@pytest.mark.parametrize("writes", range(11))
def test_interrupted_anywhere_the_same_request_goes_on(party: World, writes: int) -> None:
    """Whatever was done by then, repeating it ends as if it had not been interrupted."""
    library = party.library
    anna = person(party, "anna.png", "Anna")
    with pytest.raises(_PowerCutError):
        forget_person(cut_after(library, writes), anna)

    finish_forgetting(library)
    try:
        again = library.catalog.person(anna.id)
    except NotFoundError:
        again = None
    if again:
        forget_person(library, again)

    assert list(library.catalog.decisions()) == []
    assert {face.id for face in library.collection.faces()} == {
        face.id for face in library.catalog.faces()
    }
    assert sorted(map(sorted, party.groups().values())) == [
        ["all.png", "both.png"], ["all.png", "carl.png"],
    ]  # fmt: skip
    party.add()
    assert anna.id not in party.groups()
