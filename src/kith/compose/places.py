"""Where things lie, and how they are opened: folders, the database, model files."""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kith.compose.ears import Ears
from kith.config import Settings
from kith.domain.errors import (
    LibraryError,
    LibraryFullError,
    LibraryOldError,
    LibraryReadOnlyError,
)

if TYPE_CHECKING:
    from kith.adapters.recognition.local import LocalRecognizer
    from kith.database.open import Database
    from kith.engine.engine import Engine
    from kith.engine.weights import ModelFolders
    from kith.imaging.picture import PictureLimits
    from kith.pipeline.originals import Originals
    from kith.ports.sources import PhotoSource
    from kith.ports.storage import ObjectStorage

LIBRARY = "library"
"""The collection that holds the faces of a library's photos."""

DERIVED = "derived"
"""The folder of a library that holds what is made of photos."""


def open_derived(settings: Settings) -> ObjectStorage:
    """The library's thumbnails and crops."""
    from kith.adapters.storage.filesystem import FilesystemStorage

    return FilesystemStorage(settings.library / DERIVED)


def originals_of(settings: Settings) -> Originals:
    """How the bytes of photos are read: files, and objects of S3 wherever the environment says."""
    from kith.pipeline.originals import Originals

    return Originals(limits_of(settings), open_source())


def open_source() -> PhotoSource:
    """Photos in a store elsewhere; nothing is asked, nor boto3 imported, before it is used."""
    from kith.adapters.storage.s3 import S3Service, S3Source

    return S3Source(S3Service().client)


@contextmanager
def open_storage(where: str) -> Generator[ObjectStorage]:
    """A folder, or a part of a bucket (``s3://bucket/prefix``), that objects are written to.

    Raises:
        UsageError: it is no address in S3.
        SettingError: boto3 is not installed, or cannot work with what it found.
    """
    from kith.adapters.storage.filesystem import FilesystemStorage

    if "://" not in where:
        yield FilesystemStorage(Path(where))
        return
    from contextlib import closing

    from kith.adapters.storage.s3 import S3Service, S3Storage, address_parts

    bucket, prefix = address_parts(where)
    with closing(S3Service().client()) as client:
        yield S3Storage(client, bucket, prefix.rstrip("/"))


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
def open_database_of(settings: Settings, *, writing: bool) -> Generator[Database]:
    """The library's database, brought up to date where it is older."""
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


def open_engine(settings: Settings, ears: Ears, pinned: str | None) -> Engine:
    """The engine with the chosen pack, or the library's own; its models load when needed."""
    from kith.engine.engine import Engine
    from kith.engine.install import ensure_pack

    name = settings.pack or pinned
    installed = ensure_pack(name, model_folders(settings), ears.progress, ears.say)
    return Engine(installed.pack, installed.path, workers=settings.worker_count)


def open_recognizer_over(settings: Settings, engine: Engine) -> LocalRecognizer:
    """Answers about single pictures, by this engine; labels and text where they are installed."""
    from kith.adapters.recognition.local import LocalRecognizer
    from kith.engine.labels.labeler import Labeler
    from kith.engine.labels.pack import load_label_pack
    from kith.engine.text import TextReader
    from kith.engine.weights import find_pack_files

    pack, folders = load_label_pack(), model_folders(settings)

    def file_of(path: str) -> Path:
        # Looked for when it is first needed: whoever never asks for labels needs no such files.
        return find_pack_files(pack, folders).path(path)

    labeler = Labeler(pack, file_of, workers=settings.worker_count)
    return LocalRecognizer(engine, labeler, TextReader(threads=settings.worker_count))


@contextmanager
def taking_turns(settings: Settings, ears: Ears, *, writing: bool) -> Generator[None]:
    """Writers of one library take turns; the operating system frees the lock of one that died."""
    if not writing:
        yield
        return
    import filelock

    make_folder(settings.library)
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


def make_folder(folder: Path) -> None:
    """The library's folder, for its owner's eyes only; also where it lies among the photos."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise LibraryReadOnlyError(
                f"The library {folder} may not be written to",
                "Make it writable, or name another one.",
            )
        derived = folder / DERIVED
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
