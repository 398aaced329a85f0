"""What the library gives other programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.export import CSV_COLUMNS, SCHEMA_VERSION, export_photos, export_rows

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

SCHEMA: dict[str, Any] = {
    "schema": int,
    "photo_id": str,
    "places": list,
    "format": str,
    "width": int,
    "height": int,
    "byte_size": int,
    "taken_at": (str, type(None)),
    "camera": (str, type(None)),
    "location": (dict, type(None)),
    "faces": list,
}
FACE: dict[str, Any] = {
    "face_id": str,
    "box": {"left": float, "top": float, "width": float, "height": float},
    "confidence": float,
    "quality": {"overall": float, "brightness": float, "sharpness": float, "pixels": float},
    "pose": {"yaw": float, "pitch": float, "roll": float},
    "landmarks": {
        name: {"x": float, "y": float}
        for name in ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
    },
    "person": {
        "person_id": str, "name": (str, type(None)), "similarity": float, "confirmed": bool,
    },
}  # fmt: skip


def check(document: object, schema: Any, at: str = "") -> None:
    """Every field is there, none beside them, and each has its type."""
    if isinstance(schema, dict):
        found = cast(dict[str, object], document)
        expected = cast(dict[str, object], schema)
        assert found.keys() == expected.keys(), at
        for name, part in expected.items():
            check(found[name], part, f"{at}.{name}")
    else:
        assert isinstance(document, schema), at


@pytest.fixture
def exported(world: World) -> list[dict[str, Any]]:
    """Two people, one with a name that CSV must quote; photos without faces and without files."""
    world.draw("both.png", 0, 1)
    world.draw("copies/both.png", 0, 1)
    world.draw("nobody.png")
    world.draw("lost.png", 0, gray=99)
    world.add()
    catalog = world.library.catalog
    (bert,) = (who for who, names in world.groups().items() if "lost.png" not in names)
    name_person(catalog, catalog.person(bert), 'Bert, "the\nsecond"', by="test")
    (world.root / "lost.png").unlink()
    world.add()
    return list(export_photos(catalog))


def test_documents_are_complete_and_survive_json(exported: list[dict[str, Any]]) -> None:
    """One for each photo in order of arrival, every field of its type."""
    for document in json.loads(json.dumps(exported, allow_nan=False)):
        check(document, SCHEMA)
        assert document["schema"] == SCHEMA_VERSION
        for face in document["faces"]:
            check(face, FACE)
    assert [len(document["faces"]) for document in exported] == [2, 1, 0]
    assert [len(document["places"]) for document in exported] == [2, 0, 1]


def test_rows_are_flat_and_survive_csv(world: World, exported: list[dict[str, Any]]) -> None:
    """One for each face, and one for a photo without; names with commas and quotes come back."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CSV_COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(export_rows(world.library.catalog))
    text.seek(0)
    rows = list(csv.DictReader(text))

    assert len(rows) == 4
    assert [row["photo_id"] for row in rows if row["face_id"]] == [
        document["photo_id"] for document in exported for _ in document["faces"]
    ]
    assert {row["person"] for row in rows} == {"", 'Bert, "the\nsecond"'}
    assert [Path(row["path"]).name for row in rows] == ["both.png", "both.png", "", "nobody.png"]
    for row in rows:
        assert row.keys() == set(CSV_COLUMNS)


def test_an_empty_library_exports_nothing(world: World) -> None:
    """No photo, no row."""
    assert list(export_photos(world.library.catalog)) == list(export_rows(world.library.catalog))
    assert list(export_photos(world.library.catalog)) == []
