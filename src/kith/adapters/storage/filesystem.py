"""Objects as files below one folder."""

from __future__ import annotations

import errno
import os
import time
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from kith.domain.errors import (
    KithError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
    NotFoundError,
    UsageError,
)
from kith.ports.storage import StoredObject

_PARTIAL: Final = ".partial"
"""The folder in which objects are written before they are moved to where they belong."""

_ABANDONED_SECONDS: Final = 3600
"""A file that was being written this long ago is a dead writer's: writing takes far less."""


_MOVES: Final = 100
"""How often a folder is made again that others take away; far more than can happen by chance."""


class FilesystemStorage:
    """A flat set of objects below a folder, which is made when the first object is written."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._partial = root / _PARTIAL
        self._swept = False

    def write(self, key: str, data: bytes, /, *, durable: bool = True) -> None:
        """Put the object there as a whole, replacing an earlier one."""
        target = self._path(key)
        partial = self._partial / uuid.uuid4().hex
        with _translated(target), _refusing_collisions(key):
            _make_folder(self._partial)
            self._sweep()
            try:
                _write(partial, data, durable=durable)
                _move(partial, target)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
            if durable:
                _sync_folder(target.parent)

    def read(self, key: str, /) -> bytes:
        """The object's bytes."""
        path = self._path(key)
        with _translated(path):
            return path.read_bytes()

    def stat(self, key: str, /) -> StoredObject:
        """What is known of the object without reading it."""
        path = self._path(key)
        with _translated(path):
            if path.is_dir():
                raise NotFoundError(f"there is no object {path}")
            return _described(key, path.stat())

    def list(self, prefix: str = "", /) -> Iterator[StoredObject]:
        """Every object whose key begins with ``prefix``, in the order of the keys."""
        folder, _, _ = prefix.rpartition("/")
        if folder and not _is_key(folder):
            return iter(())
        return self._below(f"{folder}/" if folder else "", prefix)

    def delete(self, key: str, /) -> None:
        """Take the object away; one that is not there is no error."""
        path = self._path(key)
        with suppress(NotFoundError), _translated(path):
            path.unlink()
            _sync_folder(path.parent)
            self._prune(path.parent)

    def _path(self, key: str) -> Path:
        if not _is_key(key):
            raise UsageError(f"{key!r} is no name of an object")
        return self._root.joinpath(*key.split("/"))

    def _below(self, folder: str, prefix: str) -> Iterator[StoredObject]:
        """The objects whose keys begin with ``folder`` and ``prefix``.

        Keys sort as the names of one folder do, where those of folders end with their slash.
        """
        with _translated(self._root / folder):
            for name in sorted(_names_in(self._root / folder)):
                key = folder + name
                if key == f"{_PARTIAL}/":
                    continue
                if key.endswith("/") and (key.startswith(prefix) or prefix.startswith(key)):
                    yield from self._below(key, prefix)
                elif key.startswith(prefix):
                    with suppress(FileNotFoundError):
                        yield _described(key, (self._root / key).stat())

    def _prune(self, folder: Path) -> None:
        """Take away folders in which nothing is left, so that their names are free for objects."""
        with suppress(OSError):
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent

    def _sweep(self) -> None:
        """Once, take away what writers left behind that were killed."""
        if self._swept:
            return
        for left in self._partial.iterdir():
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
                    left.unlink()
        self._swept = True


def _is_key(key: str) -> bool:
    parts = key.split("/")
    if parts[0] == _PARTIAL or "\0" in key or (os.sep != "/" and os.sep in key):
        return False
    return not any(part in {"", ".", ".."} for part in parts)


def _names_in(folder: Path) -> Iterator[str]:
    """The names of a folder's files, and of its folders with a slash behind."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield entry.name + "/"
            elif entry.is_file():
                yield entry.name


def _write(path: Path, data: bytes, *, durable: bool) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        if durable:
            os.fsync(file.fileno())


def _move(partial: Path, target: Path) -> None:
    for _ in range(_MOVES):
        _make_folder(target.parent)
        # Whoever deletes the folder's last object at this moment takes the folder away.
        with suppress(FileNotFoundError):
            partial.replace(target)
            return
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target.parent))


def _make_folder(folder: Path) -> None:
    """Make the folder, and durably those above it that are missing."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """See to it that the folder's names survive a power cut. Windows has no way to ask for that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _described(key: str, status: os.stat_result) -> StoredObject:
    return StoredObject(key, status.st_size, status.st_mtime_ns)


@contextmanager
def _refusing_collisions(key: str) -> Generator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise UsageError(
            f"{key!r} needs a folder where there is an object, or the reverse"
        ) from error


@contextmanager
def _translated(path: Path) -> Generator[None]:
    """Turn the operating system's errors into Kith's."""
    try:
        yield
    except OSError as error:
        raise _kith_error(error, path) from error
    except ValueError as error:
        # Python refuses names that the file system cannot hold, such as lone surrogates.
        raise UsageError(f"{str(path)!r} is no name of a file: {error}") from error


def _kith_error(error: OSError, path: Path) -> KithError:
    reason = error.strerror or "unknown error"
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}:
        return NotFoundError(f"there is no object {path}")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return LibraryFullError(
            f"there is no room left to write {path}", "Free some space and run the command again."
        )
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return LibraryReadOnlyError(
            f"{path} may not be touched: {reason}",
            "Make its folder writable, or name another library.",
        )
    return LibraryError(f"{path} cannot be used: {reason}", "Check the disk that it lies on.")
