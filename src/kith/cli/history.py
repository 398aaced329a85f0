"""``kith history``: what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.decisions.journal_entries import Entry

_HELP = """What was decided in this library: each name, merge and correction, the newest last.

Every line has a number, which never changes: `kith undo 12` takes decision 12 back. Nothing is ever
erased from the journal: what was undone stays in it, and is marked, and undoing is a decision with
a number, too.

\b
  kith history
  kith history --limit 100
  kith history --all --json

To take the journal to another machine, `kith journal export`.

\b
Exit status: 0 done; 5 there is no library yet, or it cannot be used.
"""


@click.command("history", help=_HELP, short_help="What was decided, and whether it was undone.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The newest so many."
)
@click.option("--all", "everything", is_flag=True, help="The whole journal.")
@json_option
@library_options
def command(*, limit: int, everything: bool, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, print_table, remark, say
    from kith.compose import open_catalog
    from kith.pipeline.decisions.journal_entries import entries

    with open_catalog(settings) as catalog:
        journal = entries(catalog)
    shown = journal if everything else journal[-limit:]
    if as_json:
        print_json([entry_document(entry) for entry in shown])
        return
    if not journal:
        say("Nothing was decided yet. Say who somebody is with: kith people name PERSON NAME")
        return
    rows = [
        (
            entry.number,
            f"{entry.decision.at.astimezone():%Y-%m-%d %H:%M}",
            entry.decision.by,
            entry.text,
            _fate(entry),
        )
        for entry in shown
    ]
    print_table(("no.", "when", "who", "what", ""), rows)
    if len(shown) < len(journal):
        remark(f"and {len(journal) - len(shown)} before these (--all lists them)")


def entry_document(entry: Entry) -> dict[str, Any]:
    """An entry of the journal as JSON."""
    from kith.domain.journal import to_json

    return {
        "number": entry.number,
        "at": entry.decision.at.isoformat(),
        "by": entry.decision.by,
        "text": entry.text,
        "undone_by": entry.undone_by,
        "set_aside_by": entry.set_aside_by,
        "decision": to_json(entry.decision),
    }


def _fate(entry: Entry) -> str:
    if entry.undone_by is not None:
        return f"undone by {entry.undone_by}"
    if entry.set_aside_by is not None:
        return f"set aside by {entry.set_aside_by}"
    return ""
