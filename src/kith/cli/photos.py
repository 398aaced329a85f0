"""``kith photos``: the photos that a query means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import json_option, library_options
from kith.cli.queries import QueryCommand, pointing, query_argument

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.albums.photos import ListedPhoto

_HELP = """The photos that a QUERY means, in the order in which they were taken.

A query is a row of terms, and a photo must satisfy all of them; "-" before a term asks for the
opposite. Without a query, all photos.

\b
  person:"Ana"              shows Ana; also an id, or the beginning of one
  any:"Ana,Ben"             shows at least one of them
  only:"Ana,Ben"            shows both and nobody else
  unnamed                   shows somebody who has no name yet
  faces:>=4  faces:0        so many faces; also 2..4
  similarity:<90            shows one of the people asked for, less alike than 90 %
  taken:2024-06..2024-08    a year, month or day, or a range; none
  album:"Lisbon"            in this album; every folder is one, see `kith albums`
  path:"~/Pictures/2024"    lies below this folder
  camera:"Pixel"            the camera's name has this in it
  label:dog  label:dog>=80  shows a dog; at least so sure, percent
  text:"gate 12"            has these words written in it

\b
  kith photos 'person:"Ana" person:"Ben" -person:"Carl"'
  kith photos person:Ana -faces:1 --json
  kith photos taken:2024 --paths -0 | xargs -0 cp -t ~/2024

Single quotes keep the query whole in a shell. docs/queries.md tells all of it. To keep a query,
`kith albums save`; to put its photos into folders, `kith sort --query`; to write all that is known
of them, `kith export --query`.

\b
Exit status:
  0  done, also where no photo is meant
  2  the query cannot be understood; the caret shows where
  5  there is no library yet, or it cannot be used
"""


@click.command("photos", cls=QueryCommand, help=_HELP, short_help="The photos that a query means.")
@query_argument(required=False)
@click.option("--limit", type=click.IntRange(min=1), help="Show only the first so many.")
@click.option("--paths", is_flag=True, help="Print nothing but paths, one for each photo.")
@click.option("-0", "--null", is_flag=True, help="Print paths that end with NUL, for xargs -0.")
@json_option
@library_options
def command(
    *,
    query: str,
    limit: int | None,
    paths: bool,
    null: bool,
    settings: Settings,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    if as_json and (paths or null):
        raise click.UsageError("--json prints a document, and --paths or -0 nothing but paths.")
    from kith.compose import open_records
    from kith.pipeline.albums.photos import list_photos, photos_matching

    with open_records(settings) as records, pointing():
        found = photos_matching(records, query, limit=limit)
        photos = list_photos(records, found)
        if as_json:
            _print_json(photos)
        elif paths or null:
            _print_paths(photos, b"\0" if null else b"\n")
        else:
            print_photos(photos)
            _print_count(found)


def print_photos(photos: Iterable[ListedPhoto]) -> None:
    """A line for each photo: when, where, who."""
    from kith.cli.output import say

    for one in photos:
        taken = one.photo.taken_at
        when = taken.strftime("%Y-%m-%d %H:%M") if taken else "no date"
        who = ", ".join(shown.name or f"({shown.person_id[:8]})" for shown in one.people)
        where = one.places[0].path if one.places else f"(file gone: photo {one.photo.id[:8]})"
        say(f"{when:16}  {where}  {who}".rstrip())


def _print_count(found: Sequence[object]) -> None:
    from kith.cli.output import remark

    remark(f"{len(found):,} photos" if len(found) != 1 else "1 photo")


def _print_paths(photos: Iterable[ListedPhoto], end: bytes) -> None:
    """The first place of each photo, in the bytes that the file system knows it by."""
    import os

    from kith.cli.output import remark

    gone = 0
    for one in photos:
        if one.places:
            click.echo(os.fsencode(one.places[0].path) + end, nl=False)
        else:
            gone += 1
    if gone:
        remark(f"{gone:,} photos have no file any more")


def _print_json(photos: Iterable[ListedPhoto]) -> None:
    from kith.cli.output import print_json

    print_json([listed_json(one) for one in photos])


def listed_json(one: ListedPhoto) -> dict[str, Any]:
    """A photo as a document: as ``kith export`` has it, with the people in the place of faces."""
    from kith.pipeline.export import photo_json

    people = [
        {
            "person_id": shown.person_id,
            "name": shown.name,
            "similarity": round(shown.similarity, 2),
        }
        for shown in one.people
    ]
    return photo_json(one.photo, one.places) | {"face_count": one.face_count, "people": people}
