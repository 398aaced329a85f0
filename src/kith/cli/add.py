"""``kith add``: index photos in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options, pack_option

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.add import AddReport

_HELP = """Index photos in place and find the people in them.

Every picture below the PATHs is read, its faces are found and grouped into people. The photos stay
where they are and are never changed; thumbnails, faces and people are kept in the library's own
folder. Read are JPEG, PNG, WebP, HEIC, AVIF, TIFF, GIF, MPO and BMP. Passed over are hidden files
and folders, folders with a .nomedia in them, and @eaDir.

Interrupt it whenever you like: the same command goes on where it stopped. Run again over the same
folders it only looks at what is new; what was moved or renamed is recognized by its content, and a
copy is the same photo at a second place. Files that cannot be read are listed with the reason.

\b
  kith add ~/Pictures /media/phone/DCIM
  kith add ~/Pictures --watch

See who there is with `kith people`; to sort into folders by reference pictures, `kith sort`.

\b
Exit status:
  0    done; refused files are listed
  3    a PATH does not exist; nothing was added
  4    with --strict: done, but files were refused
  5    the library cannot be used, or its disk is full; what was added stays
  6    the model files can neither be found nor had
  130  interrupted; nothing is lost
"""


@click.command("add", help=_HELP, short_help="Index photos in place and find the people in them.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--watch", is_flag=True, help="Then keep watching, and add what arrives.")
@click.option("--workers", type=click.IntRange(min=0), help="Photos at once; 0 is one per core.")
@click.option("--strict", is_flag=True, help="Answer 4 if files were refused.")
@pack_option
@json_option
@library_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    paths: tuple[Path, ...],
    settings: Settings,
    watch: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import listening, progress_bar, remark
    from kith.compose import open_library
    from kith.pipeline.add import Step, add

    with listening() as ears, open_library(settings, writing=True, ears=ears) as library:
        _check_watch(paths, watch)
        with progress_bar("Adding") as advance:

            def listener(step: Step) -> None:
                advance(step.done, step.total)

            report = add(library, paths, listener)
        _show(report, settings, as_json=as_json)
        if watch:
            from kith.pipeline.watch import watch_folders

            remark("Watching. Press Ctrl-C to stop.")
            for later in watch_folders(library, paths):
                _show(later, settings, as_json=as_json)
    context.exit(4 if strict and report.refused else 0)


def _check_watch(paths: tuple[Path, ...], watch: bool) -> None:
    for path in paths:
        if watch and path.exists() and not path.is_dir():
            raise click.UsageError(f"--watch wants folders, and {path} is a file.")


def _show(report: AddReport, settings: Settings, *, as_json: bool) -> None:
    from kith.cli.output import print_json, remark, say

    if as_json:
        print_json(_document(report, settings))
        return
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
