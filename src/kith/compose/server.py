"""What the server for Rekognition clients answers with."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kith.compose.ears import DEAF, Ears
from kith.compose.places import (
    LIBRARY,
    limits_of,
    make_folder,
    open_database_of,
    open_engine,
    open_recognizer_over,
)
from kith.config import Settings

if TYPE_CHECKING:
    from kith.ports.buckets import Buckets
    from kith.rekognition.interface import Call, Members, Operation, Operations


@contextmanager
def open_operations(settings: Settings, ears: Ears = DEAF) -> Generator[Operations]:
    """The operations of Rekognition over the library's database; makes it where there is none.

    Takes no turn with other writers: what it writes is one transaction at a time, and nothing in
    the library's own collection, so `kith add` works meanwhile.

    Raises:
        LibraryError: it cannot be used.
        ModelError: its models cannot be had.
    """
    from kith.adapters.recognition.local import pinned_pack
    from kith.adapters.recognition.local.collections import LocalCollections
    from kith.pipeline.rekognition.images import Images
    from kith.pipeline.rekognition.kit import Kit
    from kith.pipeline.rekognition.operations import operations_over

    make_folder(settings.library)
    with open_database_of(settings, writing=True) as database:
        engine = open_engine(settings, ears, pinned_pack(database, LIBRARY))
        collections = LocalCollections(
            engine, database, index_folder=settings.library / "index", library=LIBRARY
        )
        images = Images(_open_buckets(settings), limits_of(settings))
        try:
            yield operations_over(Kit(collections, open_recognizer_over(settings, engine), images))
        finally:
            collections.close()


@contextmanager
def open_operations_later(settings: Settings, ears: Ears = DEAF) -> Generator[Operations]:
    """The same operations, at once: what they need is opened when the first of them is called."""
    from kith.pipeline.rekognition.operations import SUPPORTED

    with ExitStack() as stack:
        opening = threading.Lock()
        opened: list[Operations] = []

        def all_of_them() -> Operations:
            with opening:
                if not opened:
                    opened.append(stack.enter_context(open_operations(settings, ears)))
                return opened[0]

        def later(name: str) -> Operation:
            def answer(members: Members, call: Call, /) -> Members:
                return all_of_them()[name](members, call)

            return answer

        yield {name: later(name) for name in SUPPORTED}


def _open_buckets(settings: Settings) -> Buckets | None:
    """Where ``S3Object`` is read: an S3 service's URL, `s3` for Amazon's own, or a folder."""
    if not settings.buckets:
        return None
    if settings.buckets == "s3" or "://" in settings.buckets:
        from kith.adapters.storage.s3 import S3Buckets

        return S3Buckets("" if settings.buckets == "s3" else settings.buckets)
    from kith.adapters.storage.bucket_folder import BucketFolder

    return BucketFolder(Path(settings.buckets).expanduser().absolute())
