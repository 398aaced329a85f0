"""Waiting for one's turn at a library, as long as somebody still wants it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LOOK_SECONDS: Final = 0.25
"""How often somebody who waits is asked whether to go on."""


@contextmanager
def patient_turn(folder: Path, check: Callable[[], None]) -> Generator[None]:
    """Take the library's turn among all writers; see ``kith.compose.places.taking_turns``.

    Args:
        folder: the library's.
        check: called while waiting; raises to give up.
    """
    import filelock

    from kith.compose.places import make_folder

    make_folder(folder)
    lock = filelock.FileLock(folder / "library.lock")
    while True:
        try:
            lock.acquire(timeout=_LOOK_SECONDS)
        except filelock.Timeout:
            check()
        else:
            break
    try:
        yield
    finally:
        lock.release()
