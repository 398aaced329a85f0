"""Documents of photos as files of a folder, or objects of a bucket: one for each photo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from kith.domain.errors import NotFoundError
from kith.pipeline.abreast import abreast
from kith.pipeline.findings.document import document_bytes, document_name
from kith.ports.storage import ObjectStorage

_AT_ONCE: Final = 8
"""Documents under way at once. A store elsewhere answers after some 50 ms, whatever is asked."""


@dataclass(slots=True)
class PublishReport:
    """What became of the documents.

    Attributes:
        written: that are new, or other than what was there.
        unchanged: that were there, byte for byte.
    """

    written: int = 0
    unchanged: int = 0


def publish(
    documents: Iterable[dict[str, Any]],
    storage: ObjectStorage,
    listener: Callable[[int], None] = lambda _done: None,
) -> PublishReport:
    """Write each document unless it is there as it is; the same call goes on where it stopped.

    Raises:
        LibraryError: it cannot be written there, or not be read; what was written stays.
    """
    report = PublishReport()
    work = partial(_write, storage)
    with closing(abreast(work, documents, workers=_AT_ONCE, name="publish")) as done:
        for written in done:
            if written:
                report.written += 1
            else:
                report.unchanged += 1
            listener(report.written + report.unchanged)
    return report


def _write(storage: ObjectStorage, document: dict[str, Any]) -> bool:
    """Write a document; answers whether it was not there as it is."""
    key, data = document_name(document["photo_id"]), document_bytes(document)
    with suppress(NotFoundError):
        if storage.read(key) == data:
            return False
    storage.write(key, data, durable=False)
    return True
