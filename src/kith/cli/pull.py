"""``kith pull``: take decisions and photos from a library elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import PLACE, json_option, library_options

if TYPE_CHECKING:
    from kith.cli.telling import Watch
    from kith.config import Settings
    from kith.pipeline.decisions.journal_file import Imported
    from kith.pipeline.exchange.fetching import Fetched
    from kith.ports.catalog import Catalog

_HELP = """Take over the decisions of a library elsewhere: of a deployment on AWS, or from a bucket.

FROM is the folder of a deployment (`kith aws deploy`); without it, the one that the setting
`deployment` names. What was named and corrected there counts here, too, for photos are known by
their content; where the two disagree, what was said later counts. Decisions that are here already
change nothing, so it may be done as often as you like. Those on photos that are not here wait for
them.

With --photos, photos that this library lacks are written into FOLDER first, and nothing there is
written over; `kith add FOLDER` then makes them the library's.

FROM may also be an address, s3://BUCKET/PREFIX, where `kith push` left decisions; the photos there
`kith add s3://BUCKET/PREFIX` adds.

\b
  kith pull
  kith pull --photos ~/Pictures/from-aws
  kith pull s3://family/kith

\b
Exit status:
  0    done; photos that were refused are listed
  2    keys of AWS, or the extra, are lacking; or what is there is no journal
  3    there is no such deployment, or nothing was left at the address
  5    this library or the one there cannot be used
  8    AWS cannot be reached, or refuses; what was written stays
  130  interrupted; the same command goes on where it stopped
"""


@click.command("pull", help=_HELP, short_help="Take decisions and photos from AWS or a bucket.")
@click.argument("from_", metavar="[FROM]", required=False, type=PLACE)
@click.option(
    "--photos",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write photos that are lacking here into this folder.",
)
@json_option
@library_options
def command(
    *, from_: Path | str | None, photos: Path | None, settings: Settings, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json
    from kith.cli.telling import Watch, moves_json
    from kith.compose import open_catalog

    if isinstance(from_, str) and photos is not None:
        raise click.UsageError(f"Photos from an address are added: kith add {from_}")
    with open_catalog(settings, writing=True) as catalog:
        watch = Watch(catalog)
        if isinstance(from_, str):
            done, fetched = _from_bucket(from_, catalog), None
        else:
            done, fetched = _from_deployment(from_ or settings.deployment, catalog, photos)
        if as_json:
            counts = {"new": done.new, "known": done.known, "waiting": done.waiting}
            moved = {"moved": moves_json(done.effect)}
            print_json(counts | moved | {"photos": fetched and _photos_document(fetched)})
            return
        _show(done, fetched, photos, watch)


def _from_deployment(
    folder: Path, catalog: Catalog, photos: Path | None
) -> tuple[Imported, Fetched | None]:
    from kith.cli.output import progress_bar
    from kith.compose.deployment import find_deployment, open_cloud
    from kith.pipeline.exchange.decisions import bring
    from kith.pipeline.exchange.fetching import fetch_photos

    fetched = None
    with open_cloud(find_deployment(folder.expanduser().absolute())) as cloud:
        if photos is not None:
            with progress_bar("Fetching") as advance:
                fetched = fetch_photos(cloud.catalog, cloud.source, catalog, photos, advance)
        return bring(cloud.catalog, catalog), fetched


def _from_bucket(address: str, catalog: Catalog) -> Imported:
    from kith.compose.deployment import open_meeting
    from kith.pipeline.exchange.decisions import bring_from_file

    with open_meeting(address) as storage:
        return bring_from_file(storage, catalog)


def _show(done: Imported, fetched: Fetched | None, photos: Path | None, watch: Watch) -> None:
    from kith.cli.output import say
    from kith.pipeline.decisions.wording import counted

    if fetched is not None:
        written = f"{len(fetched.files):,} photos, {fetched.byte_count / 1e6:,.1f} MB"
        say(f"{written}, written to {photos}; {fetched.unchanged:,} were there already")
        for path in fetched.differing:
            say(f"  {path}: another file is there, and was left alone")
        for problem in fetched.refused:
            say(f"  {problem.name}: {problem.reason}. {problem.advice}".rstrip())
    say(f"{counted(done.new, 'new decision')}; {done.known:,} were here already")
    if done.waiting:
        say(f"  {done.waiting:,} are about photos that are not here (yet), and wait for them")
    watch.say_moves(done.effect)
    if fetched is not None and (fetched.files or fetched.unchanged):
        say(f"Then: kith add {photos}")


def _photos_document(fetched: Fetched) -> dict[str, Any]:
    return {
        "written": [str(path) for path in fetched.files],
        "byte_count": fetched.byte_count,
        "unchanged": fetched.unchanged,
        "differing": [str(path) for path in fetched.differing],
        "refused": [
            {"path": one.name, "reason": one.reason, "advice": one.advice}
            for one in fetched.refused
        ],
    }
