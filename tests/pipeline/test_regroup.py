"""Grouping everything anew: the same groups under the same ids, and nothing said is lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from crowds import Crowd, add_photos, empty_crowd, index_photos
from hypothesis import given
from hypothesis import strategies as st

from kith.adapters.recognition.local.ordered import LocalOrderedSearch
from kith.domain.decision import Anchor, DifferentPeople, Merge, Name, PersonRef, Split
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step
from kith.domain.person import PersonId
from kith.grouping.neighborhood import OrderedSearch
from kith.pipeline.decisions.decide import decide
from kith.pipeline.library import Library
from kith.pipeline.migration.ordered import SearchedInOrder
from kith.pipeline.migration.regroup import groups_after, regroup, with_old_ids, with_old_places
from kith.ports.catalog import Catalog

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

_OWN = PersonId("00000000-0000-4000-8000-000000000001")


# -- laws of the mapping from old groups to new ones -----------------------------------------------


@st.composite
def _groupings(draw: st.DrawFn) -> list[Step]:
    """Steps by which some faces come to be groups, each named by its first face."""
    steps: list[Step] = []
    groups: list[GroupId] = []
    for number in range(draw(st.integers(1, 12))):
        face_id = FaceId(f"f{number}")
        if not groups or draw(st.booleans()):
            groups.append(GroupId(f"g{draw(st.integers(0, 5))}-{number}"))
            steps.append(Seat(face_id, groups[-1], 100.0))
        else:
            steps.append(Seat(face_id, draw(st.sampled_from(groups)), 90.0))
        if len(groups) > 1 and draw(st.integers(0, 3)) == 0:
            gone, stays = draw(st.permutations(groups))[:2]
            steps.append(Reunion(gone, stays))
            groups.remove(gone)
    return steps


def _parties(steps: Sequence[Step]) -> set[frozenset[FaceId]]:
    groups: dict[GroupId, set[FaceId]] = {}
    for face_id, group_id in groups_after(steps).items():
        groups.setdefault(group_id, set()).add(face_id)
    return set(map(frozenset, groups.values()))


@given(_groupings(), _groupings())
def test_other_ids_but_the_same_groups(old: list[Step], new: list[Step]) -> None:
    """Taking over old ids renames groups, and neither unites nor divides any."""
    same = {step.face_id: step.face_id for step in old if isinstance(step, Seat)}
    renamed = with_old_ids(old, new, same)
    assert _parties(renamed) == _parties(new)
    assert [type(step) for step in renamed] == [type(step) for step in new]


@given(_groupings(), _groupings())
def test_most_faces_decide(old: list[Step], new: list[Step]) -> None:
    """A group that most faces of an old one, and hardly others, went to is called like that one."""
    same = {step.face_id: step.face_id for step in old if isinstance(step, Seat)}
    before, after = groups_after(old), groups_after(with_old_ids(old, new, same))
    for group_id in set(before.values()):
        own = {face_id for face_id, its in before.items() if its == group_id}
        for other in set(after.values()):
            there = {
                face_id for face_id, its in after.items() if its == other and face_id in before
            }
            if 2 * len(own & there) > max(len(own), len(there)):
                assert other == group_id


@given(_groupings())
def test_nothing_new_nothing_renamed(steps: list[Step]) -> None:
    """Steps that lead to the same groups as before keep every name."""
    same = {step.face_id: step.face_id for step in steps if isinstance(step, Seat)}
    assert groups_after(with_old_ids(steps, steps, same)) == groups_after(steps)


@given(_groupings(), st.data())
def test_unseen_faces_stay_beside_their_own(old: list[Step], data: st.DataObject) -> None:
    """A face that no search finds goes where those went that it sat with, and gets a seat once."""
    faces = [step.face_id for step in old if isinstance(step, Seat)]
    unseen = set(data.draw(st.lists(st.sampled_from(faces), unique=True)))
    same = {face_id: face_id for face_id in faces if face_id not in unseen}
    new = [step for step in old if isinstance(step, Reunion) or step.face_id not in unseen]
    complete = with_old_places(old, with_old_ids(old, new, same), same, unseen)
    assert _parties(complete) == _parties(old)
    seated = [step.face_id for step in complete if isinstance(step, Seat)]
    assert sorted(seated) == sorted(faces)


# -- libraries of drawn faces ----------------------------------------------------------------------


def _draw_album(world: World) -> None:
    for number in range(3):
        world.draw(f"anna{number}.png", 0, gray=150 + number)
        world.draw(f"bert{number}.png", 1, gray=170 + number)
    world.draw("both.png", 0, 1)
    world.draw("carl.png", 2)
    world.add()


def _ref(world: World, name: str) -> PersonRef:
    catalog = world.library.catalog
    person_id = world.person_in(name)
    faces = catalog.faces_by_id([one.face_id for one in catalog.appearances([person_id])])
    return PersonRef(person_id, tuple(map(Anchor.of, faces.values())))


def test_settled_library(world: World) -> None:
    """Grouped anew, a library in which nobody spoke is exactly what it was."""
    _draw_album(world)
    steps, groups = list(world.library.catalog.steps()), world.groups()
    done = regroup(world.library)
    assert (done.moved, done.unseen, done.groups) == (0, 0, done.groups_before)
    assert list(world.library.catalog.steps()) == steps
    assert world.groups() == groups


def test_decisions_stay(world: World) -> None:
    """Grouped anew, everybody is who humans said."""
    _draw_album(world)
    catalog = world.library.catalog
    decide(catalog, [Name(_ref(world, "carl.png"), "Carl")], by="Ida")
    decide(catalog, [DifferentPeople(_ref(world, "carl.png"), _ref(world, "anna0.png"))], by="Ida")
    (known,) = catalog.places(str(world.root / "bert2.png"))
    assert known.photo_id
    (face,) = catalog.faces([known.photo_id])
    decide(catalog, [Split((Anchor.of(face),), _ref(world, "bert0.png"), _OWN)], by="Ida")
    groups = world.groups()
    assert groups[_OWN] == {"bert2.png"}
    assert regroup(world.library).moved == 0
    assert world.groups() == groups


def test_forgotten_by_the_search(world: World) -> None:
    """A face that the search has lost keeps its person."""
    _draw_album(world)
    groups = world.groups()
    faces = list(world.library.catalog.faces())
    world.library.collection.forget([faces[0].id, faces[2].id])
    assert regroup(world.library).unseen == 2
    assert world.groups() == groups


def test_interrupted(world: World) -> None:
    """Interrupted on its way, it has changed nothing."""
    _draw_album(world)
    catalog = world.library.catalog
    decide(catalog, [Merge(_ref(world, "anna0.png"), _ref(world, "carl.png"))], by="Ida")
    before, edition = world.groups(), catalog.edition()

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        regroup(world.library, stop)
    assert world.groups() == before
    assert catalog.edition() == edition


# -- the local collection --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Generator[Crowd]:
    """300 faces of people who are not easy to tell apart."""
    with empty_crowd(tmp_path_factory.mktemp("crowd") / "library.db") as crowd:
        add_photos(crowd, random.Random(2).choices(range(25), range(1, 26), k=300), seed=1)
        yield crowd


@pytest.mark.parametrize("quick", [True, False])
def test_as_they_arrived(
    crowd: Crowd, library_of: Callable[[Catalog], Library], quick: bool
) -> None:
    """Grouped anew all at once, faces make the groups that they made one photo after the other."""
    ordered = crowd.collection.in_order if quick else None
    library = replace(library_of(crowd.catalog), collection=crowd.collection, ordered=ordered)
    steps = list(crowd.catalog.steps())
    assert any(isinstance(step, Reunion) for step in steps)
    assert regroup(library).moved == 0
    assert list(crowd.catalog.steps()) == steps


@pytest.fixture(scope="module")
def many() -> Generator[Crowd]:
    """So many faces that the quick search takes all of its ways."""
    with empty_crowd(":memory:") as crowd:
        index_photos(crowd, random.Random(4).choices(range(200), k=2600), seed=4)
        yield crowd


def _as_the_slow_one(crowd: Crowd, quick: Callable[..., OrderedSearch]) -> None:
    """Ask both searches the same, here and there, for new faces and old ones."""
    dice = random.Random(3)
    order = [(face.id, face.photo_id) for face in crowd.collection.faces()]
    fast = quick(order, min_similarity=30.0, limit=20)
    slow = SearchedInOrder(crowd.collection, order, min_similarity=30.0, limit=20)
    for arrived in sorted(dice.sample(range(len(order)), 40)):
        rows = [*dice.sample(range(arrived), min(3, arrived)), *range(arrived, arrived + 2)]
        asked = [order[row][0] for row in rows if row < len(order)]
        both = zip(fast.search(asked, arrived), slow.search(asked, arrived), strict=True)
        for (places, similarities), (true_places, true_similarities) in both:
            assert places.tolist() == true_places.tolist()
            assert similarities.tolist() == true_similarities.tolist()


@pytest.mark.parametrize("size", ["crowd", "many"])
def test_search_in_order(size: str, request: pytest.FixtureRequest) -> None:
    """The quick search among those that have arrived answers as the slow one, whatever is asked."""
    crowd: Crowd = request.getfixturevalue(size)
    _as_the_slow_one(crowd, crowd.collection.in_order)


@pytest.mark.parametrize(("block", "most_pairs"), [(7, 10_000_000), (64, 1000), (300, 0), (1, 1)])
def test_search_in_small_blocks(crowd: Crowd, block: int, most_pairs: int) -> None:
    """So it does where pairs are found a few rows at a time, and the nearest alone are kept."""
    own = (crowd.engine, crowd.database, crowd.store)
    _as_the_slow_one(crowd, partial(LocalOrderedSearch, *own, block=block, most_pairs=most_pairs))
