"""Jobs: long work in the background, one at a time, with progress that can be watched.

They live as long as the process. What they do can be done again from the beginning, so a job that
was cut off loses nothing but time.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from kith.domain.errors import KithError, NotFoundError, UsageError
from kith.pipeline.library import Library

_KEPT: Final = 100
"""Jobs that are over and still told of."""

_log = logging.getLogger(__name__)


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_over(self) -> bool:
        """Whether nothing comes of it any more."""
        return self not in {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was at one moment.

    Attributes:
        id: a UUID.
        kind: what sort of work: ``add``, ``uploads``, ``regroup``.
        title: what it does, in words.
        state: how far it is.
        done: steps done.
        total: steps in all, as soon as that is known.
        detail: what it is at now, or why it failed.
        report: what came of it.
        started_at: when it began to run.
        ended_at: when it was over.
        change: grows with every change of any job; tells which of two moments is the later one.
    """

    id: str
    kind: str
    title: str
    state: JobState = JobState.WAITING
    done: int = 0
    total: int | None = None
    detail: str = ""
    report: Mapping[str, Any] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    change: int = 0


class CanceledError(KithError):
    """The job is not wanted any more; raised within its work, which ends there."""


class Tell(Protocol):
    """How work tells of its progress.

    Raises:
        CanceledError: the work is to end.
    """

    def __call__(self, done: int, total: int | None, detail: str, /) -> None:
        """So much is done, and this is next."""
        ...


Work = Callable[[Library, Tell], Mapping[str, Any]]
"""Work on a library; answers its report. It holds the library's turn meanwhile."""

Turn = Callable[[Callable[[], None]], AbstractContextManager[None]]
"""Takes the library's turn among all writers; calls what it is given while it waits, which may
raise to give up."""


class Jobs:
    """The jobs of one process. May be called from several threads.

    Args:
        library: the library with its models; asked for each job anew.
        turn: how writers take turns.
    """

    def __init__(self, library: Callable[[], Library], turn: Turn) -> None:
        self._library = library
        self._turn = turn
        self._changed = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._waiting: deque[tuple[str, Work]] = deque()
        self._unwanted: set[str] = set()
        self._worker: threading.Thread | None = None
        self._closed = False
        self._change = 0
        self._name = uuid.uuid4().hex[:8]

    @property
    def name(self) -> str:
        """What tells the changes of these jobs from those of another process."""
        return self._name

    @property
    def closed(self) -> bool:
        """Whether no more jobs are taken."""
        return self._closed

    def submit(self, kind: str, title: str, work: Work) -> Job:
        """Have work done when all that was submitted before is over."""
        with self._changed:
            if self._closed:
                raise UsageError("The server is being stopped", "Try again when it is back.")
            job = Job(str(uuid.uuid4()), kind, title)
            self._waiting.append((job.id, work))
            self._put(job)
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._worker.start()
            return self._jobs[job.id]

    def all(self) -> Sequence[Job]:
        """Every job that is known, newest first."""
        with self._changed:
            return list(reversed(self._jobs.values()))

    def get(self, job_id: str) -> Job:
        """The job of that id.

        Raises:
            NotFoundError: it is not known, or not any more.
        """
        with self._changed:
            if job_id not in self._jobs:
                raise NotFoundError(f"There is no job {job_id}", "It may be over for long.")
            return self._jobs[job_id]

    def since(self, change: int) -> Sequence[Job]:
        """The jobs that changed after that change, in the order in which they did."""
        with self._changed:
            later = [job for job in self._jobs.values() if job.change > change]
        return sorted(later, key=lambda job: job.change)

    def wait(self, job_id: str, seconds: float) -> Job:
        """The job when it is over, or as it is after that time."""
        with self._changed:
            self._changed.wait_for(lambda: self.get(job_id).state.is_over, seconds)
            return self.get(job_id)

    def cancel(self, job_id: str) -> Job:
        """Have a job end as soon as it can; what it did so far stays. One that is over stays so."""
        with self._changed:
            job = self.get(job_id)
            if job.state is JobState.RUNNING:
                self._unwanted.add(job_id)
            elif job.state is JobState.WAITING:
                self._waiting = deque(each for each in self._waiting if each[0] != job_id)
                self._put(replace(job, state=JobState.CANCELED, ended_at=_now()))
            return self._jobs[job_id]

    def close(self) -> None:
        """Cancel what is running, forget what is waiting, and come back when nothing runs."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._unwanted |= {job.id for job in self._jobs.values() if not job.state.is_over}
            self._changed.notify_all()
        if self._worker is not None:
            self._worker.join()

    # -- the worker --------------------------------------------------------------------------------

    def _run(self) -> None:
        while (next_ := self._next()) is not None:
            job_id, work = next_
            self._end(job_id, *self._outcome(job_id, work))

    def _next(self) -> tuple[str, Work] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            job_id, work = self._waiting.popleft()
            self._put(replace(self._jobs[job_id], state=JobState.RUNNING, started_at=_now()))
            return job_id, work

    def _outcome(self, job_id: str, work: Work) -> tuple[JobState, str, Mapping[str, Any] | None]:
        try:
            with self._turn(lambda: self._check(job_id)):
                self._check(job_id)
                report = work(self._library(), self._teller(job_id))
        except CanceledError:
            return JobState.CANCELED, "", None
        except KithError as error:
            return JobState.FAILED, str(error), None
        except Exception:  # noqa: BLE001 - the next job is to run whatever became of this one
            _log.exception("job %s failed", job_id)
            return JobState.FAILED, "Something went wrong that nobody foresaw; see the log.", None
        return JobState.DONE, "", report

    def _check(self, job_id: str) -> None:
        with self._changed:
            if job_id in self._unwanted:
                raise CanceledError("The job was canceled")

    def _teller(self, job_id: str) -> Tell:
        def tell(done: int, total: int | None, detail: str, /) -> None:
            self._check(job_id)
            with self._changed:
                self._put(replace(self._jobs[job_id], done=done, total=total, detail=detail))

        return tell

    def _end(
        self, job_id: str, state: JobState, detail: str, report: Mapping[str, Any] | None
    ) -> None:
        with self._changed:
            self._unwanted.discard(job_id)
            job = self._jobs[job_id]
            self._put(replace(job, state=state, detail=detail, report=report, ended_at=_now()))
            over = [id_ for id_, each in self._jobs.items() if each.state.is_over]
            for id_ in over[:-_KEPT]:
                del self._jobs[id_]

    def _put(self, job: Job) -> None:
        """Keep the job as it is now; only by who holds the lock."""
        self._change += 1
        self._jobs[job.id] = replace(job, change=self._change)
        self._changed.notify_all()


def _now() -> datetime:
    return datetime.now(UTC)
