"""A library on its way to another model pack."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kith.compose.ears import DEAF, Ears
from kith.compose.library import LocalUpkeep
from kith.compose.places import (
    LIBRARY,
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
    from kith.adapters.recognition.local.succession import Succession
    from kith.database.open import Database
    from kith.domain.face import Face
    from kith.domain.grouping import Step
    from kith.domain.person import PeopleChange
    from kith.domain.photo import PhotoId
    from kith.pipeline.migration.successor import Migrating


@contextmanager
def open_migration(
    settings: Settings, pack: str, *, writing: bool, ears: Ears = DEAF
) -> Generator[Migrating]:
    """A library, and its faces in another pack, in the making.

    Args:
        settings: where it lies, and how it works.
        pack: the pack to move to. If it is the library's own, faces that lack are completed.
        writing: goes on with what was begun, keeps other writers out meanwhile, and throws away
            what was begun with yet another pack.
        ears: who hears of downloads and waiting.

    Raises:
        LibraryError: there is none, or it cannot be used.
        ModelError: the pack cannot be had.
    """
    from dataclasses import replace

    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.recognition.local import LocalFaceCollection
    from kith.adapters.recognition.local.succession import Succession
    from kith.pipeline.library import Library
    from kith.pipeline.migration.successor import Migrating

    require_library(settings)
    with (
        taking_turns(settings, ears, writing=writing),
        open_database_of(settings, writing=writing) as database,
    ):
        engine = open_engine(replace(settings, pack=pack), ears, None)
        succession = Succession(database, engine.pack, LIBRARY, settings.library / "index")
        if writing:
            succession.begin()
        collection = LocalFaceCollection(
            engine,
            database,
            collection_id=succession.collection_id,
            index_folder=succession.index_folder,
            place_of=LIBRARY,
        )
        library = Library(
            catalog=SqlCatalog(database),
            collection=collection,
            recognizer=open_recognizer_over(settings, engine),
            derived=open_derived(settings),
            upkeep=LocalUpkeep(database, collection),
            limits=limits_of(settings),
            workers=settings.worker_count,
            ordered=collection.in_order,
            source=open_source(),
        )
        yield Migrating(library, _LocalSuccessor(database, succession))


class _LocalSuccessor:
    """The ``Successor`` of a library in a local database: one transaction moves all of it."""

    def __init__(self, database: Database, succession: Succession) -> None:
        self._database = database
        self._succession = succession

    @property
    def pack(self) -> str:
        """See ``Successor.pack``."""
        return self._succession.pin.name

    def indexed(self, photo_ids: Collection[PhotoId], /) -> frozenset[PhotoId]:
        """See ``Successor.indexed``."""
        return self._succession.indexed(photo_ids)

    def take_over(
        self,
        faces: Mapping[PhotoId, Sequence[Face]],
        steps: Sequence[Step],
        change: PeopleChange,
        edition: int,
        /,
    ) -> None:
        """See ``Successor.take_over``."""
        from kith.adapters.catalog.sql.refacing import reface

        with self._succession.taking_over() as connection:
            reface(connection, faces, steps, change, edition)
