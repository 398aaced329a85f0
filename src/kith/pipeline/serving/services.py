"""What a door over HTTP works with, as one value that it is composed with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kith.domain.errors import UsageError
from kith.imaging.picture import PictureLimits
from kith.pipeline.access.kit import Access
from kith.pipeline.albums.records import Records
from kith.pipeline.library import Library
from kith.pipeline.notices.kit import Notices
from kith.pipeline.originals import Originals
from kith.pipeline.serving.jobs import Turn
from kith.pipeline.serving.people import PeopleList
from kith.pipeline.serving.pulse import Pulse
from kith.pipeline.serving.renditions import Renditions
from kith.pipeline.serving.reviews import Reviews
from kith.pipeline.serving.signing import UrlSigner
from kith.pipeline.serving.store_urls import Store
from kith.pipeline.serving.workshop import Workshop
from kith.ports.albums import Albums
from kith.ports.catalog import Catalog
from kith.ports.people import PeopleQueries
from kith.ports.queries import PhotoQueries
from kith.ports.storage import ObjectStorage


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a served library.

    Attributes:
        name: what the library is called, for titles.
        records: photos, people and albums; ready at once, and needs no model.
        library: the library with its models, which are loaded when it is first called; may be
            called from several threads. Ask anew for each request: when another process moved the
            library to another pack, it answers with that.
        pack: the model pack that the library is pinned to; ``None`` until it holds a photo.
        derived: thumbnails and crops.
        originals: how photos' bytes are read.
        renditions: pictures to look at.
        urls: makes the addresses of pictures.
        access: who may come in.
        people: who the people are, many at once.
        everyone: the list of people, counted once for each edition.
        turn: how writers of the library take turns.
        works: where long work is done, and what is uploaded arrives; ``None`` where a process lives
            no longer than a request. Then there are no jobs, no events, and no review.
        reviews: everybody's session of the review queue.
        pulse: what changes while a page is open.
        notices: who is told of what arrives.
        features: what else is there: ``rekognition``, ``upload``, ``labels``, ``text``.
        store: hands out originals itself; ``None`` where they are handed out here.
    """

    name: str
    records: Records
    library: Callable[[], Library]
    pack: Callable[[], str | None]
    derived: ObjectStorage
    originals: Originals
    renditions: Renditions
    urls: UrlSigner
    access: Access
    people: PeopleQueries
    everyone: PeopleList
    turn: Turn
    works: Workshop | None
    reviews: Reviews
    pulse: Pulse
    notices: Notices
    features: frozenset[str] = frozenset()
    store: Store | None = None

    @property
    def workshop(self) -> Workshop:
        """Where long work is done.

        Raises:
            UsageError: nowhere.
        """
        if self.works is None:
            raise UsageError("Long work is not done here")
        return self.works

    @property
    def limits(self) -> PictureLimits:
        """Pictures beyond these are refused."""
        return self.originals.limits

    @property
    def catalog(self) -> Catalog:
        """Photos, faces and people."""
        return self.records.catalog

    @property
    def queries(self) -> PhotoQueries:
        """Which photos are meant."""
        return self.records.queries

    @property
    def albums(self) -> Albums:
        """The albums that someone made."""
        return self.records.albums
