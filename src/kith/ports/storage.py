"""Where bytes lie: originals, thumbnails, crops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of a storage.

    Attributes:
        key: its name: relative, ``/`` between parts, no empty part, no ``.`` or ``..``.
        byte_size: its length in bytes.
        modified_ns: time of its last change in nanoseconds since 1970.
    """

    key: str
    byte_size: int
    modified_ns: int


class ObjectStorage(Protocol):
    """A flat set of objects named by keys.

    Keys are text such as ``thumbnails/ab/abcdef.jpg``. A key that is empty, absolute, holds a NUL,
    or has an empty, ``.`` or ``..`` part raises ``UsageError`` before anything is touched, so no
    key escapes the storage. Where ``a`` is an object, writing ``a/b`` may raise ``UsageError``,
    too. All methods may be called from several threads and be repeated.
    """

    def write(self, key: str, data: bytes, /, *, durable: bool = True) -> None:
        """Put the object there as a whole, replacing an earlier one.

        A reader sees the old bytes or the new ones, never a part, even if the writer is killed. The
        object is durable when the call returns; with ``durable=False`` a power cut may lose it,
        which suits what can be made again and is six times as quick on a disk.

        Raises:
            LibraryFullError: no room left; an earlier object of that key is still there.
            LibraryReadOnlyError: the storage may not be written to.
        """
        ...

    def read(self, key: str, /) -> bytes:
        """The object's bytes.

        Raises:
            NotFoundError: there is no such object.
        """
        ...

    def stat(self, key: str, /) -> StoredObject:
        """What is known of the object without reading it.

        Raises:
            NotFoundError: there is no such object.
        """
        ...

    def list(self, prefix: str = "", /) -> Iterator[StoredObject]:
        """Every object whose key begins with ``prefix``, in the order of the keys' code points.

        An object written or deleted meanwhile may or may not appear; every other appears once.
        """
        ...

    def delete(self, key: str, /) -> None:
        """Take the object away; one that is not there is no error."""
        ...
