"""Grouping everything anew, whatever humans had said before."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from crowds import Crowd, add_photos, empty_crowd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wishes import BEGIN, Wish, statement, wishes
from worlds import World

from kith.adapters.catalog.memory import MemoryCatalog
from kith.domain.grouping import Seat, Step, group_id_of
from kith.grouping.overlay import lay_over
from kith.pipeline.decisions.decide import decide
from kith.pipeline.decisions.scene import whole_scene
from kith.pipeline.decisions.settle import settle
from kith.pipeline.library import Library
from kith.pipeline.migration.regroup import regroup
from kith.ports.catalog import Catalog, PhotoRecord

some = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    # It makes a library of any catalog, and has no state.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Crowd, World]]:
    """60 faces of people who are not easy to tell apart, and what grouping made of them."""
    with empty_crowd(tmp_path_factory.mktemp("seen") / "library.db") as crowd:
        people = [number * number % 11 for number in range(60)]
        records = add_photos(crowd, people, seed=5)
        yield crowd, World(tuple(records), (tuple(crowd.catalog.steps()),))


def _library(
    make: Callable[[Catalog], Library], crowd: Crowd, records: Sequence[PhotoRecord], steps: Any
) -> Library:
    catalog = MemoryCatalog()
    catalog.store(records, steps, settle(catalog, records, steps), catalog.edition())
    return replace(make(catalog), collection=crowd.collection, ordered=crowd.collection.in_order)


def _say(catalog: Catalog, world: World, said: Sequence[Wish]) -> None:
    for number, wish in enumerate(said):
        outcome = lay_over(whole_scene(catalog))
        uttered = statement(wish, world, outcome, list(catalog.decisions()))
        if uttered is not None:
            decide(catalog, [uttered], by="ana", at=BEGIN + timedelta(minutes=number))


def _everything(catalog: Catalog) -> tuple[object, ...]:
    """All that a catalog knows of groups, people and what was said."""
    steps = list(catalog.steps())
    named = {step.group_id for step in steps if isinstance(step, Seat)}
    return (
        steps,
        list(catalog.decisions()),
        {each.face_id: each for each in catalog.appearances()},
        catalog.standings(),
        catalog.people(),
        catalog.homes(named),
    )


@some
@given(said=st.lists(wishes(), max_size=14))
def test_nothing_changes_that_was_decided(
    seen: tuple[Crowd, World], library_of: Callable[[Catalog], Library], said: Sequence[Wish]
) -> None:
    """Where faces group as they did, everybody and everything is afterwards what it was."""
    crowd, world = seen
    library = _library(library_of, crowd, world.records, world.steps[0])
    _say(library.catalog, world, said)
    before = _everything(library.catalog)

    assert regroup(library).moved == 0

    assert _everything(library.catalog) == before


@some
@given(said=st.lists(wishes(), max_size=14))
def test_other_groups_under_the_same_decisions(
    seen: tuple[Crowd, World], library_of: Callable[[Catalog], Library], said: Sequence[Wish]
) -> None:
    """Where they grouped otherwise, people are what the journal makes of the new groups."""
    crowd, world = seen
    faces = [face for record in world.records for face in record.faces]
    alone: list[Step] = [
        Seat(face.id, group_id_of(face.id), 100.0)
        for face in faces
        if face.detail.quality.overall > 50
    ]
    library = _library(library_of, crowd, world.records, alone)
    catalog = library.catalog
    _say(catalog, World(world.records, (tuple(alone),)), said)
    journal, standings = list(catalog.decisions()), catalog.standings()

    regroup(library)

    assert list(catalog.decisions()) == journal
    assert catalog.standings() == standings
    outcome = lay_over(whole_scene(catalog))
    assert {each.face_id: each for each in catalog.appearances()} == outcome.appearances
    for person_id, person in outcome.people.items():
        assert catalog.person(person_id) == person
