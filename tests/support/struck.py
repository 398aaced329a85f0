"""Adds photos again and again, each time struck by Ctrl-C at another moment; as a program.

What it prints for each moment is for ``tests/faults/test_ctrl_c.py`` to judge: it runs in a process
of its own, because where the law does not hold, it never ends.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, cast

from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.adapters.storage.memory import MemoryStorage
from kith.database.open import open_database
from kith.domain.face import Box
from kith.pipeline.add import add
from kith.pipeline.library import Library

PHOTOS = 16
MOMENTS = 4

_BOX = Box(0.3, 0.2, 0.3, 0.5)


class Moment:
    """Strikes once, at the n-th of the main thread's calls and returns of this kind.

    Attributes:
        left: how many are still to pass.
        passed: how many there were.
    """

    def __init__(self, number: int, *, locks: bool) -> None:
        self._number = number
        self._locks = locks
        self.passed = 0

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """For ``sys.setprofile``."""
        if self._locks and not (event == "return" and _takes_a_lock(frame)):
            return
        self.passed += 1
        if self.passed == self._number:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)


def _takes_a_lock(frame: FrameType) -> bool:
    """Whether it is the beginning of a ``with``, of a lock made of Python: it is just taken."""
    code = frame.f_code
    return code.co_name == "__enter__" and Path(code.co_filename).name == "threading.py"


def main(folder: Path) -> None:
    """Strike right after the main thread took a lock, and at moments spread over a whole run."""
    photos = folder / "photos"
    photos.mkdir()
    for number in range(PHOTOS):
        face = DrawnFace(hue_of_person(number % 5), _BOX)
        (photos / f"{number}.png").write_bytes(draw_picture([face], gray=100 + number))
    empty = folder / "empty.db"
    open_database(empty).close()
    for locks in (True, False):
        whole = Moment(0, locks=locks)
        _add(_copied(empty, f"{locks}.db"), photos, whole)
        for turn in range(MOMENTS):
            moment = Moment(1 + whole.passed * turn // MOMENTS, locks=locks)
            told = _add(_copied(empty, f"{locks}-{turn}.db"), photos, moment)
            print(json.dumps(told), flush=True)  # noqa: T201 - it is a program


def _copied(file: Path, name: str) -> Path:
    return Path(shutil.copy(file, file.with_name(name)))


def _add(file: Path, photos: Path, moment: Moment) -> dict[str, Any]:
    """Add the photos, be struck, and add them once more: what became of it."""
    struck = False
    with _opened(file) as library:
        sys.setprofile(moment)
        try:
            add(library, [photos])
        except KeyboardInterrupt:
            struck = True
        finally:
            sys.setprofile(None)
    threads = [thread.name for thread in threading.enumerate()]
    with _opened(file) as library:
        kept = library.catalog.counts().photos
        report = add(library, [photos])
    return {
        "struck": struck,
        "threads": threads,
        "kept": kept,
        "unchanged": report.unchanged,
        "added": report.added,
    }


@contextmanager
def _opened(file: Path) -> Generator[Library]:
    """A library whose faces are in memory; so another run knows the photos, and not the people."""
    with closing(open_database(file)) as database:
        yield Library(
            catalog=SqlCatalog(database),
            collection=MemoryFaceCollection(),
            recognizer=MemoryRecognizer(),
            derived=MemoryStorage(),
            upkeep=cast("Any", None),  # nobody asks how this library does
            workers=2,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
