"""Files into their places: copies, links and moves that overwrite nothing and survive a kill.

Each function may be repeated after it was interrupted at any point: what it finds done, it leaves.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path

from kith.domain.errors import UsageError
from kith.domain.photo import PhotoId
from kith.pipeline.sorting.manifest import sync_folder
from kith.pipeline.sorting.place import content_id
from kith.pipeline.sorting.plan import SortPlan, Way

_PIECE = 1 << 20
"""Bytes copied at once."""

_NO_LINKS = frozenset(
    {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
)
"""What operating systems answer where a hard link cannot be: other file systems, or old ones."""


class ChangedError(Exception):
    """A file is not what it was when it was planned; the message is the report's reason."""


def bring(source: Path, target: Path, photo_id: PhotoId, way: Way, label: str) -> Way:
    """Put a photo into its place and say how it came there.

    Args:
        source: the photo.
        target: where it goes; nothing that lies there is overwritten.
        photo_id: SHA-256 that it must have, where it is read anyway.
        way: how.
        label: makes the name of the file that is being written its own.

    Raises:
        ChangedError: the photo changed, or another file lies at its place.
        OSError: the file system refuses.
    """
    match way:
        case Way.COPY:
            _copy(source, target, photo_id, label)
        case Way.HARDLINK:
            _hardlink(source, target)
        case Way.SYMLINK:
            _symlink(source, target)
        case Way.MOVE:
            move(source, target, photo_id, label)
        case Way.LINK_OR_COPY:
            return _link_or_copy(source, target, photo_id, label)
    return way


def move(source: Path, target: Path, photo_id: PhotoId | None, label: str) -> None:
    """Give a file another name, on another file system through a verified copy.

    At every moment the whole file has at least one of the two names. ``photo_id`` is what it must
    hold; ``None`` lets it be what it is, for a file that was edited since.
    """
    if not os.path.lexists(source) and os.path.lexists(target):
        if photo_id is not None and content_id(target) != photo_id:
            raise ChangedError(_TAKEN)
        return
    if not _linked_or_renamed(source, target):
        _copy_for_good(source, target, photo_id or content_id(source), label)
    sync_folder(target.parent)
    source.unlink(missing_ok=True)


def part_of(target: Path, label: str) -> Path:
    """The name that a copy has while it is written: hidden, and no other run's."""
    return target.with_name(
        f".{label}-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}.part"
    )


def require_links(plan: SortPlan, state: Path) -> None:
    """Try one link from every file system of the photos, before anything is done.

    Raises:
        UsageError: links of the kind that was asked for cannot be made.
    """
    way = plan.request.way
    if way not in {Way.HARDLINK, Way.SYMLINK}:
        return
    sources = {_device(one.photo): one.photo for one in plan.placements if not one.present}
    probe = state / "probe"
    for source in sources.values():
        probe.unlink(missing_ok=True)
        try:
            bring(source, probe, PhotoId(""), way, "probe")
        except FileNotFoundError:
            continue
        except OSError as error:
            raise UsageError(*_no_links(way, source, plan.request.out, error)) from error
        finally:
            probe.unlink(missing_ok=True)


def _device(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_dev
    return -1


def _no_links(way: Way, source: Path, out: Path, error: OSError) -> tuple[str, str]:
    if way is Way.HARDLINK:
        message = f"Hard links from {source.parent} into {out} cannot be made ({error.strerror})"
        advice = "They need one file system for both that has them. Use --copy or --symlink."
        return message, advice
    message = f"Symbolic links in {out} cannot be made ({error.strerror})"
    return message, "On Windows they need the developer mode. Use --copy or --hardlink."


def _copy(source: Path, target: Path, photo_id: PhotoId, label: str) -> None:
    if os.path.lexists(target):
        _require_content(target, photo_id)
        return
    part = part_of(target, label)
    try:
        _write_part(source, part, photo_id)
        _publish(part, target)
    finally:
        part.unlink(missing_ok=True)


def _copy_for_good(source: Path, target: Path, photo_id: PhotoId, label: str) -> None:
    """A copy after which the original may go: it did not change while it was read."""
    before = source.stat()
    _copy(source, target, photo_id, label)
    after = source.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        target.unlink()
        raise ChangedError(_CHANGED)


def _write_part(source: Path, part: Path, photo_id: PhotoId) -> None:
    """A durable copy with the original's times, whose bytes are those that were planned."""
    digest = hashlib.sha256()
    with source.open("rb") as original, part.open("wb") as copy:
        while piece := original.read(_PIECE):
            digest.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    if digest.hexdigest() != photo_id:
        raise ChangedError(_CHANGED)
    if content_id(part) != photo_id:
        raise OSError(errno.EIO, "the copy differs from the original")
    shutil.copystat(source, part)


def _publish(part: Path, target: Path) -> None:
    """Give the copy its name. A link refuses to overwrite, in one step; a rename would not."""
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise ChangedError(_TAKEN) from error
        part.rename(target)


def _hardlink(source: Path, target: Path) -> None:
    if os.path.lexists(target):
        if not _is_same_file(source, target):
            raise ChangedError(_TAKEN)
        return
    # A link to a symbolic link would not keep the picture; the file behind it does.
    target.hardlink_to(source.resolve() if source.is_symlink() else source)


def _symlink(source: Path, target: Path) -> None:
    if os.path.lexists(target):
        if not (target.is_symlink() and target.readlink() == source):
            raise ChangedError(_TAKEN)
        return
    target.symlink_to(source)


def _link_or_copy(source: Path, target: Path, photo_id: PhotoId, label: str) -> Way:
    try:
        if os.path.lexists(target) and not _is_same_file(source, target):
            _require_content(target, photo_id)
            return Way.COPY
        _hardlink(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _copy(source, target, photo_id, label)
        return Way.COPY
    return Way.HARDLINK


def _linked_or_renamed(source: Path, target: Path) -> bool:
    """Try to give the file its new name without reading it; ``False`` if it must be copied."""
    if os.path.lexists(target):
        # Either a killed run linked it and did not come to take the old name away, or it is a copy.
        return _is_same_file(source, target)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if error.errno == errno.EXDEV:
            return False
        # No hard links here (FAT, exFAT): the name was free a moment ago.
        source.rename(target)
    return True


def _require_content(target: Path, photo_id: PhotoId) -> None:
    if target.is_symlink() or not target.is_file() or content_id(target) != photo_id:
        raise ChangedError(_TAKEN)


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other) and not other.is_symlink()
    except OSError:
        return False


_TAKEN = "another file lies at its place by now"
_CHANGED = "it changed while it was sorted"
