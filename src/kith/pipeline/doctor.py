"""Is the library whole? What is wrong with it, and what can be mended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kith.domain.errors import PictureError
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.imaging.thumbnail import thumbnail
from kith.pipeline.add_photo import THUMBNAIL_LONG_SIDE, thumbnail_key
from kith.pipeline.chunks import in_chunks
from kith.pipeline.crops import open_original
from kith.pipeline.forget import finish_forgetting
from kith.pipeline.library import Library
from kith.pipeline.marks import index_unmarked
from kith.pipeline.people import lost_photos
from kith.ports.recognition import IndexEntry


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of damage.

    Attributes:
        what: the kind: ``orphan faces``, ``unsearchable photos``, ``missing files``,
            ``lost photos``, ``missing thumbnails`` or ``damage``.
        items: what it concerns: face ids, photo ids, paths or sentences.
        advice: what mends it.
        fixed: how many of the items were mended by this examination.
    """

    what: str
    items: tuple[str, ...]
    advice: str
    fixed: int = 0


def examine(library: Library, *, fix: bool = False) -> list[Finding]:
    """Compare the catalog with the files, the faces and the thumbnails; mend what can be mended.

    Nothing that a human said and no photo is ever removed: a photo whose files are all gone is
    reported, and is whole again when one of them is back.
    """
    if fix:
        finish_forgetting(library)
    checks = (
        _check_database,
        _check_orphan_faces,
        _check_unsearchable_photos,
        _check_missing_files,
        _check_lost_photos,
        _check_thumbnails,
    )
    found = [check(library, fix) for check in checks]
    return [finding for finding in found if finding.items]


def forget_orphans(library: Library) -> tuple[FaceId, ...]:
    """Forget faces whose photo the catalog does not have; they are left when an add is killed."""
    orphans = _orphans(library)
    for face_ids in in_chunks(orphans):
        library.collection.forget(face_ids)
    return orphans


def _check_database(library: Library, fix: bool) -> Finding:
    damages = library.upkeep.damages()
    if damages and fix:
        library.upkeep.rebuild_index()
    remaining = library.upkeep.damages() if fix else damages
    return Finding(
        "damage",
        damages,
        "--fix rebuilds the search index; a damaged database is brought back from a copy.",
        len(damages) - len(remaining),
    )


def _check_orphan_faces(library: Library, fix: bool) -> Finding:
    orphans = forget_orphans(library) if fix else _orphans(library)
    return Finding("orphan faces", orphans, "--fix forgets them.", len(orphans) if fix else 0)


def _orphans(library: Library) -> tuple[FaceId, ...]:
    orphans: list[FaceId] = []
    for faces in in_chunks(library.collection.faces()):
        stored = library.catalog.faces_by_id([face.id for face in faces])
        orphans += [face.id for face in faces if face.id not in stored]
    return tuple(orphans)


def _check_unsearchable_photos(library: Library, fix: bool) -> Finding:
    lacking: dict[PhotoId, None] = {}
    for faces in in_chunks(library.catalog.faces()):
        searchable = _searchable(library, {face.photo_id for face in faces})
        lacking |= dict.fromkeys(face.photo_id for face in faces if face.id not in searchable)
    fixed = sum(_index_again(library, photo_id) for photo_id in lacking) if fix else 0
    return Finding(
        "unsearchable photos",
        tuple(lacking),
        "--fix looks for their faces again; after a move to another pack, `kith models migrate`.",
        fixed,
    )


def _searchable(library: Library, photo_ids: Collection[PhotoId]) -> set[FaceId]:
    return {face.id for face in library.collection.faces(photo_ids)}


def _index_again(library: Library, photo_id: PhotoId) -> bool:
    """Find the photo's faces anew, with the ids they had; answers whether all are searchable."""
    picture = open_original(library.catalog, library.originals, photo_id)
    if picture is None:
        return False
    # While the collection has a face of the photo, it takes the photo for indexed.
    library.collection.forget(_searchable(library, {photo_id}))
    index_unmarked(library, [IndexEntry(photo_id, picture)])
    wanted = {face.id for face in library.catalog.faces([photo_id])}
    return wanted <= _searchable(library, {photo_id})


def _check_missing_files(library: Library, fix: bool) -> Finding:
    originals = library.originals
    paths = [known.place.path for known in library.catalog.places()]
    gone = tuple(path for path in paths if originals.is_gone(path))
    if fix and gone:
        library.catalog.remove_places(gone)
    return Finding(
        "missing files",
        gone,
        "Connect the disk, or let --fix forget where they were; photos and people stay.",
        len(gone) if fix else 0,
    )


def _check_lost_photos(library: Library, fix: bool) -> Finding:  # noqa: ARG001 - nothing to mend
    return Finding(
        "lost photos",
        tuple(lost_photos(library.catalog)),
        "No file has them any more. Put one back anywhere and `kith add` its folder, or "
        "`kith forget --lost-photos`.",
    )


def _check_thumbnails(library: Library, fix: bool) -> Finding:
    # A power cut may leave an empty file, for thumbnails are written without waiting for the disk.
    there = {stored.key for stored in library.derived.list("thumbnails/") if stored.byte_size}
    lacking = [
        photo.id for photo in library.catalog.photos() if thumbnail_key(photo.id) not in there
    ]
    fixed = sum(_make_thumbnail(library, photo_id) for photo_id in lacking) if fix else 0
    return Finding("missing thumbnails", tuple(lacking), "--fix makes them again.", fixed)


def _make_thumbnail(library: Library, photo_id: PhotoId) -> bool:
    picture = open_original(library.catalog, library.originals, photo_id)
    if picture is None:
        return False
    try:
        data = thumbnail(picture, THUMBNAIL_LONG_SIDE)
    except PictureError:  # the limits are lower than when it was added
        return False
    library.derived.write(thumbnail_key(photo_id), data)
    return True
