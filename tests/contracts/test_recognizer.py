"""The promises of the port ``Recognizer``, asked of every adapter."""

from __future__ import annotations

import pytest
from recognition_rooms import Room

from kith.domain.errors import NoFaceError, PictureError
from kith.imaging.picture import Picture


def test_detect_faces_largest_first(room: Room) -> None:
    """The faces of a picture come largest first; their figures are percent and ratios."""
    faces = room.recognizer.detect_faces(Picture(room.album.both))

    assert len(faces) == 2
    assert faces[0].box.area > faces[1].box.area
    assert faces[0].box.left < faces[1].box.left
    for face in faces:
        assert 50 < face.confidence <= 100
        assert 0 <= face.quality.overall <= 100
        assert face.landmarks.left_eye.x < face.landmarks.right_eye.x


def test_detect_no_face(room: Room) -> None:
    """A picture without a face has no faces; that is no error."""
    assert room.recognizer.detect_faces(Picture(room.album.nobody)) == ()


def test_detect_broken(room: Room) -> None:
    """Bytes that are no picture raise PictureError."""
    with pytest.raises(PictureError):
        room.recognizer.detect_faces(Picture(room.album.broken))


def test_compare_splits_the_target(room: Room) -> None:
    """Every face of the target is either a match or unmatched, by the least similarity."""
    comparison = room.recognizer.compare_faces(Picture(room.album.anna), Picture(room.album.both))

    assert [match.detail.box.left < 0.5 for match in comparison.matches] == [True]
    assert comparison.matches[0].similarity >= 80
    assert [face.box.left > 0.5 for face in comparison.unmatched] == [True]


def test_compare_orders_matches(room: Room) -> None:
    """Matches come most similar first, and a least similarity of 0 leaves nothing unmatched."""
    comparison = room.recognizer.compare_faces(
        Picture(room.album.bert), Picture(room.album.both), min_similarity=0
    )

    similarities = [match.similarity for match in comparison.matches]
    assert similarities == sorted(similarities, reverse=True)
    assert comparison.matches[0].detail.box.left > 0.5
    assert comparison.unmatched == ()


def test_compare_with_itself(room: Room) -> None:
    """A picture is 100 percent similar to itself."""
    comparison = room.recognizer.compare_faces(Picture(room.album.anna), Picture(room.album.anna))

    assert comparison.matches[0].similarity == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("which", ["source", "target"])
def test_compare_names_the_faceless(room: Room, which: str) -> None:
    """Where the source or the target shows no face, the error says which."""
    source, target = room.album.anna, room.album.anna
    source, target = (
        (room.album.nobody, target) if which == "source" else (source, room.album.nobody)
    )

    with pytest.raises(NoFaceError, match=which):
        room.recognizer.compare_faces(Picture(source), Picture(target))
