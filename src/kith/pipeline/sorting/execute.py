"""Carry out a plan, action by action, so that a kill at any moment can be continued or undone."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from kith.domain.errors import LibraryFullError, LibraryReadOnlyError
from kith.pipeline.sorting.files import ChangedError, bring, part_of
from kith.pipeline.sorting.manifest import Run
from kith.pipeline.sorting.plan import Placement
from kith.pipeline.sorting.visit import Step
from kith.pipeline.walk import Refused

_FULL = {errno.ENOSPC, errno.EDQUOT}


def execute(run: Run, listener: Callable[[Step], None]) -> None:
    """Bring every photo of the plan that is not there yet into its place.

    What cannot be brought is a row in ``run.failed`` and does not stop the others. A run that was
    interrupted is continued by calling this again; the caller notes when all is said and done.

    Raises:
        LibraryFullError: no room is left; what is in its place stays, and the run can be continued.
        LibraryReadOnlyError: the folder may not be written to.
    """
    placements = run.plan.placements
    for number, placement in enumerate(placements):
        listener(Step("folders", number + 1, len(placements), placement.photo))
        if not placement.present and number not in run.done:
            _bring(run, number, placement)


def _bring(run: Run, number: int, placement: Placement) -> None:
    target = run.plan.request.out / placement.target
    try:
        _make_folder(run, target.parent)
        part_of(target, run.label).unlink(missing_ok=True)
        _require_unchanged(placement, target)
        way = bring(placement.photo, target, placement.photo_id, placement.way, run.label)
    except ChangedError as error:
        run.note_failed(number, Refused(placement.photo, str(error), _AGAIN))
    except OSError as error:
        stop_if_hopeless(error, run.plan.request.out)
        reason = f"cannot be brought to {target}: {error.strerror or error}"
        run.note_failed(number, Refused(placement.photo, reason, _AGAIN))
    else:
        run.note_done(number, way)


def _make_folder(run: Run, folder: Path) -> None:
    if not folder.is_dir():
        run.note_folder(folder.name)
        folder.mkdir()


def _require_unchanged(placement: Placement, target: Path) -> None:
    try:
        status = placement.photo.stat()
    except FileNotFoundError:
        if os.path.lexists(target):
            return  # A move that was interrupted after its last step but one.
        raise
    if (status.st_size, status.st_mtime_ns) != (placement.byte_size, placement.modified_ns):
        raise ChangedError("it changed since it was looked at")


def stop_if_hopeless(error: OSError, out: Path) -> None:
    """Raise what every further file would meet, too: no room left, or no writing at all."""
    if error.errno in _FULL:
        raise LibraryFullError(
            f"There is no room left for {out}",
            "Free some and run the same command again: it goes on where it stopped.",
        ) from error
    if error.errno == errno.EROFS:
        raise LibraryReadOnlyError(
            f"{out} may not be written to", "Choose another --out."
        ) from error


_AGAIN = "Run the same command again once that is settled."
