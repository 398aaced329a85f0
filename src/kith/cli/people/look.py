"""Looking at people: list, show, sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kith.config import Settings
    from kith.domain.person import Person
    from kith.pipeline.people import PhotoOfPerson
    from kith.ports.catalog import PersonSummary

_LIST_HELP = """List everyone, the named first, then those in most photos.

People in a single photo are counted but not listed, unless --all is given: among the guests of a
large party most are strangers. People whom you hid are listed with --hidden, or --all. With --json
everyone is in the document, and "hidden" says who is.

\b
  kith people list
  kith people list --hidden
  kith people list --all --json

\b
Exit status: 0 done; 5 the library cannot be used.
"""

_SHOW_HELP = """The photos that show one person, best fitting first, and what you said of them.

Similarity says how well the face fits the person's other faces, in percent; the last ones in the
list are those to look at twice. Where one is somebody else, take its face id to
`kith people not PERSON FACE`; where it is right all the same, to `kith people confirm`.

\b
  kith people show Ana
  kith people show 1f3a0c --json

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


@click.command("list", help=_LIST_HELP, short_help="List everyone.")
@click.option("--all", "everyone", is_flag=True, help="Also those in a single photo, and hidden.")
@click.option("--hidden", is_flag=True, help="Also those who are hidden.")
@json_option
@library_options
def list_(*, settings: Settings, everyone: bool, hidden: bool, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.compose import open_catalog
    from kith.pipeline.people import list_people

    with open_catalog(settings) as catalog:
        people = list_people(catalog)
    if as_json:
        print_json([_summary(one) for one in people])
        return
    if not people:
        say("Nobody yet. Add photos with: kith add PATH")
        return
    seen = [one for one in people if everyone or hidden or not one.person.hidden]
    shown = [one for one in seen if everyone or one.person.name or one.photo_count > 1]
    _print_people(shown)
    if len(shown) < len(seen):
        say(f"and {_people(len(seen) - len(shown))} in one photo each (--all lists them)")
    if len(seen) < len(people):
        say(f"and {_people(len(people) - len(seen))} whom you hid (--hidden lists them)")


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _print_people(people: Sequence[PersonSummary]) -> None:
    from kith.cli.output import name_of, print_table
    from kith.pipeline.decisions.wording import SHORT_ID

    rows = [
        (name_of(one.person), one.photo_count, one.person.id[:SHORT_ID], _marks(one.person))
        for one in people
    ]
    if any(marks for *_, marks in rows):
        print_table(("person", "photos", "id", "known"), rows)
    elif rows:
        print_table(("person", "photos", "id"), [row[:-1] for row in rows])


def _marks(person: Person) -> str:
    """What was said of a person besides the name, in words."""
    consent = {True: "agreed to be recognized", False: "refused to be recognized"}
    marks = [
        "hidden" if person.hidden else "",
        f"born {person.born}" if person.born else "",
        "" if person.consent is None else consent[person.consent],
    ]
    return ", ".join(mark for mark in marks if mark)


@click.command("show", help=_SHOW_HELP, short_help="The photos that show one person.")
@click.argument("person")
@json_option
@library_options
def show(*, person: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json
    from kith.cli.telling import person_document
    from kith.compose import open_catalog
    from kith.pipeline.people import find_person, photos_of

    with open_catalog(settings) as catalog:
        found = find_person(catalog, person)
        photos = photos_of(catalog, found)
    if as_json:
        rows = [_photo_document(one, found) for one in photos]
        print_json(person_document(found) | {"photos": rows})
    else:
        _print_person(found, photos)


def _photo_document(one: PhotoOfPerson, person: Person) -> dict[str, Any]:
    return {
        "photo_id": one.photo.id,
        "places": [place.path for place in one.places],
        "face_id": one.appearance.face_id,
        "similarity": round(one.appearance.similarity, 2),
        "confirmed": one.appearance.confirmed,
        "cover": one.appearance.face_id == person.cover,
    }


def _print_person(person: Person, photos: Sequence[PhotoOfPerson]) -> None:
    from kith.cli.output import name_of, print_table, say
    from kith.pipeline.decisions.wording import SHORT_ID, counted

    number = counted(len({one.photo.id for one in photos}), "photo")
    say(f"{name_of(person)}, {number}, id {person.id}")
    if marks := _marks(person):
        say(marks[0].upper() + marks[1:])
    lines = [
        (
            f"{one.appearance.similarity:.1f} %",
            one.appearance.face_id[:SHORT_ID],
            _face_marks(one, person),
            one.places[0].path if one.places else "(file gone)",
        )
        for one in photos
    ]
    if lines:
        print_table(("similarity", "face id", "you said", "photo"), lines)


def _face_marks(one: PhotoOfPerson, person: Person) -> str:
    confirmed = "confirmed" if one.appearance.confirmed else ""
    cover = "cover" if one.appearance.face_id == person.cover else ""
    return ", ".join(mark for mark in (confirmed, cover) if mark)


@click.command("sheet", help=_SHEET_HELP, short_help="Everyone's faces, as a page or a picture.")
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
    from kith.compose import open_catalog, open_derived, originals_of
    from kith.pipeline.crops import Crops
    from kith.pipeline.sheet import as_html, as_jpeg, sheet_rows

    with open_catalog(settings) as catalog, progress_bar("Cutting faces") as advance:
        crops = Crops(catalog, open_derived(settings), originals_of(settings))
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
    from kith.cli.telling import person_document

    return person_document(one.person) | {
        "photos": one.photo_count,
        "faces": one.face_count,
        "cover_face_id": one.cover,
    }


COMMANDS = (list_, show, sheet)
