"""What was found in photos as documents, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from kith.domain.face import Box, Point
from kith.domain.findings import DominantColor, Look, PhotoFindings, PictureQuality
from kith.domain.label import Instance, Label, SeenLabels
from kith.domain.photo import PhotoId
from kith.domain.text import ReadText, TextLine, TextWord

Doc = dict[str, Any]


def found_doc(found: PhotoFindings, before: Mapping[str, Any] | None) -> Doc:
    """What was found, in the place of what was known before."""
    doc: Doc = dict(before or {"labels": None, "text": None, "look": None})
    for name in doc:
        part = getattr(found, name)
        if part is not None:
            doc[name] = astuple(part)
    return doc


def found_of(photo_id: PhotoId, doc: Mapping[str, Any]) -> PhotoFindings:
    """The findings of a document."""
    labels, text, look = (doc[name] for name in ("labels", "text", "look"))
    return PhotoFindings(
        photo_id,
        None if labels is None else SeenLabels(tuple(map(_label, labels[0])), labels[1]),
        None if text is None else ReadText(tuple(map(_line, text[0])), text[1]),
        None if look is None else _look(look),
    )


def _label(row: list[Any]) -> Label:
    name, confidence, parents, aliases, categories, instances = row
    shown = tuple(Instance(Box(*box), sure) for box, sure in instances)
    return Label(name, confidence, tuple(parents), tuple(aliases), tuple(categories), shown)


def _line(row: list[Any]) -> TextLine:
    text, confidence, polygon, words = row
    inner = tuple(TextWord(word, sure, _corners(around)) for word, sure, around in words)
    return TextLine(text, confidence, _corners(polygon), inner)


def _corners(rows: list[list[float]]) -> tuple[Point, ...]:
    return tuple(Point(*row) for row in rows)


def _look(row: list[Any]) -> Look:
    quality, colors = row
    return Look(PictureQuality(*quality), tuple(DominantColor(*color) for color in colors))
