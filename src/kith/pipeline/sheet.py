"""A contact sheet: every person's faces side by side, to see whether grouping worked."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from string import Template

from kith.domain.face import FaceId
from kith.imaging.sheet import SheetRow, contact_sheet
from kith.pipeline.crops import CROP_SIZE, Crops
from kith.ports.catalog import Catalog, PersonSummary


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with some of the faces, as JPEG."""

    summary: PersonSummary
    crops: tuple[bytes, ...]

    @property
    def title(self) -> str:
        """The name if there is one, and how many photos show the person."""
        name = self.summary.person.name or self.summary.person.id[:8]
        count = self.summary.photo_count
        return f"{name} - {count} photo{'' if count == 1 else 's'}"


def sheet_rows(
    catalog: Catalog,
    crops: Crops,
    *,
    faces_each: int = 12,
    least_photos: int = 1,
    listener: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[PersonRow]:
    """Everyone in at least ``least_photos`` photos, with the best and the worst fitting faces.

    Half of the crops are the most similar faces and half the least similar ones, for those are the
    ones that may be someone else.
    """
    people = [one for one in catalog.people() if one.photo_count >= least_photos]
    for done, summary in enumerate(people):
        chosen = _choose(catalog, summary, faces_each)
        faces = catalog.faces_by_id(chosen)
        made = (crops.crop(faces[face_id]) for face_id in chosen if face_id in faces)
        yield PersonRow(summary, tuple(crop for crop in made if crop is not None))
        listener(done + 1, len(people))


def _choose(catalog: Catalog, summary: PersonSummary, count: int) -> list[FaceId]:
    ranked = [a.face_id for a in catalog.appearances([summary.person.id])]
    if len(ranked) <= count:
        return ranked
    worst = count // 2
    return ranked[: count - worst] + ranked[len(ranked) - worst :]


def as_jpeg(rows: Iterator[PersonRow]) -> bytes:
    """The sheet as one picture."""
    return contact_sheet([SheetRow(row.title, row.crops) for row in rows])


def as_html(rows: Iterator[PersonRow]) -> str:
    """The sheet as one page that needs no other file."""
    sections = "\n".join(_section(row) for row in rows)
    return _PAGE.substitute(sections=sections, size=CROP_SIZE)


def _section(row: PersonRow) -> str:
    pictures = "".join(
        f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(crop).decode()}">'
        for crop in row.crops
    )
    return f"<section><h2>{escape(row.title)}</h2><div>{pictures}</div></section>"


_PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>People</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.4 system-ui, sans-serif }
  body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
  h1 { font-size: 1.5rem }
  h2 { font-size: 1rem; font-weight: 600; margin: 1.5rem 0 .5rem }
  section div { display: flex; flex-wrap: wrap; gap: 6px }
  img { width: ${size}px; height: ${size}px; border-radius: 8px; object-fit: cover }
</style>
<h1>People</h1>
$sections
</html>
""")
