"""``kith upload``: send a folder's pictures to a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.uploading import UploadReport

_HELP = """Send the pictures in FOLDER to s3://BUCKET/PREFIX.

Each goes byte for byte, under its path below the FOLDER, with the content type of what it is. What
is there already is not sent again: it is compared by its checksum. Under a key that holds something
else nothing is written, unless --replace says so. Large files go in parts. Your files are only
read, and nothing is taken away from the bucket.

With --upright, JPEGs go instead of the files: upright, and without what the files say of places,
cameras and people. A HEIC becomes IMG.HEIC.jpg.

Which store it is and who asks is taken from AWS_ENDPOINT_URL_S3, AWS_PROFILE and the other
variables of AWS; see docs/arriving.md. Interrupt it whenever you like: the same command goes on
where it stopped. To have the photos in a library, too, `kith add s3://BUCKET/PREFIX`.

\b
  kith upload ~/Pictures s3://holidays/2024 --plan
  kith upload ~/Pictures s3://holidays/2024

\b
Exit status:
  0    done; refused files are listed
  3    there is no such FOLDER, or no such bucket
  4    with --strict: done, but files were refused, or other things are kept under their keys
  8    the store cannot be reached, or refuses; what was sent stays
  130  interrupted; nothing is lost
"""


@click.command("upload", help=_HELP, short_help="Send a folder's pictures to a bucket.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("address")
@click.option("--upright", is_flag=True, help="Send upright JPEGs without metadata instead.")
@click.option("--replace", is_flag=True, help="Write over what is kept under the same keys.")
@click.option("--plan", is_flag=True, help="Send nothing; say what would be sent.")
@click.option("--strict", is_flag=True, help="Answer 4 if something was not sent.")
@json_option
@settings_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    folder: Path,
    address: str,
    settings: Settings,
    as_json: bool,
    **chosen: bool,
) -> None:
    """Parse, call the pipeline, present."""
    manner = {name: chosen[name] for name in ("upright", "replace", "plan")}
    report = send(folder, address, settings, as_json=as_json, **manner)
    wanting = report.refused or report.differing
    context.exit(4 if chosen["strict"] and wanting else 0)


def send(
    folder: Path, address: str, settings: Settings, *, as_json: bool, **manner: bool
) -> UploadReport:
    """Call the pipeline, present. ``manner`` is that of ``kith.pipeline.uploading``."""
    from kith.cli.output import print_json, progress_bar
    from kith.compose import limits_of
    from kith.compose.arrivals import open_depot
    from kith.pipeline.uploading import Manner, upload

    chosen = Manner(**manner)
    with open_depot(address) as depot, progress_bar("Sending") as advance:
        report = upload(folder, depot, chosen, limits_of(settings), advance)
    if as_json:
        print_json(_document(report, address))
    else:
        _show(report, address, planned=chosen.plan)
    return report


def _show(report: UploadReport, address: str, *, planned: bool) -> None:
    from kith.cli.output import say

    if planned:
        for key in report.sent:
            say(f"  {key}")
    did = "would be sent" if planned else "sent"
    say(
        f"{len(report.sent):,} files {did} to {address}, {report.sent_bytes / 1e6:,.1f} MB; "
        f"{report.unchanged:,} are there already"
    )
    if report.left_alone:
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.left_alone.most_common(8))
        say(f"Left alone, no pictures: {kinds}")
    if report.differing:
        say(f"Something else is kept under {len(report.differing):,} keys; see --replace:")
    for key in report.differing:
        say(f"  {key}")
    if report.refused:
        say(f"Refused, {len(report.refused):,}:")
    for problem in report.refused:
        say(f"  {problem.path}: {problem.reason}. {problem.advice}".rstrip())


def _document(report: UploadReport, address: str) -> dict[str, object]:
    return {
        "address": address,
        "seen": report.seen,
        "sent": report.sent,
        "sent_bytes": report.sent_bytes,
        "unchanged": report.unchanged,
        "differing": report.differing,
        "left_alone": dict(report.left_alone),
        "refused": [
            {"path": str(one.path), "reason": one.reason, "advice": one.advice}
            for one in report.refused
        ],
    }
