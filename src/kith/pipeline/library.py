"""A library: everything known of one set of photos, as one value that the pipeline works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from kith.imaging.picture import PictureLimits
from kith.pipeline.migration.ordered import OrderedSearches
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.originals import Originals
from kith.ports.catalog import Catalog
from kith.ports.recognition import FaceCollection, Recognizer
from kith.ports.sources import PhotoSource
from kith.ports.storage import ObjectStorage


class Upkeep(Protocol):
    """What the place where a library lies can say of its own health; composed with the adapters."""

    def damages(self) -> tuple[str, ...]:
        """One sentence for each thing that is wrong with the database or the search index."""
        ...

    def rebuild_index(self) -> None:
        """Throw the search index away, and build it anew from the truth."""
        ...

    def scrub(self) -> list[str]:
        """See that what was deleted is nowhere in the database's files any more.

        Older copies of the database are removed, too: answers which.
        """
        ...


@dataclass(frozen=True, slots=True)
class Library:
    """The composed program.

    Attributes:
        catalog: what is known of photos, faces and people.
        collection: the faces, searchable.
        recognizer: answers about single pictures.
        derived: thumbnails and crops; originals are never written to.
        limits: pictures beyond these are refused.
        workers: photos worked on at once.
        upkeep: how the library looks after itself.
        ordered: a quick search for grouping all faces anew, where the collection has one.
        source: photos that lie elsewhere than on this machine.
        announcer: knows who is to be told of new photos; without it, nobody is.
    """

    catalog: Catalog
    collection: FaceCollection
    recognizer: Recognizer
    derived: ObjectStorage
    upkeep: Upkeep
    limits: PictureLimits = field(default_factory=PictureLimits)
    workers: int = 1
    ordered: OrderedSearches | None = None
    source: PhotoSource | None = None
    announcer: Announcer | None = None

    @property
    def originals(self) -> Originals:
        """How photos' bytes are read."""
        return Originals(self.limits, self.source)
