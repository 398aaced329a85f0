"""Findings of a photo that was just taken in, where nobody comes by for a second pass: on AWS.

Findings are kept before the document is written, and what is kept is not looked for again, for the
service is paid for every look. Whoever is stopped in between leaves a photo without its document,
and the next announcement of the photo, or a backfill, writes that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kith.domain.errors import NotFoundError, PictureError, StoreError
from kith.domain.findings import PhotoFindings, Versions
from kith.domain.photo import PhotoId
from kith.imaging.picture import Picture
from kith.pipeline.crops import open_original
from kith.pipeline.findings.document import document_bytes, document_key
from kith.pipeline.findings.documents import document_of
from kith.pipeline.findings.kit import Looking
from kith.pipeline.findings.look import find, keep
from kith.ports.storage import ObjectStorage


@dataclass(frozen=True, slots=True)
class Desk:
    """Where photos are looked at as they arrive.

    Attributes:
        kit: what looks, and where it keeps what it finds. Any version of it is as good as another.
        storage: derived objects; documents come into a folder there.
        face_engine: what found the faces.
    """

    kit: Looking
    storage: ObjectStorage
    face_engine: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of one photo.

    Attributes:
        labels: that were found now.
        lines: of text that were found now.
        written: whether its document was written.
        reason: why it could not be looked at; its document says that nobody did.
    """

    labels: int = 0
    lines: int = 0
    written: bool = False
    reason: str = ""


def look_on_arrival(desk: Desk, photo_id: PhotoId, *, moved: bool = False) -> Looked:
    """See that a photo's findings are kept, and its document is written. Repeatable.

    Args:
        desk: where.
        photo_id: a photo that the library has.
        moved: its places changed, so that its document is another one.

    Raises:
        StoreError: the photo cannot be read at this time.
        LibraryError: what looks, or keeps, cannot be used at this time.
    """
    known = desk.kit.records.findings.of([photo_id]).get(photo_id, PhotoFindings(photo_id))
    kit = replace(desk.kit, versions=_wanted(desk.kit, known))
    lacks = kit.versions != _versions_of(known)
    if not lacks and not moved and _has_document(desk, photo_id):
        return Looked()
    picture = open_original(kit.records.catalog, kit.originals, photo_id)
    if picture is None:
        return _unopened(kit, photo_id)
    looked = _look(kit, picture, known) if lacks else Looked()
    try:
        document = document_of(kit.records, photo_id, picture, face_engine=desk.face_engine)
    except NotFoundError:  # forgotten meanwhile
        return looked
    desk.storage.write(document_key(photo_id), document_bytes(document))
    return replace(looked, written=True)


def _unopened(kit: Looking, photo_id: PhotoId) -> Looked:
    """It is gone; or else whoever asks again may have more luck."""
    places = kit.records.catalog.places_of([photo_id]).get(photo_id, ())
    if all(kit.originals.is_gone(place.path) for place in places):
        return Looked(reason="No place of it holds it any more")
    raise StoreError(f"{places[0].path} cannot be read, or holds another photo by now")


def _look(kit: Looking, picture: Picture, known: PhotoFindings) -> Looked:
    try:
        found = find(kit, picture, known)
    except PictureError as error:
        return Looked(reason=error.message)
    keep(kit, [found])
    labels = found.labels.labels if found.labels else ()
    return Looked(len(labels), len(found.text.lines) if found.text else 0)


def _wanted(kit: Looking, known: PhotoFindings) -> Versions:
    """The versions that a photo has, and where it has none, those of now."""
    has = _versions_of(known)
    return Versions(
        kit.versions.labels if has.labels is None else has.labels,
        kit.versions.text if has.text is None else has.text,
    )


def _versions_of(known: PhotoFindings) -> Versions:
    return Versions(
        known.labels.version if known.labels else None, known.text.version if known.text else None
    )


def _has_document(desk: Desk, photo_id: PhotoId) -> bool:
    try:
        desk.storage.stat(document_key(photo_id))
    except NotFoundError:
        return False
    return True
