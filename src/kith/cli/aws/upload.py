"""``kith aws upload``: send a folder's pictures to the deployment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.aws.common import deployment_options
from kith.cli.options import json_option

if TYPE_CHECKING:
    from kith.config import Settings

_HELP = """Send the pictures in FOLDER to the deployment's bucket of originals.

Each goes byte for byte, under its path below the FOLDER. What is there already is not sent again,
and nothing is written over unless --replace says so; see `kith upload`, which does the same to any
bucket. The deployment looks at each by itself, a few at a time: `kith aws status` says how far it
is.

\b
  kith aws upload ~/Pictures --plan
  kith aws upload ~/Pictures

\b
Exit status:
  0    done; refused files are listed
  2    keys of AWS, or the extra, are lacking
  3    there is no such FOLDER, or no deployment
  4    with --strict: done, but files were refused, or other things are kept under their keys
  8    AWS cannot be reached, or refuses; what was sent stays
  130  interrupted; the same command goes on where it stopped
"""


@click.command("upload", help=_HELP, short_help="Send a folder's pictures to it.")
@click.argument("pictures", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--upright", is_flag=True, help="Send upright JPEGs without metadata instead.")
@click.option("--replace", is_flag=True, help="Write over what is kept under the same keys.")
@click.option("--plan", is_flag=True, help="Send nothing; say what would be sent.")
@click.option("--strict", is_flag=True, help="Answer 4 if something was not sent.")
@json_option
@deployment_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    pictures: Path,
    folder: Path,
    settings: Settings,
    as_json: bool,
    strict: bool,
    **manner: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.upload import send
    from kith.compose.deployment import find_deployment, in_region

    deployment = find_deployment(folder)
    with in_region(deployment.region):
        report = send(pictures, deployment.photos, settings, as_json=as_json, **manner)
    context.exit(4 if strict and (report.refused or report.differing) else 0)
