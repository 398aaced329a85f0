"""Which of another program's marks is which of our faces."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kith.domain.face import Box, FaceId
from kith.domain.region import MarkedPeople, NamedRegion, RegionSet, likeness
from kith.pipeline.portable.reconcile import (
    FaceConflict,
    KnownFace,
    NamedFace,
    Reason,
    Reconciled,
    reconcile,
)


def face(number: int, box: Box, name: str | None = None) -> KnownFace:
    """A face with an id that shows its number."""
    return KnownFace(FaceId(f"face-{number}"), box, name)


def said(*regions: NamedRegion, names: tuple[str, ...] = ()) -> MarkedPeople:
    """One program's marks, and names without a place."""
    return MarkedPeople((RegionSet((regions,)),) if regions else (), names)


def named(number: int, name: str) -> NamedFace:
    """A face and its name."""
    return NamedFace(FaceId(f"face-{number}"), name)


def around(box: Box, scale: float, dx: float = 0.0, dy: float = 0.0) -> Box:
    """A box of another size, shifted by parts of the first one's size."""
    return Box(
        box.left + box.width * (dx + (1 - scale) / 2),
        box.top + box.height * (dy + (1 - scale) / 2),
        box.width * scale,
        box.height * scale,
    )


LEFT, MIDDLE, RIGHT = (Box(left, 0.3, 0.1, 0.15) for left in (0.1, 0.22, 0.34))
ROW = [face(1, LEFT), face(2, MIDDLE), face(3, RIGHT)]


@given(st.floats(0.5, 2.2), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.sampled_from([0, 1, 2]))
def test_boxes_of_other_sizes_find_their_face_among_neighbors(
    scale: float, dx: float, dy: float, which: int
) -> None:
    """Half to twice as large and a fifth beside it, a fifth of a face from the next one."""
    box = around(ROW[which].box, scale, dx, dy)

    result = reconcile(said(NamedRegion("Ana", box)), ROW)

    assert result == Reconciled(named=(named(which + 1, "Ana"),))


def test_a_mark_elsewhere_is_unmatched() -> None:
    """Beside every face, or so large that it could hold anyone."""
    regions = [NamedRegion("Ana", Box(0.7, 0.7, 0.1, 0.1)), NamedRegion("Ben", Box(0, 0, 1, 1))]

    assert reconcile(said(*regions), ROW) == Reconciled(unmatched=("Ana", "Ben"))


def test_a_point_marks_the_face_around_it() -> None:
    """Some programs write no size."""
    result = reconcile(said(NamedRegion("Ana", Box(0.27, 0.38, 0, 0))), ROW)

    assert result == Reconciled(named=(named(2, "Ana"),))


def test_a_mark_between_two_faces_is_a_conflict() -> None:
    """It fits both about equally; neither is named."""
    faces = [face(1, Box(0.1, 0.1, 0.2, 0.2)), face(2, Box(0.15, 0.1, 0.2, 0.2))]

    result = reconcile(said(NamedRegion("Ana", Box(0.125, 0.1, 0.2, 0.2))), faces)

    assert [one.reason for one in result.conflicts] == [Reason.SEVERAL_FACES]
    assert (result.named, result.unmatched) == ((), ())


def test_two_names_on_one_face_are_a_conflict() -> None:
    """Unless one of them fits much better, or fits another face better."""
    ben = NamedRegion("Ben", around(LEFT, 1.2))
    close, loose = around(LEFT, 1.1), around(LEFT, 2.2)

    result = reconcile(said(ben, NamedRegion("Ana", close)), ROW)
    assert result.conflicts == (
        FaceConflict(Reason.SEVERAL_NAMES, ("Ana", "Ben"), (FaceId("face-1"),)),
    )
    assert not result.named

    result = reconcile(said(ben, NamedRegion("Ana", loose)), ROW)
    assert result == Reconciled(named=(named(1, "Ben"),), unmatched=("Ana",))


def test_a_face_marked_twice_with_one_name_has_that_name() -> None:
    """By MWG and by Microsoft, in the photo and in the sidecar, in whatever case."""
    people = MarkedPeople(
        (
            RegionSet(((NamedRegion("Ana", LEFT), NamedRegion(None, MIDDLE)),)),
            RegionSet(((NamedRegion("ANA", around(LEFT, 1.8)),),)),
        )
    )

    assert reconcile(people, ROW) == Reconciled(named=(named(1, "Ana"),))


def test_a_face_of_someone_else_is_a_conflict_and_of_the_same_is_none() -> None:
    """Nothing that a human said here is overruled; the case of a name does not matter."""
    faces = [face(1, LEFT, "Ben"), face(2, MIDDLE, "cleo")]

    result = reconcile(said(NamedRegion("Ana", LEFT), NamedRegion("Cleo", MIDDLE)), faces)

    assert result == Reconciled(
        known=(named(2, "Cleo"),),
        conflicts=(FaceConflict(Reason.OTHER_NAME, ("Ana", "Ben"), (FaceId("face-1"),)),),
    )


@pytest.mark.parametrize(
    ("marked", "known"), [([LEFT], "Ana"), ([LEFT, MIDDLE], "Ana"), ([LEFT, MIDDLE], None)]
)
def test_nobody_is_in_a_photo_twice(marked: list[Box], known: str | None) -> None:
    """Two faces of one photo are two people, so one name for both is a conflict, and only that."""
    regions = [NamedRegion("Ana", box) for box in marked]

    result = reconcile(said(*regions), [face(1, LEFT), face(2, MIDDLE, known)])

    ids = (FaceId("face-1"), FaceId("face-2"))
    assert result == Reconciled(conflicts=(FaceConflict(Reason.TWICE, ("Ana",), ids),))


def test_a_name_of_an_unclear_mark_is_given_to_no_other_face() -> None:
    """Ana may be the first or the second face, so that she is the third is not sure."""
    faces = [
        face(1, Box(0.1, 0.1, 0.2, 0.2)),
        face(2, Box(0.15, 0.1, 0.2, 0.2)),
        face(3, Box(0.6, 0.1, 0.2, 0.2)),
    ]
    regions = [NamedRegion("Ana", Box(left, 0.1, 0.2, 0.2)) for left in (0.125, 0.6)]

    result = reconcile(said(*regions), faces)

    assert [one.reason for one in result.conflicts] == [Reason.SEVERAL_FACES, Reason.TWICE]
    assert (result.named, result.unmatched) == ((), ())


def test_the_last_name_and_the_last_face_are_only_suggested() -> None:
    """One of each: likely, but a guess. With two of either there is nothing to say."""
    faces = [face(1, LEFT), face(2, MIDDLE)]
    ana = NamedRegion("Ana", LEFT)

    assert reconcile(said(ana, names=("Ana", "Ben")), faces) == Reconciled(
        named=(named(1, "Ana"),), suggestions=(named(2, "Ben"),)
    )
    assert not reconcile(said(ana, names=("Ana", "Ben", "Cleo")), faces).suggestions
    assert not reconcile(said(ana, names=("Ben",)), [*faces, face(3, RIGHT)]).suggestions
    assert not reconcile(said(names=("Ben",)), [face(1, LEFT, "Ben"), face(2, MIDDLE)]).suggestions


def test_the_faces_tell_how_the_writer_turned_the_photo() -> None:
    """Of two readings, the one that finds more faces, or finds them better; else a conflict."""
    elsewhere = NamedRegion("Ana", Box(0.8, 0.8, 0.1, 0.1))

    for readings in (
        ((NamedRegion("Ana", LEFT),), (elsewhere,)),
        ((elsewhere,), (NamedRegion("Ana", LEFT),)),
        ((NamedRegion("Ana", around(LEFT, 1.1)),), (NamedRegion("Ana", around(MIDDLE, 2.0)),)),
    ):
        result = reconcile(MarkedPeople((RegionSet(readings),)), ROW)
        assert result == Reconciled(named=(named(1, "Ana"),))

    same = RegionSet(((NamedRegion("Ana", LEFT),), (NamedRegion("Ana", around(LEFT, 1.1)),)))
    assert reconcile(MarkedPeople((same,)), ROW) == Reconciled(named=(named(1, "Ana"),))

    both = RegionSet(((NamedRegion("Ana", LEFT),), (NamedRegion("Ana", RIGHT),)))
    ids = (FaceId("face-1"), FaceId("face-3"))
    assert reconcile(MarkedPeople((both,)), ROW) == Reconciled(
        conflicts=(FaceConflict(Reason.TURNED, ("Ana",), ids),)
    )


def test_other_programs_tell_how_the_writer_turned_the_photo() -> None:
    """A clear word of another program settles it; one that fits no reading makes it a conflict."""
    either = RegionSet(((NamedRegion("Ana", LEFT),), (NamedRegion("Ana", RIGHT),)))
    ids = (FaceId("face-1"), FaceId("face-3"))

    def with_clear(name: str, box: Box) -> Reconciled:
        return reconcile(MarkedPeople((either, RegionSet(((NamedRegion(name, box),),)))), ROW)

    assert with_clear("ana", RIGHT) == Reconciled(named=(named(3, "Ana"),))
    assert with_clear("Ben", MIDDLE) == Reconciled(
        named=(named(2, "Ben"),), conflicts=(FaceConflict(Reason.TURNED, ("Ana",), ids),)
    )
    assert with_clear("Ben", RIGHT) == Reconciled(
        conflicts=(FaceConflict(Reason.TURNED, ("Ana", "Ben"), ids),)
    )
    assert not with_clear("Ana", MIDDLE).named


def test_a_turn_that_changes_no_name_is_no_conflict() -> None:
    """Nameless marks that fit in two turns leave nothing to decide."""
    either = RegionSet(((NamedRegion(None, LEFT),), (NamedRegion(None, RIGHT),)))

    assert reconcile(MarkedPeople((either,)), ROW) == Reconciled()


boxes = st.builds(
    Box,
    st.sampled_from([0.0, 0.1, 0.15, 0.3, 0.5]),
    st.sampled_from([0.0, 0.2, 0.25]),
    st.sampled_from([0.1, 0.15, 0.2]),
    st.sampled_from([0.1, 0.2]),
)
people_names = st.sampled_from([None, "Ana", "ana", "Ben", "Cleo"])
known = st.lists(st.tuples(boxes, people_names), max_size=4).map(
    lambda some: [face(number, box, name) for number, (box, name) in enumerate(some)]
)


@st.composite
def region_sets(draw: st.DrawFn) -> RegionSet:
    """The same marks in one to three turns."""
    who = draw(st.lists(people_names, max_size=5))
    places = st.lists(boxes, min_size=len(who), max_size=len(who))
    turns = draw(st.sampled_from([1, 1, 2, 3]))
    return RegionSet(tuple(tuple(map(NamedRegion, who, draw(places))) for _ in range(turns)))


def mixed(marked: RegionSet, chance: random.Random) -> RegionSet:
    """The same marks in another order."""
    return RegionSet(tuple(tuple(chance.sample(some, len(some))) for some in marked.readings))


@given(
    st.lists(region_sets(), max_size=3),
    known,
    st.lists(st.sampled_from(["Ana", "Dora"])),
    st.randoms(),
)
@example(  # Ana is known, and marked at her face and at another one.
    [RegionSet(((NamedRegion("Ana", LEFT), NamedRegion("Ana", RIGHT)),))],
    [face(0, LEFT), face(1, RIGHT, "Ana")],
    [],
    random.Random(0),
)
def test_the_order_does_not_matter_and_no_face_has_two_names(
    sets: list[RegionSet], faces: list[KnownFace], names: list[str], chance: random.Random
) -> None:
    """One to one, nobody named against a human's word, nothing both sure and in conflict."""
    people = MarkedPeople(tuple(sets), tuple(names))
    result = reconcile(people, faces)

    shuffled = [mixed(marked, chance) for marked in chance.sample(sets, len(sets))]
    other = MarkedPeople(tuple(shuffled), people.names)
    assert reconcile(other, chance.sample(faces, len(faces))) == result

    sure = [one.face_id for one in (*result.named, *result.known, *result.suggestions)]
    unclear = {face_id for one in result.conflicts for face_id in one.face_ids}
    assert len(sure) == len(set(sure))
    assert not unclear.intersection(sure)
    given_names = [one.name.casefold() for one in (*result.named, *result.suggestions)]
    open_names = {name.casefold() for one in result.conflicts for name in one.names}
    assert len(given_names) == len(set(given_names))
    assert not open_names.intersection(given_names)
    without = {one.face_id for one in faces if one.name is None}
    assert {one.face_id for one in (*result.named, *result.suggestions)} <= without


@given(st.lists(region_sets(), max_size=3), known)
def test_no_name_of_a_mark_is_lost(sets: list[RegionSet], faces: list[KnownFace]) -> None:
    """Each is given, known already, in conflict, or reported as unmatched."""
    result = reconcile(MarkedPeople(tuple(sets)), faces)

    told = {one.name.casefold() for one in (*result.named, *result.known)}
    told |= {name.casefold() for one in result.conflicts for name in one.names}
    told |= {name.casefold() for name in result.unmatched}
    regions = (one for marked in sets for reading in marked.readings for one in reading)
    assert {one.name.casefold() for one in regions if one.name} <= told


@given(boxes, boxes)
def test_likeness_is_mutual(one: Box, other: Box) -> None:
    """And from 0 to 1; 1 for equal boxes."""
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == pytest.approx(1)
