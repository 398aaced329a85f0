"""DetectText: what is written in a picture, its lines first, then their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kith.domain.face import Box, Point
from kith.domain.text import Polygon, TextLine, TextWord, box_around
from kith.pipeline.rekognition.area import Corners, is_mostly_in
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.refusing import invalid
from kith.pipeline.rekognition.saying import bounding_box
from kith.rekognition.interface import Call, Members

_MOST_WORDS: Final = 100
"""The real service's limit."""

_LEAST_CONFIDENCE: Final = 80.0
"""Percent of a word, where the request does not say; the real service's default."""

_LEAST_CORNERS: Final = 3


def detect_text(kit: Kit, members: Members, _call: Call) -> Members:
    """The lines and words of a picture that pass the filters."""
    filters = members.get("Filters", {})
    regions = [_region(told) for told in filters.get("RegionsOfInterest", ())]
    read = kit.recognizer.detect_text(kit.images.picture(members["Image"]))
    lines: list[tuple[TextLine, list[TextWord]]] = []
    left = _MOST_WORDS
    for line in read.lines:
        kept = [
            word for word in line.words if _passes(word, filters.get("WordFilter", {}), regions)
        ]
        if kept and left:
            lines.append((line, kept[:left]))
            left -= len(kept[:left])
    return {"TextDetections": list(_told(lines)), "TextModelVersion": read.version}


def _region(told: Members) -> Corners:
    """The corners of a ``RegionOfInterest``: of a box, or of a polygon."""
    if ("BoundingBox" in told) == ("Polygon" in told):
        raise invalid()
    if "Polygon" in told:
        if len(told["Polygon"]) < _LEAST_CORNERS:
            raise invalid()
        return [(corner.get("X", 0.0), corner.get("Y", 0.0)) for corner in told["Polygon"]]
    sides = told["BoundingBox"]
    left, top, width, height = (sides.get(side, 0.0) for side in ("Left", "Top", "Width", "Height"))
    box = Box(left, top, width, height)
    return [(left, top), (box.right, top), (box.right, box.bottom), (left, box.bottom)]


def _passes(word: TextWord, least: Members, regions: Sequence[Corners]) -> bool:
    box = box_around(word.polygon)
    return (
        word.confidence >= least.get("MinConfidence", _LEAST_CONFIDENCE)
        and box.height >= least.get("MinBoundingBoxHeight", 0.0)
        and box.width >= least.get("MinBoundingBoxWidth", 0.0)
        and (not regions or any(is_mostly_in(word.polygon, region) for region in regions))
    )


def _told(lines: Sequence[tuple[TextLine, Sequence[TextWord]]]) -> Iterator[Members]:
    for number, (line, _) in enumerate(lines):
        yield {"Type": "LINE", "Id": number, **_written(line)}
    words = [(parent, word) for parent, (_, kept) in enumerate(lines) for word in kept]
    for number, (parent, word) in enumerate(words, len(lines)):
        yield {"Type": "WORD", "Id": number, "ParentId": parent, **_written(word)}


def _written(one: TextLine | TextWord) -> Members:
    return {
        "DetectedText": one.text,
        "Confidence": one.confidence,
        "Geometry": {
            "BoundingBox": bounding_box(box_around(one.polygon)),
            "Polygon": _polygon(one.polygon),
        },
    }


def _polygon(polygon: Polygon) -> list[Members]:
    return [_corner(corner) for corner in polygon]


def _corner(corner: Point) -> Members:
    return {"X": corner.x, "Y": corner.y}
