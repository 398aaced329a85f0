"""``kith renditions``: resized copies of photos, as the settings ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options
from kith.cli.queries import pointing

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.photo import PhotoId
    from kith.pipeline.renditions.make import RenderReport

_HELP = """Make the resized copies that the settings ask for, of photos that lack them.

`kith add` and `kith watch` make them of what arrives; this is for photos from before, and after a
change of the settings. Copies are upright, in sRGB, and say nothing of places, cameras and people
unless the settings say otherwise. They are called by when a photo was taken. Interrupt it whenever
you like: what is there is not made again. With a QUERY, of the photos that it means.

The settings file says which, each in a table of its own; see docs/configuration.md:

\b
  [renditions.web]
  to = "/srv/www/photos"     # or "s3://bucket/prefix"
  long_side = 2048

\b
  kith renditions
  kith renditions 'person:Ana taken:2024'

\b
Exit status:
  0    done; photos of which none could be made are listed
  2    there are none in the settings, or copies would lie where photos are added from
  4    with --strict: done, but of some photos none could be made
  5    there is no library, or copies cannot be written
  8    a store cannot be reached, or refuses
  130  interrupted; nothing is lost
"""


@click.command(
    "renditions", help=_HELP, short_help="Make the resized copies that the settings ask for."
)
@click.argument("query", default="")
@click.option("--workers", type=click.IntRange(min=0), help="Photos at once; 0 is one per core.")
@click.option("--strict", is_flag=True, help="Answer 4 if of some photos none could be made.")
@json_option
@library_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    query: str,
    settings: Settings,
    strict: bool,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json
    from kith.compose import open_records
    from kith.pipeline.albums.photos import photos_matching

    if not settings.renditions:
        raise click.UsageError("The settings ask for no renditions; see docs/configuration.md.")
    photo_ids: Sequence[PhotoId] | None = None
    if query:
        with open_records(settings) as records, pointing():
            photo_ids = photos_matching(records, query)
    reports = make_renditions(settings, photo_ids)
    if as_json:
        print_json({name: _document(report) for name, report in reports.items()})
    else:
        say_renditions(reports)
    context.exit(4 if strict and any(one.refused for one in reports.values()) else 0)


def make_renditions(
    settings: Settings,
    photo_ids: Collection[PhotoId] | None = None,
    listener: Callable[[int, int], None] | None = None,
) -> Mapping[str, RenderReport]:
    """Make what is lacking of these photos, or of all; by the names of the renditions.

    Without a listener, a bar shows how far it is.
    """
    from kith.cli.output import progress_bar
    from kith.compose.renditions import open_darkroom
    from kith.pipeline.renditions.make import make_lacking

    reports: dict[str, RenderReport] = {}
    with open_darkroom(settings) as room:
        for one in room.renderings:
            with progress_bar(f"Making {one.name}") as advance:
                reports[one.name] = make_lacking(
                    room.records.catalog,
                    room.originals,
                    one,
                    photo_ids,
                    listener or advance,
                    workers=settings.worker_count,
                )
    return reports


def say_renditions(reports: Mapping[str, RenderReport]) -> None:
    """What was made, in sentences."""
    from kith.cli.output import say

    for name, report in reports.items():
        say(f"{name}: {report.made:,} copies made; {report.there:,} were there already")
        for photo_id, reason in report.refused:
            say(f"  photo {photo_id[:12]}: {reason}")


def _document(report: RenderReport) -> dict[str, object]:
    refused = [{"photo": photo_id, "reason": reason} for photo_id, reason in report.refused]
    return {"made": report.made, "there": report.there, "refused": refused}
