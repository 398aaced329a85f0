"""``kith export``: what the library knows, for other programs; and albums as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from kith.cli.options import library_options
from kith.cli.queries import QueryCommand, pointing, query_argument, query_option

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.photo import PhotoId
    from kith.pipeline.portable.export_xmp import XmpReport
    from kith.ports.catalog import Catalog

_PhotoIds: TypeAlias = "Sequence[PhotoId] | None"
"""The photos that are asked for; ``None`` for all."""

_HELP = """Write what the library knows: one JSON document per photo, with its faces and people.

Without --out the documents go to stdout, one per line (JSON Lines). With --out DIR every photo gets
a file of its own, DIR/<photo id>.json. With --csv there is one row per face instead; a photo
without faces has one row. docs/cli.md describes the fields. Your photos are not copied. With a
QUERY only the photos that it means are written; see `kith photos`.

With --findings DIR every photo gets a file, DIR/<photo id>.json, of another kind: with its labels,
text, colors and what its camera wrote, too. docs/findings.md and a JSON Schema describe it. DIR may
be s3://BUCKET/PREFIX; which store that is, docs/arriving.md says. What is there already, and would
be written as it is, is left alone: run it again to go on, or to bring the files up to date.

With --xmp the names go to other programs instead: as face regions (Metadata Working Group) in
sidecars, IMG.jpg.xmp, beside the photos, or with --out DIR in a tree of the same folders. What else
a sidecar holds stays. --embed writes them into the photos themselves, with the program exiftool:
the one command of Kith that changes photos. A changed file is another photo, so add the folder
again afterwards.

With --site DIR the photos become an album that any web host or bucket serves: the page, pictures in
two sizes, and nothing that needs a server. Guests see the photos and when they were taken; --people
adds who is in them, --downloads the photos themselves, without what their files say, --location
and --exif what they say. Run it again to bring the site up to date: what is there already stays,
and photos that the query does not mean any more go. No file that Kith did not write is touched.

\b
  kith export > library.jsonl
  kith export 'person:"Ana" taken:2024' > ana.jsonl
  kith export --out findings
  kith export --findings metadata 'taken:2024'
  kith export --findings s3://holidays/findings
  kith export --csv > faces.csv
  kith export --xmp
  kith export --xmp --out sidecars
  kith export --site sea --title "The sea" --people 'album:"Sea"'

\b
Exit status: 0 done; 2 the query cannot be understood, options contradict each other, or DIR holds
files of others; 3 there is no such bucket; 5 the library cannot be used, or DIR cannot be written
to.
"""


_NAMES = frozenset({"xmp", "embed"})
"""Forms that are of people's names."""

_SITE_FLAGS = {
    "people": "--site: who is in the photos, with their names.",
    "downloads": "--site: the photos to take home, bare of what their files say.",
    "location": "--site: where the photos were taken.",
    "exif": "--site: what else their files say, as cameras.",
    "jpeg": "--site: pictures as JPEG and not as WebP, half as large again.",
}


def _site_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, told in reversed(_SITE_FLAGS.items()):
        command = click.option(f"--{name}", is_flag=True, help=told)(command)
    command = click.option("--title", help="--site: what is read above the photos.")(command)
    folder = click.Path(path_type=Path, file_okay=False)
    return click.option("--site", type=folder, help="An album as files for a web host.")(command)


@click.command(
    "export",
    cls=QueryCommand,
    help=_HELP,
    short_help="Write what the library knows, or an album as a site.",
)
@query_argument(required=False)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A file per photo.")
@query_option
@click.option(
    "--findings",
    metavar="DIR|s3://BUCKET/PREFIX",
    help="A file per photo with all that was found in it.",
)
@click.option("--csv", "form", flag_value="csv", help="One row per face.")
@click.option("--xmp", "form", flag_value="xmp", help="Names as face regions, in sidecars.")
@click.option("--embed", "form", flag_value="embed", help="The same, into the photos themselves.")
@click.option(
    "--json", "as_json", is_flag=True, help="JSON Lines, as anyway; --xmp, --site: the report."
)
@_site_options
@library_options
def command(  # noqa: PLR0913 - one argument for each option
    *,
    settings: Settings,
    query: str,
    asked: str | None,
    out: Path | None,
    form: str | None,
    as_json: bool,
    site: Path | None,
    findings: str | None,
    **chosen: Any,
) -> None:
    """Parse, call the pipeline, present."""
    if query and asked:
        raise click.UsageError("QUERY and --query are the same: say one of them.")
    query = query or asked or ""
    flags = [name for name, value in chosen.items() if value]
    _refuse(
        {
            "--site goes with none of --out, --csv, --xmp and --embed.": site and (out or form),
            "--findings goes with none of the other forms.": findings and (out or form or site),
            f"--{'/'.join(flags)} goes with --site.": flags and site is None,
            "--csv goes to stdout, and not with --out or --json.": form == "csv"
            and (out or as_json),
            "--xmp writes the names of all photos, and not of a query.": form in _NAMES and query,
            "--embed writes into the photos, and not with --out.": form == "embed" and out,
        }
    )
    if findings is not None:
        _write_findings(settings, query, findings, as_json=as_json)
    elif site is not None:
        from kith.cli.export_site import write_site

        write_site(settings, site, query, chosen, as_json=as_json)
    elif form in _NAMES:
        _write_xmp(settings, out, embed=form == "embed", as_json=as_json)
    else:
        _write_documents(settings, query, out, csv=form == "csv")


def _refuse(contradictions: Mapping[str, object]) -> None:
    """Say the first of these that holds."""
    for message, holds in contradictions.items():
        if holds:
            raise click.UsageError(message)


def _write_xmp(settings: Settings, out: Path | None, *, embed: bool, as_json: bool) -> None:
    from kith.cli.output import print_json, say
    from kith.compose import open_catalog
    from kith.pipeline.portable.export_xmp import write_into_photos, write_sidecars

    with open_catalog(settings) as catalog:
        report = write_into_photos(catalog) if embed else write_sidecars(catalog, out)
    if as_json:
        print_json(_report_json(report))
        return
    what = "photos" if embed else "sidecars"
    say(f"{len(report.written)} {what} written, {report.unchanged} said everything already")
    for renamed in report.renamed:
        say(f"  {renamed.path}: {renamed.before} is now {renamed.now}")
    if report.problems:
        say(f"Not written, {len(report.problems)}:")
    for problem in report.problems:
        say(f"  {problem.name} {problem.reason}. {problem.advice}".rstrip())


def _report_json(report: XmpReport) -> dict[str, object]:
    return {
        "written": [str(path) for path in report.written],
        "unchanged": report.unchanged,
        "renamed": [
            {"path": str(one.path), "before": one.before, "now": one.now} for one in report.renamed
        ],
        "problems": [
            {"path": one.name, "reason": one.reason, "advice": one.advice}
            for one in report.problems
        ],
    }


def _write_documents(settings: Settings, query: str, out: Path | None, *, csv: bool) -> None:
    from kith.compose import open_records
    from kith.pipeline.albums.photos import photos_matching

    with open_records(settings) as records, pointing():
        photo_ids = photos_matching(records, query) if query else None
        if out:
            _write_files(records.catalog, photo_ids, out)
            return
        lines = _csv_lines if csv else _json_lines
        for line in lines(records.catalog, photo_ids):
            click.echo(line, nl=False)


def _write_findings(settings: Settings, query: str, where: str, *, as_json: bool) -> None:
    from kith.cli.output import print_json, progress_bar, say
    from kith.compose import count, open_records, originals_of
    from kith.compose.places import open_storage
    from kith.pipeline.albums.photos import photos_matching
    from kith.pipeline.findings.documents import findings_documents
    from kith.pipeline.findings.publish import publish

    counts, pack = count(settings)
    with (
        open_records(settings) as records,
        pointing(),
        open_storage(where) as storage,
        progress_bar("Writing") as advance,
    ):
        photo_ids = photos_matching(records, query) if query else None
        total = counts.photos if photo_ids is None else len(photo_ids)
        documents = findings_documents(records, originals_of(settings), photo_ids, face_engine=pack)
        report = publish(documents, storage, lambda done: advance(done, total))
    if as_json:
        told = {"written": report.written, "unchanged": report.unchanged}
        print_json({"folder": where} | told)
    else:
        say(f"Wrote {report.written:,} files to {where}; {report.unchanged:,} were there already")


def _json_lines(catalog: Catalog, photo_ids: _PhotoIds) -> Iterator[str]:
    import json

    from kith.pipeline.export import export_photos

    for document in export_photos(catalog, photo_ids):
        yield json.dumps(document) + "\n"


def _csv_lines(catalog: Catalog, photo_ids: _PhotoIds) -> Iterator[str]:
    from kith.cli.output import printable
    from kith.pipeline.export import CSV_COLUMNS, export_rows

    line = io.StringIO()
    writer = csv.DictWriter(line, CSV_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in export_rows(catalog, photo_ids):
        writer.writerow(row)
        yield printable(line.getvalue())
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _write_files(catalog: Catalog, photo_ids: _PhotoIds, out: Path) -> None:
    import json

    from kith.adapters.storage.filesystem import FilesystemStorage
    from kith.cli.output import say
    from kith.pipeline.export import export_photos

    storage = FilesystemStorage(out)
    count = 0
    for count, document in enumerate(export_photos(catalog, photo_ids), start=1):  # noqa: B007 - the last one
        text = json.dumps(document, indent=1)
        storage.write(f"{document['photo_id']}.json", text.encode(), durable=False)
    say(f"Wrote {count} files to {out}")
