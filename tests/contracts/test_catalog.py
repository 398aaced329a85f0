"""What every adapter of the port ``Catalog`` promises."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kith.domain.decision import Anchor, NameDecision
from kith.domain.errors import NotFoundError
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import Appearance, GroupingChange, Person, PersonId, person_id_of
from kith.domain.photo import Photo, PhotoId, Place, Problem, photo_id_of
from kith.ports.catalog import Catalog, Counts, KnownPlace, PhotoRecord

NOTHING = GroupingChange()


# -- photos and places -----------------------------------------------------------------------------


def test_what_was_stored_can_be_read(catalog: Catalog) -> None:
    """A stored photo, its place and its faces are read as they were handed over."""
    record = _record("a", faces=2)

    catalog.store([record], NOTHING)

    assert list(catalog.photos()) == [record.photo]
    assert list(catalog.places()) == [KnownPlace(record.place, record.photo.id)]
    assert list(catalog.faces()) == list(record.faces)
    assert catalog.places_of([record.photo.id]) == {record.photo.id: (record.place,)}


def test_storing_twice_changes_nothing(catalog: Catalog) -> None:
    """The same call to ``store`` may be repeated."""
    record = _record("a", faces=2)
    change = _founding(record.faces[0])

    catalog.store([record, record], change)
    once = _everything(catalog)
    catalog.store([record, record], change)

    assert _everything(catalog) == once
    assert once[0] == Counts(1, 1, 2, 1, 0, 1, 0)


def test_a_copy_is_the_same_photo_at_another_place(catalog: Catalog) -> None:
    """A photo that is already known keeps its data and faces, and gains the place."""
    first = _record("a", faces=1)
    copy = replace(
        first,
        photo=replace(first.photo, camera="another"),
        place=_place("/photos/copy of a.jpg"),
        faces=(),
    )

    catalog.store([first], NOTHING)
    catalog.store([copy], NOTHING)

    assert list(catalog.photos()) == [first.photo]
    assert list(catalog.faces()) == list(first.faces)
    assert catalog.places_of([first.photo.id]) == {first.photo.id: (first.place, copy.place)}


def test_a_file_holds_one_thing_at_a_time(catalog: Catalog) -> None:
    """A place that held another photo, or a problem, holds what was last found there."""
    old, new = _record("old"), _record("new")
    problem = Problem(old.place, "it is truncated", "Copy it again.")

    catalog.store([old], NOTHING)
    catalog.store([replace(new, place=old.place)], NOTHING)
    assert list(catalog.places()) == [KnownPlace(old.place, new.photo.id)]

    catalog.note_problems([problem])
    assert list(catalog.places()) == [KnownPlace(old.place, None)]
    assert list(catalog.problems()) == [problem]

    catalog.add_places([(old.photo.id, old.place)])
    assert list(catalog.places()) == [KnownPlace(old.place, old.photo.id)]
    assert list(catalog.problems()) == []


def test_a_place_of_an_unknown_photo_is_refused_as_a_whole(catalog: Catalog) -> None:
    """``add_places`` adds nothing if one of the photos is not known."""
    known = _record("a")
    catalog.store([known], NOTHING)

    with pytest.raises(NotFoundError):
        catalog.add_places(
            [(known.photo.id, _place("/b.jpg")), (photo_id_of(b"?"), _place("/c.jpg"))]
        )

    assert [each.place for each in catalog.places()] == [known.place]


def test_a_photo_without_a_place_is_missing_not_gone(catalog: Catalog) -> None:
    """A photo that loses its last place stays, with its faces, and lies nowhere."""
    record = _record("a", faces=1)
    catalog.store([record], NOTHING)

    catalog.remove_places([record.place.path, "/never/seen.jpg"])

    assert catalog.places_of([record.photo.id, photo_id_of(b"?")]) == {record.photo.id: ()}
    assert list(catalog.places()) == []
    assert list(catalog.faces([record.photo.id])) == list(record.faces)


def test_folders_are_compared_by_whole_parts(catalog: Catalog) -> None:
    """A folder holds itself and what lies below, and not what merely begins alike."""
    below = ["/a/b", "/a/b/%", "/a/b/_/x", "/a/b/c", "/a/b/ü"]
    beside = ["/a/B/c", "/a/b c", "/a/b!", "/a/b0", "/a/bc", "/b/a/b"]
    catalog.note_problems([Problem(_place(path), "broken", "") for path in [*beside, *below]])

    assert [problem.place.path for problem in catalog.problems("/a/b")] == below
    assert [problem.place.path for problem in catalog.problems("/a/b/")] == below
    assert [each.place.path for each in catalog.places("/")] == sorted([*below, *beside])
    assert [each.place.path for each in catalog.places("/a/b/_")] == ["/a/b/_/x"]
    assert list(catalog.places("/a/b/_/")) == list(catalog.places("/a/b/_"))
    assert list(catalog.places("/%")) == []


def test_paths_need_not_be_utf_8(catalog: Catalog) -> None:
    """File names that are not text come back as they were, in the order of their code points."""
    paths = ["/a/\x01", "/a/\x1a0041", "/a/z", "/a/ä", "/a/\udc80", "/a/\udcff/x", "/a/\U0001f600"]

    catalog.note_problems([Problem(_place(path), f"{path} broken", path) for path in paths])

    assert [each.place.path for each in catalog.places("/a")] == paths
    assert [each.reason for each in catalog.problems("/a/\udcff")] == ["/a/\udcff/x broken"]


def test_reading_and_writing_take_turns(catalog: Catalog) -> None:
    """A caller may write between the steps of an iteration, and still sees every place once."""
    records = [_record(f"{number:04}") for number in range(2500)]
    catalog.store(records, NOTHING)

    seen: list[str] = []
    for number, each in enumerate(catalog.places()):
        seen.append(each.place.path)
        if number % 1000 == 0:
            catalog.note_problems([Problem(_place(f"/!{number}"), "broken", "")])

    assert [path for path in seen if path[1] != "!"] == [each.place.path for each in records]


def test_photos_keep_the_order_of_their_arrival(catalog: Catalog) -> None:
    """Photos and faces are read in the order of the calls to ``store`` and of their records."""
    records = [_record(f"{number}", faces=1) for number in range(1200)]
    catalog.store(records[:2], NOTHING)
    catalog.store(records[1:], NOTHING)
    every = [record.photo.id for record in records]
    some = every[::-2]

    assert [photo.id for photo in catalog.photos()] == every
    assert [photo.id for photo in catalog.photos([*some, photo_id_of(b"?")])] == some[::-1]
    assert [face.photo_id for face in catalog.faces()] == every
    assert [face.photo_id for face in catalog.faces(some)] == some[::-1]
    assert catalog.has_photos([*some, photo_id_of(b"?")]) == frozenset(some)


def test_the_largest_face_of_a_photo_comes_first(catalog: Catalog) -> None:
    """Faces of one photo are ordered by the area of their boxes."""
    record = _record("a", faces=4)

    catalog.store([replace(record, faces=record.faces[::-1])], NOTHING)

    assert list(catalog.faces()) == sorted(record.faces, key=lambda face: -face.box.area)
    assert catalog.faces_by_id([record.faces[1].id, FaceId(str(uuid.uuid4()))]) == {
        record.faces[1].id: record.faces[1]
    }


def test_forgetting_a_photo_takes_all_that_is_known_of_it(catalog: Catalog) -> None:
    """Places, faces and appearances go with a photo, and people whom nothing else shows."""
    gone, stays = _record("gone", faces=3), _record("stays", faces=1)
    stranger, named, shown = (person_id_of(face.id) for face in gone.faces)
    change = _founding(*gone.faces)
    also = Appearance(stays.faces[0].id, shown, 90.0)
    catalog.store([gone, stays], replace(change, appearances=(*change.appearances, also)))
    catalog.record(_decision(named, "Ann"))

    catalog.remove_photos([gone.photo.id, photo_id_of(b"?")])

    assert [record.photo_id for record in catalog.places()] == [stays.photo.id]
    assert list(catalog.faces()) == list(stays.faces)
    assert list(catalog.appearances()) == [also]
    assert catalog.person(named).name == "Ann"
    assert [summary.person.id for summary in catalog.people()] == [shown]
    with pytest.raises(NotFoundError):
        catalog.person(stranger)


# -- faces and people ------------------------------------------------------------------------------


def test_people_are_listed_named_first_then_by_photos(catalog: Catalog) -> None:
    """The named come first, then those in more photos, then the smaller id; covers are the best."""
    records = [_record(f"{number}", faces=3) for number in range(3)]
    often, once, named = (person_id_of(face.id) for face in records[0].faces)
    change = _founding(*records[0].faces)
    more = [Appearance(record.faces[0].id, often, 90.0) for record in records[1:]]
    catalog.store(records, replace(change, appearances=(*change.appearances, *more)))
    catalog.record(_decision(named, "Ann"))

    people = catalog.people()

    assert [each.person for each in people] == [Person(named, "Ann"), Person(often), Person(once)]
    assert [(each.photo_count, each.face_count) for each in people] == [(1, 1), (3, 3), (1, 1)]
    assert people[1].cover == min(record.faces[0].id for record in records)


def test_a_person_who_was_merged_away_answers_as_who_it_became(catalog: Catalog) -> None:
    """Merges are followed, chains of them too, and a name is carried to who has none."""
    record = _record("a", faces=4)
    first, second, third, named = (person_id_of(face.id) for face in record.faces)
    catalog.store([record], _founding(*record.faces))
    catalog.record(_decision(first, "Ann"))
    catalog.record(_decision(named, "Bob"))

    catalog.regroup(GroupingChange(merged=((first, second),)))
    catalog.regroup(GroupingChange(merged=((second, third),)))
    assert catalog.person(first) == Person(third, "Ann")

    merged = GroupingChange(merged=((third, named), (first, named)))
    catalog.regroup(merged)
    catalog.regroup(merged)
    assert catalog.person(first) == catalog.person(second) == Person(named, "Bob")
    assert {each.face_id for each in catalog.appearances([named])} == {
        face.id for face in record.faces
    }
    assert list(catalog.appearances([first, second, third])) == []


def test_whom_only_a_merged_person_held_is_forgotten_with_it(catalog: Catalog) -> None:
    """The ids of those merged into a person go when that person goes."""
    record = _record("a", faces=2)
    gone, kept = (person_id_of(face.id) for face in record.faces)
    catalog.store([record], replace(_founding(*record.faces), merged=((gone, kept),)))

    catalog.remove_photos([record.photo.id])

    with pytest.raises(NotFoundError):
        catalog.person(gone)
    assert catalog.counts() == Counts(0, 0, 0, 0, 0, 0, 0)


def test_a_face_belongs_to_one_person(catalog: Catalog) -> None:
    """A face that is attributed anew moves to the new person, with the new similarity."""
    record = _record("a", faces=2)
    first, second = record.faces
    catalog.store([record], _founding(first, second))
    moved = Appearance(second.id, person_id_of(first.id), 91.5, confirmed=True)

    catalog.regroup(GroupingChange(appearances=(moved,)))

    assert catalog.people_of([first.id, second.id]) == dict.fromkeys(
        [first.id, second.id], person_id_of(first.id)
    )
    assert list(catalog.appearances())[-1] == moved
    assert [each.face_count for each in catalog.people()] == [2]


def test_what_grouping_says_of_the_gone_is_left_out(catalog: Catalog) -> None:
    """Faces that are not known gain no person; a person merged away stands for who it became."""
    record = _record("a", faces=3)
    first, second, third = record.faces
    gone, kept = person_id_of(first.id), person_id_of(second.id)
    catalog.store([record], replace(_founding(first, second), merged=((gone, kept),)))
    unknown = FaceId(str(uuid.uuid4()))

    catalog.regroup(
        GroupingChange(
            appearances=(Appearance(unknown, kept, 99.0), Appearance(third.id, gone, 99.0))
        )
    )

    assert catalog.people_of([unknown, third.id]) == {third.id: kept}


def test_appearances_are_ordered_by_person_then_similarity(catalog: Catalog) -> None:
    """Within a person the best fit comes first; equal ones are in the order of the face ids."""
    records = [_record(f"{number}", faces=2) for number in range(5)]
    people = sorted(person_id_of(face.id) for face in records[0].faces)
    attributed = [
        Appearance(record.faces[side].id, people[side], 90.0 + number // 2)
        for number, record in enumerate(records)
        for side in (0, 1)
    ]
    catalog.store(records, GroupingChange(tuple(map(Person, people)), tuple(attributed)))

    ordered = sorted(attributed, key=lambda each: (each.person_id, -each.similarity, each.face_id))
    assert list(catalog.appearances()) == ordered
    assert list(catalog.appearances(people[:1])) == ordered[:5]


# -- decisions -------------------------------------------------------------------------------------


def test_a_decision_names_a_person_once(catalog: Catalog) -> None:
    """The journal keeps what was said, in order, and the same decision twice counts once."""
    record = _record("a", faces=2)
    catalog.store([record], _founding(*record.faces))
    gone, kept = (person_id_of(face.id) for face in record.faces)
    catalog.regroup(GroupingChange(merged=((gone, kept),)))
    said = [_decision(gone, "Ann"), _decision(kept, "A\x00nn\udc80\x1a"), _decision(kept, None)]

    for decision in (said[0], said[1], said[0]):
        catalog.record(decision)
    assert catalog.person(kept).name == "A\x00nn\udc80\x1a"

    catalog.record(said[2])
    assert catalog.person(kept).name is None
    assert list(catalog.decisions()) == said


def test_a_decision_about_nobody_is_refused(catalog: Catalog) -> None:
    """A decision about a person whom nobody knows is not appended."""
    with pytest.raises(NotFoundError):
        catalog.record(_decision(PersonId(str(uuid.uuid4())), "Ann"))

    assert list(catalog.decisions()) == []


# -- the whole -------------------------------------------------------------------------------------


def test_several_threads_may_write_and_read_at_once(catalog: Catalog) -> None:
    """What threads store at the same time is all there afterwards."""
    batches = [[_record(f"{batch}-{number}", faces=1) for number in range(4)] for batch in range(8)]
    failures: list[BaseException] = []

    def work(batch: list[PhotoRecord]) -> None:
        try:
            for record in batch:
                catalog.store([record], _founding(*record.faces))
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


def _everything(catalog: Catalog) -> tuple[object, ...]:
    return (
        catalog.counts(),
        list(catalog.photos()),
        list(catalog.places()),
        list(catalog.faces()),
        list(catalog.people()),
        list(catalog.appearances()),
    )


def _record(name: str, faces: int = 0) -> PhotoRecord:
    photo = Photo(photo_id_of(name.encode()), "JPEG", 4000, 3000, 123)
    found = tuple(_face(photo.id, rank) for rank in range(faces))
    return PhotoRecord(photo, _place(f"/photos/{name}.jpg"), found)


def _face(photo_id: PhotoId, rank: int) -> Face:
    point = Point(0.1 * rank, 0.25)
    return Face(
        id=FaceId(str(uuid.uuid5(uuid.NAMESPACE_OID, f"{photo_id} {rank}"))),
        photo_id=photo_id,
        detail=FaceDetail(
            box=Box(0.1, 0.1, 0.5 / (rank + 1), 0.5),
            confidence=99.5,
            landmarks=Landmarks(point, point, point, point, point),
            pose=Pose(1.5, -2.0, 0.0),
            quality=Quality(50.0, 60.0, 200.0, 70.0),
        ),
    )


def _place(path: str) -> Place:
    return Place(path, 123, 1_700_000_000_123_456_789)


def _founding(*faces: Face) -> GroupingChange:
    """Each of these faces founds a person."""
    people = [person_id_of(face.id) for face in faces]
    return GroupingChange(
        tuple(map(Person, people)),
        tuple(Appearance(face.id, id_, 100.0) for face, id_ in zip(faces, people, strict=True)),
    )


def _decision(person_id: PersonId, name: str | None) -> NameDecision:
    anchor = Anchor(photo_id_of(b"a"), Box(0.1, 0.2, 0.3, 0.4))
    return NameDecision(str(uuid.uuid4()), datetime.now(UTC), "me", person_id, (anchor,), name)
