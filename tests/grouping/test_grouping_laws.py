from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from worlds import COSINES, STRENGTHS

from kith.domain.face import Face
from kith.domain.grouping import Seat, group_id_of

Make = Callable[..., Any]

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

    assert singly.steps == cut.steps
    assert singly.group_of == cut.group_of


@few
@given(stream=streams())
def test_no_group_is_twice_in_a_photo(stream: Stream, library_of: Make, make_face: Make) -> None:
    """Two faces of one photo are never in one group, reunions and recalls included."""
    library = library_of(stream.strength())

    library.add(stream.faces(make_face))

    seen = [(library.faces[id_].photo_id, group) for id_, group in library.group_of.items()]
    assert len(seen) == len(set(seen))


@few
@given(stream=streams())
def test_every_solid_face_has_a_seat(stream: Stream, library_of: Make, make_face: Make) -> None:
    """Every solid face has one, and every group was founded by a solid face that is still there."""
    library = library_of(stream.strength())

    library.add_singly(stream.faces(make_face))

    solid = {face.id for face in library.faces.values() if face.detail.quality.overall > 50}
    assert solid <= library.group_of.keys()
    founded = {group_id_of(id_): id_ for id_ in solid}
    for group_id in set(library.group_of.values()):
        assert library.group_of[founded[group_id]] == group_id


@few
@given(stream=streams())
def test_groups_only_grow(stream: Stream, library_of: Make, make_face: Make) -> None:
    """What is together stays together, under the id of the group or of what it became part of."""
    library = library_of(stream.strength())

    for photo in stream.faces(make_face):
        before = {**library.group_of}
        library.add([photo])
        for face_id, group_id in before.items():
            assert library.group_of[face_id] == library.current(group_id)


@few
@given(stream=streams())
def test_only_solid_faces_speak(stream: Stream, library_of: Make, make_face: Make) -> None:
    """A seat's support is solid faces that were in the group before; only founders have none."""
    library = library_of(stream.strength())
    seated: set[str] = set()

    for step in (s for photo in stream.faces(make_face) for s in library.add([photo])):
        if isinstance(step, Seat):
            assert set(step.support) <= seated
            assert not {int(face_id) for face_id in step.support} & stream.weak
            assert bool(step.support) == (step.group_id != group_id_of(step.face_id))
            seated.add(step.face_id)


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
