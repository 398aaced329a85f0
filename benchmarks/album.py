"""What a large album costs to look at: ``python -m benchmarks.album``.

A library of 100,000 photos is made up, ``kith serve`` is started on it and asked as the album does:
one question after the other for how long each takes, and with 64 connections for a minute to see
that nothing fails and that memory does not grow. The latter needs ``wrk``.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import click
import httpx

from benchmarks.gallery import make_gallery
from benchmarks.labelled import MODELS
from benchmarks.report import OUT, Section, publish

PORT: Final = 45_871
REPEATS: Final = 200
CONNECTIONS: Final = 64
WEBP: Final = {"Accept": "image/webp"}

_WRK: Final = """
local asked, count = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do count = count + 1; asked[count] = line end
end
function request()
  return wrk.format("GET", asked[math.random(count)], { Accept = "image/webp" })
end
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  local slow = latency:percentile(99) / 1000
  io.write(string.format("KITH %d %d %.1f\\n", summary.requests, failed, slow))
end
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What answers to one question took, in milliseconds: by the clock, and of the processors."""

    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Pressed:
    """What 64 connections got in a minute.

    Attributes:
        per_second: answers.
        failed: requests without a good answer.
        p99: milliseconds.
        megabytes: of memory, after ten seconds and at the end.
    """

    per_second: float
    failed: int
    p99: float
    megabytes: tuple[float, float]


@click.command()
@click.option("--photos", default=100_000, show_default=True)
@click.option("--seconds", default=60, show_default=True, help="For how long to press.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the library here; reuse it.")
def main(photos: int, seconds: int, folder: Path | None) -> None:
    """Make up the library, serve it, ask, publish."""
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch)
        if not (place / "library").exists():
            make_gallery(place, photos)
        with serving(place / "library") as (server, client):
            answered = {name: _ask(server, ask) for name, ask in _questions(client).items()}
            pressed = _press(server, client, seconds, Path(scratch))
    _report(photos, answered, pressed)


@contextmanager
def serving(library: Path) -> Generator[tuple[int, httpx.Client]]:
    """The server's process, and somebody who asks it; told how long it took to be ready."""
    command = [Path(sys.executable).with_name("kith"), "serve", "--no-rekognition"]
    environment = {**os.environ, "KITH_LIBRARY": str(library), "KITH_MODELS": str(MODELS)}
    OUT.mkdir(exist_ok=True)
    with (OUT / "album.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(PORT)], env=environment, stdout=log, stderr=log
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
                _wait(client)
                yield process.pid, client
        finally:
            process.terminate()
            process.wait()


def _wait(client: httpx.Client) -> None:
    for _ in range(200):
        try:
            client.get("/api/v1/session")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def _questions(client: httpx.Client) -> dict[str, Callable[[int], httpx.Response]]:
    def get(path: str, **asked: Any) -> httpx.Response:
        return client.get(f"/api/v1/{path}", params=asked)

    cursors = list(itertools.islice(_cursors(client), 60))
    person = get("people", limit=1).json()["people"][0]["id"]
    albums: list[dict[str, Any]] = get("albums").json()["albums"]
    newest: list[dict[str, Any]] = get("photos", limit=500).json()["photos"]
    return {
        "photos, the newest 100": lambda _: get("photos"),
        "photos, 100 further on": lambda n: get("photos", cursor=cursors[n % len(cursors)]),
        "photos, 100 of a month": lambda n: get("photos", month=f"{2010 + n % 15}-0{1 + n % 9}"),
        "photos, 100 of an album": lambda n: get("photos", query=albums[n % len(albums)]["query"]),
        "photos, 100 of a person in many": lambda _: get("photos", query=f"person:{person}"),
        "photos, 500": lambda n: get("photos", limit=500, cursor=cursors[n % len(cursors)]),
        "timeline": lambda _: get("timeline"),
        "albums, all": lambda _: get("albums"),
        "one photo": lambda n: get(f"photos/{newest[n % 500]['id']}"),
        "thumbnail, new": lambda n: client.get(newest[n]["urls"]["small"], headers=WEBP),
        "thumbnail, kept": lambda n: client.get(newest[n]["urls"]["small"], headers=WEBP),
    }


def _cursors(client: httpx.Client) -> Generator[str]:
    cursor: str | None = None
    while (cursor := _page(client, cursor)["next_cursor"]) is not None:
        yield cursor


def _page(client: httpx.Client, cursor: str | None) -> dict[str, Any]:
    asked = {"limit": "500"} | ({"cursor": cursor} if cursor else {})
    return client.get("/api/v1/photos", params=asked).json()


def _ask(server: int, ask: Callable[[int], httpx.Response]) -> Answered:
    took: list[float] = []
    used = _cpu_seconds(server)
    for number in range(REPEATS):
        begun = time.perf_counter()
        ask(number).raise_for_status()
        took.append((time.perf_counter() - begun) * 1000)
    used = _cpu_seconds(server) - used
    return Answered(median(took), sorted(took)[REPEATS * 99 // 100], used / REPEATS * 1000)


def _press(server: int, client: httpx.Client, seconds: int, scratch: Path) -> dict[str, Pressed]:
    if shutil.which("wrk") is None:
        return {}
    cursors = [None, *itertools.islice(_cursors(client), 4)]
    pages = [_page(client, cursor) for cursor in cursors]
    thumbnails = [photo["urls"]["small"] for page in pages for photo in page["photos"]]
    lists = [f"/api/v1/photos?cursor={cursor}" for cursor in cursors if cursor]
    return {
        "thumbnails": _wrk(server, thumbnails, seconds, scratch),
        "lists of 100 photos": _wrk(server, lists, seconds, scratch),
    }


def _wrk(server: int, asked: Sequence[str], seconds: int, scratch: Path) -> Pressed:
    (scratch / "asked").write_text("\n".join(asked))
    (scratch / "wrk.lua").write_text(_WRK)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    command += ["-s", str(scratch / "wrk.lua"), f"http://127.0.0.1:{PORT}", "--"]
    with subprocess.Popen([*command, str(scratch / "asked")], stdout=subprocess.PIPE) as pressing:
        time.sleep(min(10, seconds / 2))
        early = _megabytes(server)
        told, _ = pressing.communicate()
    found = re.search(rb"KITH (\d+) (\d+) ([\d.]+)", told)
    if found is None:
        raise RuntimeError(f"wrk said {told!r}")
    return Pressed(
        int(found[1]) / seconds, int(found[2]), float(found[3]), (early, _megabytes(server))
    )


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _report(photos: int, answered: dict[str, Answered], pressed: dict[str, Pressed]) -> None:
    asking = Section(
        f"One question after the other, {photos:,} photos",
        ("question", "p50 ms", "p99 ms", "processor ms"),
        [(name, f"{a.p50:.1f}", f"{a.p99:.1f}", f"{a.cpu:.1f}") for name, a in answered.items()],
    )
    pressing = Section(
        f"{CONNECTIONS} connections at once",
        ("of what", "per second", "failed", "p99 ms", "MB early", "MB at the end"),
        [
            (name, *(f"{one:.0f}" for one in (p.per_second, p.failed, p.p99, *p.megabytes)))
            for name, p in pressed.items()
        ],
    )
    numbers = {
        "photos": photos,
        "answered": {name: asdict(one) for name, one in answered.items()},
        "pressed": {name: asdict(one) for name, one in pressed.items()},
    }
    publish("album", [asking, pressing], numbers, "`kith serve` on localhost, asked over HTTP.")


if __name__ == "__main__":
    main()
