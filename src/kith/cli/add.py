"""``kith add``: index photos in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import PLACE, json_option, library_options, pack_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kith.config import Settings
    from kith.pipeline.add import AddReport
    from kith.pipeline.findings.look import LookReport
    from kith.pipeline.library import Library

_HELP = """Index photos in place and find the people in them.

Every picture below the PATHs is read, its faces are found and grouped into people. The photos stay
where they are and are never changed; thumbnails, faces and people are kept in the library's own
folder. Read are JPEG, PNG, WebP, HEIC, AVIF, TIFF, GIF, MPO and BMP. Passed over are hidden files
and folders, folders with a .nomedia in them, and @eaDir.

A PATH may be s3://BUCKET/PREFIX, in Amazon S3 or any store that speaks as it does: where it is and
who asks is taken from AWS_ENDPOINT_URL_S3, AWS_PROFILE and the other variables of AWS. Objects are
fetched once, and again only when they have changed. See docs/arriving.md.

Interrupt it whenever you like: the same command goes on where it stopped. Run again over the same
folders it only looks at what is new; what was moved or renamed is recognized by its content, and a
copy is the same photo at a second place. Files that cannot be read are listed with the reason.

Then, where the model pack `labels` or the extra `text` is installed, it looks at the photos for
what they show and what is written in them; see `kith findings`.

\b
  kith add ~/Pictures /media/phone/DCIM
  kith add ~/Pictures --watch
  kith add ~/Old-photos --no-notices

See who there is with `kith people`; to sort into folders by reference pictures, `kith sort`.

\b
Exit status:
  0    done; refused files are listed
  3    a PATH does not exist; nothing was added. Or there is no such bucket
  4    with --strict: done, but files were refused
  5    the library cannot be used, or its disk is full; what was added stays
  6    the model files can neither be found nor had
  8    a store cannot be reached, or refuses; what was added stays
  130  interrupted; nothing is lost
"""


@click.command("add", help=_HELP, short_help="Index photos in place and find the people in them.")
@click.argument("paths", nargs=-1, required=True, type=PLACE)
@click.option("--watch", is_flag=True, help="Then keep watching, and add what arrives.")
@click.option("--workers", type=click.IntRange(min=0), help="Photos at once; 0 is one per core.")
@click.option("--no-findings", is_flag=True, help="Look for faces only; see `kith findings`.")
@click.option("--no-notices", is_flag=True, help="Tell nobody; see `kith notify`.")
@click.option("--strict", is_flag=True, help="Answer 4 if files were refused.")
@pack_option
@json_option
@library_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    paths: tuple[Path | str, ...],
    settings: Settings,
    watch: bool,
    as_json: bool,
    **chosen: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from contextlib import ExitStack

    from kith.cli.findings import look_after_adding
    from kith.cli.output import listening, progress_bar, remark
    from kith.compose import open_library
    from kith.pipeline.add import Step, add
    from kith.pipeline.notices.silence import silenced

    with listening() as ears:
        with ExitStack() as stack:
            library = stack.enter_context(open_library(settings, writing=True, ears=ears))
            folders = _folders(paths) if watch else ()
            _refuse_loops(settings, library, paths)
            if chosen["no_notices"]:
                library = stack.enter_context(silenced(library))
            with progress_bar("Adding") as advance:

                def listener(step: Step) -> None:
                    advance(step.done, step.total or None)

                report = add(library, paths, listener)
        if not as_json:
            _show(report, settings)
        looked = None
        if not chosen["no_findings"]:
            looked = look_after_adding(settings, paths, ears, hints=report.added > 0)
    _show_last(report, looked, settings, as_json=as_json)
    if settings.renditions:
        from kith.cli.renditions import make_renditions, say_renditions

        made = make_renditions(settings)
        if not as_json:
            say_renditions(made)
    if watch:
        from kith.cli.watch import run_watch

        remark("Watching. Press Ctrl-C to stop.")
        run_watch(settings, folders, findings=not chosen["no_findings"], as_json=as_json)
    context.exit(4 if chosen["strict"] and report.refused else 0)


def _refuse_loops(settings: Settings, library: Library, paths: Sequence[Path | str]) -> None:
    if settings.renditions:
        from kith.pipeline.renditions.make import refuse_loops

        refuse_loops([one.to for one in settings.renditions], library.catalog, paths)


def _folders(paths: tuple[Path | str, ...]) -> tuple[Path, ...]:
    for path in paths:
        if isinstance(path, str):
            raise click.UsageError(
                f"--watch wants folders, and {path} is none; add it now and then."
            )
        if path.exists() and not path.is_dir():
            raise click.UsageError(f"--watch wants folders, and {path} is a file.")
    return tuple(path for path in paths if isinstance(path, Path))


def _show_last(
    report: AddReport, looked: LookReport | None, settings: Settings, *, as_json: bool
) -> None:
    """What can be said when all is done: of a program's two reports, both in one document."""
    from kith.cli.findings import report_json, say_report
    from kith.cli.output import print_json

    if as_json:
        found = None if looked is None else report_json(looked)
        print_json(_document(report, settings) | {"findings": found})
    elif looked is not None:
        say_report(looked)


def _show(report: AddReport, settings: Settings) -> None:
    from kith.cli.output import remark, say

    say(
        f"{report.added} photos added with {report.faces} faces; "
        f"{report.unchanged} files known already, {report.copies} copies of known photos, "
        f"{report.gone} files gone"
    )
    if report.left_alone:
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.left_alone.most_common(8))
        say(f"Left alone, no pictures: {kinds}")
    if report.refused:
        say(f"Refused, {len(report.refused)}:")
    for problem in report.refused:
        say(f"  {problem.reason}. {problem.advice}".rstrip())
    for warning in report.warnings:
        remark(f"warning: {warning}")
    say(f"The library in {settings.library} now knows {report.people} people. See: kith people")


def _document(report: AddReport, settings: Settings) -> dict[str, object]:
    return {
        "library": str(settings.library),
        "seen": report.seen,
        "unchanged": report.unchanged,
        "added": report.added,
        "copies": report.copies,
        "gone": report.gone,
        "faces": report.faces,
        "people": report.people,
        "left_alone": dict(report.left_alone),
        "refused": [
            {"path": one.place.path, "reason": one.reason, "advice": one.advice}
            for one in report.refused
        ],
        "warnings": report.warnings,
    }
