"""``kith aws backfill``: announce photos that were in the bucket before."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.aws.common import deployment_options
from kith.cli.options import json_option

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.announcing import Announced
    from kith.pipeline.deployment.facts import Deployment
    from kith.ports.sources import PhotoSource

_HELP = """Announce the photos that lie in the bucket of originals already.

Only new objects make themselves known: what was there before the deployment, or came while its rule
was gone, is put into the queue here. Only names are read, a thousand at a time. A photo that is
known already costs next to nothing; the others cost what new ones do.

Millions are better listed by S3 Inventory, which writes the list itself: --inventory names the
manifest.json of one, as CSV.

Interrupt it whenever you like: the same command goes on where it stopped.

\b
  kith aws backfill
  kith aws backfill --inventory s3://lists/originals/all/2026-11-20T01-00Z/manifest.json

\b
Exit status:
  0    done
  2    that is no manifest of an inventory of this bucket; keys of AWS or the extra are lacking
  3    there is no deployment, or no such manifest
  8    AWS cannot be reached, or refuses; what was announced is
  130  interrupted
"""


@click.command("backfill", help=_HELP, short_help="Announce photos that were there before.")
@click.option("--inventory", metavar="ADDRESS", help="Manifest of an inventory: s3://...json.")
@json_option
@deployment_options
def command(*, inventory: str | None, folder: Path, settings: Settings, as_json: bool) -> None:  # noqa: ARG001 - every command has settings
    """Parse, call the pipeline, present."""
    from dataclasses import asdict

    from kith.cli.output import print_json, progress_bar, say
    from kith.compose.deployment import find_deployment, open_cloud
    from kith.pipeline.announcing import ToldProgress, announce_all

    deployment = find_deployment(folder)
    with (
        open_cloud(deployment) as cloud,
        _source(deployment, cloud.source, inventory) as source,
        progress_bar("Announcing") as advance,
    ):
        under = inventory or deployment.photos

        def heard(announced: Announced) -> None:
            advance(announced.photos, None)

        progress = ToldProgress(cloud.storage, under, heard)
        done = announce_all(source, cloud.queue, progress, under)
    if as_json:
        print_json(asdict(done))
        return
    say(f"{done.photos:,} photos are announced; {done.others:,} other objects were passed over")
    say("`kith aws status` says how far the functions are with them.")


@contextmanager
def _source(
    deployment: Deployment, bucket: PhotoSource, inventory: str | None
) -> Generator[PhotoSource]:
    from kith.compose.deployment import open_inventory

    if inventory is None:
        yield bucket
        return
    with open_inventory(deployment) as source:
        yield source
