"""Small made-up libraries: photos in their order of arrival, and what grouping made of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import numpy as np
from hypothesis import strategies as st
from likeness import Groups, Strength, a_face
from numpy.typing import NDArray

from kith.domain.decision import Decision
from kith.domain.face import Face, FaceId
from kith.domain.grouping import GroupId, Step
from kith.domain.photo import Photo, PhotoId, Place
from kith.grouping.overlay import Scene
from kith.grouping.parts import Sighting
from kith.ports.catalog import PhotoRecord

COSINES = np.array([-1.0, 0.0, 0.24, 0.34, 0.43, 0.51, 0.64, 1.0])
STRENGTHS = np.array([0.0, 0.3, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0])
"""Much like the calibration of the default pack."""


@dataclass(frozen=True)
class World:
    """Photos in their order of arrival, and the steps that grouping took for each."""

    records: tuple[PhotoRecord, ...]
    steps: tuple[tuple[Step, ...], ...]

    @property
    def sightings(self) -> list[Sighting]:
        """All faces in the order of arrival, then from left to right."""
        return [
            Sighting(face, record.photo.taken_at.date() if record.photo.taken_at else None)
            for record in self.records
            for face in sorted(record.faces, key=lambda face: (-face.box.area, face.id))
        ]

    @property
    def faces(self) -> dict[FaceId, Face]:
        """All faces by id."""
        return {face.id: face for record in self.records for face in record.faces}

    def groups(self) -> dict[GroupId, set[FaceId]]:
        """The machine's groups."""
        groups = Groups(lambda _one, _two: 0.0)
        for steps in self.steps:
            for step in steps:
                groups.take(step)
        return groups.by_id()

    def scene(self, decisions: Sequence[Decision] = ()) -> Scene:
        """All of it, under these decisions."""
        return Scene(self.sightings, [step for steps in self.steps for step in steps], decisions)


def a_world(
    people: Sequence[Sequence[int]],
    weak: Collection[int] = (),
    days: Sequence[int] = (),
    spread: float = 0.4,
    seed: int = 0,
) -> World:
    """Photos that show these people.

    Args:
        people: who is on each photo; the same number is the same person.
        weak: faces of poor quality, counted from 0.
        days: the day of each photo after 2020-01-01; -1 is unknown. Too few: unknown.
        spread: how far faces scatter around their person; above 1 they are hard to tell apart.
        seed: of the scatter.
    """
    names = iter(range(sum(map(len, people))))
    records: list[PhotoRecord] = []
    for number, group in enumerate(people):
        photo_id = PhotoId(f"{number:064x}")
        faces = tuple(
            a_face(
                str(uuid.UUID(int=1 + name)),
                photo_id,
                rank=rank,
                overall=5.0 if name in weak else 80.0,
            )
            for rank, name in enumerate(islice(names, len(group)))
        )
        day = days[number] if number < len(days) else -1
        taken = None if day < 0 else datetime(2020, 1, 1, 12) + timedelta(days=day)  # noqa: DTZ001
        photo = Photo(photo_id, "JPEG", 400, 300, 1, taken_at=taken)
        records.append(PhotoRecord(photo, Place(f"/photos/{number}.jpg", 1, 1), faces))
    strength = _strength([who for group in people for who in group], spread, seed)
    steps = Groups(strength).add_singly([record.faces for record in records])
    return World(tuple(records), tuple(map(tuple, steps)))


def _strength(people: Sequence[int], spread: float, seed: int) -> Strength:
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(max(people, default=0) + 1, 48))
    vectors: NDArray[np.float64] = centers[list(people)] + spread * rng.normal(
        size=(len(people), 48)
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    def strength(one: FaceId, two: FaceId) -> float:
        cosine = float(np.dot(vectors[uuid.UUID(one).int - 1], vectors[uuid.UUID(two).int - 1]))
        return float(np.interp(cosine, COSINES, STRENGTHS))

    return strength


@st.composite
def worlds(draw: st.DrawFn, most: int = 10) -> World:
    """Up to ``most`` photos of one to four faces of up to five people, some weak, some dated."""
    photos = draw(
        st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=4), min_size=1, max_size=most)
    )
    count = sum(map(len, photos))
    weak = draw(st.sets(st.integers(0, count - 1), max_size=4))
    days = draw(st.lists(st.integers(-1, 3), max_size=len(photos)))
    spread = draw(st.sampled_from([0.4, 0.8, 1.0]))
    return a_world(photos, weak, days, spread, draw(st.integers(0, 20)))
