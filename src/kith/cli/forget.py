"""``kith forget``: take people, faces or lost photos away for good."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.forget import Forgotten
    from kith.pipeline.library import Library

    Deed: TypeAlias = Callable[[Library], Forgotten]

_HELP = """Take a person away for good: embeddings, crops, appearances, name.

Unlike everything else that you say, this cannot be undone. Kith erases each face of PERSON with its
embedding and crop, the name, and what the journal says of the person, from the database, its older
copies and the search index. In the photos where these faces are, they are not looked at again,
however often you add them; docs/privacy.md says what is kept for that, and what is beyond Kith's
reach: your photos themselves, thumbnails of them, and backups.

A photo that is new shows the face as somebody unknown again: to tell who it is, Kith would have to
keep what it was asked to erase.

\b
  kith forget Ana
  kith forget 1f3a0c12 --yes --json
  kith forget --all-faces        everyone, and every decision; photos stay indexed
  kith forget --lost-photos      photos whose files are all gone, with their faces

\b
Exit status:
  0  done, or nothing to do
  2  PERSON could be several people, or nobody confirmed
  3  there is no such person
  5  the library cannot be used
"""


@click.command("forget", help=_HELP, short_help="Erase a person, all faces, or lost photos.")
@click.argument("person", required=False)
@click.option("--all-faces", is_flag=True, help="Erase every face, person and decision.")
@click.option("--lost-photos", is_flag=True, help="Forget photos whose files are all gone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@library_options
def command(
    *,
    person: str | None,
    all_faces: bool,
    lost_photos: bool,
    yes: bool,
    settings: Settings,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    if [person is not None, all_faces, lost_photos].count(True) != 1:
        raise click.UsageError("Say whom to forget: a PERSON, --all-faces, or --lost-photos.")
    from dataclasses import asdict

    from kith.cli.output import listening, print_json
    from kith.compose import open_library, require_library
    from kith.pipeline.forget import finish_forgetting

    require_library(settings)
    with listening() as ears, open_library(settings, writing=True, ears=ears) as library:
        finish_forgetting(library)
        question, deed = _deed(library, person, all_faces=all_faces)
        if not yes:
            _confirm(question)
        report = deed(library)
    if as_json:
        print_json(asdict(report))
    else:
        _show(report)


def _deed(library: Library, which: str | None, *, all_faces: bool) -> tuple[str, Deed]:
    """What is asked before, and what is done then."""
    from kith.cli.output import name_of
    from kith.pipeline.forget import forget_all_faces, forget_person, forget_photos
    from kith.pipeline.people import find_person, lost_photos, photos_of

    if all_faces:
        counts = library.catalog.counts()
        return (
            f"Erase all {counts.faces} faces, {counts.people} people and every decision?",
            forget_all_faces,
        )
    if which is None:
        lost = lost_photos(library.catalog)
        return f"Forget {len(lost)} photos whose files are gone?", lambda it: forget_photos(
            it, lost
        )
    person = find_person(library.catalog, which)
    photos = photos_of(library.catalog, person)
    return (
        f"Erase {name_of(person)}, with the faces in {len(photos)} photos?",
        lambda it: forget_person(it, person),
    )


def _confirm(question: str) -> None:
    from kith.cli.output import printable

    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to be asked; --yes goes on without.")
    click.confirm(printable(f"{question} This cannot be undone."), abort=True, err=True)


def _show(report: Forgotten) -> None:
    from kith.cli.output import print_table, say

    rows = [
        ("faces with their embeddings", report.faces),
        ("people, with their names", report.people),
        ("decisions removed", report.decisions),
        ("decisions that lost a part", report.rewritten),
        ("crops", report.crops),
        ("thumbnails", report.thumbnails),
        ("older copies of the database", len(report.copies)),
    ]
    print_table(("removed", ""), [row for row in rows if row[1]])
    say(f"In {report.photos} photos. Kept: {report.marks} marks where not to look again.")
