from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.face import FaceId, Match
from kith.domain.photo import PhotoId, photo_id_of
from kith.domain.similarity import strength_of
from kith.grouping.evidence import likeness
from kith.grouping.neighborhood import Member
from kith.grouping.questions import (
    COUNTED,
    EVEN_LIKENESS,
    FLOOR,
    Fragment,
    Ties,
    chance,
    most_worth,
    worth,
)

STRENGTHS = st.floats(0, 9)
COUNTS = st.integers(1, 10_000)
PERCENTS = st.floats(FLOOR, 100)


@given(STRENGTHS, STRENGTHS)
def test_more_likeness_is_more_chance(one: float, other: float) -> None:
    """The chance grows with likeness, is a probability, and even at the even likeness."""
    low, high = sorted((one, other))

    assert 0 <= chance(low) <= chance(high) <= 1
    assert chance(EVEN_LIKENESS) == 0.5


@given(STRENGTHS, COUNTS, COUNTS, st.booleans())
def test_no_question_is_worth_more_than_its_sides_allow(
    found: float, faces: int, others: int, loose: bool
) -> None:
    """Worth does not depend on which side is which, and the larger side's size bounds it."""
    value = worth(found, faces, others, loose=loose)

    assert value == worth(found, others, faces, loose=loose)
    assert 0 <= value <= most_worth(max(faces, others)) <= COUNTED**2


def test_weak_faces_alone_are_judged_by_the_best_one() -> None:
    """Solid faces count; where there are none, the best face does."""
    mixed = Fragment((_member("a"), _member("b", solid=False)))
    weak = Fragment((_member("c", solid=False), _member("d", solid=False)))

    assert mixed.judged == ("a",)
    assert weak.judged == ("c",)


def test_likeness_is_the_mean_over_all_pairs_of_faces() -> None:
    """Where everything was found, likeness is average linkage on strengths."""
    ties = Ties([_fragment("a1", "a2"), _fragment("b1")])

    ties.hear(1, {FaceId("b1"): [_match("a1", 95.0), _match("a2", 90.0)]})

    expected = (strength_of(95.0) + strength_of(90.0)) / 2
    assert ties.likeness([0], [1]) == ties.likeness([1], [0]) == pytest.approx(expected)


def test_a_search_that_meets_nobody_counts_against_it() -> None:
    """A representative whose search did not find the other group lowers the likeness."""
    ties = Ties([_fragment("a1", "a2"), _fragment("b1")])

    ties.hear(0, {FaceId("a1"): [_match("b1", 95.0)], FaceId("a2"): []})

    expected = (strength_of(95.0) + likeness((), 1)) / 2
    assert ties.likeness([0], [1]) == pytest.approx(expected)


@given(PERCENTS, PERCENTS, st.integers(1, 5), st.integers(1, 5))
def test_people_that_grow_need_no_new_search(one: float, other: float, many: int, few: int) -> None:
    """The likeness of a merged person is that of its fragments, weighted by their faces."""
    names = [f"a{number}" for number in range(many)], [f"b{number}" for number in range(few)]
    ties = Ties([_fragment(*names[0]), _fragment(*names[1]), _fragment("c")])
    met = [_match(name, one) for name in names[0]] + [_match(name, other) for name in names[1]]

    ties.hear(2, {FaceId("c"): sorted(met, key=lambda match: -match.similarity)})

    expected = (many * strength_of(one) + few * strength_of(other)) / (many + few)
    assert ties.likeness([0, 1], [2]) == pytest.approx(expected)


def test_one_search_tells_both_sides() -> None:
    """Who was met by a search is near the searcher, and the searcher near it."""
    ties = Ties([_fragment("a"), _fragment("b"), _fragment("c")])

    ties.hear(0, {FaceId("a"): [_match("b", 92.0)]})

    assert (ties.near(0), ties.near(1), ties.near(2)) == ({1}, {0}, set())
    assert ties.searched(0)
    assert not ties.searched(1)


def test_the_nearest_faces_stand_on_the_sides_that_were_asked_for() -> None:
    """The nearest pair names a face of the first side first, whoever searched."""
    ties = Ties([_fragment("a"), _fragment("b")])
    ties.hear(1, {FaceId("b"): [_match("a", 92.0)]})

    (forward,) = ties.nearest([0], [1])
    (backward,) = ties.nearest([1], [0])

    assert (forward.one, forward.other, forward.similarity) == ("a", "b", 92.0)
    assert backward == forward.turned()


def test_the_smaller_group_is_believed_where_both_searched() -> None:
    """A small group's own search decides over that of a large one, as in grouping."""
    ties = Ties([_fragment("a1", "a2"), _fragment("b")])
    ties.hear(0, {FaceId("a1"): [_match("b", 99.0)], FaceId("a2"): [_match("b", 99.0)]})
    before = ties.likeness([0], [1])

    ties.hear(1, {FaceId("b"): [_match("a1", 90.0), _match("a2", 90.0)]})

    assert before == pytest.approx(strength_of(99.0))
    assert ties.likeness([0], [1]) == pytest.approx(strength_of(90.0))


def _fragment(*names: str) -> Fragment:
    return Fragment(tuple(_member(name) for name in names))


def _member(name: str, *, solid: bool = True) -> Member:
    return Member(FaceId(name), _photo(name), 80.0, solid)


def _match(name: str, similarity: float) -> Match:
    return Match(FaceId(name), _photo(name), similarity)


def _photo(name: str) -> PhotoId:
    return photo_id_of(name.encode())
