"""``kith people``: who is in the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.ports.catalog import PersonSummary

_HELP = """Who is in the library: list, show, name, sheet.

Without a word behind it, lists everyone: the named first, then those in most photos. A PERSON is a
name, an id, or the beginning of an id with at least four characters.

\b
  kith people
  kith people sheet people.html
  kith people name 1f3a0c "Ana Lima"
  kith people show Ana

To ask about a picture, `kith find`.

\b
Exit status:
  0  done
  2  the PERSON could be several people, or the name is empty
  3  there is no such person
  5  there is no library yet, or it cannot be used
"""

_LIST_HELP = """List everyone, the named first, then those in most photos.

People in a single photo are counted but not listed, unless --all is given: among the guests of a
large party most are strangers.

\b
  kith people list --all --json

\b
Exit status: 0 done; 5 the library cannot be used.
"""

_SHOW_HELP = """The photos that show one person, best fitting first.

Similarity says how well the face fits the person's other faces, in percent; the last ones in the
list are those to look at twice.

\b
  kith people show Ana
  kith people show 1f3a0c --json

\b
Exit status: 0 done; 2 it could be several people; 3 there is nobody like that.
"""

_NAME_HELP = """Give a person a name, or take it away with --no-name.

The name is a decision of yours: it is kept in the library's journal, and survives new photos and
new looks at the old ones.

\b
  kith people name 1f3a0c "Ana Lima"
  kith people name "Ana Lima" Ana

\b
Exit status: 0 done; 2 it could be several people; 3 there is nobody like that.
"""

_SHEET_HELP = """Write a contact sheet: a row of faces for everyone, as a page or as one picture.

Half of a row are the faces that fit best, half those that fit worst: if one of these is somebody
else, grouping went wrong there. OUT ends with .html or .jpg.

\b
  kith people sheet people.html
  kith people sheet people.jpg --least-photos 3

\b
Exit status: 0 done; 2 OUT ends differently; 5 the library cannot be used.
"""


class _People(click.Group):
    """A group that lists everyone if nothing else is asked."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` before options that stand alone."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(
    "people", cls=_People, help=_HELP, short_help="Who is in the library: list, show, name, sheet."
)
def command() -> None:
    """The group."""


@command.command("list", help=_LIST_HELP, short_help="List everyone.")
@click.option("--all", "everyone", is_flag=True, help="Also those in a single photo.")
@json_option
@library_options
def list_(*, settings: Settings, everyone: bool, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import name_of, print_json, print_table, say
    from kith.compose import open_catalog
    from kith.pipeline.people import list_people

    with open_catalog(settings) as catalog:
        people = list_people(catalog)
    if as_json:
        print_json([_summary(one) for one in people])
        return
    shown = [one for one in people if everyone or one.person.name or one.photo_count > 1]
    rows = [(name_of(one.person), one.photo_count, one.person.id) for one in shown]
    if rows:
        print_table(("person", "photos", "id"), rows)
    rest = len(people) - len(shown)
    if rest:
        say(f"and {rest} people in one photo each (--all lists them)")
    if not people:
        say("Nobody yet. Add photos with: kith add PATH")


@command.command("show", help=_SHOW_HELP, short_help="The photos that show one person.")
@click.argument("person")
@json_option
@library_options
def show(*, person: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import name_of, print_json, print_table, say
    from kith.compose import open_catalog
    from kith.pipeline.export import person_json
    from kith.pipeline.people import find_person, photos_of

    with open_catalog(settings) as catalog:
        found = find_person(catalog, person)
        photos = photos_of(catalog, found)
    if as_json:
        rows = [
            {
                "photo_id": one.photo.id,
                "places": [place.path for place in one.places],
                "face_id": one.appearance.face_id,
                "similarity": round(one.appearance.similarity, 2),
                "confirmed": one.appearance.confirmed,
            }
            for one in photos
        ]
        print_json(person_json(found) | {"photos": rows})
        return
    say(f"{name_of(found)}, {len(photos)} photos, id {found.id}")
    lines = [
        (f"{one.appearance.similarity:.1f} %", one.places[0].path if one.places else "(file gone)")
        for one in photos
    ]
    print_table(("similarity", "photo"), lines)


@command.command("name", help=_NAME_HELP, short_help="Give a person a name.")
@click.argument("person")
@click.argument("name", required=False)
@click.option("--no-name", is_flag=True, help="Take the name away.")
@json_option
@library_options
def name_(
    *, person: str, name: str | None, no_name: bool, settings: Settings, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    if (name is None) != no_name:
        raise click.UsageError("Say the NAME, or --no-name to take it away.")
    import getpass

    from kith.cli.output import name_of, print_json, say
    from kith.compose import open_catalog
    from kith.pipeline.export import person_json
    from kith.pipeline.people import find_person, name_person

    with open_catalog(settings, writing=True) as catalog:
        before = find_person(catalog, person)
        name_person(catalog, before, name, by=getpass.getuser())
        after = catalog.person(before.id)
    if as_json:
        print_json(person_json(after))
    else:
        say(f"{name_of(before)} is now {name_of(after)}")


@command.command("sheet", help=_SHEET_HELP, short_help="Everyone's faces, as a page or a picture.")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--faces", type=click.IntRange(1, 12), default=12, show_default=True, help="Faces in a row."
)
@click.option(
    "--least-photos",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Leave out people in fewer photos.",
)
@json_option
@library_options
def sheet(*, out: Path, faces: int, least_photos: int, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    suffix = out.suffix.lower()
    if suffix not in {".html", ".htm", ".jpg", ".jpeg"}:
        raise click.UsageError(f"{out} must end with .html or .jpg.")
    from kith.cli.output import print_json, progress_bar, say
    from kith.compose import limits_of, open_catalog, open_derived
    from kith.pipeline.crops import Crops
    from kith.pipeline.sheet import as_html, as_jpeg, sheet_rows

    with open_catalog(settings) as catalog, progress_bar("Cutting faces") as advance:
        crops = Crops(catalog, open_derived(settings), limits_of(settings))
        rows = sheet_rows(
            catalog, crops, faces_each=faces, least_photos=least_photos, listener=advance
        )
        if suffix.startswith(".htm"):
            out.write_text(as_html(rows), encoding="utf-8")
        else:
            out.write_bytes(as_jpeg(rows))
    if as_json:
        print_json({"out": str(out), "byte_size": out.stat().st_size})
    else:
        say(f"Wrote {out}")


def _summary(one: PersonSummary) -> dict[str, Any]:
    from kith.pipeline.export import person_json

    return person_json(one.person) | {
        "photos": one.photo_count,
        "faces": one.face_count,
        "cover_face_id": one.cover,
    }
