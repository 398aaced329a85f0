"""``kith watch`` as a service: however files come, each is a photo once, and none by halves."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from kith.compose import open_catalog
from kith.config import Settings
from kith.domain.errors import LibraryError

if sys.platform == "win32":
    pytest.skip("rsync, mv and SIGKILL are Unix'", allow_module_level=True)

PHOTOS = 2_000
SLOW = 40
"""Files that are written in two parts, with a pause that is longer than the watch is patient."""

SETTLE_SECONDS = 0.5
PAUSE_SECONDS = 2.0

_PATIENCE_SECONDS = 300
_SIDE = 64
_MAIN = "from kith.cli.main import main; main()"


class Service:
    """``kith watch``, which is started, killed, and started again."""

    def __init__(self, library: Path, folder: Path, weights: Path, log: Path) -> None:
        self._folder = folder
        self._log = log
        self._environment = {
            **os.environ,
            "KITH_LIBRARY": str(library),
            "KITH_MODELS": str(weights),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it writes a line for every event to the log."""
        words = ["watch", str(self._folder), "--json", "--no-findings"]
        words += ["--settle", str(SETTLE_SECONDS)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, *words], stdout=log, stderr=log, env=self._environment
            )

    def end(self, number: signal.Signals) -> int:
        """Have it end; answers its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        code = self._process.wait(_PATIENCE_SECONDS)
        self._process = None
        return code

    def stop(self) -> None:
        """Kill it if it runs."""
        if self._process is not None:
            self.end(signal.SIGKILL)

    def events(self) -> list[tuple[str, str]]:
        """What it told, and of which file."""
        lines = self._log.read_text().splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [(one["event"], one.get("path", "")) for one in found]


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    """An empty folder."""
    (tmp_path / "incoming").mkdir()
    return tmp_path / "incoming"


@pytest.fixture
def service(tmp_path: Path, incoming: Path, weights: Path) -> Generator[Service]:
    """A watch over it."""
    service = Service(tmp_path / "library", incoming, weights, tmp_path / "log")
    yield service
    service.stop()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Small pictures, no two alike, some hundred in a folder."""
    chance = np.random.default_rng(6)
    paths: list[Path] = []
    for number in range(PHOTOS):
        path = tmp_path / "camera" / f"{number // 250}" / f"IMG {number:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = chance.integers(0, 256, (_SIDE // 8, _SIDE // 8, 3), dtype=np.uint8)
        stream = BytesIO()
        Image.fromarray(pixels).resize((_SIDE, _SIDE)).save(stream, "JPEG", quality=80)
        path.write_bytes(stream.getvalue())
        paths.append(path)
    return paths


@pytest.mark.weights
def test_2000_files_arrive_in_every_way_and_each_is_a_photo_once(
    service: Service, incoming: Path, pictures: list[Path], tmp_path: Path
) -> None:
    """By rsync, mv, cp and slow writers; the service killed, told to end, and started between."""
    expected = {hashlib.sha256(path.read_bytes()).hexdigest() for path in pictures}
    camera = pictures[0].parent.parent
    settings = Settings(library=tmp_path / "library")

    _run("cp", "-r", camera / "0", incoming)  # before it ever ran
    service.start()
    slow = [
        Thread(target=_write_slowly, args=(path, incoming)) for path in pictures[250 : 250 + SLOW]
    ]
    for writer in slow:
        writer.start()
    _run("rsync", "-a", camera / "2", incoming)
    _until(lambda: _photos(settings) > 400)
    _run("rsync", "-a", "--inplace", "--bwlimit=2000", camera / "3", incoming)
    _run("mv", camera / "4", incoming)

    service.end(signal.SIGKILL)
    _run("rsync", "-a", "--exclude=IMG 02[5-8]?.jpg", f"{camera / '1'}/", incoming)
    service.start()
    _run("cp", "-r", camera / "5", incoming)
    _until(lambda: _photos(settings) > 1_100)

    assert service.end(signal.SIGTERM) == 0
    (incoming / "6").mkdir()
    _run("mv", *pictures[1_500:1_625], incoming / "6")
    service.start()
    _run("mv", *pictures[1_625:1_750], incoming / "6")
    _run("cp", "-r", camera / "7", incoming)
    for writer in slow:
        writer.join()
    _until(lambda: _photos(settings) >= PHOTOS)

    assert service.end(signal.SIGINT) == 0
    with open_catalog(settings) as catalog:
        places = list(catalog.places())
        assert {photo.id for photo in catalog.photos()} == expected
        assert sorted(Path(one.place.path).name for one in places) == sorted(
            path.name for path in pictures
        )
        assert [one for one in places if one.photo_id is None] == []
    told = service.events()
    added = [path for event, path in told if event == "added"]
    assert len(added) == len(set(added))
    assert {event for event, _ in told} <= {"watching", "added", "refused", "stopped"}


def _write_slowly(source: Path, folder: Path) -> None:
    data = source.read_bytes()
    with (folder / source.name).open("wb") as file:
        for part in (data[: len(data) // 2], data[len(data) // 2 :]):
            file.write(part)
            file.flush()
            time.sleep(PAUSE_SECONDS)


def _run(*words: str | Path) -> None:
    subprocess.run([*map(str, words)], check=True, timeout=_PATIENCE_SECONDS)


def _photos(settings: Settings) -> int:
    """How many photos the library has by now."""
    with suppress(LibraryError), open_catalog(settings) as catalog:
        return catalog.counts().photos
    return 0


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.2)
