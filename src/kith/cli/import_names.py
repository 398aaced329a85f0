"""``kith import``: names that other programs gave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import Local, json_option, library_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kith.cli.output import Advance
    from kith.config import Settings
    from kith.pipeline.portable.plan import ImportPlan
    from kith.pipeline.portable.sources import Marked
    from kith.ports.catalog import Catalog

_HELP = """Take over the names that people have in other programs.

Faces that another program marked are compared with the faces that Kith found in the same photos, by
where they are. Where it is clear who is who, the person gets the name, and with it all photos that
show the person. What is not clear is listed and left alone: a mark that fits two faces, two names
for one person, a name that differs from the one you gave. Photos are only read.

\b
  --xmp      in the photos themselves and in sidecars (IMG.jpg.xmp, IMG.xmp): face regions of the
             Metadata Working Group (digiKam, Lightroom, Picasa and others), Microsoft's people
             tags, and names without a place (keywords such as People|Ana), as suggestions
  --picasa   .picasa.ini in the folders; name Picasa's contacts.xml as another PATH
  --digikam  PATH is digiKam's database, digikam4.db, or the folder that holds it

\b
  kith import ~/Pictures --plan
  kith import --xmp ~/Pictures
  kith import --picasa ~/Pictures ~/AppData/Local/Google/Picasa2/contacts/contacts.xml
  kith import --digikam ~/Pictures

Every name is a decision in the journal, said by import:xmp and so on: `kith undo` takes it back.
Doing it again changes nothing. The photos must be in the library: `kith add` them first. The other
direction is `kith export --xmp`.

\b
Exit status:
  0  done; what was not clear is in the report
  2  the PATH holds no such database, or it is in use
  3  the library has no photo below PATH
  5  there is no library yet, or it cannot be used
"""

_SHOWN = 20
"""Rows of each list that a terminal is shown; --json has them all."""

_STORES = "Names are read from files; copy the photos into a folder, and add that."


@click.command("import", help=_HELP, short_help="Take over names from other programs.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=Local(_STORES))
@click.option("--xmp", "source", flag_value="xmp", default="xmp", help="From XMP; the default.")
@click.option("--picasa", "source", flag_value="picasa", help="From Picasa's files.")
@click.option("--digikam", "source", flag_value="digikam", help="From digiKam's database.")
@click.option("--plan", "plan_only", is_flag=True, help="Only say what would be done.")
@json_option
@library_options
def command(
    *, paths: tuple[Path, ...], source: str, plan_only: bool, as_json: bool, settings: Settings
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, progress_bar
    from kith.compose import open_catalog
    from kith.pipeline.portable.apply import apply
    from kith.pipeline.portable.plan import plan_import

    with open_catalog(settings, writing=not plan_only) as catalog:
        with progress_bar("Reading names") as advance:
            marked = _read(catalog, source, paths, advance)
        plan = plan_import(catalog, source, marked)
        decisions = 0
        if not plan_only:
            with progress_bar("Naming people") as advance:
                decisions = len(apply(catalog, plan, progress=advance))
    if as_json:
        print_json(_document(plan, decisions))
    else:
        _tell(plan, plan_only)


def _read(catalog: Catalog, source: str, paths: Sequence[Path], advance: Advance) -> Marked:
    from kith.pipeline.portable import sources
    from kith.pipeline.portable.digikam import find_databases

    match source:
        case "picasa":
            return sources.from_picasa(catalog, paths, advance)
        case "digikam":
            return sources.from_digikam(catalog, list(find_databases(paths)), advance)
        case _:
            return sources.from_xmp(catalog, paths, advance)


def _tell(plan: ImportPlan, plan_only: bool) -> None:
    from kith.cli.output import print_table, say

    rows = [
        (one.name, len(one.faces), "known" if one.named else "new", max(0, len(one.person_ids) - 1))
        for one in plan.namings
    ]
    if rows:
        print_table(("name", "faces", "person", "merged"), rows)
    done = "would be named" if plan_only else "were named"
    faces = sum(len(one.faces) for one in plan.namings)
    say(
        f"{plan.photos} photos looked at: {len(plan.namings)} people {done} by {faces} faces; "
        f"{plan.known} faces had their name already"
    )
    _list("Not clear, and left alone", [_conflict_line(*one) for one in _conflicts(plan)])
    _list(
        "Likely, but not sure: the only face and the only name left in a photo",
        [f"{one.name}  {one.path}" for one in plan.suggestions],
    )
    _list("Marked where Kith found no face", [f"{name}  {path}" for path, name in plan.unmatched])
    _list("Not read", [f"{one.name} {one.reason}. {one.advice}".rstrip() for one in plan.problems])


def _conflicts(plan: ImportPlan) -> list[tuple[str, str, str]]:
    return [(", ".join(one.names), one.reason, one.path) for one in plan.conflicts]


def _conflict_line(names: str, reason: str, path: str) -> str:
    return f"{names}: {reason}  {path}"


def _list(title: str, lines: Sequence[str]) -> None:
    from kith.cli.output import say

    if not lines:
        return
    say(f"\n{title} ({len(lines)}):")
    for line in lines[:_SHOWN]:
        say(f"  {line}")
    if len(lines) > _SHOWN:
        say(f"  and {len(lines) - _SHOWN} more; --json lists them all")


def _document(plan: ImportPlan, decisions: int) -> dict[str, Any]:
    return {
        "source": plan.source,
        "photos": plan.photos,
        "decisions": decisions,
        "known": plan.known,
        "people": [
            {
                "name": one.name,
                "person_ids": list(one.person_ids),
                "named": one.named,
                "faces": [_face(face) for face in one.faces],
            }
            for one in plan.namings
        ],
        "conflicts": [
            {
                "path": one.path,
                "reason": one.reason,
                "names": list(one.names),
                "face_ids": list(one.face_ids),
            }
            for one in plan.conflicts
        ],
        "suggestions": [_face(one) for one in plan.suggestions],
        "unmatched": [{"path": path, "name": name} for path, name in plan.unmatched],
        "problems": [
            {"path": one.name, "reason": one.reason, "advice": one.advice} for one in plan.problems
        ],
    }


def _face(face: Any) -> dict[str, Any]:
    return {
        "photo_id": face.photo_id,
        "path": face.path,
        "face_id": face.face_id,
        "person_id": face.person_id,
        "name": face.name,
    }
