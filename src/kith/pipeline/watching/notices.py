"""Which paths may have changed, as the operating system tells it; and where it tells nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final

from watchfiles import watch

from kith.domain.errors import KithError

TICK_SECONDS: Final = 1.0
"""After so long without a change, an empty set is told: files settle, and folders vanish, while
nothing is heard."""

_GATHERED_MS: Final = 1_000
"""Milliseconds during which changes that follow each other are gathered into one set."""

_CALM_MS: Final = 200
"""Milliseconds without a change after which what was gathered is told."""

_SILENT: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "virtiofs", "ceph", "davfs"}
    | {"vboxsf", "prl_fs", "glusterfs", "gpfs", "lustre", "beegfs"}
)
"""File systems that others write to without this machine being told (``man 7 inotify``)."""

_MOUNTS: Final = Path("/proc/self/mountinfo")


class UnwatchableError(KithError):
    """The system does not tell of changes in these folders."""


def notices(folders: Sequence[Path], stop: Event) -> Iterator[frozenset[Path]]:
    """The paths that were changed below these folders since the last time, every second or so.

    The first set is told when the folders are watched. Ends when ``stop`` is set.

    Raises:
        UnwatchableError: the system watches no more folders.
    """
    if not folders:
        while not stop.is_set():
            yield frozenset()
            stop.wait(TICK_SECONDS)
        return
    try:
        watched = watch(
            *folders,
            watch_filter=None,
            debounce=_GATHERED_MS,
            step=_CALM_MS,
            stop_event=stop,
            rust_timeout=round(TICK_SECONDS * 1_000),
            yield_on_timeout=True,
            raise_interrupt=True,
            ignore_permission_denied=True,
        )
        for changes in watched:
            yield frozenset(Path(path) for _, path in changes)
    except OSError as error:
        raise UnwatchableError(
            f"The folders cannot be watched ({error})", "Raise fs.inotify.max_user_watches."
        ) from error


def is_silent(folder: Path) -> bool:
    """Whether others may change this folder without this machine being told, as on a network."""
    if sys.platform == "win32":
        return str(folder.resolve()).startswith("\\\\")
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # not Linux: nobody to ask
        return False
    kind = file_system_of(folder.resolve(), mounts)
    return kind in _SILENT or kind.startswith("fuse.")


def file_system_of(folder: Path, mounts: str) -> str:
    """The kind of the file system that a folder lies on (``man 5 proc``, mountinfo)."""
    nearest, kind = -1, ""
    for line in mounts.splitlines():
        before, _, behind = line.partition(" - ")
        point = Path(_unescaped(before.split(" ")[4]))
        # The last of those mounted at one place lies over the others.
        if folder.is_relative_to(point) and len(point.parts) >= nearest:
            nearest, kind = len(point.parts), behind.split(" ")[0]
    return kind


def _unescaped(text: str) -> str:
    for code in ("\\040", "\\011", "\\012", "\\134"):
        text = text.replace(code, chr(int(code[1:], 8)))
    return text
