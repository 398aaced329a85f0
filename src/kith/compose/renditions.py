"""What resized copies are made with."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kith.compose.library import open_records
from kith.compose.places import open_storage, originals_of
from kith.config import Settings

if TYPE_CHECKING:
    from kith.pipeline.albums.records import Records
    from kith.pipeline.originals import Originals
    from kith.pipeline.renditions.make import Rendering


@dataclass(frozen=True, slots=True)
class Darkroom:
    """A library, and the kinds of copies that its photos get.

    Attributes:
        records: what is known of the photos.
        originals: how their bytes are read.
        renderings: the kinds of copies.
    """

    records: Records
    originals: Originals
    renderings: Sequence[Rendering]


@contextmanager
def open_darkroom(settings: Settings) -> Generator[Darkroom]:
    """What copies are made with; only reads the library.

    Raises:
        LibraryError: there is no library, or it cannot be used.
        UsageError: copies would lie among the library's photos.
    """
    from kith.pipeline.renditions.make import Rendering, refuse_loops

    with open_records(settings) as records, ExitStack() as stack:
        refuse_loops([one.to for one in settings.renditions], records.catalog)
        renderings = [
            Rendering(one.name, one.to, one.form, stack.enter_context(open_storage(one.to)))
            for one in settings.renditions
        ]
        yield Darkroom(records, originals_of(settings), renderings)
