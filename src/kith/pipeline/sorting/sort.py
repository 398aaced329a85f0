"""Sort photos into a folder per person, by reference pictures.

``sort_photos`` reads the references, asks who is in each photo, plans what goes where and carries
the plan out under a manifest; ``undo_sort`` takes it back. Recognition comes through the port:
nothing that a face could be found by stays in the collection or in the folders.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import filelock

from kith.domain.errors import LibraryBusyError, LibraryReadOnlyError, NotFoundError, UsageError
from kith.pipeline.sorting.answers import RememberedAnswers
from kith.pipeline.sorting.execute import execute, stop_if_hopeless
from kith.pipeline.sorting.files import require_links
from kith.pipeline.sorting.manifest import STATE_FOLDER, Run, begin_run, read_runs, write_durably
from kith.pipeline.sorting.place import place
from kith.pipeline.sorting.plan import SortPlan, SortRequest, Way
from kith.pipeline.sorting.recognize import Answer, Question, recognize
from kith.pipeline.sorting.references import reference_faces
from kith.pipeline.sorting.report import SortResult, report_bytes
from kith.pipeline.sorting.request import checked, require_apart
from kith.pipeline.sorting.undo import undo
from kith.pipeline.sorting.visit import Step
from kith.pipeline.walk import Refused, Walk, walk
from kith.ports.recognition import FaceCollection


def no_listener(_step: Step, /) -> None:
    """Tell nobody how far the work is."""


def plan_sort(
    request: SortRequest,
    collection: FaceCollection,
    *,
    files: Sequence[Path] = (),
    workers: int = 1,
    listener: Callable[[Step], None] = no_listener,
) -> SortPlan:
    """What a run would do. Touches no file, and leaves the collection as it was.

    Args:
        request: what is wanted.
        collection: finds and compares the faces. With a library's collection, photos that it knows
            need not be looked at again.
        files: the photos, where the request has a query.
        workers: threads that read and recognize.
        listener: told of every file.

    Raises:
        NotFoundError: a folder is missing, or there is no reference or no photo in it.
        UsageError: the request contradicts itself, or references cannot serve; all are named.
    """
    request = checked(request)
    with reference_faces(request, collection, listener) as references:
        question = Question(references, collection, request.min_similarity)
        return _Planner(request, question, files, workers, listener).plan(remember=None)


def sort_photos(
    request: SortRequest,
    collection: FaceCollection,
    *,
    files: Sequence[Path] = (),
    workers: int = 1,
    listener: Callable[[Step], None] = no_listener,
) -> SortResult:
    """Plan and carry out; or carry on, where an earlier run of the same request was interrupted.

    Photos that could not be read or brought are rows of the result. The arguments are those of
    ``plan_sort``; so are the errors, and:

    Raises:
        UsageError: hard or symbolic links cannot be made, or an interrupted run of another request
            must be finished or undone first.
        LibraryBusyError: another run is at work in the same folder.
        LibraryFullError: no room is left; the same call goes on once there is.
        LibraryReadOnlyError: the folder may not be written to.
    """
    request = checked(request)
    with reference_faces(request, collection, listener) as references, _state(request.out) as state:
        run = _interrupted(state, request)
        if run is None:
            question = Question(references, collection, request.min_similarity)
            planner = _Planner(request, question, files, workers, listener)
            result = _carry_out(planner.plan(remember=state / _ANSWERS), state, listener)
        else:
            execute(run, listener)
            result = SortResult(run.plan, run)
        write_durably(state / "report.json", report_bytes(result))
        if result.run:
            # Only now: a run that was killed before its report is carried on, and reports.
            result.run.note_finished()
        (state / _ANSWERS).unlink(missing_ok=True)
        return result


def undo_sort(
    out: Path, *, every: bool = False, listener: Callable[[Step], None] = no_listener
) -> list[Run]:
    """Take back the latest run, or every run, in the folder; what had to stay is in ``Run.kept``.

    A run of which something was kept is tried again when no other is left.

    Raises:
        NotFoundError: there is nothing to undo.
        LibraryBusyError: a run is at work in the folder.
    """
    nothing = NotFoundError(f"There is nothing to undo in {out}", "Name the --out of the run.")
    if not (out / STATE_FOLDER).is_dir():
        raise nothing
    with _state(out) as state:
        runs = [_at_home(run, out) for run in reversed(read_runs(state))]
        left = [run for run in runs if not run.undo_finished] or [run for run in runs if run.kept]
        if not left:
            raise nothing
        chosen = left if every else left[:1]
        for run in chosen:
            undo(run, listener)
        return chosen


_ANSWERS = "answers.jsonl"


@dataclass(frozen=True, slots=True)
class _Planner:
    """The steps of planning, which share the request, the people and who waits."""

    request: SortRequest
    question: Question
    files: Sequence[Path]
    workers: int
    listener: Callable[[Step], None]

    def plan(self, *, remember: Path | None) -> SortPlan:
        """The plan; answers are kept in the file ``remember`` while it is made."""
        request, references = self.request, self.question.references
        require_apart(request, references.people)
        found = self._photos()
        with RememberedAnswers(remember, references.fingerprint) as answers:
            answered = list(self._answers(found, answers))
        problems = [*found.problems, *(one.problem for one in answered if one.problem)]
        return SortPlan(
            request=request,
            people=references.people,
            placements=tuple(place(request, references.people, answered)),
            problems=tuple(sorted(problems, key=lambda problem: problem.path)),
            warnings=references.warnings,
            photo_count=len({one.photo_id for one in answered if one.photo_id}),
            unmatched_count=sum(_is_unmatched(one) for one in answered),
            other_files=tuple(sorted(found.others.items())),
        )

    def _photos(self) -> Walk:
        request = self.request
        found = self._walk()
        if request.way is Way.MOVE:
            links = [file.path for file in found.files if file.path.is_symlink()]
            found.problems += [Refused(path, *_LINK) for path in links]
            found.files = [file for file in found.files if not file.path.is_symlink()]
        if not found.files and not found.problems:
            where = f"There are no photos in {request.photos}"
            raise NotFoundError(where if request.query is None else f"{where} for {request.query}")
        return found

    def _walk(self) -> Walk:
        """What is to be sorted; nothing that was sorted before, and no reference."""
        others = (self.request.out, self.request.reference)
        if self.request.query is None:
            return walk(self.request.photos, without=others)
        found = Walk()
        for path in sorted(self.files):
            if not any(path.resolve().is_relative_to(folder) for folder in others):
                one = walk(path)
                found.files += one.files
                found.problems += one.problems
        return found

    def _answers(self, found: Walk, remembered: RememberedAnswers) -> list[Answer]:
        """Every file's answer in the order of the files, remembered or asked for."""
        known = {file: answer for file in found.files if (answer := remembered.get(file))}
        answers = recognize(
            self.question,
            [file for file in found.files if file not in known],
            workers=self.workers,
            answered={answer.photo_id for answer in known.values() if answer.photo_id},
            listener=self.listener,
        )
        with closing(answers):
            for answer in answers:
                remembered.remember(answer)
                known[answer.file] = answer
        return _settled([known[file] for file in found.files])


def _settled(answers: list[Answer]) -> list[Answer]:
    """Copies of a file that was refused are refused like it."""
    own = {answer.photo_id for answer in answers if not answer.repeats}
    return [
        answer
        if answer.photo_id in own
        else Answer(answer.file, None, problem=Refused(answer.file.path, *_COPY))
        for answer in answers
    ]


def _is_unmatched(answer: Answer) -> bool:
    return answer.photo_id is not None and not answer.repeats and not answer.evidence


def _carry_out(plan: SortPlan, state: Path, listener: Callable[[Step], None]) -> SortResult:
    if all(placement.present for placement in plan.placements):
        return SortResult(plan, None)
    require_links(plan, state)
    run = begin_run(state, plan)
    execute(run, listener)
    return SortResult(plan, run)


def _interrupted(state: Path, request: SortRequest) -> Run | None:
    """The run to carry on; only the latest one can be unfinished."""
    run = next((run for run in reversed(read_runs(state)) if not run.undo_finished), None)
    if run is None or (run.finished and not run.undo_begun):
        return None
    undo_it = f"kith sort --undo --out {request.out}"
    if run.undo_begun:
        raise UsageError(f"An undo in {request.out} was interrupted", f"Finish it: {undo_it}.")
    if run.plan.request != request:
        raise UsageError(
            f"A run with other options was interrupted in {request.out}",
            f"Repeat it as it was, or take it back: {undo_it}.",
        )
    return run


def _at_home(run: Run, out: Path) -> Run:
    """The run with the folder where it is now, for the user may have moved it."""
    request = replace(run.plan.request, out=out.resolve())
    return replace(run, plan=replace(run.plan, request=request))


@contextmanager
def _state(out: Path) -> Generator[Path]:
    """The folder of manifests, for this process alone."""
    state = out / STATE_FOLDER
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(state / "lock")
        with lock.acquire(timeout=0):
            yield state
    except filelock.Timeout as error:
        raise LibraryBusyError(
            f"Another kith sort is at work in {out}", "Wait until it is done."
        ) from error
    except PermissionError as error:
        raise LibraryReadOnlyError(
            f"{error.filename or out} may not be written to", "Choose another --out."
        ) from error
    except OSError as error:
        stop_if_hopeless(error, out)
        raise


_LINK = (
    "is a symbolic link, and moving it would leave the picture where it is",
    "Use --copy, or sort the folder where the picture lies.",
)
_COPY = ("has the same bytes as another file that was refused", "See that one's row.")
