"""``kith people``: the group of its commands."""

from __future__ import annotations

import click

from kith.cli.groups import DefaultGroup

_HELP = """Who is in the library; and setting it right where Kith mixed somebody up.

Without a word behind it, lists everyone: the named first, then those in most photos. A PERSON is a
name, an id, or the beginning of an id with at least four characters. A FACE is a face's id or its
beginning; `kith people show` and `kith faces` print them.

\b
  kith people
  kith people sheet people.html
  kith people name 1f3a0c "Ana Lima"
  kith people show Ana
  kith people merge 77ab 90f2 Ana
  kith people not Ana 5c1d

Whatever you say is kept in a journal: `kith history` lists it, and `kith undo` takes it back. For
faces that are nobody's to name, such as passers-by, `kith faces`; to ask about a picture,
`kith find`.

\b
Exit status:
  0  done
  2  the PERSON could be several people, or what was said cannot be
  3  there is no such person or face
  5  there is no library yet, or it cannot be used
"""


@click.group(
    "people",
    cls=DefaultGroup,
    default="list",
    help=_HELP,
    short_help="Who is in the library; name, merge, split and correct them.",
)
def command() -> None:
    """The group."""
