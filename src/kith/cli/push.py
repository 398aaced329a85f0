"""``kith push``: give decisions and photos to a library elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import PLACE, json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.exchange.sending import Sent

_HELP = """Give this library's decisions to one elsewhere: to a deployment on AWS, or a bucket.

TO is the folder of a deployment (`kith aws deploy`); without it, the one that the setting
`deployment` names. What you named and corrected here counts there, too, for photos are known by
their content; where the two disagree, what was said later counts. Decisions that are there already
change nothing, so it may be done as often as you like. With --photos, photos that are lacking there
are sent before: their faces are looked at when they arrive, and decisions on them take effect then.

TO may also be an address, s3://BUCKET/PREFIX: then the decisions are put into the file
kith-journal.jsonl there, besides those that it holds, for others to `kith pull`.

\b
  kith push
  kith push --photos
  kith push s3://family/kith

\b
Exit status:
  0    done; refused files are listed
  2    keys of AWS, or the extra, are lacking; or what is there is no journal
  3    there is no such deployment or bucket
  5    this library or the one there cannot be used
  8    AWS cannot be reached, or refuses; what was sent stays
  130  interrupted; the same command goes on where it stopped
"""


@click.command("push", help=_HELP, short_help="Give decisions and photos to AWS or a bucket.")
@click.argument("to", required=False, type=PLACE)
@click.option("--photos", is_flag=True, help="Send photos that are lacking there, too.")
@json_option
@library_options
def command(*, to: Path | str | None, photos: bool, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json

    if isinstance(to, str):
        document, sent = _to_bucket(to, settings, photos=photos)
    else:
        document, sent = _to_deployment(to or settings.deployment, settings, photos=photos)
    if as_json:
        print_json(document | {"photos": sent and _photos_document(sent)})
    else:
        _show(document, sent)


def _to_deployment(
    folder: Path, settings: Settings, *, photos: bool
) -> tuple[dict[str, Any], Sent | None]:
    from kith.cli.output import progress_bar
    from kith.compose import limits_of, open_catalog
    from kith.compose.arrivals import open_depot
    from kith.compose.deployment import find_deployment, open_cloud
    from kith.pipeline.exchange.decisions import bring
    from kith.pipeline.exchange.sending import send_photos

    deployment = find_deployment(folder.expanduser().absolute())
    sent = None
    with open_catalog(settings) as catalog, open_cloud(deployment) as cloud:
        if photos:
            with open_depot(deployment.photos) as depot, progress_bar("Sending") as advance:
                sent = send_photos(catalog, cloud.catalog, depot, limits_of(settings), advance)
        done = bring(catalog, cloud.catalog)
    return {"new": done.new, "known": done.known, "waiting": done.waiting}, sent


def _to_bucket(
    address: str, settings: Settings, *, photos: bool
) -> tuple[dict[str, Any], Sent | None]:
    from kith.cli.output import progress_bar
    from kith.compose import limits_of, open_catalog
    from kith.compose.arrivals import open_depot
    from kith.compose.deployment import open_meeting
    from kith.pipeline.exchange.decisions import bring_to_file
    from kith.pipeline.exchange.sending import send_photos

    sent = None
    with open_catalog(settings) as catalog, open_meeting(address) as storage:
        if photos:
            with open_depot(address) as depot, progress_bar("Sending") as advance:
                sent = send_photos(catalog, None, depot, limits_of(settings), advance)
        new, known = bring_to_file(catalog, storage)
    return {"new": new, "known": known, "waiting": 0}, sent


def _show(document: dict[str, Any], sent: Sent | None) -> None:
    from kith.cli.output import say
    from kith.pipeline.decisions.wording import counted

    if sent is not None:
        report = sent.report
        say(
            f"{len(report.sent):,} photos sent, {report.sent_bytes / 1e6:,.1f} MB; "
            f"{report.unchanged:,} of those that are lacking lie there already"
        )
        if sent.elsewhere:
            say(f"{sent.elsewhere:,} lie in a store, and not on this machine; they were not sent")
        for problem in report.refused:
            say(f"  {problem.name}: {problem.reason}. {problem.advice}".rstrip())
    new, known = counted(document["new"], "new decision"), document["known"]
    say(f"{new} there; {known:,} were there already")
    if document["waiting"]:
        say(f"  {document['waiting']:,} are about photos that are not there yet, and wait for them")


def _photos_document(sent: Sent) -> dict[str, Any]:
    report = sent.report
    return {
        "lacking": sent.lacking,
        "elsewhere": sent.elsewhere,
        "sent": report.sent,
        "sent_bytes": report.sent_bytes,
        "unchanged": report.unchanged,
        "refused": [
            {"path": one.name, "reason": one.reason, "advice": one.advice} for one in report.refused
        ],
    }
