"""Putting a file among the originals: durably, as a whole, and never in the place of another."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePath
from typing import Final

from kith.domain.errors import LibraryError, LibraryFullError, LibraryReadOnlyError
from kith.domain.photo import PhotoId, photo_id_of

_NO_LINKS: Final = frozenset({errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})
"""What file systems say that have no hard links, or none between two of them."""


def put(source: Path, folder: Path, name: str, photo_id: PhotoId) -> Path:
    """Have the file lie in the folder, too; a number is added to its name where that is taken.

    A file of that name with the same bytes is taken for it, as after a crash.

    Args:
        source: the file; it stays.
        folder: made where there is none.
        name: a safe file name.
        photo_id: of the file's bytes.
    """
    with translated(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for candidate in _numbered(name):
            path = folder / candidate
            try:
                _link(source, path)
            except FileExistsError:
                if not _holds(path, source.stat().st_size, photo_id):
                    continue
            sync_folder(folder)
            return path
    raise AssertionError("there is always another number")


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut."""
    if os.name == "nt":
        return  # Windows has no way to sync a folder.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def translated(folder: Path) -> Generator[None]:
    """What the file system refuses, as the library's own errors."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        what = f"{folder} cannot be written to: {error.strerror or error}"
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LibraryFullError(what, "Free some space.") from error
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            raise LibraryReadOnlyError(what, "Make it writable.") from error
        raise LibraryError(what, "Check its disk.") from error


def _numbered(name: str) -> Iterator[str]:
    yield name
    path = PurePath(name)
    for number in count(2):
        yield f"{path.stem} ({number}){path.suffix}"


def _link(source: Path, path: Path) -> None:
    """Let a path lead to the same bytes.

    Raises:
        FileExistsError: something is there.
    """
    try:
        os.link(source, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _copy(source, path)


def _copy(source: Path, path: Path) -> None:
    """A copy instead, beside which it is made: a reader sees nothing, or all of it."""
    with path.open("xb"):
        pass
    partial = path.with_name(f".{path.name}.partial")
    with source.open("rb") as original, partial.open("wb") as copy:
        shutil.copyfileobj(original, copy)
        copy.flush()
        os.fsync(copy.fileno())
    shutil.copystat(source, partial)
    partial.replace(path)


def _holds(path: Path, size: int, photo_id: PhotoId) -> bool:
    if not path.is_file() or path.is_symlink() or path.stat().st_size != size:
        return False
    return photo_id_of(path.read_bytes()) == photo_id
