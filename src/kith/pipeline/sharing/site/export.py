"""Write an album as files, or bring what was written up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kith.domain.photo import PhotoId
from kith.domain.query_parse import parse_query
from kith.domain.selection import Selection
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.resolve import resolve
from kith.pipeline.chunks import CHUNK
from kith.pipeline.sharing.site.documents import write_documents
from kith.pipeline.sharing.site.folder import SiteFolder
from kith.pipeline.sharing.site.page import write_page
from kith.pipeline.sharing.site.pictures import Advance, Pictured, write_pictures
from kith.pipeline.sharing.site.terms import SiteSource, SiteTerms
from kith.pipeline.walk import Refused
from kith.ports.queries import Position
from kith.ports.storage import ObjectStorage


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What became of a site.

    Attributes:
        photos: how many it shows.
        people: how many people it names, or shows without a name.
        without_original: how many photos it shows small, because no file has their originals now.
        written: files that are new or others than before.
        unchanged: files that were there already.
        removed: files that were there, and are not wanted any more.
        problems: photos that it does not show, and why.
    """

    photos: int
    people: int
    without_original: int
    written: int
    unchanged: int
    removed: int
    problems: tuple[Refused, ...]


def export_site(
    source: SiteSource, storage: ObjectStorage, page: Path, terms: SiteTerms, advance: Advance
) -> SiteReport:
    """Write the photos that a query means as a site.

    What a run that was interrupted has written stays, and the next one goes on. In the order of
    writing, nothing leads to a file that is not there yet; what is not wanted any more goes last.

    Args:
        source: the library.
        storage: where the site goes: nothing lies there, or what was written there before.
        page: the folder of the album's page.
        terms: what the site is to hold.
        advance: told of every photo.

    Raises:
        QueryError: the query cannot be understood.
        UsageError: what lies in the folder is not Kith's.
        LibraryError: the folder cannot be written to.
    """
    selection = resolve(source.records, parse_query(terms.query))
    photo_ids = list(_newest_first(source.records, selection))
    site = SiteFolder(storage)
    made = list(write_pictures(source, site, terms, photo_ids, advance))
    pictured = [one for one in made if isinstance(one, Pictured)]
    people = write_documents(source, site, terms, pictured)
    write_page(site, page, terms.title)
    removed = site.sweep()
    return SiteReport(
        photos=len(pictured),
        people=people,
        without_original=sum(not one.large for one in pictured),
        written=site.written,
        unchanged=site.unchanged,
        removed=removed,
        problems=tuple(one for one in made if isinstance(one, Refused)),
    )


def _newest_first(records: Records, selection: Selection) -> Iterator[PhotoId]:
    after: Position | None = None
    while True:
        page = records.queries.page(selection, after=after, limit=CHUNK)
        yield from page.photo_ids
        after = page.end
        if after is None:
            return
