"""``kith findings``: what photos show besides faces, and what is written in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import click

from kith.cli.groups import DefaultGroup
from kith.cli.options import json_option, library_options
from kith.cli.queries import QueryCommand, pointing, query_argument

if TYPE_CHECKING:
    from pathlib import Path

    from kith.compose import Ears
    from kith.config import Settings
    from kith.domain.photo import PhotoId
    from kith.pipeline.albums.records import Records
    from kith.pipeline.findings.kit import Looking
    from kith.pipeline.findings.look import LookReport

_HELP = """What photos show besides faces: labels, text, colors; and all that is known, as JSON.

`kith add` looks for labels and text after the faces, where what it takes is installed: the model
pack `labels` and the extra `text`. Then `kith photos label:dog` and `kith photos 'text:"gate 12"'`
find photos.

\b
  kith models install labels           names what photos show
  pip install 'kith[text]'             reads what is written in them
  kith findings update                 look at the photos that were added before
  kith findings ~/Pictures/dog.jpg     what was found in one photo
  kith findings 'label:dog' --json     the documents of these
  kith findings labels                 every label, and how many photos have it

`kith findings show PHOTO|QUERY` is the long form of the first. To write the documents of many
photos into files, `kith export --findings DIR`; docs/findings.md tells what is in them.

\b
Exit status:
  0  done
  2  the query cannot be understood
  3  the library has no such photo
  5  the library cannot be used
  6  what the settings ask for cannot be had
"""

_SHOW_HELP = """What was found in a photo, or in the photos that a query means.

PHOTO is the path of a file, a photo id, or the beginning of one; anything with a colon is a QUERY,
see `kith photos`. With --json come the documents, which docs/findings.md describes: of a PHOTO one,
of a QUERY a list.

\b
  kith findings show ~/Pictures/dog.jpg
  kith findings ~/Pictures/dog.jpg     the same
  kith findings 'label:dog taken:2024' --json

\b
Exit status: 0 done; 2 the query cannot be understood; 3 there is no such photo; 5 the library
cannot be used.
"""

_UPDATE_HELP = """Look at the photos that were not looked at yet for labels or text.

`kith add` does this for what it adds; here it is done for the whole library, or for the photos of a
QUERY: after the pack `labels` or the extra `text` was installed, or came in a new version. What is
known stays. Interrupt it whenever you like: the same command goes on where it stopped, and other
commands can work meanwhile.

\b
  kith findings update
  kith findings update 'taken:2024'

Whether labels and text are looked for, the settings `labels` and `text` say: auto, on or off.

\b
Exit status: 0 done; 2 the query cannot be understood; 5 the library cannot be used; 6 what the
settings ask for cannot be had, or nothing that looks is installed.
"""

_LABELS_HELP = """Every label of the library's photos, and how many of them have it.

A photo with a label has all its parents, too, so `label:animal` finds dogs.

\b
  kith findings labels
  kith findings labels --json

\b
Exit status: 0 done; 5 the library cannot be used.
"""

_SCHEMA_HELP = """The JSON Schema of the documents, draft 2020-12.

\b
  kith findings schema > findings.schema.json

\b
Exit status: 0 done.
"""

_Found: TypeAlias = "dict[str, Any]"
"""A part of a document."""

_QUERY: Final = re.compile(r"-?(?:[a-z]{2,}:|unnamed\b)", re.IGNORECASE)
"""How a query begins; a path that does so must be written with its folder: ./text:1.jpg."""


@click.group(
    "findings",
    cls=DefaultGroup,
    default="show",
    takes_arguments=True,
    help=_HELP,
    short_help="What photos show besides faces; all of it as JSON.",
)
def command() -> None:
    """The group."""


# -- showing ---------------------------------------------------------------------------------------


@command.command("show", cls=QueryCommand, help=_SHOW_HELP, short_help="What was found in photos.")
@query_argument(required=True)
@json_option
@library_options
def show(*, query: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, remark
    from kith.compose import count, open_records, originals_of
    from kith.pipeline.findings.documents import findings_documents

    is_query = _QUERY.match(query) is not None
    with open_records(settings) as records, pointing():
        photo_ids = _meant(records, query, is_query=is_query)
        _, pack = count(settings)
        found = findings_documents(records, originals_of(settings), photo_ids, face_engine=pack)
        if as_json:
            print_json(list(found) if is_query else next(found))
            return
        for document in found:
            _print(document)
    if is_query:
        remark(f"{len(photo_ids):,} photos" if len(photo_ids) != 1 else "1 photo")


def _meant(records: Records, query: str, *, is_query: bool) -> Sequence[PhotoId]:
    from kith.pipeline.albums.photos import photos_matching
    from kith.pipeline.people import find_photo

    if is_query:
        return photos_matching(records, query)
    return [find_photo(records.catalog, query).id]


def _print(document: dict[str, Any]) -> None:
    """A photo in some lines."""
    from kith.cli.output import say

    places: list[str] = document["source"]["places"]
    say(places[0] if places else f"(file gone: photo {document['photo_id'][:8]})")
    rows = {
        "faces": _who(document["faces"]),
        "labels": _listed(document["labels"], lambda one: f"{one['name']} {one['confidence']:.0f}"),
        "text": _listed(document["text"], lambda one: f'"{one["text"]}"', " / "),
        "colors": _listed(
            _simply(document["colors"]), lambda one: f"{one['name']} {one['percent']:.0f}"
        ),
    }
    for name, said in rows.items():
        say(f"  {name:7}{said}")


def _who(faces: Sequence[dict[str, Any]]) -> str:
    people = [face["person"] for face in faces if face["person"]]
    named = [one["name"] or f"({one['person_id'][:8]})" for one in people]
    nobody = [f"{len(faces) - len(people)} nobody's"] if len(faces) > len(people) else []
    return ", ".join([*named, *nobody]) or "none"


def _simply(colors: Sequence[_Found] | None) -> Sequence[_Found] | None:
    """The colors by their simple names, each once."""
    if colors is None:
        return None
    percents: Counter[str] = Counter()
    for one in colors:
        percents[one["simple_name"]] += one["percent"]
    return [{"name": name, "percent": percent} for name, percent in percents.most_common()]


def _listed(
    found: Sequence[_Found] | None, said: Callable[[_Found], str], between: str = ", "
) -> str:
    if found is None:
        return "not looked for"
    return between.join(said(one) for one in found) or "none"


# -- looking ---------------------------------------------------------------------------------------


@command.command(
    "update",
    cls=QueryCommand,
    help=_UPDATE_HELP,
    short_help="Look at photos that were not looked at yet.",
)
@query_argument(required=False)
@click.option("--workers", type=click.IntRange(min=0), help="Photos at once; 0 is one per core.")
@json_option
@library_options
@click.pass_context
def update(context: click.Context, /, *, query: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import listening, print_json
    from kith.compose.findings import open_looking
    from kith.domain.query_parse import parse_query
    from kith.pipeline.albums.resolve import resolve
    from kith.pipeline.findings.look import lacking

    with listening() as ears, open_looking(settings, ears) as kit, pointing():
        photo_ids = lacking(kit, [resolve(kit.records, parse_query(query))])
        _say_what_is_left_out(kit)
        report = _look(kit, photo_ids)
    if as_json:
        print_json(report_json(report))
    else:
        say_report(report)
    context.exit(0 if kit.versions or settings.labels == settings.text == "off" else 6)


def look_after_adding(
    settings: Settings, paths: Sequence[Path | str], ears: Ears, *, hints: bool
) -> LookReport | None:
    """The second pass over what lies at these paths: for ``kith add``, which it never fails.

    Args:
        settings: where the library lies, and what is looked for.
        paths: what was added.
        ears: who hears of downloads.
        hints: say what could be looked for, and how to have it.

    Returns ``None`` where there was nothing to look for.
    """
    from kith.cli.output import remark
    from kith.compose.findings import open_looking
    from kith.domain.errors import ModelError
    from kith.pipeline.findings.look import below, lacking

    try:
        with open_looking(settings, ears) as kit:
            if hints:
                _say_what_is_left_out(kit)
            photo_ids = lacking(kit, below(paths))
            return _look(kit, photo_ids) if photo_ids else None
    except ModelError as error:
        remark(f"warning: Photos were not looked at. {error.message}. {error.advice}".rstrip())
        return None


def _look(kit: Looking, photo_ids: Sequence[PhotoId]) -> LookReport:
    from kith.cli.output import progress_bar
    from kith.pipeline.findings.look import look

    with progress_bar("Looking") as advance:
        return look(kit, photo_ids, advance)


def _say_what_is_left_out(kit: Looking) -> None:
    from kith.cli.output import remark

    for one in kit.left_out:
        remark(f"No {one.what}: {one.reason}. {one.advice}")


def say_report(report: LookReport) -> None:
    """What became of the photos that were to be looked at, in sentences."""
    from kith.cli.output import say

    if report == type(report)():
        say("Every photo was looked at already")
        return
    say(
        f"{report.looked:,} photos looked at; "
        f"{report.labels:,} labels and {report.lines:,} lines of text found"
    )
    if report.missing:
        say(f"{report.missing:,} photos have no file that can be read; they are left for later")
    if report.unread:
        say(f"Not looked at, {len(report.unread)}:")
    for one in report.unread:
        say(f"  {one.reason}. {one.advice}".rstrip())


def report_json(report: LookReport) -> dict[str, Any]:
    """What became of the photos that were to be looked at."""
    return {
        "looked": report.looked,
        "labels": report.labels,
        "lines": report.lines,
        "missing": report.missing,
        "unread": [
            {"photo_id": one.photo_id, "reason": one.reason, "advice": one.advice}
            for one in report.unread
        ],
    }


# -- what there is ---------------------------------------------------------------------------------


@command.command(
    "labels", help=_LABELS_HELP, short_help="Every label, and how many photos have it."
)
@json_option
@library_options
def labels_(*, settings: Settings, as_json: bool) -> None:
    """Parse, ask, present."""
    from kith.cli.output import print_json, print_table
    from kith.compose import open_records

    with open_records(settings) as records:
        known = records.findings.labels()
    if as_json:
        print_json(
            [
                {"name": one.name, "parents": sorted(one.parents), "photos": one.photo_count}
                for one in known
            ]
        )
        return
    rows = [(one.name, one.photo_count, ", ".join(sorted(one.parents))) for one in known]
    print_table(("label", "photos", "is a kind of"), rows)


@command.command("schema", help=_SCHEMA_HELP, short_help="The JSON Schema of the documents.")
def schema() -> None:
    """Print it."""
    from kith.cli.output import print_json
    from kith.pipeline.findings.document import findings_schema

    print_json(findings_schema())
