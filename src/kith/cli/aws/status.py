"""``kith aws status``: how the deployment fares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.aws.common import deployment_options
from kith.cli.options import json_option

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.deployment.facts import Deployment
    from kith.pipeline.deployment.standing import Case, Standing

_HELP = """How the deployment fares: what waits, what is stuck and why, and how its functions do.

Photos that failed five times are set aside; of each is said why, from the log of the function, or
where that says nothing, from a look at the photo. Nothing is changed: `kith aws redrive` has them
tried again. Figures of AWS are some minutes late.

\b
  kith aws status
  kith aws status --json
  kith aws status --strict > /dev/null || echo "photos are stuck"

\b
Exit status:
  0  done
  2  keys of AWS, or the extra, are lacking
  3  there is no deployment, or its queues are gone
  4  with --strict: photos were set aside, or events did not arrive
  8  AWS cannot be reached, or refuses
"""


@click.command("status", help=_HELP, short_help="What waits, what is stuck and why.")
@click.option(
    "--most",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Look at so many of the photos that were set aside.",
)
@click.option("--strict", is_flag=True, help="Answer 4 if something was set aside.")
@json_option
@deployment_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    most: int,
    strict: bool,
    folder: Path,
    settings: Settings,  # noqa: ARG001 - every command has settings
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json
    from kith.compose.deployment import find_deployment, open_instruments
    from kith.lambdas.messages import created_objects
    from kith.pipeline.deployment.standing import standing

    deployment = find_deployment(folder)

    def reading(body: str) -> Sequence[str]:
        created = created_objects(body, deployment.originals, but=deployment.derived)
        return [each.address for each in created]

    with open_instruments(deployment, reading) as instruments:
        found = standing(instruments, most)
    if as_json:
        print_json(_document(deployment, found))
    else:
        _show(deployment, found)
    context.exit(4 if strict and (found.depth.failed or found.depth.undelivered) else 0)


def _show(deployment: Deployment, found: Standing) -> None:
    from kith.cli.output import remark, say

    if deployment.album_url:
        say(f"Album:   {deployment.album_url}")
    if (library := found.library) is not None:
        say(
            f"Library: {library.photos:,} photos, {library.people:,} people, "
            f"{library.faces:,} faces, {library.problems:,} files refused"
        )
    depth = found.depth
    say(f"Queue:   {depth.waiting:,} wait, {depth.in_flight:,} are worked on")
    say(f"Aside:   {depth.failed:,} failed, {depth.undelivered:,} did not arrive")
    _show_cases(found.cases, depth.failed)
    _show_functions(found)
    for line in found.remarks:
        remark(f"warning: {line}")


def _show_cases(cases: Sequence[Case], failed: int) -> None:
    from kith.cli.output import say

    for case in cases:
        what = ", ".join(case.addresses) or "an announcement of nothing"
        say(f"  {what}, announced {case.sent_at:%Y-%m-%d %H:%M} UTC")
        say(f"    {case.reason}")
    if failed > len(cases):
        say(f"  and {failed - len(cases):,} more; --most shows more")
    if failed:
        say("  Mend what can be mended, then: kith aws redrive")


def _show_functions(found: Standing) -> None:
    from kith.cli.output import print_table, say

    if not found.functions:
        return
    say("Functions in the last hour:")
    print_table(
        ("function", "calls", "errors", "throttled"),
        [(role, each.calls, each.errors, each.throttles) for role, each in found.functions.items()],
    )


def _document(deployment: Deployment, found: Standing) -> dict[str, Any]:
    from dataclasses import asdict

    functions = found.functions
    return {
        "album_url": deployment.album_url,
        "originals": deployment.photos,
        "queue": asdict(found.depth),
        "set_aside": [
            {
                "addresses": list(case.addresses),
                "sent_at": case.sent_at.isoformat(),
                "reason": case.reason,
            }
            for case in found.cases
        ],
        "functions": functions and {role: asdict(each) for role, each in functions.items()},
        "library": found.library and asdict(found.library),
        "remarks": list(found.remarks),
    }
