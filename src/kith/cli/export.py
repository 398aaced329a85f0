"""``kith export``: what the library knows, for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.ports.catalog import Catalog

_HELP = """Write what the library knows: one JSON document per photo, with its faces and people.

Without --out the documents go to stdout, one per line (JSON Lines). With --out DIR every photo gets
a file of its own, DIR/<photo id>.json. With --csv there is one row per face instead; a photo
without faces has one row. docs/cli.md describes the fields. Your photos are not copied.

\b
  kith export > library.jsonl
  kith export --out findings
  kith export --csv > faces.csv

\b
Exit status: 0 done; 5 the library cannot be used, or DIR cannot be written to.
"""


@click.command("export", help=_HELP, short_help="Write what the library knows as JSON or CSV.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A file per photo.")
@click.option("--csv", "as_csv", is_flag=True, help="One row per face.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines; this is what it does anyway.")
@library_options
def command(*, settings: Settings, out: Path | None, as_csv: bool, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    if as_csv and (out or as_json):
        raise click.UsageError("--csv goes to stdout, and not with --out or --json.")
    from kith.compose import open_catalog

    with open_catalog(settings) as catalog:
        if out:
            _write_files(catalog, out)
            return
        for line in _csv_lines(catalog) if as_csv else _json_lines(catalog):
            click.echo(line, nl=False)


def _json_lines(catalog: Catalog) -> Iterator[str]:
    import json

    from kith.pipeline.export import export_photos

    for document in export_photos(catalog):
        yield json.dumps(document) + "\n"


def _csv_lines(catalog: Catalog) -> Iterator[str]:
    from kith.cli.output import printable
    from kith.pipeline.export import CSV_COLUMNS, export_rows

    line = io.StringIO()
    writer = csv.DictWriter(line, CSV_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in export_rows(catalog):
        writer.writerow(row)
        yield printable(line.getvalue())
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _write_files(catalog: Catalog, out: Path) -> None:
    import json

    from kith.adapters.storage.filesystem import FilesystemStorage
    from kith.cli.output import say
    from kith.pipeline.export import export_photos

    storage = FilesystemStorage(out)
    count = 0
    for count, document in enumerate(export_photos(catalog), start=1):  # noqa: B007 - the last one
        text = json.dumps(document, indent=1)
        storage.write(f"{document['photo_id']}.json", text.encode(), durable=False)
    say(f"Wrote {count} files to {out}")
