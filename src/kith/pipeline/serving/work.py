"""What jobs do: add folders, add what was uploaded, group everybody anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import Any

from kith.domain.errors import NotFoundError
from kith.pipeline.add import AddReport, Step, add
from kith.pipeline.decisions.wording import counted
from kith.pipeline.library import Library
from kith.pipeline.migration.regroup import regroup
from kith.pipeline.serving.jobs import Job, Jobs, JobState, Tell
from kith.pipeline.serving.uploads import Uploads
from kith.pipeline.walk import absolute, is_gone

Added = Callable[[Sequence[Path]], None]
"""Told of files and folders whose photos were added."""


def nobody(_paths: Sequence[Path]) -> None:
    """Nobody is told."""


def add_path(jobs: Jobs, path: Path, added: Added = nobody) -> Job:
    """Have a file or folder of this machine added, in place; ``added`` hears of it afterwards.

    Raises:
        NotFoundError: there is none.
    """
    path = absolute(path)
    if "\0" in str(path) or is_gone(str(path)):
        raise NotFoundError(f"There is no file or folder {path}", "Check the path.")

    def work(library: Library, tell: Tell) -> Mapping[str, Any]:
        report = _add(library, [path], tell)
        added([path])
        return report

    return jobs.submit("add", f"Add {path}", work)


def regroup_all(jobs: Jobs) -> Job:
    """Have all faces grouped anew, under what humans said."""

    def work(library: Library, tell: Tell) -> Mapping[str, Any]:
        return asdict(regroup(library, lambda done, total: tell(done, total, "")))

    return jobs.submit("regroup", "Group all faces anew", work)


class Arrivals:
    """Adds what was uploaded; all that has come when a job begins, in one go."""

    def __init__(self, jobs: Jobs, uploads: Uploads, added: Added = nobody) -> None:
        self._jobs = jobs
        self._uploads = uploads
        self._added = added
        self._gathering = threading.Lock()
        self._paths: list[Path] = []
        self._job: Job | None = None

    def resume(self) -> Job | None:
        """Go on with what was uploaded and not added when the last process ended."""
        unsettled = self._uploads.unsettled()
        return self.add(unsettled) if unsettled else None

    def add(self, paths: Sequence[Path]) -> Job:
        """Have these originals added: by the job that is about to do so, or by another."""
        with self._gathering:
            self._paths += paths
            if self._job is None or not self._is_waiting(self._job):
                self._job = self._jobs.submit("uploads", "Add what was uploaded", self._work)
            return self._job

    def _is_waiting(self, job: Job) -> bool:
        with suppress(NotFoundError):
            return self._jobs.get(job.id).state is JobState.WAITING
        return False

    def _work(self, library: Library, tell: Tell) -> Mapping[str, Any]:
        with self._gathering:
            paths, self._paths = self._paths, []
        there = [path for path in dict.fromkeys(paths) if not is_gone(str(path))]
        try:
            report = _add(library, there, tell) if there else _report(AddReport())
        except BaseException:
            with self._gathering:
                self._paths = [*paths, *self._paths]
            raise
        self._uploads.settle(paths)
        self._added(there)
        return report


def _add(library: Library, paths: Sequence[Path], tell: Tell) -> Mapping[str, Any]:
    def listen(step: Step) -> None:
        tell(step.done, step.total, PurePath(step.path).name)

    return _report(add(library, paths, listen))


def _report(report: AddReport) -> Mapping[str, Any]:
    """What became of the files, as JSON; and in one sentence, for a list of jobs."""
    refused = [
        {"path": each.place.path, "reason": each.reason, "advice": each.advice}
        for each in report.refused
    ]
    return {
        "text": f"{counted(report.added, 'photo')} added with {counted(report.faces, 'face')}",
        "seen": report.seen,
        "unchanged": report.unchanged,
        "added": report.added,
        "copies": report.copies,
        "faces": report.faces,
        "people": report.people,
        "gone": report.gone,
        "left_alone": dict(report.left_alone),
        "refused": refused,
        "warnings": list(report.warnings),
    }
