"""``kith faces``: the faces of a photo, and those that are nobody's to name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.groups import DefaultGroup
from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kith.config import Settings
    from kith.domain.photo import Photo
    from kith.pipeline.decisions.decide import Effect
    from kith.pipeline.people import PhotoFace
    from kith.ports.catalog import Catalog

_HELP = """The faces of a photo; and what is to be said of them, or of all faces in it.

PHOTO is the path of a file, a photo id, or the beginning of one. A FACE is a face's id, or its
beginning with at least four characters, as `kith faces PHOTO` prints it.

\b
  kith faces ~/Pictures/party.jpg
  kith faces not-a-face 5c1d88f0
  kith faces strangers ~/Pictures/market.jpg
  kith faces repeats ~/Pictures/mirror.jpg

`kith faces show PHOTO` is the long form of the first. To say who a face is or is not,
`kith people confirm` and `kith people not`; for a picture that is not in the library, `kith find`.

\b
Exit status:
  0  done
  2  the id could be several photos or faces, or there is nothing to be said
  3  the library has no such photo or face
  5  there is no library yet, or it cannot be used
"""

_SHOW_HELP = """The faces of one photo of the library, the largest first.

PHOTO is the path of a file, a photo id, or the beginning of one. Boxes are parts of the upright
picture: left, top, width, height. A face is a person's, nobody's, a stranger's, or not a face.

\b
  kith faces show ~/Pictures/party.jpg
  kith faces ~/Pictures/party.jpg      the same
  kith faces 3fa9c1 --json

For a picture that is not in the library, `kith find`.

\b
Exit status: 0 done; 3 the library has no such photo; 5 it cannot be used.
"""

_NOT_A_FACE_HELP = """What was found here is no face: a statue, a pattern, a poster.

It is nobody's from then on, and nobody is asked about it. `kith people confirm PERSON FACE` takes
it for a face again, and so does `kith undo`.

\b
  kith faces not-a-face 5c1d88f0
  kith faces party.jpg                prints the face ids

\b
Exit status: 0 done; 2 the beginning of an id is several faces'; 3 there is no such face; 5 the
library cannot be used.
"""

_STRANGERS_HELP = """Everyone without a name in these photos is a stranger.

For a market, a concert, a street: their faces are nobody's from then on, and nobody is asked about
them. Faces of people with a name stay as they are; so name your own people first, or
`kith people confirm` them later.

\b
  kith faces strangers ~/Pictures/market.jpg
  kith faces strangers ~/Pictures/concert/*.jpg

\b
Exit status: 0 done; 2 nobody without a name is in these photos; 3 the library has no such
photo; 5 it cannot be used.
"""

_REPEATS_HELP = """One person may appear several times in this PHOTO: a mirror, a collage.

Two faces of one photo are two people, Kith takes for granted. Where that is wrong, because the
photo shows a mirror, several pictures side by side, or a photo of a photo, say so here; then say of
both faces who they are. --no takes it back.

\b
  kith faces repeats ~/Pictures/mirror.jpg
  kith people confirm Ana 5c1d 88f0
  kith faces repeats ~/Pictures/mirror.jpg --no

\b
Exit status: 0 done; 3 the library has no such photo; 5 it cannot be used.
"""


@click.group(
    "faces",
    cls=DefaultGroup,
    default="show",
    takes_arguments=True,
    help=_HELP,
    short_help="The faces of a photo; strangers, and what is no face.",
)
def command() -> None:
    """The group."""


@command.command("show", help=_SHOW_HELP, short_help="The faces of one photo of the library.")
@click.argument("photo")
@json_option
@library_options
def show(*, photo: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json
    from kith.compose import open_catalog
    from kith.pipeline.export import face_json, person_json
    from kith.pipeline.people import faces_of, find_photo

    with open_catalog(settings) as catalog:
        found = find_photo(catalog, photo)
        faces = faces_of(catalog, found.id)
        standings = catalog.standings([one.face.id for one in faces])
    if as_json:
        rows = [
            face_json(one.face)
            | {
                "person": person_json(one.person) if one.person else None,
                "standing": standings.get(one.face.id),
            }
            for one in faces
        ]
        print_json({"photo_id": found.id, "faces": rows})
        return
    _print_faces(found, [(one, standings.get(one.face.id, "")) for one in faces])


def _print_faces(photo: Photo, faces: Sequence[tuple[PhotoFace, str]]) -> None:
    from kith.cli.output import name_of, print_table, say
    from kith.pipeline.decisions.wording import SHORT_ID

    say(f"{len(faces)} faces in photo {photo.id} ({photo.width} x {photo.height})")
    lines = [
        (
            name_of(one.person) if one.person else standing or "nobody",
            one.face.id[:SHORT_ID],
            " ".join(f"{part:.3f}" for part in (box.left, box.top, box.width, box.height)),
            f"{one.face.detail.confidence:.1f} %",
            f"{one.face.detail.quality.overall:.0f} %",
        )
        for one, standing in faces
        for box in [one.face.box]
    ]
    if lines:
        print_table(("person", "face id", "box", "confidence", "quality"), lines)


@command.command("not-a-face", help=_NOT_A_FACE_HELP, short_help="What was found is no face.")
@click.argument("faces", metavar="FACE...", nargs=-1, required=True)
@json_option
@library_options
def not_a_face_(*, faces: tuple[str, ...], settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.telling import author
    from kith.pipeline.decisions.corrections import not_a_face
    from kith.pipeline.decisions.find_faces import find_faces

    def decide(catalog: Catalog) -> tuple[str, Effect]:
        found = find_faces(catalog, faces)
        effect = not_a_face(catalog, [face.id for face in found], by=author())
        what = "it is no face" if len(found) == 1 else f"these {len(found)} are no faces"
        return f"Noted: {what}", effect

    _decide(settings, decide, as_json=as_json)


@command.command("strangers", help=_STRANGERS_HELP, short_help="All without a name are strangers.")
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True)
@json_option
@library_options
def strangers_(*, photos: tuple[str, ...], settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.telling import author
    from kith.domain.decision import faces_in
    from kith.pipeline.decisions.corrections import strangers
    from kith.pipeline.decisions.wording import counted
    from kith.pipeline.people import find_photo

    def decide(catalog: Catalog) -> tuple[str, Effect]:
        photo_ids = list(dict.fromkeys(find_photo(catalog, each).id for each in photos))
        effect = strangers(catalog, photo_ids, by=author())
        found = [face for decision in effect.decisions for face in faces_in(decision.said)]
        are = "is a stranger" if len(found) == 1 else "are strangers"
        where = counted(photo_ids, "photo")
        return f"Noted: {counted(found, 'face')} in {where} {are}", effect

    _decide(settings, decide, as_json=as_json)


@command.command("repeats", help=_REPEATS_HELP, short_help="A photo may show someone twice.")
@click.argument("photo")
@click.option("--no", "forbidden", is_flag=True, help="It shows each person only once after all.")
@json_option
@library_options
def repeats_(*, photo: str, forbidden: bool, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.telling import author
    from kith.pipeline.decisions.corrections import repeats
    from kith.pipeline.people import find_photo

    def decide(catalog: Catalog) -> tuple[str, Effect]:
        found = find_photo(catalog, photo)
        effect = repeats(catalog, found.id, not forbidden, by=author())
        how = "shows each person only once" if forbidden else "may show one person several times"
        return f"Noted: photo {found.id[:8]} {how}", effect

    _decide(settings, decide, as_json=as_json)


def _decide(
    settings: Settings, decide: Callable[[Catalog], tuple[str, Effect]], *, as_json: bool
) -> None:
    """Make a decision, and present what it says and what it changed."""
    from kith.cli.output import print_json, say
    from kith.cli.telling import Watch, moves_json
    from kith.compose import open_catalog

    with open_catalog(settings, writing=True) as catalog:
        watch = Watch(catalog)
        said, effect = decide(catalog)
        if as_json:
            print_json({"moved": moves_json(effect)})
            return
        say(said)
        watch.say_moves(effect)
