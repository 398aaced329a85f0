"""What the HTTP API answers with: the record of a library at once, its models when needed."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kith.compose.access import open_access
from kith.compose.ears import DEAF, Ears
from kith.compose.notices import announcer_over, notices_over
from kith.compose.places import (
    LIBRARY,
    limits_of,
    make_folder,
    open_database_of,
    open_derived,
    open_engine,
    open_recognizer_over,
    open_source,
    originals_of,
)
from kith.compose.turns import patient_turn
from kith.config import Settings
from kith.domain.errors import LibraryReadOnlyError

if TYPE_CHECKING:
    from kith.adapters.recognition.local import LocalFaceCollection
    from kith.database.open import Database
    from kith.engine.engine import Engine
    from kith.pipeline.library import Library
    from kith.pipeline.serving.services import Services

SIGNING_KEY: Final = "signing.key"
"""The file of a library that holds what addresses of pictures are signed with."""

_KEY_BYTES: Final = 32


@contextmanager
def open_services(
    settings: Settings, *, ears: Ears = DEAF, features: frozenset[str] = frozenset()
) -> Generator[Services]:
    """The parts of a served library; makes it where there is none.

    Takes no turn with other writers: what a request changes is one transaction, and who adds photos
    takes the turn. A library that may not be written to can be looked at.

    Args:
        settings: where it lies, and how it works.
        ears: who hears of downloads.
        features: see ``Services.features``.

    Raises:
        LibraryError: it cannot be used.
    """
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.catalog.sql.albums import SqlAlbums
    from kith.adapters.catalog.sql.findings import SqlFindings
    from kith.adapters.catalog.sql.people_queries import SqlPeopleQueries
    from kith.adapters.catalog.sql.select import SqlPhotoQueries
    from kith.adapters.recognition.local.store import pinned_pack
    from kith.pipeline.albums.records import Records
    from kith.pipeline.serving.people import PeopleList
    from kith.pipeline.serving.pulse import Pulse
    from kith.pipeline.serving.renditions import Renditions
    from kith.pipeline.serving.reviews import Reviews
    from kith.pipeline.serving.services import Services
    from kith.pipeline.serving.signing import UrlSigner
    from kith.pipeline.serving.uploads import Uploads
    from kith.pipeline.serving.workshop import open_workshop

    with _open_database(settings) as database:
        library = _LazyLibrary(settings, database, ears)
        key = _signing_key(settings.library / SIGNING_KEY)
        catalog = SqlCatalog(database)
        uploads = Uploads(
            settings.library / "uploads",
            settings.originals or settings.library / "originals",
            catalog,
            limits_of(settings),
        )
        records = Records(
            catalog, SqlPhotoQueries(database), SqlAlbums(database), SqlFindings(database)
        )
        people = SqlPeopleQueries(database)
        turn = partial(patient_turn, settings.library)
        notices = notices_over(settings, database)
        with (
            closing(library),
            _looking_at_what_was_added(settings, features) as added,
            open_workshop(library, turn, uploads, added) as workshop,
            notices.delivering(),
        ):
            yield Services(
                name=settings.title or settings.library.name,
                records=records,
                library=library,
                pack=lambda: pinned_pack(database, LIBRARY),
                derived=open_derived(settings),
                originals=originals_of(settings),
                renditions=Renditions(
                    catalog,
                    open_derived(settings),
                    originals_of(settings),
                    at_once=settings.worker_count,
                ),
                urls=UrlSigner(key),
                access=open_access(settings, database, key),
                people=people,
                everyone=PeopleList(catalog, people),
                turn=turn,
                works=workshop,
                reviews=Reviews(library),
                pulse=Pulse(records),
                notices=notices,
                features=features,
            )


@contextmanager
def _looking_at_what_was_added(
    settings: Settings, features: frozenset[str]
) -> Generator[Callable[[Sequence[Path]], None]]:
    """Who is told of what was added, and looks at it for the features ``labels`` and ``text``."""
    from dataclasses import replace

    from kith.compose.findings import open_looking
    from kith.pipeline.serving.looking import Looker
    from kith.pipeline.serving.work import nobody

    if features.isdisjoint({"labels", "text"}):
        yield nobody
        return
    # One photo after the other: whoever looks at the album meanwhile comes first.
    looker = Looker(lambda: open_looking(replace(settings, workers=1)))
    with closing(looker):
        yield looker.added


@contextmanager
def _open_database(settings: Settings) -> Generator[Database]:
    """The database for writing, or where that is not allowed, for reading."""
    writing = True
    try:
        make_folder(settings.library)
        with open_database_of(settings, writing=True):
            pass
    except LibraryReadOnlyError:
        writing = False
    with open_database_of(settings, writing=writing) as database:
        yield database


class _LazyLibrary:
    """The library with its models, opened when first called for and kept open."""

    def __init__(self, settings: Settings, database: Database, ears: Ears) -> None:
        self._settings = settings
        self._database = database
        self._ears = ears
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._collection: LocalFaceCollection | None = None
        self._library: Library | None = None

    def __call__(self) -> Library:
        """The library, as it is pinned now."""
        from kith.adapters.recognition.local.store import pinned_pack

        with self._opening:
            pinned = pinned_pack(self._database, LIBRARY)
            if self._library is None or self._engine is None or self._moved(pinned):
                self._library = self._open(pinned)
            return self._library

    def close(self) -> None:
        """Make the next start quick."""
        if self._collection is not None:
            self._collection.close()

    def _moved(self, pinned: str | None) -> bool:
        """Whether another process moved the library to another pack; requests under way end."""
        return pinned is not None and self._engine is not None and self._engine.pack.name != pinned

    def _open(self, pinned: str | None) -> Library:
        from kith.adapters.catalog.sql import SqlCatalog
        from kith.adapters.recognition.local import LocalFaceCollection
        from kith.compose.library import LocalUpkeep
        from kith.pipeline.library import Library

        settings = self._settings
        self._engine = engine = open_engine(settings, self._ears, pinned)
        self._collection = collection = LocalFaceCollection(
            engine,
            self._database,
            collection_id=LIBRARY,
            index_folder=settings.library / "index",
        )
        return Library(
            catalog=SqlCatalog(self._database),
            collection=collection,
            recognizer=open_recognizer_over(settings, engine),
            derived=open_derived(settings),
            upkeep=LocalUpkeep(self._database, collection),
            limits=limits_of(settings),
            workers=settings.worker_count,
            ordered=collection.in_order,
            source=open_source(),
            announcer=(
                None if self._database.read_only else announcer_over(settings, self._database)
            ),
        )


def _signing_key(file: Path) -> bytes:
    """The key in the file, which is made where there is none, for its owner's eyes only.

    Where it can be neither read nor made, one that lasts as long as the process.
    """
    made = secrets.token_bytes(_KEY_BYTES)
    with suppress(OSError):
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(made)
        return made
    with suppress(OSError):
        known = file.read_bytes()
        if len(known) == _KEY_BYTES:
            return known
    return made
