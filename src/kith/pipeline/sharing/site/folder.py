"""A folder in which Kith writes, and which it may not be alone in: nobody else's file is touched.

``.kith-site`` lists the files that are Kith's. A file is put on the list before it is written, so
whatever a killed run left behind is known to be ours, and nothing else ever is.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from typing import Final

from kith.domain.errors import UsageError
from kith.ports.storage import ObjectStorage

MANIFEST: Final = ".kith-site"
_HEADER: Final = "Kith 1: it wrote these files, and replaces and removes them."
_NAMED: Final = 3
"""Files of others that a message names."""


class SiteFolder:
    """The files of one site. Writing may be done by several threads.

    Args:
        storage: where they lie.

    Raises:
        UsageError: other files lie there, and none of Kith's.
    """

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage
        self._there = {each.key: each.byte_size for each in storage.list()}
        self._mine = self._listed()
        self._kept: set[str] = set()
        self._counting = threading.Lock()
        self.written = 0
        self.unchanged = 0

    def _listed(self) -> set[str]:
        if MANIFEST not in self._there:
            if self._there:
                raise UsageError(
                    "The folder for the site is not empty, and Kith did not write what is in it",
                    "Name a folder that is not there yet.",
                )
            return set()
        header, *paths = self._storage.read(MANIFEST).decode("utf-8", "replace").splitlines()
        if header != _HEADER:
            raise UsageError(
                f"The file {MANIFEST} in the folder for the site is not as Kith writes it",
                "Name a folder that is not there yet.",
            )
        return set(paths)

    def claim(self, paths: Iterable[str]) -> None:
        """Say which files will be written; before the first of them is.

        Raises:
            UsageError: somebody else's file has such a name.
        """
        claimed = set(paths) - self._mine
        foreign = sorted(claimed & self._there.keys())
        if foreign:
            raise UsageError(
                f"Kith did not write {', '.join(foreign[:_NAMED])} in the folder for the site, "
                "and would replace it",
                "Move it elsewhere, or name another folder.",
            )
        if claimed:
            self._mine |= claimed
            self._list(self._mine)

    def has(self, path: str) -> bool:
        """Whether a file is there already that never changes; it stays."""
        if path in self._mine and self._there.get(path):
            self._count(path, written=False)
            return True
        return False

    def write(self, path: str, data: bytes) -> None:
        """Write a file that was claimed."""
        assert path in self._mine, f"{path} was not claimed"
        self._storage.write(path, data, durable=False)
        self._count(path, written=True)

    def put(self, path: str, data: bytes) -> None:
        """Write a file that was claimed, unless it says just that."""
        if self._there.get(path) == len(data) and self._storage.read(path) == data:
            self._count(path, written=False)
        else:
            self.write(path, data)

    def put_json(self, path: str, document: object) -> None:
        """As ``put``, for a document."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        self.put(path, text.encode())

    def sweep(self) -> int:
        """Take away what Kith wrote once and not this time; says how many files that were."""
        gone = sorted((self._mine - self._kept) & self._there.keys())
        for path in gone:
            self._storage.delete(path)
        self._list(self._kept)
        return len(gone)

    def _list(self, paths: Iterable[str]) -> None:
        self._storage.write(MANIFEST, "\n".join([_HEADER, *sorted(paths), ""]).encode())

    def _count(self, path: str, *, written: bool) -> None:
        with self._counting:
            self._kept.add(path)
            if written:
                self.written += 1
            else:
                self.unchanged += 1
