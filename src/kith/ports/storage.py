"""Where bytes lie: originals, thumbnails, crops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """An object as it is at one moment.

    Attributes:
        described: its key, size and time of change.
        tag: another for other bytes; opaque.
        number: of the version, where the storage keeps several.
    """

    described: StoredObject
    tag: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser sends to write an object.

    Attributes:
        url: where, with POST and ``multipart/form-data``.
        fields: of the form; the file comes behind them, as ``file``.
    """

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a store is to answer who reads an object by an address.

    Attributes:
        media_type: what it is called; empty for what was said when it was written.
        disposition: whether it is to be looked at or kept, and its name (RFC 6266).
        caching: for how long, and by whom, it may be kept (``Cache-Control``).
    """

    media_type: str = ""
    disposition: str = ""
    caching: str = ""


class Addresses(Protocol):
    """Makes addresses under which anyone can use objects of a store; does not ask the store."""

    def to_read(self, where: str, /, *, begins: int, seconds: int, reading: Reading) -> str:
        """An address that is good for so long; the same for the same arguments and credentials.

        Args:
            where: the object, such as ``s3://bucket/2024/a.jpg``. It need not be there.
            begins: when it begins to be good, in seconds since 1970; in the past.
            seconds: for how long, at most. It ends earlier where the credentials do.
            reading: how it is to be answered.
        """
        ...

    def to_write(
        self, where: str, /, *, begins: int, seconds: int, media_type: str, most: int
    ) -> Form:
        """A form by which anyone can write at most so many bytes of this type, for so long.

        Args:
            where: the object; what is there is replaced.
            begins: when it begins to be good, in seconds since 1970.
            seconds: for how long.
            media_type: what the object is called.
            most: bytes.
        """
        ...


class RemoteStorage(ObjectStorage, Protocol):
    """Storage that several programs share over a network: conditions, and addresses for others."""

    def version(self, key: str, /) -> ObjectVersion:
        """The object as it is now.

        Raises:
            NotFoundError: there is no such object.
        """
        ...

    def read_version(self, key: str, tag: str = "", /) -> tuple[ObjectVersion, bytes]:
        """The object's bytes, and what they are the version of.

        Args:
            key: the object's.
            tag: of the version that is wanted; empty for any.

        Raises:
            NotFoundError: there is no such object.
            StaleError: it is another version by now.
        """
        ...

    def write_new(self, key: str, data: bytes, /) -> bool:
        """Write the object unless there is one; of several writers, exactly one does.

        Answers whether this one did. Repeated, it does not: what is there counts.
        """
        ...

    def replace(self, key: str, data: bytes, tag: str, /) -> None:
        """Write the object over the version with this tag.

        Raises:
            StaleError: it is another version by now, or gone; then it stays as it is.
        """
        ...

    def link_to_read(self, key: str, seconds: int, /, *, media_type: str = "") -> str:
        """An address under which anyone can read the object for so long, with GET.

        The object need not be there yet.
        """
        ...

    def link_to_write(self, key: str, seconds: int, /, *, media_type: str) -> str:
        """An address under which anyone can write the object for so long, with PUT.

        The request must say this ``Content-Type``. How much is sent cannot be limited.
        """
        ...

    def form_to_write(self, key: str, seconds: int, /, *, media_type: str, most: int) -> Form:
        """A form by which anyone can write at most so many bytes of this type, for so long."""
        ...
