"""Photos that lie elsewhere than on this machine, and are only read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kith.domain.photo import Place


class PhotoSource(Protocol):
    """Objects that may be photos, each named by an address such as ``s3://bucket/2024/a.jpg``.

    May be called from several threads at once. A place's address, size and time of change are
    another's as soon as the object's bytes may be.

    Every method may raise ``StoreError`` where the store cannot be reached, or refuses.
    """

    def list(self, under: str, /, *, after: str = "") -> Iterator[Place]:
        """Every object that is ``under`` or lies below it, by whole parts, ordered by code points.

        Asked for page by page as it is read. With ``after``, only those whose address sorts behind
        it; the earlier ones cost nothing.

        Raises:
            NotFoundError: there is no such bucket.
        """
        ...

    def look(self, address: str, /) -> Place:
        """What is known of an object without reading it.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def read(self, address: str, most: int, /) -> tuple[Place, bytes]:
        """An object as it was when these bytes of it were read: its first ones, at most ``most``.

        Raises:
            NotFoundError: there is none.
        """
        ...
