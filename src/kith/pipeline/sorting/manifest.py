"""The undo manifest: the plan of one run, and line by line what became of it.

``OUT/.kith-sort/manifest-0001.jsonl`` begins with the whole plan. It appears under that name as a
whole, and for good, before the first file is touched; from then on lines are only appended:

    {"plan": {...}}                       what will be done, in order
    {"folder": "Anna"}                    this folder is about to be made
    {"done": 3, "way": "copy"}            placement 3 is in its place
    {"failed": 4, "reason": "..."}        placement 4 could not be
    {"finished": true}                    every placement was tried
    {"undone": 3}                         placement 3 is as it was before
    {"kept": 3, "reason": "..."}          it could not be undone
    {"undo_finished": true}               every placement was tried

A line tells what happened already, so the last one may be missing after a kill. Whoever reads asks
the files, too: every action can be recognized by what it left.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kith.domain.errors import LibraryDamagedError
from kith.pipeline.sorting.as_json import Json, line_of, lines_in, plan_from_json, plan_to_json
from kith.pipeline.sorting.plan import SortPlan, Way
from kith.pipeline.walk import Refused

STATE_FOLDER = ".kith-sort"
"""In ``out``: manifests, report, remembered answers and the lock."""


@dataclass(slots=True)
class Run:
    """One run as its manifest tells it; ``placements`` are named by their number in the plan.

    Attributes:
        path: the manifest.
        plan: what was to be done.
        done: placements in their place, and how they came there.
        failed: placements that could not be, and why.
        folders: folders that were made for them, relative to ``out``.
        finished: every placement was tried.
        undone: placements that are as they were before.
        kept: placements that could not be undone, and why.
        undo_finished: every placement was tried.
    """

    path: Path
    plan: SortPlan
    done: dict[int, Way] = field(default_factory=dict[int, Way])
    failed: dict[int, Refused] = field(default_factory=dict[int, Refused])
    folders: list[str] = field(default_factory=list[str])
    finished: bool = False
    undone: set[int] = field(default_factory=set[int])
    kept: dict[int, Refused] = field(default_factory=dict[int, Refused])
    undo_finished: bool = False

    @property
    def undo_begun(self) -> bool:
        """Whether some of it was taken back, so that it must not be continued."""
        return bool(self.undone or self.kept or self.undo_finished)

    @property
    def label(self) -> str:
        """A short name that no other run has, for the files that it is writing."""
        return self.path.stem

    def note_folder(self, folder: str) -> None:
        """Say that this folder is about to be made."""
        self.folders.append(folder)
        self._append({"folder": folder})

    def note_done(self, number: int, way: Way) -> None:
        """Say that a placement is in its place."""
        self.done[number] = way
        self.failed.pop(number, None)
        self._append({"done": number, "way": way.value})

    def note_failed(self, number: int, problem: Refused) -> None:
        """Say that a placement could not be."""
        self.failed[number] = problem
        self._append({"failed": number, "reason": problem.reason, "advice": problem.advice})

    def note_finished(self) -> None:
        """Say that every placement was tried."""
        self.finished = True
        self._append({"finished": True}, durable=True)

    def note_undone(self, number: int) -> None:
        """Say that a placement is as it was before."""
        self.undone.add(number)
        self.kept.pop(number, None)
        self._append({"undone": number})

    def note_kept(self, number: int, problem: Refused) -> None:
        """Say that a placement could not be undone."""
        self.kept[number] = problem
        self._append({"kept": number, "reason": problem.reason, "advice": problem.advice})

    def note_undo_finished(self) -> None:
        """Say that the undo tried every placement."""
        self.undo_finished = True
        self._append({"undo_finished": True}, durable=True)

    def _append(self, event: Json, *, durable: bool = False) -> None:
        with self.path.open("ab", buffering=0) as file:
            file.write(line_of(event))
            if durable:
                os.fsync(file.fileno())


def begin_run(state: Path, plan: SortPlan) -> Run:
    """A new manifest with this plan, durable when the call returns."""
    number = 1 + max((int(path.stem.rpartition("-")[2]) for path in _manifests(state)), default=0)
    path = state / f"manifest-{number:04}.jsonl"
    write_durably(path, line_of({"plan": plan_to_json(plan)}))
    return Run(path, plan)


def read_runs(state: Path) -> list[Run]:
    """Every run in this folder, oldest first.

    Raises:
        LibraryDamagedError: a manifest is not as Kith wrote it.
    """
    return [_read_run(path) for path in _manifests(state)]


def write_durably(path: Path, data: bytes) -> None:
    """Put a file there as a whole: a reader sees all of it or what was there before."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the operating system lets one do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _manifests(state: Path) -> list[Path]:
    return sorted(state.glob("manifest-*.jsonl"), key=lambda path: (len(path.name), path.name))


def _read_run(path: Path) -> Run:
    data = path.read_bytes()
    if not data.endswith(b"\n"):
        # The last line was cut off by a kill; the next one must not be glued to it.
        os.truncate(path, data.rfind(b"\n") + 1)
    try:
        first, *events = lines_in(data)
        run = Run(path, plan_from_json(first["plan"]))
        for event in events:
            _apply(run, event)
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryDamagedError(
            f"The manifest {path} is not as Kith wrote it ({error})",
            "Move it elsewhere to sort without it; what it recorded cannot be undone then.",
        ) from error
    return run


def _apply(run: Run, event: dict[str, Any]) -> None:
    match event:
        case {"folder": folder}:
            run.folders.append(folder)
        case {"done": number, "way": way}:
            run.done[number] = Way(way)
            run.failed.pop(number, None)
        case {"failed": number}:
            run.failed[number] = _problem(run, number, event)
        case {"finished": _}:
            run.finished = True
        case {"undone": number}:
            run.undone.add(number)
            run.kept.pop(number, None)
        case {"kept": number}:
            run.kept[number] = _problem(run, number, event)
        case {"undo_finished": _}:
            run.undo_finished = True
        case _:
            raise ValueError(f"unknown line {event}")


def _problem(run: Run, number: int, event: Json) -> Refused:
    placement = run.plan.placements[number]
    path = run.plan.request.out / placement.target if "kept" in event else placement.photo
    return Refused(path, event["reason"], event["advice"])
