"""The promises of the recognition ports, kept around the loop.

The suites are those that every adapter passes. What the service does not tell of a listed face is
left out of one of them, and asked for here.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recognition_rooms import Room

from kith.adapters.recognition.local import LocalFaceCollection, LocalRecognizer
from kith.database.open import open_database
from kith.domain.face import FaceDetail
from kith.domain.photo import photo_id_of
from kith.engine.engine import Engine
from kith.imaging.picture import Picture
from kith.pipeline.rekognition.kit import Kit
from kith.ports.recognition import IndexEntry

_SUITES = Path(__file__).resolve().parent.parent / "contracts"
_OTHERWISE = {"test_faces_by_photo"}
"""The service lists boxes and confidences alone, and boxes with six decimals."""


def _suite(name: str) -> dict[str, Callable[..., None]]:
    """The tests of a suite."""
    found: dict[str, Any] = runpy.run_path(str(_SUITES / name))
    return {
        test: function
        for test, function in found.items()
        if test.startswith("test_") and test not in _OTHERWISE
    }


globals().update(_suite("test_recognition.py"))
globals().update(_suite("test_recognizer.py"))


def test_listed_faces(room: Room) -> None:
    """Listed faces are those that were indexed, by photo id, then largest first."""
    datas = [room.album.both, room.album.anna, room.album.nobody]
    entries = [IndexEntry(photo_id_of(data), Picture(data)) for data in datas]
    rows = {row.photo_id: row.faces for row in room.collection.index(entries)}
    expected = [face for photo_id in sorted(rows) for face in rows[photo_id]]

    listed = list(room.collection.faces())
    some = list(room.collection.faces([photo_id_of(room.album.both)]))

    assert [face.id for face in listed] == [face.id for face in expected]
    assert [face.id for face in some] == [face.id for face in rows[photo_id_of(room.album.both)]]
    for one, other in zip(listed, expected, strict=True):
        assert one.box.overlap(other.box) > 0.999
        assert one.detail.confidence == pytest.approx(other.detail.confidence)


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.parametrize("kit", ["real faces"], indirect=True)
def test_the_loop_answers_as_the_engine(room: Room, kit: Kit, engine: Engine) -> None:
    """Boxes, landmarks, poses and similarities are those of the engine asked directly."""
    assert isinstance(kit.recognizer, LocalRecognizer)
    database = open_database(":memory:")
    direct = LocalFaceCollection(engine, database)
    entries = [IndexEntry(photo_id_of(data), Picture(data)) for data in room.album.whole()]
    here, there = direct.index(entries), room.collection.index(entries)
    assert [row.photo_id for row in here] == [row.photo_id for row in there]

    ids = dict[str, str]()
    for one, other in zip(here, there, strict=True):
        assert len(one.faces) == len(other.faces)
        for near, far in zip(one.faces, other.faces, strict=True):
            assert _figures(near.detail) == pytest.approx(_figures(far.detail), abs=1e-4)
            ids[near.id] = far.id
    near_ids = [face.id for row in here for face in row.faces]
    far_ids = [face.id for row in there for face in row.faces]
    found = zip(
        direct.search(near_ids, min_similarity=0),
        room.collection.search(far_ids, min_similarity=0),
        strict=True,
    )
    for near_matches, far_matches in found:
        expected = {ids[match.face_id]: match.similarity for match in near_matches}
        assert {match.face_id: match.similarity for match in far_matches} == pytest.approx(
            expected, abs=1e-4
        )
    database.close()


def test_a_repeated_request_makes_no_second_face(room: Room, kit: Kit) -> None:
    """Whoever heard no answer and asks again, under the same photo id, adds nothing."""
    entry = IndexEntry(photo_id_of(room.album.both), Picture(room.album.both))

    for _ in range(3):
        room.collection.index([entry])

    assert kit.collections.describe("c").face_count == 2


def _figures(detail: FaceDetail) -> list[float]:
    box, marks, pose = detail.box, detail.landmarks, detail.pose
    points = (marks.left_eye, marks.right_eye, marks.nose, marks.mouth_left, marks.mouth_right)
    return [
        *(box.left, box.top, box.width, box.height, detail.confidence),
        *(ratio for point in points for ratio in (point.x, point.y)),
        *(pose.yaw, pose.pitch, pose.roll),
        *(detail.quality.brightness, detail.quality.sharpness),
    ]
