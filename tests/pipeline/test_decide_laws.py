"""What the catalog holds is what the whole journal says, however it came about."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wishes import BEGIN, Wish, anchors, decision, faces_of, statement, wishes
from worlds import World, a_world, worlds

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.sql import SqlCatalog
from kith.database.open import open_database
from kith.domain.decision import Anchor, Name, NotAFace, PersonRef, Undo
from kith.domain.errors import NotFoundError
from kith.domain.grouping import Seat, group_id_of
from kith.domain.person import PersonId
from kith.grouping.overlay import Outcome, lay_over
from kith.pipeline.decisions.corrections import merge_people, name_person, undo
from kith.pipeline.decisions.decide import adopt, decide, replay
from kith.pipeline.decisions.scene import whole_scene
from kith.pipeline.decisions.settle import settle
from kith.ports.catalog import Catalog

some = settings(max_examples=100, deadline=None)
events = st.lists(st.one_of(st.none(), wishes()), max_size=14)
"""What happens in a library: another photo arrives (``None``), or somebody says something."""


@contextmanager
def sqlite() -> Generator[Catalog]:
    """An empty catalog in SQLite."""
    with TemporaryDirectory() as folder, closing(open_database(Path(folder) / "k.db")) as database:
        yield SqlCatalog(database)


def arrive(catalog: Catalog, world: World, number: int) -> None:
    """That photo of the world arrives, as ``kith add`` stores it."""
    edition = catalog.edition()
    records, steps = [world.records[number]], world.steps[number]
    catalog.store(records, steps, settle(catalog, records, steps), edition)


def live(catalog: Catalog, world: World, story: Sequence[Wish | None]) -> Iterator[None]:
    """Let this happen, then let the remaining photos arrive; yields after every event."""
    arrived, said = 0, 0
    for event in [*story, *[None] * len(world.records)]:
        if event is None and arrived < len(world.records):
            arrive(catalog, world, arrived)
            arrived += 1
            yield
        elif event is not None and arrived:
            seen = World(world.records[:arrived], world.steps[:arrived])
            outcome = lay_over(whole_scene(catalog))
            uttered = statement(event, seen, outcome, list(catalog.decisions()))
            if uttered is not None:
                said += 1
                decide(catalog, [uttered], by="ana", at=BEGIN + timedelta(minutes=said))
                yield


def assert_holds(catalog: Catalog, outcome: Outcome) -> None:
    """The catalog holds exactly this."""
    assert {each.face_id: each for each in catalog.appearances()} == outcome.appearances
    assert dict(catalog.standings()) == outcome.standings
    assert {each: catalog.person(each) for each in outcome.people} == outcome.people
    assert {each.person.id for each in catalog.people()} == faces_of(outcome).keys()
    named = {step.group_id for step in catalog.steps() if isinstance(step, Seat)}
    current = set(catalog.current_groups(named).values())
    assert dict(catalog.homes(current)) == {k: v for k, v in outcome.homes.items() if v}
    for other, person_id in outcome.became.items():
        assert catalog.person(other).id == person_id


@some
@given(world=worlds(), story=events)
def test_every_change_is_as_if_all_were_worked_out_anew(
    world: World, story: Sequence[Wish | None]
) -> None:
    """After every photo and every decision the catalog holds what its whole journal says."""
    catalog = MemoryCatalog()

    for _ in live(catalog, world, story):
        assert_holds(catalog, lay_over(whole_scene(catalog)))


@settings(some, max_examples=5)
@given(world=worlds(8), story=events)
def test_a_database_holds_the_same(world: World, story: Sequence[Wish | None]) -> None:
    """So it is in SQLite."""
    with sqlite() as catalog:
        for _ in live(catalog, world, story):
            assert_holds(catalog, lay_over(whole_scene(catalog)))


@some
@given(world=worlds(), story=events)
def test_to_replay_changes_nothing(world: World, story: Sequence[Wish | None]) -> None:
    """Worked out anew from the journal, everybody is who they were."""
    catalog = MemoryCatalog()
    for _ in live(catalog, world, story):
        pass
    before = {each.face_id: each for each in catalog.appearances()}

    effect = replay(catalog)

    assert not effect.before
    assert {each.face_id: each for each in catalog.appearances()} == before


@some
@given(world=worlds(), story=events)
def test_a_journal_that_is_taken_over_gives_the_same_people(
    world: World, story: Sequence[Wish | None]
) -> None:
    """On a library of the same photos; taken over twice, it changes nothing more."""
    one, other = MemoryCatalog(), MemoryCatalog()
    for _ in live(one, world, story):
        pass
    for number in range(len(world.records)):
        arrive(other, world, number)

    adopt(other, list(one.decisions()))

    assert_holds(other, lay_over(whole_scene(one)))
    edition = other.edition()
    assert not adopt(other, list(one.decisions())).decisions
    assert not adopt(other, list(one.decisions())).before
    assert list(other.decisions()) == list(one.decisions())
    assert other.edition() >= edition


@some
@given(world=worlds(), story=events)
def test_decisions_wait_for_their_photos(world: World, story: Sequence[Wish | None]) -> None:
    """A journal that arrives before the photos takes effect as they arrive."""
    one, other = MemoryCatalog(), MemoryCatalog()
    for _ in live(one, world, story):
        pass

    adopt(other, list(one.decisions()))
    for number in range(len(world.records)):
        arrive(other, world, number)
        assert_holds(other, lay_over(whole_scene(other)))

    assert_holds(other, lay_over(whole_scene(one)))


@some
@given(world=worlds(), story=events, last=wishes())
def test_undo_restores_what_the_catalog_held(
    world: World, story: Sequence[Wish | None], last: Wish
) -> None:
    """People, faces and what was set aside are as they were before the decision."""
    catalog = MemoryCatalog()
    for _ in live(catalog, world, story):
        pass
    before = lay_over(whole_scene(catalog))
    uttered = statement(last, world, before, list(catalog.decisions()))
    if uttered is None:
        return

    (last_one,) = decide(catalog, [uttered], by="ana").decisions
    undo(catalog, [last_one.id], by="ana")

    assert_holds(catalog, before)


@some
@given(world=worlds(), story=events)
def test_a_photo_more_moves_nobody_with_a_name(world: World, story: Sequence[Wish | None]) -> None:
    """When a photo arrives, no face of a named person moves and no named person goes."""
    catalog = MemoryCatalog()
    earlier = World(world.records[:-1], world.steps[:-1])
    for _ in live(catalog, earlier, story):
        pass
    named = {each.person.id for each in catalog.people() if each.person.name}
    before = {each.face_id: each.person_id for each in catalog.appearances(named)}

    arrive(catalog, world, len(earlier.records))

    after = {each.face_id: each.person_id for each in catalog.appearances()}
    assert {face_id: after[face_id] for face_id in before} == before
    assert named <= {each.person.id for each in catalog.people() if each.person.name}


def test_a_weak_face_that_was_set_aside_is_not_recalled() -> None:
    """A face that a human called no face stays so when its group is founded later."""
    world = a_world([[0], [1], [1]], weak={1})
    catalog = MemoryCatalog()
    arrive(catalog, world, 0)
    arrive(catalog, world, 1)
    (weak,) = catalog.faces([world.records[1].photo.id])
    decide(catalog, [NotAFace((Anchor.of(weak),))], by="ana")

    arrive(catalog, world, 2)

    assert any(isinstance(s, Seat) and s.face_id == weak.id for s in catalog.steps())
    assert weak.id not in catalog.appearances_of([weak.id])


def test_of_two_decisions_in_one_moment_the_later_said_counts() -> None:
    """A clock that stands still, or goes back, does not turn their order around."""
    catalog = MemoryCatalog()
    world = a_world([[0]])
    arrive(catalog, world, 0)
    (person,) = (each.person for each in catalog.people())
    ref = PersonRef(person.id, (Anchor.of(world.records[0].faces[0]),))

    decide(catalog, [Name(ref, "Ana")], by="ana", at=BEGIN)
    decide(catalog, [Name(ref, "Anna")], by="ana", at=BEGIN)
    decide(catalog, [Name(ref, "Hanna")], by="ana", at=BEGIN - timedelta(days=1))

    assert catalog.person(person.id).name == "Hanna"


def test_what_is_not_in_the_journal_cannot_be_undone() -> None:
    """To undo an unknown decision fails, and the journal stays as it was."""
    catalog = MemoryCatalog()

    with pytest.raises(NotFoundError):
        decide(catalog, [Undo("0")], by="ana")

    assert not list(catalog.decisions())


def test_an_effect_tells_whose_faces_changed_hands() -> None:
    """It names faces that are somebody else's now, with both people; naming moves nobody."""
    catalog = MemoryCatalog()
    world = a_world([[0], [1]])
    arrive(catalog, world, 0)
    arrive(catalog, world, 1)
    one, other = (each.person for each in catalog.people())
    face = next(each.face_id for each in catalog.appearances([other.id]))

    named = name_person(catalog, one, "Ana", by="ana")
    moved = decide(catalog, [NotAFace((Anchor.of(catalog.faces_by_id([face])[face]),))], by="ana")

    assert not named.before
    assert moved.before == {face: other.id}
    assert moved.after == {face: None}


def test_a_recalled_face_does_not_join_who_is_in_its_photo() -> None:
    """A weak face of an older photo fits a group that a human made part of the other one there."""
    world = a_world([[0, 1], [2], [2]], weak={1})
    first, weak, third, fourth = world.faces
    late = Seat(fourth, group_id_of(third), 99.0, (third,))
    recalled = Seat(weak, group_id_of(third), 99.0, (third, fourth))
    world = World(world.records, (*world.steps[:2], (late, recalled)))
    catalog = MemoryCatalog()
    arrive(catalog, world, 0)
    arrive(catalog, world, 1)
    stays, gone = (catalog.person(PersonId(group_id_of(each))) for each in (first, third))
    merge_people(catalog, [gone], stays, by="ana")

    arrive(catalog, world, 2)

    assert_holds(catalog, lay_over(whole_scene(catalog)))
    assert catalog.appearances_of([fourth])[fourth].person_id == stays.id
    assert weak not in catalog.appearances_of([weak])


def test_a_person_whose_named_face_is_still_to_come_has_its_name() -> None:
    """A journal that was taken over names a person by id and a later photo: the id is enough."""
    world = a_world([[0], [0]])
    catalog = MemoryCatalog()
    founder, later = world.faces
    person_id = PersonId(group_id_of(founder))
    named = Name(PersonRef(person_id, anchors(world, [later])), "Ana")
    adopt(catalog, [decision(0, named)])

    arrive(catalog, world, 0)

    assert_holds(catalog, lay_over(whole_scene(catalog)))
    assert catalog.person(person_id).name == "Ana"
