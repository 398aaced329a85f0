"""The one place that knows which adapter serves which port.

Each function is a context: it opens what it gives and closes it. Imports are inside, so that a
command pays only for what it uses.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kith.config import Settings
from kith.domain.errors import (
    LibraryError,
    LibraryFullError,
    LibraryOldError,
    LibraryReadOnlyError,
)

if TYPE_CHECKING:
    from kith.adapters.recognition.local import LocalFaceCollection
    from kith.adapters.recognition.local.succession import Succession
    from kith.database.open import Database
    from kith.domain.face import Face
    from kith.domain.grouping import Step
    from kith.domain.person import PeopleChange
    from kith.domain.photo import PhotoId
    from kith.engine.download import Progress
    from kith.engine.engine import Engine
    from kith.engine.weights import ModelFolders
    from kith.imaging.picture import PictureLimits
    from kith.pipeline.albums.records import Records
    from kith.pipeline.library import Library
    from kith.pipeline.migration.successor import Migrating
    from kith.ports.catalog import Catalog, Counts
    from kith.ports.recognition import FaceCollection, Recognizer
    from kith.ports.storage import ObjectStorage

_LIBRARY = "library"
"""The collection that holds the faces of a library's photos."""

_DERIVED = "derived"
"""The folder of a library that holds what is made of photos."""


def _silent(_: object) -> None:
    """Whoever listens to nothing."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears what happens while something is opened.

    Attributes:
        say: told one line that the user should read.
        progress: told how far a download has come.
    """

    say: Callable[[str], None] = _silent
    progress: Callable[[Progress], None] = _silent


DEAF = Ears()


@contextmanager
def open_catalog(settings: Settings, *, writing: bool = False) -> Generator[Catalog]:
    """The record of the library alone; needs no models.

    Raises:
        LibraryError: there is none, or it cannot be used.
    """
    from kith.adapters.catalog.sql import SqlCatalog

    require_library(settings)
    with _open_database(settings, writing=writing) as database:
        yield SqlCatalog(database)


@contextmanager
def open_records(settings: Settings, *, writing: bool = False) -> Generator[Records]:
    """What is known of the library's photos; needs no models.

    Raises:
        LibraryError: there is none, or it cannot be used.
    """
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.catalog.sql.albums import SqlAlbums
    from kith.adapters.catalog.sql.select import SqlPhotoQueries
    from kith.pipeline.albums.records import Records

    require_library(settings)
    with _open_database(settings, writing=writing) as database:
        yield Records(SqlCatalog(database), SqlPhotoQueries(database), SqlAlbums(database))


@contextmanager
def open_library(
    settings: Settings, *, writing: bool = False, ears: Ears = DEAF
) -> Generator[Library]:
    """The library as a whole.

    Args:
        settings: where it lies, and how it works.
        writing: makes the library where there is none, and keeps other writers out meanwhile.
        ears: who hears of downloads and waiting.

    Raises:
        LibraryError: it cannot be used.
        ModelError: its models cannot be had.
    """
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.recognition.local import LocalFaceCollection, LocalRecognizer, pinned_pack
    from kith.pipeline.library import Library

    with (
        _turn(settings, ears, writing=writing),
        _open_database(settings, writing=writing) as database,
    ):
        engine = _open_engine(settings, ears, pinned_pack(database, _LIBRARY))
        collection = LocalFaceCollection(
            engine, database, collection_id=_LIBRARY, index_folder=settings.library / "index"
        )
        try:
            yield Library(
                catalog=SqlCatalog(database),
                collection=collection,
                recognizer=LocalRecognizer(engine),
                derived=open_derived(settings),
                upkeep=_LocalUpkeep(database, collection),
                limits=limits_of(settings),
                workers=settings.worker_count,
                ordered=collection.in_order,
            )
        finally:
            collection.close()


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
    from kith.adapters.recognition.local import LocalFaceCollection, LocalRecognizer
    from kith.adapters.recognition.local.succession import Succession
    from kith.pipeline.library import Library
    from kith.pipeline.migration.successor import Migrating

    require_library(settings)
    with (
        _turn(settings, ears, writing=writing),
        _open_database(settings, writing=writing) as database,
    ):
        engine = _open_engine(replace(settings, pack=pack), ears, None)
        succession = Succession(database, engine.pack, _LIBRARY, settings.library / "index")
        if writing:
            succession.begin()
        collection = LocalFaceCollection(
            engine,
            database,
            collection_id=succession.collection_id,
            index_folder=succession.index_folder,
            place_of=_LIBRARY,
        )
        library = Library(
            catalog=SqlCatalog(database),
            collection=collection,
            recognizer=LocalRecognizer(engine),
            derived=open_derived(settings),
            upkeep=_LocalUpkeep(database, collection),
            limits=limits_of(settings),
            workers=settings.worker_count,
            ordered=collection.in_order,
        )
        yield Migrating(library, _LocalSuccessor(database, succession))


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
        yield LocalFaceCollection(_open_engine(settings, ears, None), database)
    finally:
        database.close()


def open_recognizer(settings: Settings, ears: Ears = DEAF) -> Recognizer:
    """Answers about single pictures; needs no library."""
    from kith.adapters.recognition.local import LocalRecognizer

    return LocalRecognizer(_open_engine(settings, ears, None))


def open_derived(settings: Settings) -> ObjectStorage:
    """The library's thumbnails and crops."""
    from kith.adapters.storage.filesystem import FilesystemStorage

    return FilesystemStorage(settings.library / _DERIVED)


def limits_of(settings: Settings) -> PictureLimits:
    """The largest pictures that are read."""
    from kith.imaging.picture import PictureLimits

    most = settings.max_megapixels * 1_000_000
    # Half as many where every pixel must be held at once; see ``PictureLimits``.
    return PictureLimits(
        byte_size=settings.max_megabytes * 1_000_000, pixels=most // 2, scaled_pixels=most
    )


def model_folders(settings: Settings) -> ModelFolders:
    """Where model files are looked for, and kept."""
    from kith.engine.weights import ModelFolders

    return ModelFolders(settings.models, settings.cache / "models")


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

    with _open_database(settings, writing=False) as database:
        return SqlCatalog(database).counts(), pinned_pack(database, _LIBRARY)


def library_file(settings: Settings) -> Path:
    """The database file of a library that keeps its catalog in its folder."""
    return settings.library / "library.db"


def require_library(settings: Settings) -> None:
    """See that there is a library, where opening it for writing would make one.

    Raises:
        LibraryError: there is none.
    """
    file = library_file(settings)
    if not settings.database and not file.exists():
        raise LibraryError(f"There is no library at {file}", "Make one with `kith add`.")


@contextmanager
def _open_database(settings: Settings, *, writing: bool) -> Generator[Database]:
    from kith.database.open import open_database

    where = settings.database or library_file(settings)
    try:
        database = open_database(where, read_only=not writing)
    except LibraryOldError:
        # Whoever updates Kith may well look before adding anything.
        open_database(where).close()
        database = open_database(where, read_only=True)
    try:
        yield database
    finally:
        database.close()


def _open_engine(settings: Settings, ears: Ears, pinned: str | None) -> Engine:
    """The engine with the chosen pack, or the library's own; its models load when needed."""
    from kith.engine.engine import Engine
    from kith.engine.install import ensure_pack

    name = settings.pack or pinned
    installed = ensure_pack(name, model_folders(settings), ears.progress, ears.say)
    return Engine(installed.pack, installed.path, workers=settings.worker_count)


@contextmanager
def _turn(settings: Settings, ears: Ears, *, writing: bool) -> Generator[None]:
    """Writers of one library take turns; the operating system frees the lock of one that died."""
    if not writing:
        yield
        return
    import filelock

    _make_folder(settings.library)
    lock = filelock.FileLock(settings.library / "library.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        ears.say(f"Another kith is writing to {settings.library}; waiting until it is done.")
        lock.acquire()
    except OSError as error:
        raise _unusable(settings.library, error) from error
    try:
        yield
    finally:
        lock.release()


def _make_folder(folder: Path) -> None:
    """The library's folder, for its owner's eyes only; also where it lies among the photos."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise LibraryReadOnlyError(
                f"The library {folder} may not be written to",
                "Make it writable, or name another one.",
            )
        derived = folder / _DERIVED
        derived.mkdir(mode=0o700, exist_ok=True)
        # Neither Kith nor a gallery takes thumbnails for photos.
        (derived / ".nomedia").touch()
    except OSError as error:
        raise _unusable(folder, error) from error


def _unusable(folder: Path, error: OSError) -> LibraryError:
    what = f"The library {folder} cannot be used: {error.strerror or error}"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return LibraryFullError(what, "Free some space.")
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return LibraryReadOnlyError(what, "Make it writable, or name another one.")
    return LibraryError(what, "Check the path.")


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


class _LocalUpkeep:
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
        from kith.adapters.recognition.local.succession import drop_successors

        # A half-done migration has embeddings of its own. It begins anew.
        drop_successors(self._database, _LIBRARY)
        return [str(path) for path in self._database.scrub()]
