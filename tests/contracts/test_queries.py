"""Every adapter answers a query as someone would who looks at each photo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations, product, starmap

from hypothesis import given, settings
from hypothesis import strategies as st
from made_photos import ASKED, FOLDERS, PATHS, PEOPLE, Filled, Made, anything, libraries, made_id

from kith.domain.findings import Versions
from kith.domain.photo import PhotoId
from kith.domain.query import (
    Bounds,
    HasFaces,
    ShowsText,
    ShowsUnnamed,
    TakenNever,
    TakenOn,
    TakenWith,
)
from kith.domain.selection import (
    Condition,
    HasAppearance,
    InFolder,
    Labelled,
    Lacks,
    OneOf,
    Picked,
    Selection,
    Shows,
    ShowsExactly,
    Under,
    Wanted,
    Within,
)
from kith.ports.queries import Folder

SOME_PEOPLE = [frozenset(one) for size in (1, 2, 3) for one in combinations(PEOPLE, size)]
DAYS = [
    None,
    *map(
        date.fromisoformat, ("0001-01-01", "2024-06-01", "2024-06-30", "2024-07-01", "9999-12-31")
    ),
]
SIMILARITIES = [80.0, 87.5, 90.0]
BOUNDS = [
    *(Bounds(least=least, above=above) for least in SIMILARITIES for above in (False, True)),
    *(Bounds(most=most, below=below) for most in SIMILARITIES for below in (False, True)),
    *starmap(Bounds, product(SIMILARITIES, repeat=2)),
]
LABELLED: list[frozenset[str]] = [
    frozenset(),
    *map(frozenset, (["Dog"], ["Tree", "Dog"], ["Ö\0\udcff", "x"], ["dog"])),
]
EVERYTHING: list[Wanted] = [
    *map(Shows, SOME_PEOPLE),
    *map(ShowsExactly, SOME_PEOPLE),
    ShowsUnnamed(),
    *starmap(HasFaces, product(range(4), [None, *range(4)])),
    *starmap(HasAppearance, product(BOUNDS, [None, *SOME_PEOPLE[2:4]])),
    *starmap(TakenOn, product(DAYS, repeat=2)),
    TakenNever(),
    *map(TakenWith, ["pixel", "GROSSE", "ß", "\0", "o", "x"]),
    *map(Under, FOLDERS),
    *map(InFolder, FOLDERS),
    *map(Picked, ["best", "other"]),
    *starmap(Labelled, product(LABELLED, [None, 40.0, 95.5, 95.6])),
    *map(ShowsText, ASKED),
    *map(Lacks, starmap(Versions, product([None, "1", "2"], repeat=2))),
    OneOf(frozenset()),
    OneOf(frozenset({made_id(0), made_id(2), PhotoId("f" * 64)})),
]
"""Every kind of condition, at and beside every value that a library can have."""

conditions = st.builds(Condition, st.sampled_from(EVERYTHING), st.booleans())
simple = st.builds(Selection, st.lists(conditions, max_size=3).map(tuple))
within = st.builds(Condition, st.builds(Within, simple), st.booleans())
selections = st.builds(Selection, st.lists(conditions | within, max_size=3).map(tuple))

# -- laws ------------------------------------------------------------------------------------------


@settings(anything, max_examples=16)
@given(made=libraries())
def test_a_condition_means_what_a_look_at_each_photo_says(filled: Filled, made: Made) -> None:
    """Every adapter finds the photos that satisfy a condition, and its opposite the others."""
    queries = filled(made).queries

    for wanted in EVERYTHING:
        for negated in (False, True):
            selection = Selection((Condition(wanted, negated),))
            assert queries.matching(selection) == made.meant(selection), selection


@anything
@given(made=libraries(), asked=st.lists(selections, min_size=1, max_size=12))
def test_a_selection_means_all_of_its_conditions(
    filled: Filled, made: Made, asked: Sequence[Selection]
) -> None:
    """Conditions hold together, a selection may be a part of another, and photos are counted."""
    queries = filled(made).queries

    for selection in asked:
        expected = made.meant(selection)
        assert queries.matching(selection) == expected
        assert queries.matching(selection, limit=2) == expected[:2]
        assert queries.count(selection) == len(expected)


@anything
@given(made=libraries())
def test_folders_are_those_that_hold_photos(filled: Filled, made: Made) -> None:
    """A folder is listed if a photo lies in it, and counts a photo with two files there once."""
    queries = filled(made).queries

    held: dict[str, set[int]] = {}
    for path, number in zip(PATHS, made.holders, strict=True):
        if number >= 0:
            held.setdefault(path.rpartition("/")[0] or "/", set()).add(number)
    assert queries.folders() == [Folder(path, len(held[path])) for path in sorted(held)]


@anything
@given(made=libraries())
def test_people_are_those_who_appear(filled: Filled, made: Made) -> None:
    """Only who appears can be called by a name or by the beginning of an id."""
    queries = filled(made).queries

    appearing = {face.person for photo in made.photos for face in photo.faces} - {None}
    names = {one.id: one.name for one in made.people if one.name and one.id in appearing}
    assert queries.named_people() == names
    assert queries.people_with_id("") == sorted(person for person in appearing if person)
    for person_id in PEOPLE:
        expected = [person_id] if person_id in appearing else []
        assert queries.people_with_id(person_id[:6]) == expected
    assert queries.people_with_id("\0") == queries.people_with_id("é") == []
