"""``kith find``: who is in a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import json_option, library_options, min_similarity_option, pack_option

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.people import Recognized

_HELP = """Who is in this picture, and which photos of the library show them.

PICTURE is any picture file; it is only looked at, and not kept. Every face in it is looked up, the
largest first, and the photos that show it are listed with their similarity, best first.

\b
  kith find party.jpg
  kith find selfie.heic --min-similarity 90 --limit 500 --json

It does not add the picture to the library: that is `kith add`. To compare just two pictures,
`kith compare`.

\b
Exit status:
  0  somebody was found
  3  the picture shows no face, or nobody whom the library knows
  4  the picture cannot be read
  5  there is no library yet, or it cannot be used
  6  the model files cannot be had
"""


@click.command("find", help=_HELP, short_help="Who is in this picture, and which photos show them.")
@click.argument("picture", type=click.Path(path_type=Path, dir_okay=False))
@min_similarity_option
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Photos per face."
)
@pack_option
@json_option
@library_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    picture: Path,
    settings: Settings,
    min_similarity: float,
    limit: int,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import listening, print_json
    from kith.compose import limits_of, open_library
    from kith.imaging.picture import Picture
    from kith.pipeline.people import find

    with listening() as ears, open_library(settings, ears=ears) as library:
        asked = Picture.open(picture, limits_of(settings))
        faces = find(library, asked, min_similarity=min_similarity, limit=limit)
    if as_json:
        print_json({"picture": str(picture), "faces": [_document(face) for face in faces]})
    else:
        _show(picture, faces)
    context.exit(0 if any(face.photos for face in faces) else 3)


def _show(picture: Path, faces: list[Recognized]) -> None:
    from kith.cli.output import name_of, print_table, say

    if not faces:
        say(f"{picture} shows no face.")
    for number, face in enumerate(faces, start=1):
        box = face.detail.box
        where = (
            f"at {box.left + box.width / 2:.0%} from the left, {box.top + box.height / 2:.0%} down"
        )
        if not face.photos:
            say(f"Face {number} of {len(faces)} ({where}): nobody the library knows")
            continue
        say(f"Face {number} of {len(faces)} ({where}): {name_of(face.person)}")
        rows = [
            (f"{photo.similarity:.1f} %", photo.places[0].path if photo.places else "(file gone)")
            for photo in face.photos
        ]
        print_table(("similarity", "photo"), rows)


def _document(face: Recognized) -> dict[str, Any]:
    from kith.pipeline.export import detail_json, person_json

    return detail_json(face.detail) | {
        "person": person_json(face.person) if face.person else None,
        "similarity": round(face.similarity, 2),
        "photos": [
            {
                "photo_id": photo.photo_id,
                "places": [place.path for place in photo.places],
                "similarity": round(photo.similarity, 2),
            }
            for photo in face.photos
        ],
    }
