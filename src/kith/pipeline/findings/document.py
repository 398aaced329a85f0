"""The document of what was found in one photo: the same on a disk, over HTTP and in a bucket.

``findings.schema.json`` beside this file says what is in it; docs/findings.md explains it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import kith
from kith.domain.face import Face
from kith.domain.findings import DominantColor, Look, PhotoFindings
from kith.domain.label import Instance, Label
from kith.domain.person import Appearance, Person
from kith.domain.photo import Photo, PhotoId
from kith.domain.text import Polygon, TextLine, TextWord
from kith.pipeline.export import box_json, face_json, person_json, photo_json

SCHEMA: Final = "kith.findings/1"
"""What the document calls itself. The number changes when a field changes its meaning or goes; that
one comes does not count."""

DOCUMENTS: Final = "findings/"
"""The folder of derived objects that holds the documents, where they are kept."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face of the photo, and whose it is.

    Attributes:
        face: where it is, and how well it can be recognized.
        person: whose it is; ``None`` for nobody's.
        appearance: how well it fits that person.
    """

    face: Face
    person: Person | None = None
    appearance: Appearance | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """All that a document is made of.

    Attributes:
        photo: the photo.
        places: paths of the files that hold it, or addresses of objects in a store.
        faces: found in it, the largest first.
        found: what else was found in it.
        exif: what the camera wrote, by group and tag; ``None`` where no original can be read.
        face_engine: what found the faces: the name of a model pack, or of a service.
    """

    photo: Photo
    places: Sequence[str]
    faces: Sequence[FoundFace]
    found: PhotoFindings
    exif: Mapping[str, Mapping[str, Any]] | None = None
    face_engine: str | None = None


def findings_schema() -> dict[str, Any]:
    """The JSON Schema of the document (draft 2020-12)."""
    file = resources.files("kith.pipeline.findings") / "findings.schema.json"
    return json.loads(file.read_text(encoding="utf-8"))


def findings_document(known: Everything) -> dict[str, Any]:
    """The document, of what is handed over and nothing else.

    Who refused to be recognized is not named; who was forgotten cannot be.
    """
    photo, found = photo_json(known.photo, ()), known.found
    return {
        "schema": SCHEMA,
        "photo_id": known.photo.id,
        "source": {
            "places": list(known.places),
            "format": photo["format"],
            "byte_size": photo["byte_size"],
        },
        "size": {"width": photo["width"], "height": photo["height"]},
        "taken_at": photo["taken_at"],
        "camera": photo["camera"],
        "location": photo["location"],
        "exif": known.exif and {group: dict(tags) for group, tags in known.exif.items()},
        "faces": [_face_json(face) for face in known.faces],
        "labels": [_label_json(label) for label in found.labels.labels] if found.labels else None,
        "text": [_line_json(line) for line in found.text.lines] if found.text else None,
        "quality": _quality_json(found.look) if found.look else None,
        "colors": [_color_json(color) for color in found.look.colors] if found.look else None,
        "engines": _engines_json(known),
    }


def document_bytes(document: Mapping[str, Any]) -> bytes:
    """A document as it is written: the same bytes wherever it goes, so that they compare."""
    return f"{json.dumps(document, indent=1)}\n".encode()


def document_name(photo_id: PhotoId) -> str:
    """What the file, or the object, with a photo's document is called."""
    return f"{photo_id}.json"


def document_key(photo_id: PhotoId) -> str:
    """Where a photo's document lies among the derived objects, of a library that keeps it there."""
    return DOCUMENTS + document_name(photo_id)


def _face_json(found: FoundFace) -> dict[str, Any]:
    person, appearance = found.person, found.appearance
    if person is None or appearance is None or person.consent is False:
        return face_json(found.face) | {"person": None}
    return face_json(found.face) | {
        "person": person_json(person)
        | {"similarity": _percent(appearance.similarity), "confirmed": appearance.confirmed}
    }


def _label_json(label: Label) -> dict[str, Any]:
    return {
        "name": label.name,
        "confidence": _percent(label.confidence),
        "parents": list(label.parents),
        "aliases": list(label.aliases),
        "categories": list(label.categories),
        "instances": [_instance_json(one) for one in label.instances],
    }


def _instance_json(one: Instance) -> dict[str, Any]:
    return {"box": box_json(one.box), "confidence": _percent(one.confidence)}


def _line_json(line: TextLine) -> dict[str, Any]:
    return _written_json(line) | {"words": [_written_json(word) for word in line.words]}


def _written_json(written: TextLine | TextWord) -> dict[str, Any]:
    return {
        "text": written.text,
        "confidence": _percent(written.confidence),
        "polygon": _polygon_json(written.polygon),
    }


def _polygon_json(polygon: Polygon) -> list[dict[str, float]]:
    return [{"x": round(point.x, 6), "y": round(point.y, 6)} for point in polygon]


def _quality_json(look: Look) -> dict[str, float]:
    quality = look.quality
    return {
        "brightness": _percent(quality.brightness),
        "sharpness": _percent(quality.sharpness),
        "contrast": _percent(quality.contrast),
    }


def _color_json(color: DominantColor) -> dict[str, Any]:
    return {
        "hex": color.hex,
        "red": color.red,
        "green": color.green,
        "blue": color.blue,
        "css_name": color.css_name,
        "simple_name": color.simple_name,
        "percent": _percent(color.percent),
    }


def _engines_json(known: Everything) -> dict[str, str | None]:
    found = known.found
    return {
        "kith": kith.__version__,
        "faces": known.face_engine,
        "labels": found.labels.version if found.labels else None,
        "text": found.text.version if found.text else None,
    }


def _percent(value: float) -> float:
    return round(value, 2)
