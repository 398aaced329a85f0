"""``kith aws redrive``: have what failed tried again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.aws.common import deployment_options
from kith.cli.options import json_option

if TYPE_CHECKING:
    from kith.config import Settings

_HELP = """Have the photos that were set aside tried again.

A photo that failed five times waits in a queue of its own; here it goes back to the queue of
photos, and so do events that never came as far. `kith aws status` says why they failed: what was
not mended fails again. Nothing is lost where this is interrupted, and doing a photo twice does no
harm.

\b
  kith aws status
  kith aws redrive

\b
Exit status:
  0  done, or nothing was set aside
  2  keys of AWS, or the extra, are lacking
  3  there is no deployment, or its queues are gone
  8  AWS cannot be reached, or refuses
"""


@click.command("redrive", help=_HELP, short_help="Have what failed tried again.")
@json_option
@deployment_options
def command(*, folder: Path, settings: Settings, as_json: bool) -> None:  # noqa: ARG001 - every command has settings
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.compose.deployment import find_deployment, open_backlog

    with open_backlog(find_deployment(folder)) as backlog:
        count = backlog.redrive()
    if as_json:
        print_json({"redriven": count})
    elif count:
        say(f"{count:,} announcements are back in the queue")
    else:
        say("Nothing was set aside")
