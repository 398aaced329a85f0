"""Moving a library to another model pack: every face is found and embedded anew.

The new faces grow beside the old ones, out of reach of every search. Killed or interrupted, the
same call goes on where it stopped, and until the end the library works as before. When all photos
are done, everything is grouped anew, the journal is laid over the groups, and one step puts it all
in place of what was. Decisions name photos and boxes, so they find the new faces.

A photo whose original cannot be read keeps the faces it has. No search finds them until it can be
read again, but they stay with those that they were with, and whoever was said to be there is there.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from kith.domain.photo import PhotoId
from kith.pipeline.crops import open_original
from kith.pipeline.decisions.decide import retrying
from kith.pipeline.migration.reembed import Unreadable, find_faces, survey
from kith.pipeline.migration.successor import Listener, Migrating
from kith.pipeline.migration.take_over import Change, take_over
from kith.ports.recognition import FaceCollection, IndexEntry

_SAMPLE = 12
"""Photos that a plan looks at to tell how long all of them will take."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What became of a library that was to move to another pack.

    Attributes:
        pack: the pack's name and version.
        switched: whether the library has it now; if not, ``unreadable`` says why.
        photos: all photos of the library.
        looked_at: photos whose faces were found by this run.
        unreadable: photos that keep the faces of the old pack.
        change: what is different now; ``None`` if nothing is.
    """

    pack: str
    switched: bool
    photos: int
    looked_at: int
    unreadable: tuple[Unreadable, ...]
    change: Change | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration would do.

    Attributes:
        pack: the pack's name and version.
        photos: all photos of the library.
        done: those that an earlier run did.
        todo: those that are to be done.
        unreadable: those that no file has any more.
        seconds: how long it will take; ``None`` if that cannot be told.
    """

    pack: str
    photos: int
    done: int
    todo: int
    unreadable: tuple[Unreadable, ...]
    seconds: float | None


def plan(work: Migrating, rehearsal: FaceCollection | None) -> Plan:
    """Say what a migration would do, and change nothing.

    Args:
        work: what the migration would work with.
        rehearsal: where some photos may be tried with the new pack, to tell how long all take.
    """
    found = survey(work)
    seconds = _seconds(work, found.todo, rehearsal) if rehearsal else None
    return Plan(
        pack=work.successor.pack,
        photos=found.photos,
        done=found.done,
        todo=len(found.todo),
        unreadable=tuple(found.unreadable),
        seconds=seconds,
    )


def migrate(work: Migrating, listener: Listener, *, accept_missing: bool = False) -> Migration:
    """Move the library to the successor's pack.

    Args:
        work: the library and its successor.
        listener: hears how far it has come.
        accept_missing: finish also where photos cannot be read. Otherwise the library stays as it
            is, and a later call tries these photos again.

    Raises:
        LibraryError: the library cannot be written to; what was done stays, but it did not move.
    """
    found = survey(work)
    work_done = find_faces(work, found.todo, listener)
    unreadable = (*found.unreadable, *work_done.unreadable)
    complete = accept_missing or not unreadable
    return Migration(
        pack=work.successor.pack,
        switched=complete,
        photos=found.photos,
        looked_at=work_done.photos,
        unreadable=unreadable,
        change=retrying(lambda: take_over(work, listener)) if complete else None,
    )


def _seconds(work: Migrating, todo: Sequence[PhotoId], rehearsal: FaceCollection) -> float | None:
    step = max(1, len(todo) // _SAMPLE)
    took: list[float] = []
    for photo_id in todo[::step][: _SAMPLE + 1]:
        began = time.perf_counter()
        picture = open_original(work.library.catalog, work.library.originals, photo_id)
        if picture is not None:
            rehearsal.index([IndexEntry(photo_id, picture)])
            took.append(time.perf_counter() - began)
    # The first one also waits for the models to be compiled.
    counted = took[1:] or took
    return len(todo) * sum(counted) / len(counted) / work.library.workers if counted else None
