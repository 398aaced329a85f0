"""``kith sort``: a folder per person, by reference pictures."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import Local, json_option, pack_option, settings_options
from kith.cli.output import printable
from kith.cli.queries import pointing
from kith.domain.thresholds import SORT_MIN_SIMILARITY

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from kith.config import Settings
    from kith.pipeline.sorting.manifest import Run
    from kith.pipeline.sorting.plan import SortPlan, SortRequest
    from kith.pipeline.sorting.report import SortResult
    from kith.pipeline.sorting.visit import Step
    from kith.pipeline.walk import Refused
    from kith.ports.recognition import FaceCollection

_HELP = """Sort photos into a folder per person.

Every picture in the --reference folder is a person, called by the file's name; so is every
sub-folder, with all its pictures. Every photo below --photos that shows the person lands in
OUT/<person>/; one that shows several people lands in several folders. A face is one person: the
one it resembles most, at --min-similarity or above.

Photos are copied unless --hardlink, --symlink or --move says otherwise. Nothing is overwritten: of
two files with one name the second gets " (2)". The same photo is not placed twice. With --move, the
first person's folder gets the file and the others hard links to it, or copies where the file system
has no links. Files that cannot be read stay where they are and are listed with the reason.

\b
Look first, then sort, then change your mind:
  kith sort --reference people --photos phone --out sorted --plan
  kith sort --reference people --photos phone --out sorted --unmatched
  kith sort --undo --out sorted
  kith sort --reference people --query 'taken:2024' --out sorted

Interrupt it whenever you like: the same command goes on where it stopped. What it did is in
OUT/.kith-sort: the report with the evidence for every photo, and the manifest by which --undo takes
the last run back. Undo removes copies and links only while they are unchanged and the original is
there, and says what it kept.

It does not remember anybody: the faces are forgotten when it ends. With --library, photos that the
library knows need not be looked at again; `kith add` makes one. With --query, the photos of the
library that the query means are sorted, wherever they lie; see `kith photos`. `kith people` finds
people without any reference pictures.

\b
Exit status:
  0    done; refused files are listed
  2    options, references or a query that cannot work; nothing was sorted
  3    there are no photos, or none shows any of the people
  4    some files could not be brought or taken back; with --strict, files were refused
  5    the library cannot be used
  6    the model files cannot be had
  130  interrupted; the same command goes on where it stopped
"""

_STORES = "Sorting brings files; copy the photos into a folder, and sort that."


@click.command("sort", help=_HELP, short_help="Sort photos into a folder per person.")
@click.option("--reference", type=click.Path(path_type=Path), help="Folder with the people.")
@click.option("--photos", type=Local(_STORES), help="Folder with the photos.")
@click.option("--query", help="Instead of --photos: those of the library that this query means.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to sort into.")
@click.option(
    "--min-similarity",
    type=click.FloatRange(0, 100, min_open=True),
    default=SORT_MIN_SIMILARITY,
    show_default=True,
    help="Percent; at 90 one pair of strangers in 100,000 passes.",
)
@click.option("--copy", "way", flag_value="copy", default=True, help="Copy the photos (default).")
@click.option("--hardlink", "way", flag_value="hardlink", help="Link them; takes no room.")
@click.option("--symlink", "way", flag_value="symlink", help="Link to where they lie.")
@click.option("--move", "way", flag_value="move", help="Move them.")
@click.option(
    "--unmatched",
    is_flag=False,
    flag_value="_Unmatched",  # the underscore sorts it before the people
    metavar="[NAME]",
    help="Photos of none of the people go to OUT/_Unmatched, or OUT/NAME.",
)
@click.option("--plan", "plan_only", is_flag=True, help="Show what would be done; touch nothing.")
@click.option("--undo", "undo", is_flag=True, help="Take back the latest run in OUT.")
@click.option("--all", "every", is_flag=True, help="With --undo: take back every run.")
@click.option(
    "--library",
    "known",
    type=click.Path(path_type=Path, file_okay=False),
    help="Use what this library knows.",
)
@click.option("--strict", is_flag=True, help="Answer 4 if files were refused.")
@pack_option
@json_option
@settings_options
@click.pass_context
def command(  # noqa: PLR0913 - one argument for each option
    context: click.Context,
    /,
    *,
    reference: Path | None,
    photos: Path | None,
    query: str | None,
    out: Path,
    min_similarity: float,
    way: str,
    unmatched: str | None,
    plan_only: bool,
    undo: bool,
    every: bool,
    known: Path | None,
    strict: bool,
    settings: Settings,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    if undo:
        context.exit(_undo(out, every=every, as_json=as_json))
    if every:
        raise click.UsageError("--all goes with --undo.")
    if reference is None or (photos is None) == (query is None):
        raise click.UsageError(
            "--reference and either --photos or --query are needed, unless you --undo."
        )
    from kith.pipeline.sorting.plan import SortRequest, Way

    files: Sequence[Path] = ()
    if query is not None:
        photos = known = known or settings.library
        files = _files_of(replace(settings, library=known), query)
    assert photos is not None
    request = SortRequest(
        reference, photos, out, min_similarity, Way(way), unmatched, settings.pack, query
    )
    work = _plan if plan_only else _sort
    plan, failed = work(request, files, settings, known, as_json=as_json)
    context.exit(_exit_code(plan, failed=failed, strict=strict))


def _files_of(settings: Settings, query: str) -> Sequence[Path]:
    """A file of each photo of the library that the query means."""
    from kith.cli.output import remark
    from kith.compose import open_records
    from kith.pipeline.albums.photos import files_of, photos_matching

    with open_records(settings) as records, pointing():
        photo_ids = photos_matching(records, query)
        files = files_of(records.catalog, photo_ids)
    if len(files) < len(photo_ids):
        remark(f"{len(photo_ids) - len(files):,} photos have no file here: gone, or in a store")
    return files


def _plan(
    request: SortRequest,
    files: Sequence[Path],
    settings: Settings,
    known: Path | None,
    *,
    as_json: bool,
) -> tuple[SortPlan, bool]:
    from kith.cli.output import print_json
    from kith.pipeline.sorting.report import plan_report
    from kith.pipeline.sorting.sort import plan_sort

    with _opened(settings, known) as (collection, listener):
        workers = settings.worker_count
        plan = plan_sort(request, collection, files=files, workers=workers, listener=listener)
    if as_json:
        print_json(plan_report(plan))
    else:
        _show_placements(plan)
        _show_plan(plan, "would be")
    return plan, False


def _sort(
    request: SortRequest,
    files: Sequence[Path],
    settings: Settings,
    known: Path | None,
    *,
    as_json: bool,
) -> tuple[SortPlan, bool]:
    from kith.cli.output import print_json
    from kith.pipeline.sorting.report import result_report
    from kith.pipeline.sorting.sort import sort_photos

    with _opened(settings, known) as (collection, listener):
        workers = settings.worker_count
        result = sort_photos(request, collection, files=files, workers=workers, listener=listener)
    if as_json:
        print_json(result_report(result))
    else:
        _show_result(result)
    return result.plan, bool(result.failed)


@contextmanager
def _opened(
    settings: Settings, known: Path | None
) -> Generator[tuple[FaceCollection, Callable[[Step], None]]]:
    """The faces to sort by, and who hears how far the work is."""
    from kith.cli.output import listening
    from kith.compose import open_sorter

    with (
        listening() as ears,
        open_sorter(settings, library=known, ears=ears) as collection,
        _progress() as listener,
    ):
        yield collection, listener


def _undo(out: Path, *, every: bool, as_json: bool) -> int:
    from kith.cli.output import print_json
    from kith.pipeline.sorting.report import undo_report, undone_count
    from kith.pipeline.sorting.sort import undo_sort

    with _progress() as listener:
        runs = undo_sort(out, every=every, listener=listener)
    if as_json:
        print_json(undo_report(runs))
    else:
        console = _console()
        for run in runs:
            _say(console, f"{run.path.stem}: {undone_count(run)} taken back, {len(run.kept)} kept")
        _show_problems(console, "Kept", _kept(runs))
    return 4 if any(run.kept for run in runs) else 0


def _kept(runs: list[Run]) -> list[Refused]:
    return [problem for run in runs for problem in run.kept.values()]


def _exit_code(plan: SortPlan, *, failed: bool, strict: bool) -> int:
    if not any(placement.evidence for placement in plan.placements):
        return 3
    return 4 if failed or (strict and plan.problems) else 0


def _show_placements(plan: SortPlan) -> None:
    console = _console()
    for placement in plan.placements:
        evidence = placement.evidence
        why = (
            f"{evidence.similarity:.1f} % like {evidence.reference.name}" if evidence else "nobody"
        )
        what = "is there already" if placement.present else placement.way.value
        _say(console, f"{placement.photo} -> {placement.target}  ({what}; {why})")


def _show_result(result: SortResult) -> None:
    _show_plan(result.plan, "were")
    console = _console()
    _show_problems(console, "Not brought", result.failed)
    out = result.plan.request.out
    _say(console, f"Report: {out / '.kith-sort' / 'report.json'}")
    if result.run:
        _say(console, f"To take it back: kith sort --undo --out {out}")


def _show_plan(plan: SortPlan, verb: str) -> None:
    from rich.table import Table

    from kith.pipeline.sorting.report import tally

    console = _console()
    table = Table("person", "photos", "similarity", box=None, pad_edge=False)
    for one in tally(plan):
        spread = "" if one.lowest is None else f"{one.lowest:.1f} to {one.highest:.1f} %"
        table.add_row(printable(one.person.name), str(one.photo_count), spread)
    console.print(table)
    new = sum(not placement.present for placement in plan.placements)
    there = len(plan.placements) - new
    _say(
        console,
        f"{plan.photo_count} photos: {new} files {verb} placed, {there} there already; "
        f"{plan.unmatched_count} photos show none of the people",
    )
    if plan.other_files:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in plan.other_files)
        _say(console, f"Passed over, no pictures: {kinds}")
    _show_problems(console, "Look at", plan.warnings)
    _show_problems(console, "Refused", plan.problems)


def _show_problems(
    console: Console, title: str, problems: list[Refused] | tuple[Refused, ...]
) -> None:
    if problems:
        _say(console, f"\n{title}:")
    for problem in problems:
        _say(console, f"  {problem.path}: {problem.reason}. {problem.advice}".rstrip())


def _say(console: Console, text: str) -> None:
    """Print text as it is: names and paths are no markup."""
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True)


def _console() -> Console:
    from rich.console import Console

    return Console()


_TITLES = {
    "references": "Looking at the references",
    "photos": "Looking for the people",
    "folders": "Placing photos",
    "undo": "Taking back",
}


@contextmanager
def _progress() -> Generator[Callable[[Step], None]]:
    """A bar with rate and time left for each kind of work, on stderr where that is a terminal."""
    from kith.cli.output import bars

    tasks: dict[str, TaskID] = {}
    with bars() as progress:

        def listener(step: Step) -> None:
            if step.name not in tasks:
                tasks[step.name] = progress.add_task(_TITLES[step.name], total=step.total, rate="")
            task = progress.tasks[tasks[step.name]]
            rate = f"{task.speed:.0f}/s" if task.speed else ""
            progress.update(tasks[step.name], completed=step.done, total=step.total, rate=rate)

        yield listener
