"""Where copies of files are sent: a part of a bucket, as somebody who fills it sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


class Content(Protocol):
    """Bytes that can be read in pieces, the same ones however often; not all at once in memory."""

    def __len__(self) -> int: ...

    def __getitem__(self, span: slice, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What is there.

    Attributes:
        byte_size: its length.
        tag: another for other bytes; opaque.
    """

    byte_size: int
    tag: str


class Depot(Protocol):
    """Objects by key, ``/`` between parts. May be called from several threads at once.

    Every method may raise ``StoreError`` where it cannot be reached, or refuses, and
    ``NotFoundError`` where there is no such bucket.
    """

    def kept(self) -> Mapping[str, Kept]:
        """All that is there, by key."""
        ...

    def holds(self, key: str, kept: Kept, content: Content, /) -> bool:
        """Whether what is kept under the key is this content, byte for byte."""
        ...

    def note(self, key: str, /) -> str:
        """What was noted of the object when it was sent; empty if nothing was."""
        ...

    def send(
        self,
        key: str,
        content: Content,
        media_type: str,
        note: str,
        sent: Callable[[int], None],
        /,
    ) -> None:
        """Put the content there as a whole, over what is there.

        Large contents go in parts, and go on with those that got there when they were interrupted.

        Args:
            key: the object's.
            content: its bytes.
            media_type: what it is called to a browser.
            note: a line of ASCII, to be kept with it.
            sent: told of bytes as they arrive.
        """
        ...
