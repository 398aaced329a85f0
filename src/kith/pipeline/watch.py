"""Watching folders: what arrives is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from watchfiles import watch

from kith.pipeline.add import AddReport, add
from kith.pipeline.library import Library
from kith.pipeline.walk import absolute, is_gone, is_passed_over

_CALM_MS = 1_600
"""Milliseconds during which changes are gathered before they are looked at."""

_PATIENCE_MS = 1_000
"""Milliseconds after which a watcher that saw no change says so."""


def watch_folders(
    library: Library, folders: Sequence[Path], stop: Event | None = None
) -> Iterator[AddReport]:
    """A report for every time that something changed, until ``stop`` is set or Ctrl-C.

    A file that is still being written is refused as truncated, and looked at again at its next
    change; so nothing is lost, and nothing is added by halves.
    """
    roots = [absolute(folder) for folder in folders]
    for touched in _touched_folders(roots, stop):
        there = [folder for folder in touched if not is_gone(str(folder))]
        report = add(library, there)
        if report.seen > report.unchanged or report.gone:
            yield report


def _touched_folders(roots: Sequence[Path], stop: Event | None) -> Iterator[Sequence[Path]]:
    """The folders in which something changed; first all of them, for what came unwatched."""
    watched = watch(
        *roots,
        step=_CALM_MS,
        stop_event=stop,
        rust_timeout=_PATIENCE_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    for number, changes in enumerate(watched):
        touched = {_nearest_folder(Path(path)) for _, path in changes}
        inside = sorted(folder for folder in touched if _is_looked_into(folder, roots))
        if number == 0:
            yield roots
        elif inside:
            yield inside


def _nearest_folder(path: Path) -> Path:
    """The folder to look through: only a folder can tell which of its files are gone."""
    folder = path.parent
    while not folder.is_dir():
        folder = folder.parent
    return folder


def _is_looked_into(folder: Path, roots: Sequence[Path]) -> bool:
    return any(folder.is_relative_to(root) and not is_passed_over(folder, root) for root in roots)
