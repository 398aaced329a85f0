"""What is left of the engine's speed behind the server: ``python -m benchmarks.load``.

The same calls, in turns: by threads in the engine's own process, which call the operations, and by
16 boto3 clients, which ask a server's process. Both have the same operations over a library of
their own, and two workers. The turns are short and many, so that whatever else the machine does
befalls both alike.
"""

from __future__ import annotations

import io
import itertools
import multiprocessing
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
from botocore.exceptions import BotoCoreError, ClientError
from PIL import Image

from benchmarks.labelled import MODELS, PHOTOS
from benchmarks.report import Section, publish
from benchmarks.server import Open, ServerProcess, own_usage
from kith.compose import open_operations
from kith.config import Settings
from kith.rekognition.interface import Call, Operations

_WORKERS: Final = 2
_CLIENTS: Final = 16
_PEOPLE: Final = 8
_METHODS: Final = {
    "SearchFacesByImage": "search_faces_by_image",
    "IndexFaces": "index_faces",
    "DetectFaces": "detect_faces",
    "CompareFaces": "compare_faces",
}
_C: Final = {"CollectionId": "c"}

_NOTE = """
`python -m benchmarks.load`: SearchFacesByImage, IndexFaces, DetectFaces and CompareFaces in turn,
of portraits of {kilobytes:.0f} kB. *Engine* is two threads that call the operations in the engine's
own process; *server* is the same operations, asked by {clients} boto3 clients. Turns of {turn} s
each, {seconds} s in all for each of the two. The clients run on the same 2 cores: what they take is
not there for the server, and the row of calls per second of its own CPU leaves that out. Retries
are those that the SDK makes by itself after `ThrottlingException`.
"""

_Work = tuple[str, Mapping[str, Any]]
"""An operation's name and its members."""


@dataclass
class Tally:
    """What came of calls: seconds of each, errors by name, retries; CPU of who answered."""

    seconds: list[float] = field(default_factory=list[float])
    errors: Counter[str] = field(default_factory=Counter[str])
    retries: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in another one's."""
        self.seconds += other.seconds
        self.errors += other.errors
        self.retries += other.retries
        self.wall += other.wall
        self.cpu += other.cpu


@click.command()
@click.option("--seconds", default=60, show_default=True, help="For each of the two.")
@click.option("--turn", default=5, show_default=True, help="Seconds of a turn.")
def main(seconds: int, turn: int) -> None:
    """Take turns, publish."""
    pictures = _pictures()
    engine, server, clients = Tally(), Tally(), Tally()
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as two,
        _EngineProcess(_opener(Path(one)), pictures) as direct,
        ServerProcess(_opener(Path(two)), workers=_WORKERS) as served,
    ):
        asking = [served.client() for _ in range(_CLIENTS)]
        asking[0].create_collection(**_C)
        works = itertools.count()
        _ask(served, asking, pictures, works, 1)  # models are read, connections made
        for _ in range(seconds // turn):
            engine.add(direct.work(turn))
            used = own_usage().cpu_seconds
            server.add(_ask(served, asking, pictures, works, turn))
            clients.cpu += own_usage().cpu_seconds - used
    kilobytes = sum(map(len, pictures)) / len(pictures) / 1000
    note = _NOTE.format(kilobytes=kilobytes, clients=_CLIENTS, turn=turn, seconds=seconds)
    _report(engine, server, clients, note)


def _opener(folder: Path) -> Open:
    return partial(_open, folder)


def _open(folder: Path) -> AbstractContextManager[Operations]:
    return open_operations(Settings(library=folder, models=MODELS, workers=_WORKERS))


def _pictures() -> list[bytes]:
    """Portraits of people, two of each, as large as a phone's thumbnail of a photo."""
    pictures: list[bytes] = []
    for folder in sorted((PHOTOS / "portraits").iterdir())[:_PEOPLE]:
        for mood in ("neutral", "smiling"):
            file = io.BytesIO()
            with Image.open(folder / f"{mood}.jpg") as image:
                image.save(file, "JPEG", quality=92)
            pictures.append(file.getvalue())
    return pictures


def _work(number: int, pictures: Sequence[bytes]) -> _Work:
    """What the call of this number asks."""
    image = {"Bytes": pictures[number // 4 % len(pictures)]}
    other = {"Bytes": pictures[(number // 4 + 1) % len(pictures)]}
    asked: tuple[_Work, ...] = (
        ("SearchFacesByImage", {**_C, "Image": image, "MaxFaces": 20}),
        ("IndexFaces", {**_C, "Image": image, "ExternalImageId": f"picture-{number}"}),
        ("DetectFaces", {"Image": image}),
        ("CompareFaces", {"SourceImage": image, "TargetImage": other}),
    )
    return asked[number % 4]


def _spend(calls: Sequence[Callable[[], Tally]], seconds: float) -> Tally:
    """What threads, one for each call, get done in so many seconds; what began is finished."""
    until, tallies = time.perf_counter() + seconds, [Tally() for _ in calls]

    def spend(call: Callable[[], Tally], tally: Tally) -> None:
        while time.perf_counter() < until:
            tally.add(call())

    began = time.perf_counter()
    threads = [
        threading.Thread(target=spend, args=pair) for pair in zip(calls, tallies, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Tally(wall=time.perf_counter() - began)
    for tally in tallies:
        total.add(tally)
    return total


def _ask(
    server: ServerProcess,
    clients: Sequence[Any],
    pictures: Sequence[bytes],
    works: Iterator[int],
    seconds: float,
) -> Tally:
    """What the clients get done."""
    used = server.usage().cpu_seconds
    calls = [partial(_ask_once, client, pictures, works) for client in clients]
    tally = _spend(calls, seconds)
    tally.cpu = server.usage().cpu_seconds - used
    return tally


def _ask_once(client: Any, pictures: Sequence[bytes], works: Iterator[int]) -> Tally:
    name, members = _work(next(works), pictures)
    began = time.perf_counter()
    try:
        answer = getattr(client, _METHODS[name])(**members)
    except (ClientError, BotoCoreError) as error:
        return Tally(errors=Counter([str(error)]))
    retries = answer["ResponseMetadata"]["RetryAttempts"]
    return Tally(seconds=[time.perf_counter() - began], retries=retries)


class _EngineProcess:
    """The operations in a process of their own, which calls them itself."""

    def __init__(self, open_: Open, pictures: Sequence[bytes]) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._line, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_call, args=(theirs, open_, pictures))

    def __enter__(self) -> _EngineProcess:
        self._process.start()
        self.work(1)  # models are read
        return self

    def __exit__(self, *_: object) -> None:
        self._line.send(0.0)
        self._process.join()

    def work(self, seconds: float) -> Tally:
        """What it gets done."""
        self._line.send(seconds)
        return self._line.recv()


def _call(line: Connection[Any, Any], open_: Open, pictures: Sequence[bytes]) -> None:
    works = itertools.count()
    with open_() as operations:
        operations["CreateCollection"](_C, Call("CreateCollection", ""))

        def call_once() -> Tally:
            name, members = _work(next(works), pictures)
            began = time.perf_counter()
            operations[name](members, Call(name, ""))
            return Tally(seconds=[time.perf_counter() - began])

        while seconds := line.recv():
            used = own_usage().cpu_seconds
            tally = _spend([call_once] * _WORKERS, seconds)
            tally.cpu = own_usage().cpu_seconds - used
            line.send(tally)


def _report(engine: Tally, server: Tally, clients: Tally, note: str) -> None:
    figures: dict[str, Any] = {
        **_figures("engine", engine),
        **_figures("server", server),
        "clients: ms of CPU per call": round(1000 * clients.cpu / len(server.seconds), 1),
        "server of engine, calls per second, %": _part(server, engine, "wall"),
        "server of engine, calls per second of its own CPU, %": _part(server, engine, "cpu"),
        "errors": sum(server.errors.values()),
        "retries": server.retries,
    }
    rows = [(name, f"{value:,}") for name, value in figures.items()]
    publish("load", [Section("Under load", ("what", "value"), rows)], figures, note)
    for error, count in server.errors.most_common(5):
        click.echo(f"{count} x {error}")


def _figures(who: str, tally: Tally) -> dict[str, float]:
    p50, p99 = (1000 * float(np.quantile(tally.seconds, at)) for at in (0.5, 0.99))
    return {
        f"{who}: calls": len(tally.seconds),
        f"{who}: calls per second": round(len(tally.seconds) / tally.wall, 1),
        f"{who}: ms, p50": round(p50, 1),
        f"{who}: ms, p99": round(p99, 1),
        f"{who}: ms of CPU per call": round(1000 * tally.cpu / len(tally.seconds), 1),
    }


def _part(server: Tally, engine: Tally, of: str) -> float:
    pace = {id(one): len(one.seconds) / getattr(one, of) for one in (server, engine)}
    return round(100 * pace[id(server)] / pace[id(engine)], 1)


if __name__ == "__main__":
    main()
