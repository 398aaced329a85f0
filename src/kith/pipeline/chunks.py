"""Long streams in parts, so that each question to a port is about many things, but not all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

CHUNK = 500
"""Items asked about at once."""

T = TypeVar("T")


def in_chunks(items: Iterable[T]) -> Iterator[Sequence[T]]:
    """The items in their order, at most ``CHUNK`` at a time."""
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
