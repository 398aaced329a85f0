"""What is known of somebody: hide, unhide, cover, born, allow, deny."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.person import Person
    from kith.pipeline.decisions.decide import Effect
    from kith.ports.catalog import Catalog

    Say = Callable[[Catalog, Person], Effect]

_HIDE_HELP = """Leave a PERSON out of lists and questions.

The person's faces stay grouped, and new ones still join, so that they are nobody else's. Someone
who is only a passer-by need not be kept as a person at all: `kith faces strangers`.

\b
  kith people hide 1f3a0c
  kith people list --hidden

\b
Exit status: 0 done; 2 it could be several people; 3 there is nobody like that; 5 the library
cannot be used.
"""

_UNHIDE_HELP = """Show a hidden PERSON again.

\b
  kith people unhide 1f3a0c
  kith people list --hidden

\b
Exit status: 0 done; 2 it could be several people; 3 there is nobody like that; 5 the library
cannot be used.
"""

_COVER_HELP = """Choose the FACE that stands for a PERSON in lists and albums.

Without a choice it is the one of the best quality.

\b
  kith people cover Ana 5c1d
  kith people show Ana               prints the face ids

\b
Exit status: 0 done; 2 the face is somebody else's; 3 there is no such person or face; 5 the
library cannot be used.
"""

_BORN_HELP = """Say when a PERSON was born: no photo taken before that day shows them.

It keeps a child apart from a parent or a brother who looked just the same at that age. DATE is a
day, 1987-05-12. Where you only know the month or the year, 1987-05 or 1987 stands for its first
day. What counts is the date on which the camera says that a photo was taken; photos without one
are not concerned. --unknown takes it back.

\b
  kith people born Ana 2016-03-02
  kith people born "Grandpa Joe" 1931
  kith people born Ana --unknown

\b
Exit status: 0 done; 2 that is no date, or lies in the future; 3 there is nobody like that; 5
the library cannot be used.
"""

_ALLOW_HELP = """Record that a PERSON agreed to be recognized.

\b
  kith people allow Ana

`kith people show` tells it; `kith people deny` records the contrary, `kith undo` takes it back.

\b
Exit status: 0 done; 2 it could be several people; 3 there is nobody like that; 5 the library
cannot be used.
"""

_DENY_HELP = """Record that a PERSON refused to be recognized.

This notes it, and erases nothing: the person's name and faces stay in the library. To erase them,
`kith forget`.

\b
  kith people deny Ana

`kith people show` tells it; `kith people allow` records the contrary, `kith undo` takes it back.

\b
Exit status: 0 done; 2 it could be several people; 3 there is nobody like that; 5 the library
cannot be used.
"""


def _day(context: click.Context, option: click.Parameter, value: str | None) -> date | None:
    """A day, or the first one of a month or a year; not in the future."""
    if value is None:
        return None
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value, re.ASCII):
        message = f"{value!r} is no date such as 1987-05-12, 1987-05 or 1987."
        raise click.BadParameter(message, context, option)
    try:
        day = date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no date: {error}.", context, option) from None
    if day > date.today():  # noqa: DTZ011 - a birthday is of the place where one is
        raise click.BadParameter(f"{value} lies in the future.", context, option)
    return day


@click.command("hide", help=_HIDE_HELP, short_help="Leave a person out of lists.")
@click.argument("person")
@json_option
@library_options
def hide(*, person: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.telling import author
    from kith.pipeline.decisions.corrections import hide_person

    _decide(
        settings,
        person,
        lambda catalog, who: hide_person(catalog, who, True, by=author()),
        "{} is hidden now, and left out of lists and questions",
        as_json=as_json,
    )


@click.command("unhide", help=_UNHIDE_HELP, short_help="Show a hidden person again.")
@click.argument("person")
@json_option
@library_options
def unhide(*, person: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.telling import author
    from kith.pipeline.decisions.corrections import hide_person

    _decide(
        settings,
        person,
        lambda catalog, who: hide_person(catalog, who, False, by=author()),
        "{} is shown in lists again",
        as_json=as_json,
    )


@click.command("cover", help=_COVER_HELP, short_help="Choose the face that stands for a person.")
@click.argument("person")
@click.argument("face")
@json_option
@library_options
def cover(*, person: str, face: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.telling import author
    from kith.pipeline.decisions.corrections import choose_cover
    from kith.pipeline.decisions.find_faces import find_face

    def choose(catalog: Catalog, who: Person) -> Effect:
        found = find_face(catalog, face, of=who)
        return choose_cover(catalog, who, found.id, by=author())

    _decide(settings, person, choose, "That face stands for {} now", as_json=as_json)


@click.command("born", help=_BORN_HELP, short_help="Say when a person was born.")
@click.argument("person")
@click.argument("born", metavar="DATE", required=False, callback=_day)
@click.option("--unknown", is_flag=True, help="Take the date back.")
@json_option
@library_options
def born_(
    *, person: str, born: date | None, unknown: bool, settings: Settings, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    if (born is None) != unknown:
        raise click.UsageError("Say the DATE, or --unknown to take it back.")
    from kith.cli.telling import author
    from kith.pipeline.decisions.corrections import set_birth_date

    _decide(
        settings,
        person,
        lambda catalog, who: set_birth_date(catalog, who, born, by=author()),
        f"{{}} was born on {born}: no photo taken before shows them"
        if born
        else "It is not known any more when {} was born",
        as_json=as_json,
    )


@click.command("allow", help=_ALLOW_HELP, short_help="A person agreed to be recognized.")
@click.argument("person")
@json_option
@library_options
def allow(*, person: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    _consent(settings, person, True, as_json=as_json)


@click.command("deny", help=_DENY_HELP, short_help="A person refused to be recognized.")
@click.argument("person")
@json_option
@library_options
def deny(*, person: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    _consent(settings, person, False, as_json=as_json)


def _consent(settings: Settings, person: str, given: bool, *, as_json: bool) -> None:
    from kith.cli.telling import author
    from kith.pipeline.decisions.corrections import set_consent

    _decide(
        settings,
        person,
        lambda catalog, who: set_consent(catalog, who, given, by=author()),
        f"Noted: {{}} {'agreed' if given else 'refused'} to be recognized",
        as_json=as_json,
    )


def _decide(settings: Settings, which: str, decide: Say, done: str, *, as_json: bool) -> None:
    """Make a decision on a person, and present the person as it is then.

    Args:
        settings: where the library is.
        which: the person, as the user typed it.
        decide: makes the decision.
        done: the sentence to print, with the person's name for ``{}``.
        as_json: print the person and what moved instead.
    """
    from kith.cli.output import name_of, print_json, say
    from kith.cli.telling import Watch, moves_json, person_document
    from kith.compose import open_catalog
    from kith.pipeline.people import find_person

    with open_catalog(settings, writing=True) as catalog:
        who = find_person(catalog, which)
        watch = Watch(catalog)
        effect = decide(catalog, who)
        after = catalog.person(who.id)
        if as_json:
            document = person_document(after) | {"cover_face_id": after.cover}
            print_json(document | {"moved": moves_json(effect)})
            return
        say(done.format(name_of(who)))
        watch.say_moves(effect)


COMMANDS = (hide, unhide, cover, born_, allow, deny)
