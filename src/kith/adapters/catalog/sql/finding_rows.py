"""What was found in photos as rows, and back. Boxes and corners are JSON: nobody asks for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kith.domain.face import Box, Point
from kith.domain.findings import DominantColor, Look, PhotoFindings, PictureQuality
from kith.domain.label import Instance, Label
from kith.domain.text import MOST_WORDS, Polygon, TextLine, TextWord, words_of

Values = dict[str, Any]
"""The values of a row to be written, by column."""


def part_values(found: PhotoFindings, dialect: str) -> Values:
    """The columns of what was looked for."""
    values: Values = {}
    if found.labels is not None:
        values["label_version"] = found.labels.version
    if found.text is not None:
        values |= {
            "text_version": found.text.version,
            "lines": _json([_line_json(line) for line in found.text.lines]),
            "words": _searchable(found.text.lines, dialect),
        }
    if found.look is not None:
        values["look"] = _json(_look_json(found.look))
    return values


# -- text ------------------------------------------------------------------------------------------


def lines_of(text: str) -> tuple[TextLine, ...]:
    """The lines of a column."""
    return tuple(
        TextLine(
            said,
            confidence,
            _polygon_of(corners),
            tuple(TextWord(word, sure, _polygon_of(around)) for word, sure, around in words),
        )
        for said, confidence, corners, words in json.loads(text)
    )


def _line_json(line: TextLine) -> list[Any]:
    words = [[word.text, word.confidence, _corners(word.polygon)] for word in line.words]
    return [line.text, line.confidence, _corners(line.polygon), words]


def _corners(polygon: Polygon) -> list[float]:
    return [ratio for point in polygon for ratio in (point.x, point.y)]


def _polygon_of(ratios: Sequence[float]) -> Polygon:
    return tuple(Point(x, y) for x, y in zip(ratios[::2], ratios[1::2], strict=True))


def _searchable(lines: Sequence[TextLine], dialect: str) -> str | None:
    """The words in their order, as the database searches them; of a row of lines, one text."""
    words = words_of("\n".join(line.text for line in lines))
    if not words:
        return None
    if dialect == "postgresql":
        return " ".join(f"'{word}':{at}" for at, word in enumerate(words, start=1))
    return " ".join(words)


def search_expression(words: Sequence[str], dialect: str) -> str:
    """What asks the database for these words, in their order, of the last one the beginning.

    Words hold letters and numbers alone, so nothing in them means anything to a database.
    """
    if dialect == "postgresql":
        return " <-> ".join(f"'{word}'" for word in words) + ":*"
    return f'"{" ".join(words[:MOST_WORDS])}" *'


# -- labels ----------------------------------------------------------------------------------------


def kind_row(label: Label) -> Values:
    """The row of what a label is called and what it is a kind of."""
    family = _json([label.parents, label.aliases, label.categories])
    key = hashlib.sha256(_json([label.name, family]).encode()).hexdigest()
    return {"kind_key": key, "name": label.name, "family": family}


def label_rows(arrival: int, labels: Sequence[Label], numbers: Mapping[str, int]) -> list[Values]:
    """The rows of a photo's labels; ``numbers`` are those of kinds, by their keys."""
    return [
        {
            "photo": arrival,
            "rank": rank,
            "kind": numbers[kind_row(label)["kind_key"]],
            "confidence": label.confidence,
            "instances": _json([_instance_json(one) for one in label.instances])
            if label.instances
            else None,
        }
        for rank, label in enumerate(labels)
    ]


def label_of(name: str, family: str, confidence: float, instances: str | None) -> Label:
    """The label of a row."""
    parents, aliases, categories = (tuple(names) for names in json.loads(family))
    found = tuple(
        Instance(Box(*box), sure) for *box, sure in (json.loads(instances) if instances else ())
    )
    return Label(name, confidence, parents, aliases, categories, found)


def _instance_json(one: Instance) -> list[float]:
    box = one.box
    return [box.left, box.top, box.width, box.height, one.confidence]


# -- looks -----------------------------------------------------------------------------------------


def look_of(text: str) -> Look:
    """The look of a column."""
    quality, colors = json.loads(text)
    return Look(PictureQuality(*quality), tuple(DominantColor(*color) for color in colors))


def _look_json(look: Look) -> list[Any]:
    quality = look.quality
    return [
        [quality.brightness, quality.sharpness, quality.contrast],
        [
            [one.red, one.green, one.blue, one.css_name, one.simple_name, one.percent]
            for one in look.colors
        ],
    ]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
