"""``kith faces``: the faces of a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings

_HELP = """The faces of one photo of the library, the largest first.

PHOTO is the path of a file, a photo id, or the beginning of one. Boxes are parts of the upright
picture: left, top, width, height.

\b
  kith faces ~/Pictures/party.jpg
  kith faces 3fa9c1 --json

For a picture that is not in the library, `kith find`.

\b
Exit status: 0 done; 3 the library has no such photo; 5 it cannot be used.
"""


@click.command("faces", help=_HELP, short_help="The faces of one photo of the library.")
@click.argument("photo")
@json_option
@library_options
def command(*, photo: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import name_of, print_json, print_table, say
    from kith.compose import open_catalog
    from kith.pipeline.export import face_json, person_json
    from kith.pipeline.people import faces_of, find_photo

    with open_catalog(settings) as catalog:
        found = find_photo(catalog, photo)
        faces = faces_of(catalog, found.id)
    if as_json:
        rows = [
            face_json(one.face) | {"person": person_json(one.person) if one.person else None}
            for one in faces
        ]
        print_json({"photo_id": found.id, "faces": rows})
        return
    say(f"{len(faces)} faces in photo {found.id} ({found.width} x {found.height})")
    lines = [
        (
            name_of(one.person),
            " ".join(f"{part:.3f}" for part in (box.left, box.top, box.width, box.height)),
            f"{one.face.detail.confidence:.1f} %",
            f"{one.face.detail.quality.overall:.0f} %",
            one.face.id,
        )
        for one in faces
        for box in [one.face.box]
    ]
    if lines:
        print_table(("person", "box", "confidence", "quality", "face id"), lines)
