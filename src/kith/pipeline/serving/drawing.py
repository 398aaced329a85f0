"""Drawing a face that the machine missed, and saying whose it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from kith.domain.decision import Anchor, MissedFace
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Box, Face
from kith.domain.person import PersonId, Standing
from kith.domain.photo import Photo, PhotoId
from kith.pipeline.crops import open_original
from kith.pipeline.decisions.corrections import undo
from kith.pipeline.decisions.decide import Effect, decide
from kith.pipeline.drawn_faces import add_drawn_faces
from kith.pipeline.library import Library
from kith.pipeline.serving.decided import Decided, assign, decided
from kith.pipeline.serving.forgetting import impatient
from kith.pipeline.serving.jobs import Turn
from kith.ports.catalog import Catalog
from kith.ports.queries import PhotoQueries

_LEAST_SIDE: Final = 12
"""Pixels of the original. Less shows nobody, and was a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A face that somebody draws.

    Attributes:
        photo_id: in which photo.
        box: where.
        person_id: whose it is, or
        name: what that person is called; neither where that is not said.
        by: who draws.
    """

    photo_id: PhotoId
    box: Box
    person_id: str | None
    name: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The face that was meant, and what came of drawing it; nothing if it was there already."""

    face: Face
    decided: Decided | None


def draw_face(
    library: Callable[[], Library], turn: Turn, queries: PhotoQueries, drawing: Drawing
) -> Drawn:
    """Have a face where somebody drew one.

    Where a face is already, it is that one.

    Raises:
        NotFoundError: there is no such photo or person, or the photo's file is gone.
        UsageError: the box shows nothing, nothing can be recognized there, or somebody was
            forgotten there.
        LibraryBusyError: photos are being added.
    """
    opened = library()
    catalog = opened.catalog
    photo = next(catalog.photos([drawing.photo_id]), None)
    if photo is None:
        raise NotFoundError(f"The library has no photo {drawing.photo_id!r}")
    _check(drawing, photo)
    if drawing.person_id is not None:
        catalog.person(PersonId(drawing.person_id))
    there = Anchor(photo.id, drawing.box).find(list(catalog.faces([photo.id])))
    if there is None:
        with turn(impatient()):
            face, effect = _draw(opened, Anchor(photo.id, drawing.box), drawing.by)
    else:
        face, effect = there, _bring_back(catalog, there, drawing)
    made = decided(catalog, effect) if effect else None
    if drawing.person_id is None and drawing.name is None:
        return Drawn(face, made)
    said = assign(
        catalog, queries, [face.id], person_id=drawing.person_id, name=drawing.name, by=drawing.by
    )
    entries = (*made.entries, *said.entries) if made else said.entries
    return Drawn(face, replace(said, entries=entries))


def _check(drawing: Drawing, photo: Photo) -> None:
    box = drawing.box
    if drawing.person_id is not None and drawing.name is not None:
        raise UsageError("Say who it is: either person_id or name")
    if box.right > 1 + 1e-9 or box.bottom > 1 + 1e-9:
        raise UsageError("The box lies outside the photo")
    if min(box.width * photo.width, box.height * photo.height) < _LEAST_SIDE:
        raise UsageError(
            f"The box is smaller than {_LEAST_SIDE} pixels", "Draw it around the whole face."
        )


def _draw(library: Library, anchor: Anchor, by: str) -> tuple[Face, Effect]:
    """Say that a face is there, and add it; what was said is taken back where that cannot be."""
    if open_original(library.catalog, library.originals, anchor.photo_id) is None:
        raise NotFoundError(
            "No file has this photo any more, or it cannot be read", "Is a disk not connected?"
        )
    effect = decide(library.catalog, [MissedFace(anchor)], by=by)
    add_drawn_faces(library, [anchor.photo_id])
    face = anchor.find(list(library.catalog.faces([anchor.photo_id])))
    if face is None:
        undo(library.catalog, [each.id for each in effect.decisions], by=by)
        raise UsageError(
            "Nobody can be recognized there, or somebody was forgotten there",
            "Draw the box around the whole face.",
        )
    return face, effect


def _bring_back(catalog: Catalog, face: Face, drawing: Drawing) -> Effect | None:
    """A face that was set aside as none is one again, if somebody draws it."""
    if catalog.standings([face.id]).get(face.id) is not Standing.NOT_A_FACE:
        return None
    journal = (decision.said for decision in catalog.decisions([face.photo_id]))
    drawn = {said.face for said in journal if isinstance(said, MissedFace)}
    # One that was drawn before is known by its box; one that the machine found is not to be.
    own = Anchor.of(face)
    anchor = own if own in drawn else Anchor(face.photo_id, drawing.box)
    return decide(catalog, [MissedFace(anchor)], by=drawing.by)
