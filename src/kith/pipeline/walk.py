"""The files below a folder that may be photos, and those that are passed over."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp"}
    | {".heic", ".heif", ".hif", ".avif", ".tif", ".tiff"}
)
"""Files called so are read, and refused by name if they lie. So are files without any suffix."""

UNREAD_SUFFIXES = frozenset(
    {".jxl", ".jp2", ".j2k", ".jpf", ".jpx", ".ico", ".sgi", ".tga", ".eps", ".psd", ".svg"}
    | {".pgm", ".ppm", ".pbm", ".pnm", ".fli", ".dds", ".exr", ".hdr", ".pcx", ".xcf"}
    | {".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".srw", ".pef"}
)
"""Pictures that Kith does not decode. They are read all the same, for their owner expects them in
the album: the report says of each why it is not there, or that it is a JPEG by another name."""

_PASSED_FOLDERS = frozenset({"@eaDir", "__MACOSX", "$RECYCLE.BIN", "System Volume Information"})
"""Folders that storage boxes, archives and Windows keep beside the user's own."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or folder that something could not be done with: a row in a report.

    Attributes:
        path: the file or folder.
        reason: what is wrong, without the path and a final period.
        advice: what the user can do, as a sentence; may be empty.
        address: of what lies in a store elsewhere, which ``path`` cannot name.
    """

    path: Path
    reason: str
    advice: str = ""
    address: str = ""

    @property
    def name(self) -> str:
        """What a report calls it."""
        return self.address or str(self.path)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be a photo, as it was when it was found."""

    path: Path
    byte_size: int
    modified_ns: int


@dataclass(slots=True)
class Walk:
    """What lies below a folder.

    Attributes:
        files: files that may be photos, in the order of the walk.
        problems: files and folders that could not be looked at.
        others: how many files are no pictures, by suffix.
    """

    files: list[FoundFile] = field(default_factory=list[FoundFile])
    problems: list[Refused] = field(default_factory=list[Refused])
    others: Counter[str] = field(default_factory=Counter[str])


def walk(folder: Path, *, without: Collection[Path] = ()) -> Walk:
    """Everything below the folder: a folder's files by name, then its folders by name.

    Hidden files and folders, folders that hold a ``.nomedia``, ``@eaDir`` and its kind, and the
    folders in ``without`` are passed over. Links to folders are not followed, links to files are.
    A file in the place of the folder is found whatever it is called.
    """
    found = Walk()
    if not folder.is_dir():
        _note(folder, found)
        return found
    hidden_from_view = {path.resolve() for path in without}
    for current, names in _folders(folder, hidden_from_view, found.problems):
        for name in names:
            if is_picture_name(name):
                _note(current / name, found)
            else:
                found.others[os.path.splitext(name)[1].lower()] += 1  # noqa: PTH122 - a hot path
    return found


def absolute(path: Path) -> Path:
    """The path by which a file is known, wherever it is spoken of from."""
    # Only ``..`` needs the file system: behind a link it does not lead back to where one came from.
    return path.resolve() if ".." in path.parts else path.absolute()


def is_gone(path: str) -> bool:
    """Whether nothing is there; where that cannot be told, for want of permission, it is not."""
    try:
        os.stat(path)  # noqa: PTH116 - asked for every known file
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def is_seen_below(path: str) -> bool:
    """Whether a walk would come upon this, by the names of its parts alone, ``/`` between them."""
    parts = path.strip("/").split("/")
    return not any(part.startswith(".") or part in _PASSED_FOLDERS for part in parts)


def sentence(problem: Refused) -> str:
    """What is wrong with a file or folder, as one line of a report."""
    return f"{problem.path} {problem.reason}. {problem.advice}".rstrip()


def is_picture_name(name: str) -> bool:
    """Whether a file of that name is worth reading."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - asked for every file of a library
    return not suffix or suffix in PICTURE_SUFFIXES or suffix in UNREAD_SUFFIXES


def is_passed_over(folder: Path, root: Path) -> bool:
    """Whether a walk from ``root`` would not look into this folder below it."""
    parts = folder.relative_to(root).parts
    steps = [root, *(root.joinpath(*parts[: count + 1]) for count in range(len(parts)))]
    return any(not _is_looked_into(step, set()) for step in steps[1:]) or any(
        (step / ".nomedia").exists() for step in steps
    )


def _folders(
    folder: Path, without: set[Path], problems: list[Refused]
) -> Iterator[tuple[Path, list[str]]]:
    """Every folder that is looked into, with the names of its files that are not hidden."""

    def refused(error: OSError) -> None:
        problems.append(
            Refused(Path(error.filename), f"cannot be listed: {error.strerror}", _PERMISSIONS)
        )

    for current, folders, names in os.walk(folder, onerror=refused):
        if ".nomedia" in names:
            folders.clear()
            continue
        at = Path(current)
        folders[:] = sorted(name for name in folders if _is_looked_into(at / name, without))
        yield at, sorted(name for name in names if not name.startswith("."))


def _is_looked_into(folder: Path, without: set[Path]) -> bool:
    if folder.name.startswith(".") or folder.name in _PASSED_FOLDERS:
        return False
    return not without or folder.resolve() not in without


def _note(path: Path, found: Walk) -> None:
    try:
        status = path.stat()
    except OSError as error:
        found.problems.append(Refused(path, f"cannot be read: {error.strerror}", _PERMISSIONS))
        return
    found.files.append(FoundFile(path, status.st_size, status.st_mtime_ns))


_PERMISSIONS = "Check that it exists and that you may read it."
