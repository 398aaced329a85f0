"""What every adapter of the port ``Catalog`` promises of photos, places and faces."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from catalog_records import (
    a_naming,
    a_place,
    a_record,
    an_unknown_face,
    everything,
    founding,
    group_of,
    person_of,
    say,
    seats,
    store,
)

from kith.domain.errors import NotFoundError, StaleError
from kith.domain.grouping import Seat
from kith.domain.person import Appearance, Person
from kith.domain.photo import Problem, photo_id_of
from kith.ports.catalog import Catalog, Counts, KnownPlace, PhotoRecord

# -- more faces of known photos --------------------------------------------------------------------


def test_more_faces_of_a_known_photo(catalog: Catalog) -> None:
    """Faces that come later stand among the others by size, with what is said of them."""
    record = a_record("a", faces=3)
    first, later, last = record.faces
    store(catalog, [replace(record, faces=(first, last))], seats(first))

    steps, change = seats(later), founding(later)
    catalog.add_faces([later, first], steps, change, catalog.edition())
    once = everything(catalog)
    catalog.add_faces([later], steps, change, catalog.edition())

    assert everything(catalog) == once
    assert list(catalog.faces()) == list(record.faces)
    assert list(catalog.steps()) == [*seats(first), *seats(later)]
    assert [each.cover for each in catalog.people()] == [later.id]


def test_faces_of_unknown_photos_are_left_out(catalog: Catalog) -> None:
    """A face whose photo is not there is not kept, nor what is said of it."""
    (face,) = a_record("a", faces=1).faces

    catalog.add_faces([face], seats(face), founding(face), catalog.edition())

    assert list(catalog.faces()) == []
    assert list(catalog.people()) == []


def test_faces_worked_out_from_old_data_are_refused(catalog: Catalog) -> None:
    """If anything changed since the edition was read, no face is added."""
    record = a_record("a", faces=2)
    edition = catalog.edition()
    store(catalog, [replace(record, faces=record.faces[:1])])
    before = everything(catalog)

    with pytest.raises(StaleError):
        catalog.add_faces(record.faces[1:], [], founding(record.faces[1]), edition)

    assert everything(catalog) == before


# -- photos and places -----------------------------------------------------------------------------


def test_what_was_stored_can_be_read(catalog: Catalog) -> None:
    """A stored photo, its place and its faces are read as they were handed over."""
    record = a_record("a", faces=2)

    store(catalog, [record])

    assert list(catalog.photos()) == [record.photo]
    assert list(catalog.places()) == [KnownPlace(record.place, record.photo.id)]
    assert list(catalog.faces()) == list(record.faces)
    assert catalog.places_of([record.photo.id]) == {record.photo.id: (record.place,)}


def test_storing_twice_changes_nothing(catalog: Catalog) -> None:
    """The same call to ``store`` may be repeated."""
    record = a_record("a", faces=2)
    steps, change = seats(*record.faces), founding(record.faces[0])

    store(catalog, [record, record], steps, change)
    once = everything(catalog)
    store(catalog, [record, record], steps, change)

    assert everything(catalog) == once
    assert once[0] == Counts(1, 1, 2, 1, 0, 1, 0)


def test_a_copy_is_the_same_photo_at_anothera_place(catalog: Catalog) -> None:
    """A photo that is already known keeps its data and faces, and gains the place."""
    first = a_record("a", faces=1)
    copy = replace(
        first,
        photo=replace(first.photo, camera="another"),
        place=a_place("/photos/copy of a.jpg"),
        faces=(),
    )

    store(catalog, [first])
    store(catalog, [copy])

    assert list(catalog.photos()) == [first.photo]
    assert list(catalog.faces()) == list(first.faces)
    assert catalog.places_of([first.photo.id]) == {first.photo.id: (first.place, copy.place)}


def test_a_file_holds_one_thing_at_a_time(catalog: Catalog) -> None:
    """A place that held another photo, or a problem, holds what was last found there."""
    old, new = a_record("old"), a_record("new")
    problem = Problem(old.place, "it is truncated", "Copy it again.")

    store(catalog, [old])
    store(catalog, [replace(new, place=old.place)])
    assert list(catalog.places()) == [KnownPlace(old.place, new.photo.id)]

    catalog.note_problems([problem])
    assert list(catalog.places()) == [KnownPlace(old.place, None)]
    assert list(catalog.problems()) == [problem]

    catalog.add_places([(old.photo.id, old.place)])
    assert list(catalog.places()) == [KnownPlace(old.place, old.photo.id)]
    assert list(catalog.problems()) == []


def test_a_place_of_an_unknown_photo_is_refused_as_a_whole(catalog: Catalog) -> None:
    """``add_places`` adds nothing if one of the photos is not known."""
    known = a_record("a")
    store(catalog, [known])

    with pytest.raises(NotFoundError):
        catalog.add_places(
            [(known.photo.id, a_place("/b.jpg")), (photo_id_of(b"?"), a_place("/c.jpg"))]
        )

    assert [each.place for each in catalog.places()] == [known.place]


def test_a_photo_without_a_place_is_missing_not_gone(catalog: Catalog) -> None:
    """A photo that loses its last place stays, with its faces, and lies nowhere."""
    record = a_record("a", faces=1)
    store(catalog, [record])

    catalog.remove_places([record.place.path, "/never/seen.jpg"])

    assert catalog.places_of([record.photo.id, photo_id_of(b"?")]) == {record.photo.id: ()}
    assert list(catalog.places()) == []
    assert list(catalog.faces([record.photo.id])) == list(record.faces)


def test_folders_are_compared_by_whole_parts(catalog: Catalog) -> None:
    """A folder holds itself and what lies below, and not what merely begins alike."""
    below = ["/a/b", "/a/b/%", "/a/b/_/x", "/a/b/c", "/a/b/ü"]
    beside = ["/a/B/c", "/a/b c", "/a/b!", "/a/b0", "/a/bc", "/b/a/b"]
    catalog.note_problems([Problem(a_place(path), "broken", "") for path in [*beside, *below]])

    assert [problem.place.path for problem in catalog.problems("/a/b")] == below
    assert [problem.place.path for problem in catalog.problems("/a/b/")] == below
    assert [each.place.path for each in catalog.places("/")] == sorted([*below, *beside])
    assert [each.place.path for each in catalog.places("/a/b/_")] == ["/a/b/_/x"]
    assert list(catalog.places("/a/b/_/")) == list(catalog.places("/a/b/_"))
    assert list(catalog.places("/%")) == []


def test_paths_need_not_be_utf_8(catalog: Catalog) -> None:
    """File names that are not text come back as they were, in the order of their code points."""
    paths = ["/a/\x01", "/a/\x1a0041", "/a/z", "/a/ä", "/a/\udc80", "/a/\udcff/x", "/a/\U0001f600"]

    catalog.note_problems([Problem(a_place(path), f"{path} broken", path) for path in paths])

    assert [each.place.path for each in catalog.places("/a")] == paths
    assert [each.reason for each in catalog.problems("/a/\udcff")] == ["/a/\udcff/x broken"]


@pytest.mark.many
def test_reading_and_writing_take_turns(catalog: Catalog) -> None:
    """A caller may write between the steps of an iteration, and still sees every place once."""
    records = [a_record(f"{number:04}") for number in range(2500)]
    store(catalog, records)

    seen: list[str] = []
    for number, each in enumerate(catalog.places()):
        seen.append(each.place.path)
        if number % 1000 == 0:
            catalog.note_problems([Problem(a_place(f"/!{number}"), "broken", "")])

    assert [path for path in seen if path[1] != "!"] == [each.place.path for each in records]


@pytest.mark.many
def test_photos_keep_the_order_of_their_arrival(catalog: Catalog) -> None:
    """Photos and faces are read in the order of the calls to ``store`` and of their records."""
    records = [a_record(f"{number}", faces=1) for number in range(1200)]
    store(catalog, records[:2])
    store(catalog, records[1:])
    every = [record.photo.id for record in records]
    some = every[::-2]

    assert [photo.id for photo in catalog.photos()] == every
    assert [photo.id for photo in catalog.photos([*some, photo_id_of(b"?")])] == some[::-1]
    assert [face.photo_id for face in catalog.faces()] == every
    assert [face.photo_id for face in catalog.faces(some)] == some[::-1]
    assert catalog.has_photos([*some, photo_id_of(b"?")]) == frozenset(some)


def test_the_largest_face_of_a_photo_comes_first(catalog: Catalog) -> None:
    """Faces of one photo are ordered by the area of their boxes."""
    record = a_record("a", faces=4)

    store(catalog, [replace(record, faces=record.faces[::-1])])

    assert list(catalog.faces()) == sorted(record.faces, key=lambda face: -face.box.area)
    assert catalog.faces_by_id([record.faces[1].id, an_unknown_face()]) == {
        record.faces[1].id: record.faces[1]
    }


def test_forgetting_a_photo_takes_all_that_is_known_of_it(catalog: Catalog) -> None:
    """Places, faces, seats and appearances go with a photo, and people whom nothing else shows."""
    gone, stays = a_record("gone", faces=3), a_record("stays", faces=1)
    stranger, named, shown = (person_of(face) for face in gone.faces)
    change = founding(*gone.faces)
    also = Appearance(stays.faces[0].id, shown, 90.0)
    change = replace(
        change, people=(Person(named, "Ann"),), appearances=(*change.appearances, also)
    )
    store(catalog, [gone, stays], seats(*gone.faces, *stays.faces), change)
    say(catalog, said := a_naming(named, "Ann", gone.photo.id))

    catalog.remove_photos([gone.photo.id, photo_id_of(b"?")])

    assert [place.photo_id for place in catalog.places()] == [stays.photo.id]
    assert list(catalog.faces()) == list(stays.faces)
    assert list(catalog.appearances()) == [also]
    assert list(catalog.steps()) == [Seat(stays.faces[0].id, group_of(gone.faces[0]), 90.0)]
    assert list(catalog.decisions()) == [said]
    assert catalog.person(named).name == "Ann"
    assert [summary.person.id for summary in catalog.people()] == [shown]
    with pytest.raises(NotFoundError):
        catalog.person(stranger)


# -- the whole -------------------------------------------------------------------------------------


def test_several_threads_may_write_and_read_at_once(catalog: Catalog) -> None:
    """What threads store at the same time, trying again where they must, is all there."""
    batches = [
        [a_record(f"{batch}-{number}", faces=1) for number in range(4)] for batch in range(8)
    ]
    failures: list[BaseException] = []

    def work(batch: list[PhotoRecord]) -> None:
        try:
            for record in batch:
                while True:
                    with suppress(StaleError):
                        store(catalog, [record], [], founding(*record.faces))
                        break
                list(catalog.people())
        except BaseException as error:  # noqa: BLE001 - the test's own thread must report anything
            failures.append(error)

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert catalog.counts() == Counts(32, 32, 32, 32, 0, 0, 0)
