"""``kith status``: how much the library holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings

_HELP = """How much the library holds, and where it lies. Quick; loads no models.

\b
  kith status
  kith status --json

Whether everything in it is whole, `kith doctor` says.

\b
Exit status: 0 done; 5 there is no library yet, or it cannot be used.
"""


@click.command("status", help=_HELP, short_help="How much the library holds, and where it lies.")
@json_option
@library_options
def command(*, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from dataclasses import asdict

    from kith.compose import count

    counts, pack = count(settings)
    if as_json:
        from kith.cli.output import print_json

        where = {"library": str(settings.library), "database": settings.database or None}
        print_json(where | {"pack": pack} | asdict(counts))
        return
    where = settings.database or settings.library
    unnamed = counts.people - counts.named_people
    click.echo(f"Library    {where}")
    click.echo(f"Pack       {pack or 'none yet'}")
    click.echo(f"Photos     {counts.photos:,} in {counts.places:,} files")
    click.echo(f"Faces      {counts.faces:,}, {counts.unattributed_faces:,} of them nobody's")
    click.echo(f"People     {counts.named_people:,} named, {unnamed:,} without a name")
    click.echo(
        f"Findings   {counts.labelled_photos:,} photos looked at for labels, "
        f"{counts.read_photos:,} for text"
    )
    click.echo(f"Refused    {counts.problems:,} files")
