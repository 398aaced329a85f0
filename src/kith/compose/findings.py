"""What looks at photos for labels and text: chosen by the settings, and by what is installed."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kith.compose.ears import DEAF, Ears
from kith.compose.notices import announcer_over
from kith.compose.places import (
    LIBRARY,
    model_folders,
    open_database_of,
    open_engine,
    open_recognizer_over,
    originals_of,
    require_library,
)
from kith.config import Settings
from kith.domain.errors import ModelError, WeightsMissingError

if TYPE_CHECKING:
    from kith.domain.findings import Versions
    from kith.pipeline.findings.kit import LeftOut, Looking


@contextmanager
def open_looking(settings: Settings, ears: Ears = DEAF) -> Generator[Looking]:
    """What looks at the library's photos, and keeps what it finds.

    Takes no turn with other writers, for it may take hours: what it keeps is one transaction at a
    time, and concerns nobody who works on people.

    Args:
        settings: where the library lies; ``labels`` and ``text`` say what is looked for.
        ears: who hears of downloads.

    Raises:
        LibraryError: there is none, or it cannot be used.
        ModelError: something that the settings ask for cannot be had.
    """
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.catalog.sql.albums import SqlAlbums
    from kith.adapters.catalog.sql.findings import SqlFindings
    from kith.adapters.catalog.sql.select import SqlPhotoQueries
    from kith.adapters.recognition.local import pinned_pack
    from kith.pipeline.albums.records import Records
    from kith.pipeline.findings.kit import Looking

    require_library(settings)
    versions, left_out = looked_for(settings, ears)
    with open_database_of(settings, writing=True) as database:
        engine = open_engine(settings, ears, pinned_pack(database, LIBRARY))
        yield Looking(
            records=Records(
                SqlCatalog(database),
                SqlPhotoQueries(database),
                SqlAlbums(database),
                SqlFindings(database),
            ),
            recognizer=open_recognizer_over(settings, engine),
            versions=versions,
            left_out=left_out,
            originals=originals_of(settings),
            workers=settings.worker_count,
            announcer=announcer_over(settings, database),
        )


def looked_for(settings: Settings, ears: Ears = DEAF) -> tuple[Versions, tuple[LeftOut, ...]]:
    """By what photos are looked at, and what is left out because it is not installed.

    Raises:
        ModelError: something that the settings ask for cannot be had.
    """
    from kith.domain.findings import Versions
    from kith.pipeline.findings.kit import LeftOut

    left_out: list[LeftOut] = []

    def version_of(what: str, wish: str, find: Callable[[], str]) -> str | None:
        if wish == "off":
            return None
        try:
            return find()
        except WeightsMissingError as error:
            if wish == "on":
                raise
            left_out.append(LeftOut(what, error.message, error.advice))
            return None

    labels = version_of("labels", settings.labels, lambda: _label_version(settings, ears))
    text = version_of("text", settings.text, _text_version)
    return Versions(labels, text), tuple(left_out)


def features_of(settings: Settings) -> frozenset[str]:
    """What of ``labels`` and ``text`` photos are looked at for; nothing is fetched for it."""
    from dataclasses import replace

    try:
        # Whoever only asks has nothing fetched.
        asked = {"off": "off", "on": "auto", "auto": "auto"}
        versions, _ = looked_for(
            replace(settings, labels=asked[settings.labels], text=asked[settings.text])
        )
    except ModelError:
        return frozenset()
    named = {"labels": versions.labels, "text": versions.text}
    return frozenset(what for what, version in named.items() if version is not None)


def _label_version(settings: Settings, ears: Ears) -> str:
    """The version of the label pack, which is fetched where the settings say that it be there."""
    from kith.engine.install import install
    from kith.engine.labels.pack import load_label_pack
    from kith.engine.weights import find_pack_files

    pack, folders = load_label_pack(), model_folders(settings)
    try:
        find_pack_files(pack, folders)
    except WeightsMissingError:
        if settings.labels != "on":
            raise
        install(pack, folders, ears.progress)
    return pack.version


def _text_version() -> str:
    from kith.engine.text import TextReader

    return TextReader().version
