"""``kith journal``: all decisions as a file."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.decision import Decision

_HELP = """Everything that was decided, as a file: to keep it, or to take it to another library.

Decisions name faces by photo and place in it, not by what this library calls them. So they mean the
same on another machine, after a new start, and with another model, as long as the photos are the
same files.

\b
  kith journal export names.jsonl
  kith journal import names.jsonl

What was decided, `kith history` lists.

\b
Exit status:
  0  done
  2  the file is no journal, or cannot be written
  3  the file is not there
  5  there is no library yet, or it cannot be used
"""

_EXPORT_HELP = """Write all decisions to OUT, or to stdout where OUT is "-" or missing.

One JSON object a line (JSON Lines), the oldest decision first. The file holds the names that you
gave, and where in which photos the faces are; no pictures, no paths and nothing biometric. An
earlier OUT is replaced as a whole.

\b
  kith journal export names.jsonl
  kith journal export | gzip > names.jsonl.gz

\b
Exit status: 0 done; 2 OUT cannot be written; 5 the library cannot be used.
"""

_IMPORT_HELP = """Take over the decisions of FILE, which `kith journal export` wrote; "-" is stdin.

They are added to this library's own; where two disagree, the later one counts. Decisions that are
here already change nothing, so a file may be imported twice. Decisions on photos that this library
does not have are kept, and take effect when `kith add` brings the photo. If a line cannot be
understood, nothing at all is imported.

\b
  kith journal import names.jsonl
  gunzip -c names.jsonl.gz | kith journal import -

`kith history` lists them afterwards, and `kith undo` takes single ones back.

\b
Exit status: 0 done; 2 FILE is no journal, or one of a newer Kith; 3 there is no such file; 5
the library cannot be used.
"""


@click.group("journal", help=_HELP, short_help="Decisions as a file: export, import.")
def command() -> None:
    """The group."""


@command.command("export", help=_EXPORT_HELP, short_help="Write all decisions to a file.")
@click.argument("out", default="-", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@library_options
def export(*, out: Path, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.compose import open_catalog
    from kith.pipeline.decisions.journal_file import journal_lines, write_journal
    from kith.pipeline.decisions.wording import counted

    with open_catalog(settings) as catalog:
        if str(out) == "-":
            for line in journal_lines(catalog):
                click.echo(line, nl=False)
            return
        count = write_journal(catalog, out)
    if as_json:
        print_json({"out": str(out), "decisions": count})
    else:
        say(f"Wrote {counted(count, 'decision')} to {out}")


@command.command("import", help=_IMPORT_HELP, short_help="Take over the decisions of a file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@library_options
def import_(*, file: Path, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.cli.telling import Watch, moves_json
    from kith.compose import open_catalog
    from kith.pipeline.decisions.journal_file import import_journal
    from kith.pipeline.decisions.wording import counted

    with open_catalog(settings, writing=True) as catalog:
        decisions = _read(file)
        watch = Watch(catalog)
        done = import_journal(catalog, decisions)
        if as_json:
            counts = {"new": done.new, "known": done.known}
            waiting = {"waiting": done.waiting, "partly_waiting": done.partly_waiting}
            print_json(counts | waiting | {"moved": moves_json(done.effect)})
            return
        say(f"{counted(done.new, 'new decision')}; {done.known:,} were here already")
        if done.waiting:
            say(f"  {done.waiting:,} are about photos that are not here (yet), and wait for them")
        if done.partly_waiting:
            say(f"  {done.partly_waiting:,} mention such photos, too, and count for the others")
        watch.say_moves(done.effect)


def _read(file: Path) -> list[Decision]:
    from kith.cli.output import progress_bar
    from kith.pipeline.decisions.journal_file import read_journal

    with _opened(file) as stream, progress_bar("Reading") as advance:
        total = sum(1 for _ in stream) if stream.seekable() else 0
        if total:
            stream.seek(0)

        def listener(number: int) -> None:
            if total and (number % 100 == 0 or number == total):
                advance(number, total)

        return read_journal(stream, "stdin" if str(file) == "-" else str(file), listener)


@contextmanager
def _opened(file: Path) -> Generator[IO[bytes]]:
    from kith.domain.errors import NotFoundError, UsageError

    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except FileNotFoundError:
        raise NotFoundError(
            f"There is no file {file}", "Write one with `kith journal export`."
        ) from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror})") from error
    with stream:
        yield stream
