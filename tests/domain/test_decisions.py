"""What was said, in which order it counts, and which part of a photo is meant."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from likeness import a_face

from kith.domain.decision import (
    Anchor,
    BirthDate,
    Confirm,
    Consent,
    Cover,
    Decision,
    DifferentPeople,
    Hide,
    Merge,
    MissedFace,
    Name,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Repeats,
    Reset,
    SamePerson,
    Split,
    Statement,
    Strangers,
    Undo,
    anchors_in,
    faces_in,
    in_force,
    in_order,
    people_in,
    person_ids_in,
    photos_in,
)
from kith.domain.face import Box
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

ANA, BEN, CARL = (PersonId(str(uuid.UUID(int=number))) for number in (1, 2, 3))
PHOTO = PhotoId("0" * 64)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def entry(number: int, said: Statement, minute: int | None = None) -> Decision:
    """The decision of that number, said in that minute."""
    at = BEGIN + timedelta(minutes=number if minute is None else minute)
    return Decision(str(uuid.UUID(int=number)), at, "ana", said)


def undo(number: int, of: int) -> Decision:
    """A decision that undoes another."""
    return entry(number, Undo(str(uuid.UUID(int=of))))


def person(person_id: PersonId) -> PersonRef:
    """A person who is known by one face."""
    return PersonRef(person_id, (Anchor(PHOTO, Box(0.0, 0.0, 0.1, 0.1)),))


def name(number: int, called: str, person_id: PersonId = ANA) -> Decision:
    """A decision on a name."""
    return entry(number, Name(person(person_id), called))


@st.composite
def journals(draw: st.DrawFn, *, least: int = 0) -> list[Decision]:
    """Names of three people, resets of one or all, and decisions that undo any earlier one."""
    journal: list[Decision] = []
    for number in range(draw(st.integers(least, 9))):
        who = draw(st.sampled_from((ANA, BEN, CARL)))
        said: list[Statement] = [Name(person(who), "Ana"), Reset(who), Reset(None)]
        said += [Undo(each.id) for each in journal]
        journal.append(entry(number, draw(st.sampled_from(said))))
    return journal


@given(journal=journals(), seed=st.integers(0, 99))
def test_the_order_of_arrival_does_not_matter(journal: list[Decision], seed: int) -> None:
    """A journal is read in the order in which it was said."""
    shuffled = random.Random(seed).sample(journal, len(journal))

    assert in_order(shuffled) == journal
    assert in_force(shuffled) == in_force(journal)


@given(journal=journals(least=1))
def test_to_undo_is_as_if_it_had_not_been_said(journal: list[Decision]) -> None:
    """Undoing the last decision, whatever it is, leaves in force what was before."""
    undone = [*journal, undo(50, len(journal) - 1)]

    assert in_force(undone) == in_force(journal[:-1])
    assert in_force([*undone, undo(51, 50)]) == in_force(journal)


@given(journal=journals())
def test_only_what_says_something_of_people_is_in_force(journal: list[Decision]) -> None:
    """Undo and reset work on other decisions; they are never among those that count."""
    assert not [each for each in in_force(journal) if isinstance(each.said, Undo | Reset)]
    assert in_force([*journal, entry(50, Reset(None))]) == []


def test_of_two_in_one_moment_the_order_is_still_the_same_everywhere() -> None:
    """The id decides, so that every machine reads a journal alike."""
    one, two = entry(1, Reset(None), minute=0), entry(2, Reset(ANA), minute=0)

    assert in_order([two, one]) == in_order([one, two]) == [one, two]


def test_an_older_decision_can_be_undone() -> None:
    """Taking back one leaves those before and after it in force."""
    journal = [name(0, "Ana"), name(1, "Anna"), name(2, "Ben", BEN)]

    assert in_force([*journal, undo(3, 1)]) == [journal[0], journal[2]]


def test_a_reset_sets_aside_what_mentions_the_person() -> None:
    """Also where it is one of two; what is said afterwards counts."""
    merged = entry(1, Merge(person(BEN), person(ANA)))
    journal = [name(0, "Ben", BEN), merged, name(2, "Carl", CARL), entry(3, Reset(ANA))]
    later = name(4, "Ana")

    assert in_force([*journal, later]) == [journal[0], journal[2], later]


def test_an_undone_reset_sets_nothing_aside() -> None:
    """What it had set aside is in force again."""
    journal = [name(0, "Ana"), entry(1, Reset(None))]

    assert in_force(journal) == []
    assert in_force([*journal, undo(2, 1)]) == journal[:1]


def test_a_reset_does_not_bring_back_what_was_undone() -> None:
    """A decision that was undone before everything was set aside stays without effect."""
    journal = [name(0, "Ana"), undo(1, 0), entry(2, Reset(None)), undo(3, 2)]

    assert in_force(journal) == []


def test_an_anchor_finds_the_face_that_overlaps_most() -> None:
    """Another detector draws it a little differently; its neighbor is somebody else."""
    one, two = a_face("one", PHOTO, rank=0), a_face("two", PHOTO, rank=1)
    moved = Box(one.box.left + 0.03, one.box.top - 0.02, 0.22, 0.21)

    assert Anchor(PHOTO, moved).find([two, one]) == one
    assert Anchor.of(two).find([one, two]) == two


def test_an_anchor_finds_nobody_where_the_face_is_gone() -> None:
    """A face that overlaps too little is not the one that was meant."""
    one = a_face("one", PHOTO)
    beside = Box(one.box.left + 0.15, one.box.top, 0.2, 0.2)

    assert Anchor(PHOTO, beside).find([one]) is None
    assert Anchor.of(one).find([]) is None


def test_every_statement_says_whom_it_is_about() -> None:
    """People, single faces, ids and photos are all that a decision can be found by."""
    face = Anchor(PhotoId("1" * 64), Box(0.5, 0.5, 0.1, 0.1))
    ana, ben = person(ANA), person(BEN)
    pairs = [Merge(ana, ben), SamePerson(ana, ben), DifferentPeople(ana, ben)]
    persons = [Name(ana, None), Hide(ana, True), BirthDate(ana, None), Consent(ana, None)]
    faces = [NotThisPerson((face,), ana), Confirm((face,), ana), Cover(ana, face)]
    alone = [NotAFace((face,)), Strangers((face,)), MissedFace(face)]

    assert all(people_in(said) == (ana, ben) and not faces_in(said) for said in pairs)
    assert all(people_in(said) == (ana,) and not faces_in(said) for said in persons)
    assert all(people_in(said) == (ana,) and faces_in(said) == (face,) for said in faces)
    assert all(not people_in(said) and faces_in(said) == (face,) for said in alone)
    assert all(anchors_in(said) == (face, *ana.anchors) for said in faces)
    assert photos_in(faces[0]) == {PHOTO, face.photo_id}
    assert photos_in(Repeats(PHOTO, allowed=True)) == {PHOTO}
    assert person_ids_in(Split((face,), ana, CARL)) == {ANA, CARL}
    assert (person_ids_in(Reset(BEN)), person_ids_in(Reset(None))) == ({BEN}, frozenset())
    assert not photos_in(Undo("0"))
