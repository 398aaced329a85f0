"""Who is who is a pure function of faces, similarities and the journal."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from wishes import KINDS, Wish, decision, faces_of, meant, play, statement, wishes
from worlds import World, worlds

from kith.domain.decision import (
    AboutPeople,
    BirthDate,
    Confirm,
    Consent,
    Cover,
    DifferentPeople,
    Hide,
    Merge,
    Name,
    NotAFace,
    NotThisPerson,
    Repeats,
    Reset,
    SamePerson,
    Split,
    Statement,
    Strangers,
    Undo,
    faces_in,
    in_force,
    people_in,
)
from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId, Standing
from kith.domain.photo import PhotoId
from kith.grouping.overlay import Outcome, lay_over

some = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
stories = st.lists(wishes(), max_size=7)
of_someone = wishes([kind for kind in KINDS if kind not in ("undo", "reset all", "repeats")])


@some
@given(world=worlds())
def test_where_nobody_spoke_people_are_the_groups(world: World) -> None:
    """Without a journal everyone is one group of the machine's, under the group's id."""
    outcome = lay_over(world.scene())

    assert faces_of(outcome) == world.groups()
    assert outcome.people.keys() == world.groups().keys()
    assert outcome.homes == {group_id: group_id for group_id in world.groups()}
    assert not any(appearance.confirmed for appearance in outcome.appearances.values())


@some
@given(world=worlds(), said=stories, seed=st.integers(0, 99))
def test_the_order_in_which_a_journal_arrives_does_not_matter(
    world: World, said: Sequence[Wish], seed: int
) -> None:
    """Shuffled, the same decisions give the same people."""
    journal, outcome = play(world, said)[-1]
    shuffled = random.Random(seed).sample(journal, len(journal))

    assert lay_over(world.scene(shuffled)) == outcome


@some
@given(world=worlds(), said=st.lists(wishes(), min_size=1, max_size=7))
def test_undo_restores_what_was_before(world: World, said: Sequence[Wish]) -> None:
    """Undo takes back the whole effect of any decision, a reset included; undoing that restores."""
    story = play(world, said)
    assume(len(story) > 1)
    (_, before), (journal, after) = story[-2:]

    undone = [*journal, decision(90, Undo(journal[-1].id))]
    redone = [*undone, decision(91, Undo(undone[-1].id))]

    assert lay_over(world.scene(undone)) == before
    assert lay_over(world.scene(redone)) == after


@some
@given(world=worlds(), said=stories)
def test_a_reset_of_everything_leaves_the_groups(world: World, said: Sequence[Wish]) -> None:
    """After it, everything is as the machine found it."""
    journal, _ = play(world, said)[-1]

    assert lay_over(world.scene([*journal, decision(90, Reset(None))])) == lay_over(world.scene())


@some
@given(world=worlds(), said=stories, one=of_someone, other=of_someone)
def test_decisions_on_different_people_commute(
    world: World, said: Sequence[Wish], one: Wish, other: Wish
) -> None:
    """Which of two was said first does not matter where they concern nobody in common.

    A decision on a face concerns those beside it in its photo, too: whose face it is keeps them
    from being the same person.
    """
    journal, outcome = play(world, said)[-1]
    first, second = (statement(wish, world, outcome, journal) for wish in (one, other))
    assume(_is_of_someone(first) and _is_of_someone(second))
    assert first is not None
    assert second is not None
    assume(_concerned(first, world, outcome).isdisjoint(_concerned(second, world, outcome)))
    assume(_touched(first, world).isdisjoint(_touched(second, world)))

    there = lay_over(world.scene([*journal, decision(90, first), decision(91, second)]))
    back = lay_over(world.scene([*journal, decision(90, second), decision(91, first)]))

    assert there == back


@some
@given(world=worlds(), said=stories)
def test_everyone_is_one_person(world: World, said: Sequence[Wish]) -> None:
    """Every appearance is of somebody, every home and other id leads to somebody."""
    _, outcome = play(world, said)[-1]

    assert {each.person_id for each in outcome.appearances.values()} <= outcome.people.keys()
    assert {each for each in outcome.homes.values() if each} <= outcome.people.keys()
    assert set(outcome.became.values()) <= outcome.people.keys()
    assert outcome.became.keys().isdisjoint(outcome.people)


@some
@given(world=worlds(), said=stories)
def test_what_was_divided_has_two_ids(world: World, said: Sequence[Wish]) -> None:
    """Faces that a decision took from a person, and that nothing newer gave back, are another's."""
    journal, outcome = play(world, said)[-1]
    newer: set[FaceId] = set()
    for entry in reversed(in_force(journal)):
        match entry.said:
            case Split(faces, person) | NotThisPerson(faces, person):
                away, rest = meant(world, faces), meant(world, person.anchors)
                if not newer & (away | rest):
                    assert _whose(away, outcome).isdisjoint(_whose(rest, outcome))
            case DifferentPeople(one, two):
                a, b = meant(world, one.anchors), meant(world, two.anchors)
                if not newer & (a | b):
                    assert _whose(a, outcome).isdisjoint(_whose(b, outcome))
            case _:
                pass
        newer |= _touched(entry.said, world)


@some
@given(world=worlds(), said=stories)
def test_who_was_set_aside_is_nobody(world: World, said: Sequence[Wish]) -> None:
    """A stranger's face, or what is no face, has no person."""
    journal, outcome = play(world, said)[-1]

    assert outcome.standings.keys().isdisjoint(outcome.appearances)
    aside = [each.said for each in in_force(journal) if isinstance(each.said, NotAFace | Strangers)]
    assert outcome.standings.keys() <= {f for each in aside for f in meant(world, each.faces)}
    if journal and aside and aside[-1] is in_force(journal)[-1].said:
        kind = Standing.NOT_A_FACE if isinstance(aside[-1], NotAFace) else Standing.STRANGER
        assert all(outcome.standings[face_id] is kind for face_id in meant(world, aside[-1].faces))


@some
@given(world=worlds(), said=stories)
def test_nobody_is_twice_in_a_photo_unless_a_human_said_so(
    world: World, said: Sequence[Wish]
) -> None:
    """Two faces of one photo are two people, but for decisions on both and photos with repeats."""
    journal, outcome = play(world, said)[-1]
    valid = in_force(journal)
    repeats = {e.said.photo_id: e.said.allowed for e in valid if isinstance(e.said, Repeats)}
    told = {face_id for entry in valid for face_id in _touched(entry.said, world)}

    for photo_id, whose in _by_photo(world, outcome).items():
        if not repeats.get(photo_id):
            for person_id, faces in whose.items():
                assert len(faces - told) <= 1, person_id


@some
@given(world=worlds(), said=st.lists(wishes(("name", "hide", "birth date")), max_size=6))
def test_descriptions_join_nobody(world: World, said: Sequence[Wish]) -> None:
    """Names, hiding and birth dates may keep groups apart; faces of two groups they never unite."""
    _, outcome = play(world, said)[-1]
    group_of = {face_id: group for group, faces in world.groups().items() for face_id in faces}

    for faces in faces_of(outcome).values():
        assert len({group_of[face_id] for face_id in faces}) == 1


@some
@given(world=worlds(), said=stories)
def test_nobody_appears_before_birth(world: World, said: Sequence[Wish]) -> None:
    """A person with a birth date has no older photo but such as humans spoke of."""
    journal, outcome = play(world, said)[-1]
    taken = {sighting.face.id: sighting.taken for sighting in world.sightings}
    told = {face_id for entry in in_force(journal) for face_id in _touched(entry.said, world)}

    for face_id, appearance in outcome.appearances.items():
        born, day = outcome.people[appearance.person_id].born, taken[face_id]
        assert not (born and day and day < born) or face_id in told


@some
@given(world=worlds(), said=stories, wish=wishes())
def test_what_was_said_last_holds(world: World, said: Sequence[Wish], wish: Wish) -> None:
    """The newest decision has its effect, whatever was said before."""
    journal, outcome = play(world, said)[-1]
    newest = statement(wish, world, outcome, journal)
    assume(newest is not None)
    assert newest is not None

    after = lay_over(world.scene([*journal, decision(90, newest)]))

    _assert_obeyed(newest, world, outcome, after)


@some
@given(world=worlds(), said=stories, wish=wishes())
def test_bystanders_stay_as_they_are(world: World, said: Sequence[Wish], wish: Wish) -> None:
    """Of people whom a decision does not concern nothing changes: no face, no name, no id.

    Only somebody without a name, who stands apart from the machine's group, may get the group's id
    when that falls free, may find its place in a photo when the face beside it is moved, and may be
    joined by a face of the group that the decision leaves with nobody.
    """
    journal, before = play(world, said)[-1]
    newest = statement(wish, world, before, journal)
    assume(_is_of_someone(newest))
    assert newest is not None

    after = lay_over(world.scene([*journal, decision(90, newest)]))

    concerned = _subjects(newest, world, before)
    beside = _concerned(newest, world, before) - concerned
    concerned |= {each for each in beside if before.people[each].name is None}
    for person_id, faces in faces_of(before).items():
        if person_id not in concerned:
            (now,) = _whose(faces, after)
            joined = faces_of(after)[now] - faces
            assert faces <= faces_of(after)[now]
            assert not joined or before.people[person_id].name is None
            assert _whose(joined, before) <= concerned
            assert replace(after.people[now], id=person_id) == before.people[person_id]
            assert now == person_id or before.people[person_id].name is None


@some
@given(world=worlds(), said=stories, wish=wishes())
def test_no_name_is_lost(world: World, said: Sequence[Wish], wish: Wish) -> None:
    """Somebody with a name keeps name and id, whatever is said of some of its faces or of others.

    Unless it is all its faces that are taken, or the name itself, or it is made part of another.
    """
    journal, before = play(world, said)[-1]
    newest = statement(wish, world, before, journal)
    assume(newest is not None and not isinstance(newest, Undo | Reset | Name | Merge | SamePerson))
    assert newest is not None

    after = lay_over(world.scene([*journal, decision(90, newest)]))

    taken = meant(world, faces_in(newest))
    for person_id, faces in faces_of(before).items():
        if before.people[person_id].name and _solid(faces - taken, world):
            assert after.people[person_id].name == before.people[person_id].name


@some
@given(world=worlds(), said=stories)
def test_a_photo_more_moves_no_face_of_a_named_person(world: World, said: Sequence[Wish]) -> None:
    """Whoever has a name keeps it, and all faces, when another photo arrives."""
    earlier = World(world.records[:-1], world.steps[:-1])
    assume(earlier.records)
    journal, before = play(earlier, said)[-1]

    after = lay_over(world.scene(journal))

    for person_id, faces in faces_of(before).items():
        if before.people[person_id].name:
            assert faces <= faces_of(after)[person_id]
            assert after.people[person_id] == before.people[person_id]


# -- what decisions are about ----------------------------------------------------------------------


def _is_of_someone(said: Statement | None) -> bool:
    return said is not None and not isinstance(said, Undo | Reset | Repeats)


def _subjects(said: Statement, world: World, outcome: Outcome) -> set[PersonId]:
    """Everyone whom a decision concerns: whom it mentions, and whose faces it speaks of."""
    faces = meant(world, faces_in(said))
    ids = {person.person_id for person in people_in(said)}
    return ids | {outcome.appearances[f].person_id for f in faces if f in outcome.appearances}


def _concerned(said: Statement, world: World, outcome: Outcome) -> set[PersonId]:
    """The same, and whoever is in a photo of a face that it speaks of."""
    photos = {anchor.photo_id for anchor in faces_in(said)}
    beside = {face.id for face in world.faces.values() if face.photo_id in photos}
    return _subjects(said, world, outcome) | _whose(beside, outcome)


def _touched(said: Statement, world: World) -> set[FaceId]:
    people = [anchor for person in people_in(said) for anchor in person.anchors]
    return meant(world, [*faces_in(said), *people])


def _whose(faces: set[FaceId], outcome: Outcome) -> set[PersonId]:
    return {outcome.appearances[f].person_id for f in faces if f in outcome.appearances}


def _solid(faces: set[FaceId], world: World) -> bool:
    solid = {sighting.face.id for sighting in world.sightings if sighting.solid}
    return not faces.isdisjoint(solid)


def _by_photo(world: World, outcome: Outcome) -> dict[PhotoId, dict[PersonId, set[FaceId]]]:
    whose: dict[PhotoId, dict[PersonId, set[FaceId]]] = {}
    for face_id, appearance in outcome.appearances.items():
        people = whose.setdefault(world.faces[face_id].photo_id, {})
        people.setdefault(appearance.person_id, set()).add(face_id)
    return whose


def _assert_obeyed(said: Statement, world: World, before: Outcome, after: Outcome) -> None:
    if isinstance(said, Name | Hide | BirthDate | Consent | Cover):
        _assert_described(said, world, after.people[said.person.person_id])
    elif isinstance(said, Merge | SamePerson | DifferentPeople):
        _assert_paired(said, world, before, after)
    elif isinstance(said, Split | NotThisPerson | Confirm):
        _assert_placed(said, world, before, after)


def _assert_described(said: AboutPeople, world: World, person: Person) -> None:
    match said:
        case Name(_, name):
            assert person.name == name
        case Hide(_, hidden):
            assert person.hidden is hidden
        case BirthDate(_, born):
            assert person.born == born
        case Consent(_, given_):
            assert person.consent is given_
        case Cover(_, face):
            assert {person.cover} == meant(world, [face])


def _assert_paired(
    said: Merge | SamePerson | DifferentPeople, world: World, before: Outcome, after: Outcome
) -> None:
    match said:
        case DifferentPeople(one, other):
            a, b = meant(world, one.anchors), meant(world, other.anchors)
            assert _whose(a, after).isdisjoint(_whose(b, after))
        case Merge(gone, stays) | SamePerson(stays, gone):
            early = _taken_before(before.people[stays.person_id].born, world)
            whole = meant(world, stays.anchors) | meant(world, gone.anchors) - early
            assert _whose(whole, after) == {stays.person_id}
            assert gone.person_id not in after.people or meant(world, gone.anchors) <= early


def _taken_before(born: date | None, world: World) -> set[FaceId]:
    """The faces that nobody born on that day can be: only a birth date overrules a merge."""
    days = {sighting.face.id: sighting.taken for sighting in world.sightings}
    return {face_id for face_id, day in days.items() if born and day and day < born}


def _assert_placed(
    said: Split | NotThisPerson | Confirm, world: World, before: Outcome, after: Outcome
) -> None:
    faces, person_id = meant(world, said.faces), said.person.person_id
    match said:
        case Split(into=into):
            assert _whose(faces, after) == {into}
        case NotThisPerson():
            assert person_id not in _whose(faces, after)
        case Confirm():
            assert _whose(faces, after) == {person_id}
            assert all(after.appearances[face_id].confirmed for face_id in faces)
    rest = meant(world, said.person.anchors) & faces_of(before)[person_id]
    if isinstance(said, Confirm):
        # Whoever is confirmed in a photo is not also beside it.
        photos = {anchor.photo_id for anchor in said.faces}
        beside = {f.id for record in world.records for f in record.faces if f.photo_id in photos}
        rest = rest - beside | faces
    assert _whose(rest, after) == {person_id}
