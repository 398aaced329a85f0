"""kill -9 at any moment of ``kith add``: run again, and the library is as if nothing happened."""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.pipeline.add import add
from kith.pipeline.doctor import examine
from kith.pipeline.library import Library

if TYPE_CHECKING:
    from tests.faults.conftest import Content, Kith

    Opened = Callable[..., AbstractContextManager[Library]]
    ContentOf = Callable[[Library], Content]

if sys.platform == "win32":
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)

KILLS = 20

KILLS_EACH = 5
"""So often is one library's run killed, continued and killed again, before it may finish."""


@pytest.mark.weights
@pytest.mark.photos
def test_killed_at_20_random_moments_a_rerun_ends_as_an_undisturbed_run(
    album: Path,
    kith: Kith,
    opened: Opened,
    undisturbed: Content,
    content_of: ContentOf,
    tmp_path: Path,
) -> None:
    """Photos, places, faces, people with their ids, appearances and thumbnails are the same.

    No face is left whose photo was not stored, and the search index agrees with the database.
    """
    moments = _moments(_seconds_of_a_run(kith, album))
    killed, survivors = 0, 0
    while killed < KILLS:
        survivors += 1
        again = kith.at(tmp_path / f"library {survivors}")
        for _ in range(min(KILLS_EACH, KILLS - killed)):
            moment = next(moments)
            if not _dies(again, album, moment):
                break
            killed += 1

        with opened(again.library, writing=True) as library:
            add(library, [album])
            content = content_of(library)
            assert content == undisturbed
            assert content.similarities == pytest.approx(undisturbed.similarities, abs=0.01)
            assert examine(library) == []


def _seconds_of_a_run(kith: Kith, album: Path) -> float:
    start = time.monotonic()
    done = kith.run("add", album)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - start


def _moments(seconds: float) -> Iterator[float]:
    """Random moments of a run that takes so long, spread over it once its imports are done."""
    chance = random.Random(20)
    while True:
        parts = [(part + chance.random()) / KILLS for part in range(KILLS)]
        moments = [seconds * (0.2 + 0.8 * part) for part in parts]
        chance.shuffle(moments)
        yield from moments


def _dies(kith: Kith, album: Path, seconds: float) -> bool:
    """Kill a run after this time; whether it was still running."""
    with kith.start("add", album) as child:
        time.sleep(seconds)
    return child.returncode == -signal.SIGKILL
