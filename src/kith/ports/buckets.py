"""Objects of other people's buckets, which are only read."""

from __future__ import annotations

from typing import Protocol


class Buckets(Protocol):
    """Buckets with objects. May be called from several threads at once."""

    def read(self, bucket: str, key: str, version: str | None, most: int, /) -> bytes:
        """The first bytes of an object, at most ``most``.

        Args:
            bucket: its name.
            key: the object's, any text.
            version: of the object, where the bucket keeps several; ``None`` for the last.
            most: bytes to read.

        Raises:
            NotFoundError: there is no such object, or it may not be read; not said which.
        """
        ...
