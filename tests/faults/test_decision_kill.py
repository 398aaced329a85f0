"""kill -9 while a decision is written: it is there as a whole, or not at all."""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.domain.decision import Merge, Name, in_force
from kith.pipeline.decisions.decide import replay
from kith.pipeline.library import Library
from kith.pipeline.people import list_people

if TYPE_CHECKING:
    from tests.faults.conftest import Kith

    Opened = Callable[..., AbstractContextManager[Library]]

if sys.platform == "win32":
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)

KILLS = 16


@pytest.mark.weights
@pytest.mark.photos
def test_a_killed_decision_is_whole_or_not_there(
    album: Path, kith: Kith, opened: Opened, tmp_path: Path
) -> None:
    """The journal has it exactly if people are as it says; replaying it changes nothing."""
    program = kith.at(tmp_path / "library")
    assert program.run("add", album).returncode == 0
    with opened(program.library) as library:
        first, second = (each.person.id for each in list_people(library.catalog)[:2])
    requests: list[tuple[str, ...]] = [
        ("people", "name", first, "Ana"),
        ("people", "merge", second, first),
        ("undo",),
    ]
    seconds = _seconds(program, requests[0])
    chance = random.Random(7)
    for turn in range(KILLS):
        with program.start(*requests[turn % len(requests)]):
            time.sleep(seconds * chance.uniform(0.5, 1.1))
        _see_that_all_agree(program, opened, first, second)


def _seconds(program: Kith, request: tuple[str, ...]) -> float:
    start = time.monotonic()
    done = program.run(*request)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - start


def _see_that_all_agree(program: Kith, opened: Opened, first: str, second: str) -> None:
    with opened(program.library, writing=True) as library:
        catalog = library.catalog
        said = [decision.said for decision in in_force(list(catalog.decisions()))]
        (one,) = (each.person for each in list_people(catalog) if each.person.id == first)
        assert (one.name == "Ana") == any(isinstance(each, Name) for each in said)
        merged = all(each.person.id != second for each in list_people(catalog))
        assert merged == any(isinstance(each, Merge) for each in said)
        before = list(catalog.people()), list(catalog.appearances())
        replay(catalog)
        assert (list(catalog.people()), list(catalog.appearances())) == before


@pytest.mark.weights
@pytest.mark.photos
def test_nothing_of_the_forgotten_is_left_in_any_file(
    album: Path, kith: Kith, opened: Opened, tmp_path: Path
) -> None:
    """Neither the name nor one embedding is among the bytes of the library's folder."""
    program = kith.at(tmp_path / "library")
    assert program.run("add", album).returncode == 0
    with opened(program.library) as library:
        person = list_people(library.catalog)[0].person
        faces = {each.face_id for each in library.catalog.appearances([person.id])}
    assert program.run("people", "name", person.id, "Zebedee Unforgettable").returncode == 0
    embeddings = _embeddings(program.library / "library.db", faces)
    assert len(embeddings) == len(faces)
    secrets = [b"Unforgettable", *(embedding[:64] for embedding in embeddings)]
    assert all(_files_with(program.library, secret) for secret in secrets)

    done = program.run("forget", person.id, "--yes")

    assert done.returncode == 0, done.stderr
    assert not any(_files_with(program.library, secret) for secret in secrets)
    assert program.run("doctor").returncode == 0


def _embeddings(database: Path, face_ids: Collection[str]) -> list[bytes]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT face_id, vector FROM collection_faces JOIN collection_vectors USING (number)"
        ).fetchall()
    return [vector for face_id, vector in rows if face_id in face_ids]


def _files_with(folder: Path, secret: bytes) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if secret in path.read_bytes()]
