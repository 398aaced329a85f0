"""Take back what a run did, as far as nothing is lost by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kith.pipeline.sorting.files import ChangedError, move, part_of
from kith.pipeline.sorting.manifest import Run
from kith.pipeline.sorting.place import content_id
from kith.pipeline.sorting.plan import Placement, Way
from kith.pipeline.sorting.visit import Step
from kith.pipeline.walk import Refused


class KeptError(Exception):
    """A placement is better not undone; the arguments are the reason and the advice."""


def undo(run: Run, listener: Callable[[Step], None]) -> None:
    """Undo every placement of the run, the last one first; what must stay is in ``run.kept``.

    Copies and links go only if they are as Kith left them and the original is still there; a photo
    that was moved goes back only if its old place is free. May be repeated, and continued after it
    was interrupted.
    """
    placements = run.plan.placements
    for number in reversed(range(len(placements))):
        placement = placements[number]
        listener(Step("undo", len(placements) - number, len(placements), placement.photo))
        if not placement.present and number not in run.undone:
            _undo(run, number, placement)
    for folder in reversed(run.folders):
        # One that holds something is the user's by now.
        with suppress(OSError):
            (run.plan.request.out / folder).rmdir()
    run.note_undo_finished()


def _undo(run: Run, number: int, placement: Placement) -> None:
    target = run.plan.request.out / placement.target
    way = run.done.get(number)
    try:
        part_of(target, run.label).unlink(missing_ok=True)
        if way is None:
            _take_back_unrecorded(placement, target, run.label)
        else:
            _take_back(placement, target, way, run.label)
    except (KeptError, ChangedError) as error:
        reason, advice = error.args if len(error.args) == 2 else (str(error), "")
        run.note_kept(number, Refused(target, reason, advice))
    except OSError as error:
        run.note_kept(number, Refused(target, f"cannot be undone: {error.strerror or error}"))
    else:
        run.note_undone(number)


def _take_back_unrecorded(placement: Placement, target: Path, label: str) -> None:
    """The run was killed: perhaps this was done and not noted, perhaps it was never done.

    What does not look like our doing is somebody else's, and stays without a word.
    """
    ways = [Way.HARDLINK, Way.COPY] if placement.way is Way.LINK_OR_COPY else [placement.way]
    for way in ways:
        if way is Way.MOVE and not os.path.lexists(placement.photo):
            _take_back(placement, target, way, label)
            return
        with suppress(KeptError):
            _take_back(placement, target, way, label)


def _take_back(placement: Placement, target: Path, way: Way, label: str) -> None:
    if way is Way.MOVE:
        _move_back(placement, target, label)
        return
    if not os.path.lexists(target):
        return  # The user took it away himself.
    match way:
        case Way.SYMLINK:
            _require(target.is_symlink() and target.readlink() == placement.photo, _OTHER)
        case Way.HARDLINK:
            _require(_has_another_name(placement, target), _LAST)
            _require(placement.photo.samefile(target), _OTHER)
        case _:
            _require(not target.is_symlink(), _OTHER)
            _require(content_id(target) == placement.photo_id, _OTHER)
            _require(_has_another_name(placement, target) and _is_unchanged(placement), _LAST)
    target.unlink()


def _move_back(placement: Placement, target: Path, label: str) -> None:
    there, back = os.path.lexists(target), os.path.lexists(placement.photo)
    if not there:
        _require(back, ("is no longer there", "If you moved it, it is where you put it."))
        return
    if back:
        # Killed between the new name and the end of the old one, or the place is taken.
        _require(_is_copy_of(placement, target), _OCCUPIED)
        target.unlink()
        return
    placement.photo.parent.mkdir(parents=True, exist_ok=True)
    move(target, placement.photo, None, label)
    part_of(placement.photo, label).unlink(missing_ok=True)


def _has_another_name(placement: Placement, target: Path) -> bool:
    """Whether the original is there and more than a symbolic link to this very file."""
    return placement.photo.exists() and placement.photo.resolve() != target.resolve()


def _is_copy_of(placement: Placement, target: Path) -> bool:
    if not _has_another_name(placement, target):
        return False
    if placement.photo.samefile(target):
        return True
    return _is_unchanged(placement) and content_id(target) == placement.photo_id


def _is_unchanged(placement: Placement) -> bool:
    """Whether the original still holds the photo, so that a copy may go."""
    try:
        return content_id(placement.photo) == placement.photo_id
    except OSError:
        return False


def _require(condition: bool, kept: tuple[str, str]) -> None:
    if not condition:
        raise KeptError(*kept)


_OTHER = (
    "was changed or replaced since",
    "Look at it, and delete it yourself if you do not need it.",
)
_LAST = (
    "may be the last of this photo: the original is gone or changed",
    "Keep it, or delete it yourself.",
)
_OCCUPIED = ("cannot go back: another file lies at its old place", "Move that one and undo again.")
