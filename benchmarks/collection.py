"""How long questions about a large collection take: ``python -m benchmarks.collection``.

The faces are those of ``benchmarks.search``, written into a library's database as the adapter keeps
them, with users of three faces each. Making them takes two minutes and 2.3 GB of disk for each
million; they are kept in ``benchmarks/out`` for the next run. Nothing here needs a model.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import click
import numpy as np
import sqlalchemy as sa

from benchmarks.report import OUT, Section, publish
from benchmarks.search import DIMENSIONS, synthetic_faces
from benchmarks.server import ServerProcess
from kith.adapters.recognition.local import LocalRecognizer
from kith.adapters.recognition.local.collections import LocalCollections
from kith.adapters.recognition.local.store import FaceStore, Pin
from kith.database.faces import (
    collection_faces,
    collection_photos,
    collection_vectors,
    detail_values,
)
from kith.database.open import Database, open_database
from kith.database.rekognition import (
    collection_filings,
    collection_user_faces,
    collection_users,
)
from kith.domain.face import Box, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.engine.pixels import Vectors
from kith.pipeline.rekognition.images import Images
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.operations import operations_over
from kith.rekognition.interface import Operations

_NAMES: Final = uuid.UUID("5d2c8a51-1f3e-5f6b-8a70-7e3f0d7f1b11")
_CHUNK: Final = 50_000
_FACES_OF_USER: Final = 3
_FACE: Final = FaceDetail(
    Box(0.1, 0.2, 0.3, 0.4),
    99.9,
    Landmarks(*(Point(0.2, 0.3),) * 5),
    Pose(0, 0, 0),
    Quality(80, 90, 200, 80),
)
_LISTS: Final = ("FaceMatches", "UserMatches", "Faces", "DeletedFaces")
_C: Final = {"CollectionId": "c"}

_NOTE = """
`python -m benchmarks.collection`: one boto3 client, one call after the other, on loopback; the
server is another process on the same 2 cores, and looks through the faces on both. Times are by the
clock, boto3's own included; *server CPU* is what the server's process took of both cores, per call.
The faces are synthetic: people with a Zipf-like number of photos, a quarter of the faces alone.
"""


@click.command()
@click.option("--faces", default=1_000_000, show_default=True)
@click.option("--users", default=100_000, show_default=True)
@click.option("--calls", default=100, show_default=True)
def main(faces: int, users: int, calls: int) -> None:
    """Make the collection where there is none, ask, publish."""
    made = OUT / f"collection-{faces}-{users}.db"
    if not made.exists():
        _make(made, faces, users)
    with tempfile.TemporaryDirectory(dir=OUT) as name:
        folder = Path(name)
        shutil.copyfile(made, folder / "library.db")
        rows = [
            *_measure_first(folder, faces, users, "no index yet"),
            *_measure_first(folder, faces, users, "from the index's file"),
        ]
        with ServerProcess(partial(open_operations, folder)) as server:
            questions = _questions(server, faces, users)
            rows += [_measure(server, question, calls) for question in questions]
            peak = server.usage().peak_megabytes
    _report(faces, users, rows, peak)


@contextmanager
def open_operations(folder: Path) -> Generator[Operations]:
    """Serve a folder's collections, without models: of pictures nothing is asked."""
    engine = Engine(load_pack("open"), Path, workers=2)
    database = open_database(folder / "library.db")
    collections = LocalCollections(engine, database, index_folder=folder / "index")
    yield operations_over(Kit(collections, LocalRecognizer(engine), Images(None)))
    collections.close()
    database.close()


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, and what is done beforehand, outside of the time."""

    name: str
    ask: Callable[[], Any]
    prepare: Callable[[], Any] = lambda: None


def _questions(server: ServerProcess, faces: int, users: int) -> Iterator[_Question]:
    client, random = server.client(), np.random.default_rng(2)
    without_user = iter(random.permutation(np.arange(_FACES_OF_USER * users, faces)).tolist())
    user = iter(random.permutation(users).tolist())

    def search(**more: Any) -> Any:
        return client.search_faces(**_C, FaceId=_face_id(next(without_user)), **more)

    def search_users() -> Any:
        return client.search_users(**_C, FaceId=_face_id(next(without_user)))

    def describe() -> Any:
        return client.describe_collection(**_C)

    def delete() -> Any:
        return client.delete_faces(**_C, FaceIds=[_face_id(next(without_user))])

    def associate() -> Any:
        named = {"UserId": f"user-{next(user)}", "FaceIds": [_face_id(next(without_user))]}
        return client.associate_faces(**_C, **named, UserMatchThreshold=0)

    yield _Question("SearchFaces", search)
    yield _Question("SearchFaces, MaxFaces 20", lambda: search(MaxFaces=20))
    yield _Question("SearchFaces, threshold 95", lambda: search(FaceMatchThreshold=95))
    yield _Question("SearchFaces after DeleteFaces", search, delete)
    yield _Question("SearchUsers", search_users)
    yield _Question("SearchUsers after AssociateFaces", search_users, associate)
    yield _Question("SearchUsers after DeleteFaces", search_users, delete)
    yield _Question("DescribeCollection", describe)
    yield _Question("DescribeCollection after DeleteFaces", describe, delete)
    yield _Question("ListFaces, MaxResults 1000", lambda: client.list_faces(**_C, MaxResults=1000))
    yield _Question("DeleteFaces", delete)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a question took: milliseconds by the clock, the server's CPU per call, and answers."""

    name: str
    p50: float
    p90: float
    p99: float
    server_cpu: float
    answers: float


def _measure_first(folder: Path, faces: int, users: int, how: str) -> Iterator[_Row]:
    """The first questions after a start; at the end, the server writes its index down."""
    with ServerProcess(partial(open_operations, folder)) as server:
        for question in _questions(server, faces, users):
            if question.name in {"SearchFaces", "SearchUsers", "DescribeCollection"}:
                yield _measure(server, replace(question, name=f"{question.name}, first, {how}"), 1)


def _measure(server: ServerProcess, question: _Question, calls: int) -> _Row:
    if calls > 1:
        question.prepare()
        question.ask()  # what is done once for a connection is not what is asked here
    spent: list[float] = []
    answers: list[int] = []
    cpu = 0.0
    for _ in range(calls):
        question.prepare()
        used, began = server.usage().cpu_seconds, time.perf_counter()
        answer: dict[str, Any] = question.ask()
        spent.append(1000 * (time.perf_counter() - began))
        cpu += server.usage().cpu_seconds - used
        answers.append(sum(len(answer.get(part, ())) for part in _LISTS))
    p50, p90, p99 = (round(float(np.quantile(spent, at)), 1) for at in (0.5, 0.9, 0.99))
    return _Row(question.name, p50, p90, p99, round(1000 * cpu / calls, 1), median(answers))


def _make(file: Path, faces: int, users: int) -> None:
    """Write the collection ``c``; a run that was stopped leaves nothing behind."""
    file.parent.mkdir(exist_ok=True)
    partial_file = file.with_suffix(".partial")
    partial_file.unlink(missing_ok=True)
    database = open_database(partial_file)
    engine = Engine(load_pack("open"), Path)
    LocalCollections(engine, database).create("c", {})
    pack = engine.pack
    store = FaceStore("c", Pin(pack.name, pack.version, DIMENSIONS))
    vectors = synthetic_faces(faces, np.random.default_rng(1))
    for start in range(0, faces, _CHUNK):
        _keep(database, store, start, vectors[start : start + _CHUNK])
    _keep_users(database, users)
    database.close()
    partial_file.rename(file)


def _keep(database: Database, store: FaceStore, start: int, vectors: Vectors) -> None:
    """Rows as ``FaceStore.add`` and ``LocalKeptFaces`` write them, one face in each picture."""
    detail, collection = detail_values(_FACE), {"collection_id": "c"}
    rows = [(at + 1, f"{at:064x}") for at in range(start, start + len(vectors))]
    with database.write() as connection:
        face = {**collection, "rank": 0, "version": store.begin_change(connection), **detail}
        tables: dict[sa.Table, list[dict[str, Any]]] = {
            collection_photos: [{**collection, "photo_id": photo} for _, photo in rows],
            collection_filings: [
                {**collection, "photo_id": photo, "picture_id": photo, "external_id": f"p-{number}"}
                for number, photo in rows
            ],
            collection_faces: [
                {**face, "number": number, "face_id": _face_id(number - 1), "photo_id": photo}
                for number, photo in rows
            ],
            collection_vectors: [
                {"number": number, "vector": vector.astype("<f4").tobytes()}
                for (number, _), vector in zip(rows, vectors, strict=True)
            ],
        }
        for table, values in tables.items():
            connection.execute(sa.insert(table), values)


def _keep_users(database: Database, users: int) -> None:
    """Users of the first faces, three each."""
    with database.write() as connection:
        connection.execute(
            sa.insert(collection_users),
            [
                {"number": at + 1, "collection_id": "c", "user_id": f"user-{at}"}
                for at in range(users)
            ],
        )
        connection.execute(
            sa.insert(collection_user_faces),
            [
                {"face": at + 1, "user": at // _FACES_OF_USER + 1}
                for at in range(_FACES_OF_USER * users)
            ],
        )


def _face_id(at: int) -> FaceId:
    return FaceId(str(uuid.uuid5(_NAMES, str(at))))


def _report(faces: int, users: int, rows: Sequence[_Row], peak: float) -> None:
    section = Section(
        f"{faces:,} faces, {users:,} users",
        ("question", "p50 ms", "p90 ms", "p99 ms", "server CPU ms", "answers, median"),
        [
            (
                row.name,
                *(f"{value:,}" for value in list(asdict(row).values())[1:-1]),
                f"{row.answers:.0f}",
            )
            for row in rows
        ],
    )
    figures = {
        "faces": faces,
        "users": users,
        "server's peak memory, MB": round(peak),
        "questions": {row.name: asdict(row) for row in rows},
    }
    note = f"{_NOTE}\nThe server's peak memory was {peak:,.0f} MB, most of it the mapped file.\n"
    publish("collection", [section], figures, note)


if __name__ == "__main__":
    main()
