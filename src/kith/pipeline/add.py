"""Adding folders: find what is new, work on it in several threads, say what became of it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kith.domain.errors import NotFoundError
from kith.domain.photo import Problem
from kith.pipeline.add_photo import Arrival, Finisher, prepare
from kith.pipeline.doctor import forget_orphans
from kith.pipeline.drawn_faces import add_drawn_faces
from kith.pipeline.forget import finish_forgetting
from kith.pipeline.library import Library
from kith.pipeline.walk import FoundFile, Refused, Walk, absolute, is_gone, walk

_BATCH = 4
"""Photos prepared and stored in one go: a transaction costs as much for several as for one. Until
then they are held decoded, 15 MB for each of 12 megapixels and for every worker."""

_AHEAD = 2
"""Batches per worker under way or waiting to be finished; more would only cost memory."""

_RUNNING = "state/adding"
"""Derived object that stands while photos are added: if it does when a run begins, the last one was
killed, and may have left faces behind whose photos were not stored."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is: files done of all that are new, and the file at hand."""

    done: int
    total: int
    path: Path


@dataclass(slots=True)
class AddReport:
    """What became of everything below the paths that were added.

    Attributes:
        seen: files that may be photos.
        unchanged: files known from before by size and time of change.
        added: photos that are new in the library.
        copies: files that hold a photo which the library has from another place.
        faces: faces in the new photos.
        people: how many people the library knows afterwards.
        gone: files that were known and are no longer there.
        refused: files that are no photos, also those known from before, and files that could not
            be read, with the reason.
        left_alone: files that are no pictures, counted by suffix.
        warnings: what else the user should know.
    """

    seen: int = 0
    unchanged: int = 0
    added: int = 0
    copies: int = 0
    faces: int = 0
    people: int = 0
    gone: int = 0
    refused: list[Problem] = field(default_factory=list[Problem])
    left_alone: Counter[str] = field(default_factory=Counter[str])
    warnings: list[str] = field(default_factory=list[str])


def add(
    library: Library, paths: Sequence[Path], listener: Callable[[Step], None] = lambda _: None
) -> AddReport:
    """Index files and folders in place. Repeatable; a known file costs a stat.

    Interrupted at any moment, even killed, the same call goes on where it stopped.

    Raises:
        NotFoundError: a path does not exist; then nothing was added.
        LibraryError: the library cannot be written to; what was stored before stays.
    """
    roots = _outermost(paths)
    report = AddReport()
    with _recovering(library):
        visits = [_visit(library, root, report) for root in roots]
        _add_files(library, [file for visit in visits for file in visit.new], report, listener)
        for visit in visits:
            _note_gone(library, visit, report)
    report.people = library.catalog.counts().people
    report.refused += [problem for root in roots for problem in library.catalog.problems(str(root))]
    return report


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """The paths as absolute ones, without those that lie below another of them."""
    found = {absolute(path): None for path in sorted(paths)}
    for path in found:
        if is_gone(str(path)):
            raise NotFoundError(f"There is no file or folder {path}", "Check the path.")
    return [path for path in found if found.keys().isdisjoint(path.parents)]


@contextmanager
def _recovering(library: Library) -> Generator[None]:
    """Clean up after a run that was killed, once this one has added what that one had begun."""
    finish_forgetting(library)
    add_drawn_faces(library)
    try:
        library.derived.stat(_RUNNING)
        killed = True
    except NotFoundError:
        killed = False
        library.derived.write(_RUNNING, b"")
    yield
    if killed:
        forget_orphans(library)
    library.derived.delete(_RUNNING)


@dataclass(frozen=True, slots=True)
class _Visit:
    """What was found at or below a path: files that are new or changed, and known ones missing."""

    root: Path
    found: Walk
    new: Sequence[FoundFile]
    missing: Collection[str]


def _visit(library: Library, root: Path, report: AddReport) -> _Visit:
    found = walk(root)
    known = {place.place.path: place.place for place in library.catalog.places(str(root))}
    new: list[FoundFile] = []
    for file in found.files:
        place = known.pop(str(file.path), None)
        if (
            place is None
            or place.byte_size != file.byte_size
            or place.modified_ns != file.modified_ns
        ):
            new.append(file)
    report.seen += len(found.files)
    report.unchanged += len(found.files) - len(new)
    report.left_alone += found.others
    report.warnings += [_sentence(problem) for problem in found.problems]
    return _Visit(root, found, new, known.keys())


def _sentence(problem: Refused) -> str:
    return f"{problem.path} {problem.reason}. {problem.advice}".rstrip()


def _add_files(
    library: Library,
    files: Sequence[FoundFile],
    report: AddReport,
    listener: Callable[[Step], None],
) -> None:
    done = 0

    def announce(arrival: Arrival) -> None:
        nonlocal done
        done += 1
        _count(arrival, report)
        listener(Step(done, len(files), arrival.file.path))

    finisher = Finisher(library, announce)
    with closing(_prepared(library, files)) as batches:
        for batch in batches:
            finisher.finish(batch)


def _prepared(library: Library, files: Sequence[FoundFile]) -> Generator[Sequence[Arrival]]:
    """The files in batches, prepared in several threads, in their order."""
    batches = deque(files[start : start + _BATCH] for start in range(0, len(files), _BATCH))
    under_way: deque[Future[Sequence[Arrival]]] = deque()
    with ThreadPoolExecutor(library.workers, thread_name_prefix="add") as pool:
        try:
            while batches or under_way:
                while batches and len(under_way) < library.workers * _AHEAD:
                    under_way.append(pool.submit(prepare, library, batches.popleft()))
                yield under_way.popleft().result()
        finally:
            # On Ctrl-C or an error: what has not begun never does.
            pool.shutdown(wait=True, cancel_futures=True)


def _count(arrival: Arrival, report: AddReport) -> None:
    if arrival.problem and arrival.unread:
        report.refused.append(arrival.problem)
    if arrival.photo is None:
        return
    if arrival.known:
        report.copies += 1
        return
    report.added += 1
    report.faces += len(arrival.faces)


def _note_gone(library: Library, visit: _Visit, report: AddReport) -> None:
    """Forget files that are gone, unless everything is: then it is the disk that is missing."""
    gone = [path for path in visit.missing if is_gone(path)]
    if not gone:
        return
    if not visit.found.files:
        report.warnings.append(
            f"{visit.root} has no pictures now, but {len(gone)} were known there; they are kept. "
            "Is a disk not connected? `kith doctor --fix` forgets files that are gone."
        )
        return
    library.catalog.remove_places(gone)
    report.gone += len(gone)
