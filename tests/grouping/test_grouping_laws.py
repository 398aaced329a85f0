from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kith.domain.face import Face
from kith.domain.person import person_id_of

Make = Callable[..., Any]

COSINES = np.array([-1.0, 0.0, 0.24, 0.34, 0.43, 0.51, 0.64, 1.0])
STRENGTHS = np.array([0.0, 0.3, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0])
"""Much like the calibration of the default pack."""

few = settings(max_examples=40, deadline=None)


@dataclass(frozen=True)
class Stream:
    """Photos in order of arrival, as numbers of faces; who is who; how alike faces are.

    Attributes:
        people: of each face.
        photos: faces of each photo.
        weak: faces of poor quality.
        spread: how far faces scatter around their person; above 1 people become hard to tell apart.
        seed: of the scatter.
    """

    people: list[int]
    photos: list[list[int]]
    weak: set[int]
    spread: float
    seed: int

    def strength(self) -> Callable[[str, str], float]:
        """Unit vectors around one center per person, as similarities."""
        rng = np.random.default_rng(self.seed)
        centers = rng.normal(size=(max(self.people) + 1, 48))
        vectors: NDArray[np.float64] = centers[self.people] + self.spread * rng.normal(
            size=(len(self.people), 48)
        )
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

        def strength(one: str, two: str) -> float:
            cosine = float(np.dot(vectors[int(one)], vectors[int(two)]))
            return float(np.interp(cosine, COSINES, STRENGTHS))

        return strength

    def faces(self, make_face: Make) -> list[list[Face]]:
        """The photos, with faces of good or poor quality."""
        return [
            [make_face(str(n), f"p{i}", overall=5.0 if n in self.weak else 80.0) for n in photo]
            for i, photo in enumerate(self.photos)
        ]


@st.composite
def streams(draw: st.DrawFn, *, spread: float | None = None, group: int = 3) -> Stream:
    """Up to 40 faces of up to 7 people in photos of up to ``group`` faces, some weak."""
    people = draw(st.lists(st.integers(0, 6), min_size=2, max_size=40))
    cuts = draw(st.lists(st.integers(1, group), min_size=len(people), max_size=len(people)))
    rest, photos = list(range(len(people))), list[list[int]]()
    for cut in cuts:
        photos, rest = [*photos, rest[:cut]], rest[cut:]
    return Stream(
        people=people,
        photos=[photo for photo in photos if photo],
        weak=draw(st.sets(st.integers(0, len(people) - 1), max_size=8))
        if spread is None
        else set(),
        spread=draw(st.sampled_from([0.4, 0.8, 1.2])) if spread is None else spread,
        seed=draw(st.integers(0, 99)),
    )


def batches(photos: Sequence[list[Face]], cuts: set[int]) -> list[list[list[Face]]]:
    """The photos cut into batches before these places."""
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(photos)), len(photos)]
    return [list(photos[a:b]) for a, b in pairwise(edges)]


@few
@given(stream=streams(), cuts=st.sets(st.integers(1, 40)))
def test_batch_cuts_do_not_matter(
    stream: Stream, cuts: set[int], library_of: Make, make_face: Make
) -> None:
    """However the stream is cut into batches, the library afterwards is the same to the last id."""
    photos = stream.faces(make_face)
    singly, cut = library_of(stream.strength()), library_of(stream.strength())

    singly.add_singly(photos)
    for batch in batches(photos, cuts):
        cut.add(batch)

    assert singly.person_of == cut.person_of
    assert singly.names == cut.names
    assert singly.merged == cut.merged


@few
@given(stream=streams())
def test_no_person_is_twice_in_a_photo(stream: Stream, library_of: Make, make_face: Make) -> None:
    """Two faces of one photo are never one person, merges and recalls included."""
    library = library_of(stream.strength())

    library.add(stream.faces(make_face))

    seen = [(library.faces[id_].photo_id, person) for id_, person in library.person_of.items()]
    assert len(seen) == len(set(seen))


@few
@given(stream=streams())
def test_every_solid_face_is_someone(stream: Stream, library_of: Make, make_face: Make) -> None:
    """Every solid face has one person, and every person was founded by a solid face of its own."""
    library = library_of(stream.strength())

    library.add_singly(stream.faces(make_face))

    solid = {face.id for face in library.faces.values() if face.detail.quality.overall > 50}
    assert solid <= library.person_of.keys()
    founded = {person_id_of(id_): id_ for id_ in solid}
    for person in set(library.person_of.values()):
        assert library.person_of[founded[person]] == person


@few
@given(stream=streams(), named=st.sets(st.integers(0, 39), max_size=4))
def test_people_only_grow(
    stream: Stream, named: set[int], library_of: Make, make_face: Make
) -> None:
    """What is together stays together; a named person keeps its id, its name and its faces."""
    library = library_of(stream.strength())
    given_names: dict[str, str] = {}

    for index, photo in enumerate(stream.faces(make_face)):
        before = {**library.person_of}
        library.add([photo])
        for face_id, person in before.items():
            assert library.person_of[face_id] == current(library, person)
        person = library.person_of.get(photo[0].id)
        if index in named and person and library.names[person] is None:
            given_names[person] = library.names[person] = f"name {index}"

    assert {person: library.names[person] for person in given_names} == given_names


def current(library: Any, person: str) -> str:
    """The person that this one is now, or has become part of."""
    while person in library.merged:
        person = library.merged[person]
    return person


@few
@given(stream=streams(spread=0.4, group=1), seed=st.integers(0, 9))
def test_order_does_not_matter_where_people_are_clear(
    stream: Stream, seed: int, library_of: Make, make_face: Make
) -> None:
    """Where people are easy to tell apart, every order of arrival finds exactly them."""
    photos = stream.faces(make_face)
    order = np.random.default_rng(seed).permutation(len(photos))
    library = library_of(stream.strength())

    library.add_singly([photos[n] for n in order])

    found = {frozenset(int(id_) for id_ in group) for group in library.groups()}
    people = {p: frozenset(n for n, q in enumerate(stream.people) if q == p) for p in stream.people}
    assert found == set(people.values())
