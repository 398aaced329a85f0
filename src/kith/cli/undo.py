"""``kith undo``: take decisions back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings

_HELP = """Take decisions back: those of these numbers, or else the newest one.

Everything that was decided can be undone, however long ago, a merge or a reset included; what was
decided since stays. People, names and faces are then as if the decision had never been made.
`kith history` lists decisions with their numbers. Called again without a number, it takes back the
one before.

\b
  kith undo
  kith undo 12
  kith undo 12 14 15

To undo an undo, name its own number, which `kith history` shows.

\b
Exit status:
  0  done
  2  the decision does not count any more: it was undone or set aside before
  3  there is no decision of that number, or nothing to undo
  5  there is no library yet, or it cannot be used
"""


@click.command("undo", help=_HELP, short_help="Take a decision back, whichever it was.")
@click.argument("numbers", metavar="[N]...", nargs=-1, type=click.IntRange(min=1))
@json_option
@library_options
def command(*, numbers: tuple[int, ...], settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.history import entry_document
    from kith.cli.output import print_json, say
    from kith.cli.telling import Watch, author, moves_json
    from kith.compose import open_catalog
    from kith.pipeline.decisions.journal_entries import take_back

    with open_catalog(settings, writing=True) as catalog:
        watch = Watch(catalog)
        done = take_back(catalog, numbers, by=author())
        if as_json:
            undone = [entry_document(entry) for entry in done.entries]
            print_json({"undone": undone, "moved": moves_json(done.effect)})
            return
        for entry in done.entries:
            say(f"Took back {entry.number}: {entry.text}")
        watch.say_moves(done.effect)
