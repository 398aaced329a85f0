"""What the local collections hold in memory is what the database has, whoever changed it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest

from kith.adapters.recognition.local.collections import LocalCollection, LocalCollections
from kith.adapters.recognition.local.store import FaceStore, NewFace, Pin
from kith.database.open import Database, open_database
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.photo import PhotoId
from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.ports.collections import AlreadyThereError

_DETAIL = FaceDetail(
    Box(0.1, 0.2, 0.3, 0.4),
    99.9,
    Landmarks(*(Point(0.2, 0.3),) * 5),
    Pose(0, 0, 0),
    Quality(80, 90, 200, 80),
)
_PEOPLE = 6


class House:
    """A database, a door that stays open, and others."""

    def __init__(self, folder: Path) -> None:
        self.database: Database = open_database(folder / "library.db")
        self._engine = Engine(load_pack("open"), Path)
        self._random = np.random.default_rng(1)
        self._centers = self._random.standard_normal((_PEOPLE, 256))
        self.door().create("c", {})
        self.first = self.door()
        self.face_ids: list[FaceId] = []

    def door(self) -> LocalCollections:
        """The collections as a process that starts now finds them."""
        return LocalCollections(self._engine, self.database)

    def add(self) -> None:
        """Three more faces of somebody."""
        pack = self._engine.pack
        store = FaceStore("c", Pin(pack.name, pack.version, pack.embedder.dimensions))
        center = self._centers[self._random.integers(_PEOPLE)]
        with self.database.write() as connection:
            version = store.begin_change(connection)
            for _ in range(3):
                vector = center + self._random.standard_normal(256)
                vector = (vector / np.linalg.norm(vector)).astype(np.float32)
                face_id = FaceId(str(uuid.UUID(bytes=self._random.bytes(16))))
                face = Face(face_id, PhotoId(f"{len(self.face_ids):064x}"), _DETAIL)
                store.add(connection, version, [face.photo_id], [NewFace(face, 0, vector)])
                self.face_ids.append(face_id)


@pytest.fixture
def house(tmp_path: Path) -> Generator[House]:
    """An empty collection ``c``."""
    house = House(tmp_path)
    yield house
    house.database.close()


def test_counts_and_users_are_those_of_a_door_that_opens_now(house: House) -> None:
    """Through 150 random changes, one's own and those of another process, nothing is missed."""
    chance = random.Random(1)
    for step in range(150):
        collections = house.first if chance.random() < 0.7 else house.door()
        _change(house, collections.open("c"), chance)
        if step % 3 == 0:
            _compare(house, chance)


def test_a_change_that_fails_is_not_remembered(house: House) -> None:
    """After a request that was refused in the end, users are found as before, and later ones."""
    opened = house.first.open("c")
    house.add()
    for user, face in zip("ab", house.face_ids, strict=False):
        opened.users.create(user)
        opened.users.associate(user, [face], min_similarity=0)
    before = opened.users.search(house.face_ids[0], min_similarity=0, limit=9)

    with pytest.raises(AlreadyThereError):
        opened.users.create("a")

    assert opened.users.search(house.face_ids[0], min_similarity=0, limit=9) == before
    opened.users.delete("b")
    left = opened.users.search(house.face_ids[0], min_similarity=0, limit=9)
    assert [match.user_id for match in left] == ["a"]


def _change(house: House, opened: LocalCollection, chance: random.Random) -> None:
    users = [user.id for user in opened.users.page(-1, 99)]
    faces = house.face_ids or [FaceId(str(uuid.UUID(int=0)))]
    changes: list[Callable[[], object]] = [
        house.add,
        lambda: opened.faces.remove(chance.sample(faces, 1)),
        lambda: opened.users.create(f"user-{chance.random()}"),
    ]
    if users:
        user, some = chance.choice(users), chance.choices(faces, k=3)
        changes += [
            lambda: opened.users.associate(user, some, min_similarity=0),
            lambda: opened.users.associate(user, some, min_similarity=60),
            lambda: opened.users.disassociate(user, some),
            *([lambda: opened.users.delete(user)] if chance.random() < 0.2 else []),
        ]
    chance.choice(changes)()


def _compare(house: House, chance: random.Random) -> None:
    held, fresh = house.first.open("c"), house.door().open("c")
    there = [face.id for face in fresh.faces.page("", 9999)]
    facts = house.first.describe("c")
    assert facts.face_count == len(there)
    assert facts.user_count == len(fresh.users.page(-1, 999))
    for face_id in chance.sample(there, min(2, len(there))):
        for least in (0, 80):
            found = held.users.search(face_id, min_similarity=least, limit=99)
            assert found == fresh.users.search(face_id, min_similarity=least, limit=99)
        found = held.faces.search(face_id, min_similarity=50, limit=99)
        assert found == fresh.faces.search(face_id, min_similarity=50, limit=99)
    for user in fresh.users.page(-1, 3):
        found = held.users.search_by_user(user.id, min_similarity=0, limit=99)
        assert found == fresh.users.search_by_user(user.id, min_similarity=0, limit=99)
