"""Adding folders: find what is new, work on it in several threads, say what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from kith.domain.errors import NotFoundError
from kith.domain.photo import Place, Problem
from kith.pipeline.abreast import abreast
from kith.pipeline.add_photo import Arrival, Finisher, prepare
from kith.pipeline.backfill import backfill
from kith.pipeline.doctor import forget_orphans
from kith.pipeline.drawn_faces import add_drawn_faces
from kith.pipeline.forget import finish_forgetting
from kith.pipeline.library import Library
from kith.pipeline.originals import is_address
from kith.pipeline.walk import Walk, absolute, is_gone, sentence, walk

_BATCH = 4
"""Photos prepared and stored in one go: a transaction costs as much for several as for one. Until
then they are held decoded, 15 MB for each of 12 megapixels and for every worker."""

_RUNNING = "state/adding"
"""Derived object that stands while photos are added: if it does when a run begins, the last one was
killed, and may have left faces behind whose photos were not stored."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is: files done of all that are new (0: unknown), and the one at hand."""

    done: int
    total: int
    path: str


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
    library: Library,
    paths: Sequence[Path | str],
    listener: Callable[[Step], None] = lambda _: None,
) -> AddReport:
    """Index files, folders and what lies below addresses, in place; a known file costs a stat.

    Interrupted at any moment, even killed, the same call goes on where it stopped.

    Args:
        library: to which they are added.
        paths: of this machine; or, as text, addresses in a store elsewhere (``s3://bucket/2024``).
        listener: hears of every file that is new.

    Raises:
        NotFoundError: a path does not exist, then nothing was added; or there is no such bucket.
        StoreError: a store cannot be reached, or refuses.
        LibraryError: the library cannot be written to; what was stored before stays.
    """
    addresses = _outermost_addresses(paths)
    roots = _outermost([Path(path) for path in paths if not is_address(str(path))])
    report = AddReport()
    with recovering(library):
        visits = [_visit(library, root, report) for root in roots]
        _add_files(library, [place for visit in visits for place in visit.new], report, listener)
        for visit in visits:
            _note_gone(library, visit, report)
        for address in addresses:
            _add_below(library, address, report, listener)
    report.people = library.catalog.counts().people
    for under in [*map(str, roots), *addresses]:
        report.refused += library.catalog.problems(under)
    return report


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """The paths as absolute ones, without those that lie below another of them."""
    found = {absolute(path): None for path in sorted(paths)}
    for path in found:
        if is_gone(str(path)):
            raise NotFoundError(f"There is no file or folder {path}", "Check the path.")
    return [path for path in found if found.keys().isdisjoint(path.parents)]


def _outermost_addresses(paths: Sequence[Path | str]) -> list[str]:
    found = sorted(
        {path.rstrip("/") for path in paths if isinstance(path, str) and is_address(path)}
    )
    return [one for one in found if not any(one.startswith(f"{other}/") for other in found)]


@contextmanager
def recovering(library: Library) -> Generator[None]:
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
    new: Sequence[Place]
    missing: Collection[str]


def _visit(library: Library, root: Path, report: AddReport) -> _Visit:
    found = walk(root)
    known = {place.place.path: place.place for place in library.catalog.places(str(root))}
    new: list[Place] = []
    for file in found.files:
        place = known.pop(str(file.path), None)
        if (
            place is None
            or place.byte_size != file.byte_size
            or place.modified_ns != file.modified_ns
        ):
            new.append(Place(str(file.path), file.byte_size, file.modified_ns))
    report.seen += len(found.files)
    report.unchanged += len(found.files) - len(new)
    report.left_alone += found.others
    report.warnings += [sentence(problem) for problem in found.problems]
    return _Visit(root, found, new, known.keys())


def _add_files(
    library: Library,
    places: Sequence[Place],
    report: AddReport,
    listener: Callable[[Step], None],
) -> None:
    done = 0

    def announce(arrival: Arrival) -> None:
        nonlocal done
        done += 1
        count(arrival, report)
        listener(Step(done, len(places), arrival.place.path))

    add_places(library, places, announce)


def add_places(
    library: Library,
    places: Iterable[Place],
    listener: Callable[[Arrival], None],
    is_enough: Callable[[], bool] = lambda: False,
) -> None:
    """Add what lies at these places, in their order; ``listener`` hears of each when it is stored.

    Within ``recovering``. No more is begun as soon as it ``is_enough``; what is under way is ended.
    """
    finisher = Finisher(library, listener)
    batches = _batches(iter(places), is_enough)
    with closing(
        abreast(partial(prepare, library), batches, workers=library.workers, name="add")
    ) as prepared:
        for arrivals in prepared:
            finisher.finish(arrivals)


def _batches(places: Iterator[Place], is_enough: Callable[[], bool]) -> Generator[Sequence[Place]]:
    while not is_enough() and (batch := list(islice(places, _BATCH))):
        yield batch


def count(arrival: Arrival, report: AddReport) -> None:
    """Note in the report what became of one file."""
    if arrival.problem and arrival.unread:
        report.refused.append(arrival.problem)
    if arrival.photo is None:
        return
    if arrival.known:
        report.copies += 1
        return
    report.added += 1
    report.faces += len(arrival.faces)


def _add_below(
    library: Library, address: str, report: AddReport, listener: Callable[[Step], None]
) -> None:
    """Add what lies below an address. How many objects are new is known only behind the last."""
    done = 0

    def announce(arrival: Arrival) -> None:
        nonlocal done
        done += 1
        count(arrival, report)
        listener(Step(done, 0, arrival.place.path))

    found = backfill(library, address, add_places, announce)
    report.seen += found.seen
    report.unchanged += found.unchanged
    report.left_alone += found.others
    if found.resumed:
        report.warnings.append(
            f"The listing of {address} went on behind {found.resumed}, where it was interrupted. "
            "What came before that meanwhile is added the next time."
        )
    if found.gone and not found.seen and not found.resumed:
        report.warnings.append(
            f"{address} has no pictures now, but {len(found.gone)} were known there; they are "
            "kept. Is it the right bucket? `kith doctor --fix` forgets objects that are gone."
        )
    elif found.gone:
        library.catalog.remove_places(found.gone)
        report.gone += len(found.gone)


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
