"""What an album that is written as files is made of."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kith.compose.library import open_records
from kith.compose.places import open_derived, originals_of
from kith.config import Settings

if TYPE_CHECKING:
    from kith.pipeline.sharing.site.terms import SiteSource


@contextmanager
def open_site_source(settings: Settings) -> Generator[SiteSource]:
    """The library as a site is made of it; nothing in it is changed.

    Raises:
        LibraryError: there is none, or it cannot be used.
    """
    from kith.pipeline.serving.renditions import Renditions
    from kith.pipeline.sharing.site.terms import SiteSource

    with open_records(settings) as records:
        renditions = Renditions(
            records.catalog,
            open_derived(settings),
            originals_of(settings),
            at_once=settings.worker_count,
            keeping=False,
        )
        yield SiteSource(records, renditions, originals_of(settings), settings.worker_count)
