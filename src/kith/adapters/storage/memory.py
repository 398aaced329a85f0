"""Objects in memory: for tests, and for runs that leave nothing behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from kith.domain.errors import NotFoundError, UsageError
from kith.ports.storage import StoredObject


@dataclass(frozen=True, slots=True)
class _Content:
    data: bytes
    modified_ns: int


class MemoryStorage:
    """A flat set of objects, gone when the program ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contents: dict[str, _Content] = {}

    def write(self, key: str, data: bytes, /, *, durable: bool = True) -> None:  # noqa: ARG002 - memory does not last
        """Put the object there as a whole, replacing an earlier one."""
        _check(key)
        with self._lock:
            self._contents[key] = _Content(bytes(data), time.time_ns())

    def read(self, key: str, /) -> bytes:
        """The object's bytes."""
        return self._content(key).data

    def stat(self, key: str, /) -> StoredObject:
        """What is known of the object without reading it."""
        return _described(key, self._content(key))

    def list(self, prefix: str = "", /) -> Iterator[StoredObject]:
        """Every object whose key begins with ``prefix``, in the order of the keys."""
        with self._lock:
            found = sorted(item for item in self._contents.items() if item[0].startswith(prefix))
        return (_described(key, content) for key, content in found)

    def delete(self, key: str, /) -> None:
        """Take the object away; one that is not there is no error."""
        _check(key)
        with self._lock:
            self._contents.pop(key, None)

    def _content(self, key: str) -> _Content:
        _check(key)
        with self._lock:
            content = self._contents.get(key)
        if content is None:
            raise NotFoundError(f"there is no object {key}")
        return content


def _described(key: str, content: _Content) -> StoredObject:
    return StoredObject(key, len(content.data), content.modified_ns)


def _check(key: str) -> None:
    if "\0" in key or any(part in {"", ".", ".."} for part in key.split("/")):
        raise UsageError(f"{key!r} is no name of an object")
