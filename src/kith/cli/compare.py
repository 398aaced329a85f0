"""``kith compare``: two pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, min_similarity_option, pack_option, settings_options

if TYPE_CHECKING:
    from kith.config import Settings

_HELP = """How alike the largest face of picture A is to every face of picture B.

Needs no library and keeps nothing. Similarity is percent: 80 is reached by one pair of different
people in 10,000, 90 by one in 100,000, 95 by one in a million, 99 by one in ten million.

\b
  kith compare passport.jpg party.jpg
  kith compare a.jpg b.jpg --min-similarity 90 --json

To look a picture up among all your photos, `kith find`.

\b
Exit status:
  0  a face of B is at least that similar
  3  none is, or one of the pictures shows no face
  4  a picture cannot be read
  6  the model files cannot be had
"""


@click.command("compare", help=_HELP, short_help="How alike the faces of two pictures are.")
@click.argument("a", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("b", type=click.Path(path_type=Path, dir_okay=False))
@min_similarity_option
@pack_option
@json_option
@settings_options
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    a: Path,
    b: Path,
    settings: Settings,
    min_similarity: float,
    as_json: bool,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import listening, print_json, print_table
    from kith.compose import limits_of, open_recognizer
    from kith.imaging.picture import Picture
    from kith.pipeline.export import box_json, detail_json

    limits = limits_of(settings)
    with listening() as ears:
        recognizer = open_recognizer(settings, ears)
        source, target = Picture.open(a, limits), Picture.open(b, limits)
        # Everything is compared; what is similar enough is for the answer to say.
        compared = recognizer.compare_faces(source, target, min_similarity=0).matches
    faces = [(one, one.similarity >= min_similarity) for one in compared]
    if as_json:
        rows = [
            detail_json(one.detail) | {"similarity": round(one.similarity, 2), "match": match}
            for one, match in faces
        ]
        print_json({"source": str(a), "target": str(b), "faces": rows})
    else:
        lines = [
            (
                f"{one.similarity:.1f} %",
                "same person" if match else "someone else",
                " ".join(f"{part:.3f}" for part in box_json(one.detail.box).values()),
            )
            for one, match in faces
        ]
        print_table(("similarity", "verdict", f"box in {b}"), lines)
    context.exit(0 if any(match for _, match in faces) else 3)
