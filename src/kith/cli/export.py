"""``kith export``: what the library knows, for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from kith.cli.options import library_options
from kith.cli.queries import pointing

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
without faces has one row. docs/cli.md describes the fields. Your photos are not copied. With
--query only the photos that the query means are written; see `kith photos`.

With --xmp the names go to other programs instead: as face regions (Metadata Working Group) in
sidecars, IMG.jpg.xmp, beside the photos, or with --out DIR in a tree of the same folders. What else
a sidecar holds stays. --embed writes them into the photos themselves, with the program exiftool:
the one command of Kith that changes photos. A changed file is another photo, so add the folder
again afterwards.

\b
  kith export > library.jsonl
  kith export --query 'person:"Ana" taken:2024' > ana.jsonl
  kith export --out findings
  kith export --csv > faces.csv
  kith export --xmp
  kith export --xmp --out sidecars

\b
Exit status: 0 done; 2 the query cannot be understood, or options contradict each other; 5 the
library cannot be used, or DIR cannot be written to.
"""


@click.command(
    "export", help=_HELP, short_help="Write what the library knows as JSON, CSV or sidecars."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A file per photo.")
@click.option("--query", help="Only the photos that this query means.")
@click.option("--csv", "form", flag_value="csv", help="One row per face.")
@click.option("--xmp", "form", flag_value="xmp", help="Names as face regions, in sidecars.")
@click.option("--embed", "form", flag_value="embed", help="The same, into the photos themselves.")
@click.option(
    "--json", "as_json", is_flag=True, help="JSON Lines, as anyway; with --xmp, the report."
)
@library_options
def command(
    *, settings: Settings, out: Path | None, query: str | None, form: str | None, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    if form == "csv" and (out or as_json):
        raise click.UsageError("--csv goes to stdout, and not with --out or --json.")
    if form in {"xmp", "embed"}:
        if query is not None:
            raise click.UsageError("--xmp writes the names of all photos, and not with --query.")
        if out and form == "embed":
            raise click.UsageError("--embed writes into the photos, and not with --out.")
        _write_xmp(settings, out, embed=form == "embed", as_json=as_json)
        return
    from kith.compose import open_records
    from kith.pipeline.albums.photos import photos_matching

    with open_records(settings) as records, pointing():
        photo_ids = None if query is None else photos_matching(records, query)
        if out:
            _write_files(records.catalog, photo_ids, out)
            return
        lines = _csv_lines if form == "csv" else _json_lines
        for line in lines(records.catalog, photo_ids):
            click.echo(line, nl=False)


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
        say(f"  {problem.path} {problem.reason}. {problem.advice}".rstrip())


def _report_json(report: XmpReport) -> dict[str, object]:
    return {
        "written": [str(path) for path in report.written],
        "unchanged": report.unchanged,
        "renamed": [
            {"path": str(one.path), "before": one.before, "now": one.now} for one in report.renamed
        ],
        "problems": [
            {"path": str(one.path), "reason": one.reason, "advice": one.advice}
            for one in report.problems
        ],
    }


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
