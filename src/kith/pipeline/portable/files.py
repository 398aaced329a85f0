"""Sidecars: where they are, and how files are replaced as a whole."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path

from kith.pipeline.sorting.manifest import sync_folder
from kith.pipeline.walk import PICTURE_SUFFIXES

SIDECAR_SUFFIX = ".xmp"


class Sidecars:
    """The sidecars beside photos; each folder is listed once.

    A sidecar is called like its photo with ``.xmp`` behind it, ``IMG.jpg.xmp``, as darktable and
    digiKam have it, or with ``.xmp`` in place of the suffix, ``IMG.xmp``, as Adobe has it. The
    second kind counts only where no other picture of that name lies in the folder that it could
    belong to instead.
    """

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, str]] = {}

    def of(self, photo: Path) -> list[Path]:
        """The photo's sidecars that are there, ``IMG.jpg.xmp`` first."""
        names = self._names(photo.parent)
        wanted = [photo.name + SIDECAR_SUFFIX]
        if self._is_only(photo, names):
            wanted.append(photo.stem + SIDECAR_SUFFIX)
        found = dict.fromkeys(names.get(name.casefold()) for name in wanted)
        return [photo.with_name(name) for name in found if name is not None]

    def to_write(self, photo: Path) -> Path:
        """Where names go: into the sidecar that is there, else into a new ``IMG.jpg.xmp``.

        A second sidecar beside a program's own would hide what that one says.
        """
        return next(iter(self.of(photo)), photo.with_name(photo.name + SIDECAR_SUFFIX))

    def _is_only(self, photo: Path, names: dict[str, str]) -> bool:
        stem = photo.stem.casefold()
        return not any(
            (stem + suffix) in names
            for suffix in PICTURE_SUFFIXES
            if suffix != photo.suffix.casefold()
        )

    def _names(self, folder: Path) -> dict[str, str]:
        """A folder's names by what a file system that ignores case takes them for."""
        if folder not in self._folders:
            names: list[str] = []
            with suppress(OSError):
                names = os.listdir(folder)  # noqa: PTH208 - names are wanted, not paths
            self._folders[folder] = {name.casefold(): name for name in sorted(names, reverse=True)}
        return self._folders[folder]


def replace_file(path: Path, data: bytes) -> None:
    """Put a file there as a whole, durably, with the permissions of the one it replaces.

    A reader sees the old bytes or the new ones, and a kill leaves one of them. A link stays one:
    what it leads to is replaced.
    """
    target = path.resolve()
    part = target.with_name(f".kith-{uuid.uuid4().hex}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
