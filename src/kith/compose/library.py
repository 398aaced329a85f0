"""A library and its parts, and what works without one."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kith.compose.ears import DEAF, Ears
from kith.compose.notices import announcer_over
from kith.compose.places import (
    LIBRARY,
    library_file,
    limits_of,
    open_database_of,
    open_derived,
    open_engine,
    open_recognizer_over,
    open_source,
    require_library,
    taking_turns,
)
from kith.config import Settings

if TYPE_CHECKING:
    from kith.adapters.recognition.local import LocalFaceCollection
    from kith.database.open import Database
    from kith.pipeline.albums.records import Records
    from kith.pipeline.library import Library
    from kith.ports.catalog import Catalog, Counts
    from kith.ports.recognition import FaceCollection, Recognizer


@contextmanager
def open_catalog(settings: Settings, *, writing: bool = False) -> Generator[Catalog]:
    """The record of the library alone; needs no models.

    Raises:
        LibraryError: there is none, or it cannot be used.
    """
    from kith.adapters.catalog.sql import SqlCatalog

    require_library(settings)
    with open_database_of(settings, writing=writing) as database:
        yield SqlCatalog(database)


@contextmanager
def open_records(settings: Settings, *, writing: bool = False) -> Generator[Records]:
    """What is known of the library's photos; needs no models.

    Raises:
        LibraryError: there is none, or it cannot be used.
    """
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.catalog.sql.albums import SqlAlbums
    from kith.adapters.catalog.sql.findings import SqlFindings
    from kith.adapters.catalog.sql.select import SqlPhotoQueries
    from kith.pipeline.albums.records import Records

    require_library(settings)
    with open_database_of(settings, writing=writing) as database:
        yield Records(
            SqlCatalog(database),
            SqlPhotoQueries(database),
            SqlAlbums(database),
            SqlFindings(database),
        )


@contextmanager
def open_library(
    settings: Settings, *, writing: bool = False, ears: Ears = DEAF, in_turn: bool = False
) -> Generator[Library]:
    """The library as a whole.

    Args:
        settings: where it lies, and how it works.
        writing: makes the library where there is none, and keeps other writers out meanwhile.
        ears: who hears of downloads and waiting.
        in_turn: the caller has taken the turn of writers already.

    Raises:
        LibraryError: it cannot be used.
        ModelError: its models cannot be had.
    """
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.recognition.local import LocalFaceCollection, pinned_pack
    from kith.pipeline.library import Library

    with (
        taking_turns(settings, ears, writing=writing and not in_turn),
        open_database_of(settings, writing=writing) as database,
    ):
        engine = open_engine(settings, ears, pinned_pack(database, LIBRARY))
        collection = LocalFaceCollection(
            engine, database, collection_id=LIBRARY, index_folder=settings.library / "index"
        )
        try:
            yield Library(
                catalog=SqlCatalog(database),
                collection=collection,
                recognizer=open_recognizer_over(settings, engine),
                derived=open_derived(settings),
                upkeep=LocalUpkeep(database, collection),
                limits=limits_of(settings),
                workers=settings.worker_count,
                ordered=collection.in_order,
                source=open_source(),
                announcer=announcer_over(settings, database) if writing else None,
            )
        finally:
            collection.close()


@contextmanager
def open_sorter(
    settings: Settings, *, library: Path | None, ears: Ears = DEAF
) -> Generator[FaceCollection]:
    """Faces for sorting: of a library if one is named, else in memory and gone afterwards."""
    from dataclasses import replace

    from kith.adapters.recognition.local import LocalFaceCollection
    from kith.database.open import open_database

    if library is not None:
        with open_library(replace(settings, library=library), writing=True, ears=ears) as opened:
            yield opened.collection
        return
    database = open_database(":memory:")
    try:
        yield LocalFaceCollection(open_engine(settings, ears, None), database)
    finally:
        database.close()


def open_recognizer(settings: Settings, ears: Ears = DEAF) -> Recognizer:
    """Answers about single pictures; needs no library."""
    return open_recognizer_over(settings, open_engine(settings, ears, None))


def count(settings: Settings) -> tuple[Counts, str | None]:
    """How much the library holds and the pack it is pinned to; quick, for nothing heavy is loaded.

    Raises:
        LibraryError: there is no library, or it cannot be used.
    """
    from kith.database.glance import glance
    from kith.database.revisions import HEAD
    from kith.ports.catalog import Counts

    if not settings.database and (seen := glance(library_file(settings), HEAD)):
        figures, pack = seen
        return Counts(*figures), pack
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.recognition.local import pinned_pack

    with open_database_of(settings, writing=False) as database:
        return SqlCatalog(database).counts(), pinned_pack(database, LIBRARY)


class LocalUpkeep:
    """How a library in a local database looks after itself."""

    def __init__(self, database: Database, collection: LocalFaceCollection) -> None:
        self._database = database
        self._collection = collection

    def damages(self) -> tuple[str, ...]:
        """See ``Upkeep.damages``."""
        damages = [f"The database says: {line}" for line in self._database.damages()]
        if not self._collection.index_agrees():
            damages.append("The search index differs from the database.")
        return tuple(damages)

    def rebuild_index(self) -> None:
        """See ``Upkeep.rebuild_index``."""
        self._collection.rebuild_index()

    def scrub(self) -> list[str]:
        """See ``Upkeep.scrub``."""
        from kith.adapters.access.sql import SqlAccess
        from kith.adapters.recognition.local.succession import drop_successors

        # A half-done migration has embeddings of its own. It begins anew.
        drop_successors(self._database, LIBRARY)
        # What was answered to changes may hold names.
        SqlAccess(self._database).replies.sweep(math.inf)
        return [str(path) for path in self._database.scrub()]
