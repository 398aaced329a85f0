"""Documents that lie in a store already, brought up to date: who is in the photos changes."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from kith.domain.errors import NotFoundError, StaleError
from kith.pipeline.abreast import abreast
from kith.pipeline.albums.records import Records
from kith.pipeline.findings.document import (
    Everything,
    document_bytes,
    document_key,
    findings_document,
)
from kith.pipeline.findings.documents import known_of_photos
from kith.ports.storage import RemoteStorage

_AT_ONCE: Final = 8
"""Documents under way at once. A store elsewhere answers after some 50 ms, whatever is asked."""


def renew_documents(records: Records, storage: RemoteStorage) -> int:
    """Write those documents anew that differ from what is known now; answers how many.

    No original is read: what cameras wrote stays as it is told. A photo without a document gets
    none. Repeatable.

    Raises:
        LibraryError: the store cannot be read, or written to; what was written stays.
    """
    work = partial(_renew, storage)
    every = known_of_photos(records)
    with closing(abreast(work, every, workers=_AT_ONCE, name="renew")) as done:
        return sum(done)


def _renew(storage: RemoteStorage, known: Everything) -> bool:
    key = document_key(known.photo.id)
    try:
        version, before = storage.read_version(key)
    except NotFoundError:
        return False
    told: dict[str, Any] = json.loads(before)
    engine = told["engines"]["faces"]
    now = document_bytes(findings_document(replace(known, exif=told["exif"], face_engine=engine)))
    if now == before:
        return False
    with suppress(StaleError):  # who wrote or deleted it meanwhile knows better
        storage.replace(key, now, version.tag)
        return True
    return False
