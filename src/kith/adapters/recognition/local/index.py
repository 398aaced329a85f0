"""The search index over the database's vectors: kept up to date, and kept in a file."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import numpy as np
import sqlalchemy as sa

from kith.adapters.recognition.local.store import FaceStore
from kith.engine.pixels import Vectors
from kith.engine.scan import Keys, Numbers
from kith.engine.vector_file import Source, UnusableFileError, read_index, write_index
from kith.engine.vectors import VectorIndex

_SMALL: Final = 2048
_MOST_UNSAVED: Final = 1 / 8
"""Faces that may be missing in the file, this many and this part of it: reading as many from the
database takes a tenth of a second with 150,000 faces, and growing a library to any size writes each
face nine times at most."""


class CurrentIndex:
    """The index of a collection, as new as the database whenever it is asked for.

    The database decides: what it added or removed since the index's version is caught up with, be
    it another process's doing. The file is only a quick start. It is rebuilt where it is missing,
    damaged, or of another pack, and deleted at once when a face was removed, so that no embedding
    outlives its face; nothing breaks where it cannot be written. It is written by a thread of its
    own: of a million faces that takes some seconds, in which searches go on.

    Args:
        store: the collection's rows.
        folder: where the file is kept; ``None`` for none.
    """

    def __init__(self, store: FaceStore, folder: Path | None) -> None:
        self._store = store
        self._file = None if folder is None else index_file(folder, store.collection_id)
        self._source = Source(store.collection_id, store.pin.name, store.pin.dimensions)
        self._lock = threading.Lock()
        self._index: VectorIndex | None = None
        self._version = 0
        self._unsaved = 0
        self._unlinked = 0
        self._saving: threading.Thread | None = None

    def get(self, connection: sa.Connection) -> VectorIndex:
        """The index, at least as new as what the connection sees."""
        version = self._store.version(connection)
        with self._lock:
            index, self._index = self._index, None  # begun anew if this is interrupted half-way
            if index is None:
                index = self._open(connection, version)
            else:
                self._catch_up(connection, index, version)
            if self._is_stale(index):
                self._save_meanwhile(index)
            self._index = index
        return index

    def agrees(self, connection: sa.Connection) -> bool:
        """Whether the index, as its file has it, holds exactly the database's embeddings."""
        index = self.get(connection)
        held, true = _Digest(), _Digest()
        for segment, rows in index.living():
            held.add(segment.numbers[rows], segment.keys[rows], segment.vectors[rows])
        for numbers, face_ids, vectors in self._store.added(connection, 0):
            true.add(numbers, keys_of(face_ids), vectors)
        return held.value() == true.value()

    def discard(self) -> None:
        """The file turned out to be damaged: begin anew from the database."""
        with self._lock:
            self._unlink()
            self._index = None

    def forgotten(self) -> None:
        """Faces were removed: the file must not keep their embeddings."""
        with self._lock:
            self._unlink()

    def close(self) -> None:
        """Write the file if it had to be deleted, or lacks much, so that the next start is quick.

        When it returns, no file is being written.
        """
        if self._saving is not None:
            self._saving.join()
        with self._lock:
            index = self._index
            if self._file is None or index is None:
                return
            lost = len(index) > _SMALL and not self._file.exists()
            if lost or self._is_stale(index):
                self._save(self._file, index, self._version)

    def _open(self, connection: sa.Connection, version: int) -> VectorIndex:
        """The index from the file, or else from the database."""
        if self._file is not None:
            # ValueError: what the database added does not follow the file's rows, so that the file
            # is another library's.
            with suppress(UnusableFileError, ValueError):
                index, self._version = read_index(self._file, self._source)
                self._unsaved = 0
                if self._version <= version:
                    self._catch_up(connection, index, version)
                    if len(index) == self._store.count(connection):
                        return index
        index, self._version, self._unsaved = VectorIndex(self._source.dimensions), 0, 0
        self._catch_up(connection, index, version)
        return index

    def _catch_up(self, connection: sa.Connection, index: VectorIndex, version: int) -> None:
        if version <= self._version:
            return
        for numbers, face_ids, vectors in self._store.added(connection, self._version):
            index.add(numbers, keys_of(face_ids), vectors)
            self._unsaved += len(numbers)
        if index.remove(self._store.removed(connection, self._version)):
            self._unlink()
        self._version = version

    def _is_stale(self, index: VectorIndex) -> bool:
        return self._unsaved > max(_SMALL, len(index) * _MOST_UNSAVED)

    def _save_meanwhile(self, index: VectorIndex) -> None:
        """Begin to write the file; where it is being written already, that is for another time."""
        if self._file is None or (self._saving is not None and self._saving.is_alive()):
            return
        self._unsaved = 0
        arguments = (self._file, index.snapshot(), self._version)
        # Not a daemon: a process that ends meanwhile ends when the file is whole.
        self._saving = threading.Thread(target=self._save, args=arguments, name="search-index")
        self._saving.start()

    def _save(self, file: Path, index: VectorIndex, version: int) -> None:
        unlinked = self._unlinked
        with suppress(OSError):  # a full or read-only disk: the database has everything
            file.parent.mkdir(parents=True, exist_ok=True)
            write_index(file, index, self._source, version)
        if self._unlinked != unlinked:
            self._unlink()  # a face was removed while its embedding was being written

    def _unlink(self) -> None:
        if self._file is not None:
            self._unlinked += 1
            with suppress(OSError):
                self._file.unlink(missing_ok=True)


def index_file(folder: Path, collection_id: str) -> Path:
    """Where the index of a collection lies."""
    return folder / f"{quote(collection_id, safe='')}.vectors"


class _Digest:
    """A hash over rows, whatever the parts they come in."""

    def __init__(self) -> None:
        self._hashes = (hashlib.sha256(), hashlib.sha256(), hashlib.sha256())

    def add(self, numbers: Numbers, keys: Keys, vectors: Vectors) -> None:
        """The next rows."""
        columns = (numbers.astype("<i8"), keys.astype("<u8"), vectors.astype("<f4"))
        for hash_, column in zip(self._hashes, columns, strict=True):
            hash_.update(np.ascontiguousarray(column).tobytes())

    def value(self) -> tuple[str, ...]:
        """Equal for equal rows."""
        return tuple(hash_.hexdigest() for hash_ in self._hashes)


def keys_of(face_ids: Sequence[str]) -> Keys:
    """The keys of face ids, count x 2: UUIDs as numbers, which are in the order of their text."""
    raw = bytes.fromhex("".join(face_ids).replace("-", ""))
    return np.frombuffer(raw, ">u8").astype(np.uint64).reshape(len(face_ids), 2)
