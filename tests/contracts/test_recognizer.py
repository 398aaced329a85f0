"""The promises of the port ``Recognizer``, asked of every adapter."""

from __future__ import annotations

import re

import pytest
from recognition_rooms import Room

from kith.domain.errors import NoFaceError, PictureError
from kith.domain.text import box_around
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


def test_people_are_labeled(room: Room) -> None:
    """People are named, each with a place, surest first; every parent of a label is one, too."""
    seen = room.recognizer.detect_labels(Picture(room.album.both))

    labels = {label.name: label for label in seen.labels}
    (left, right) = sorted(one.box.left for one in labels["Person"].instances)
    assert left < 0.5 < right
    assert labels["Person"].categories == ("Person Description",)
    assert labels["Person"].aliases == ("Human",)
    confidences = [label.confidence for label in seen.labels]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] >= 55
    assert confidences[0] <= 100
    for label in seen.labels:
        for parent in label.parents:
            assert labels[parent].confidence >= label.confidence
    assert re.fullmatch(r"[0-9.]+", seen.version)


def test_labels_are_of_at_least(room: Room) -> None:
    """No label is less sure than asked for, and a lower bar leaves none out."""
    picture = Picture(room.album.both)
    few, many = (
        room.recognizer.detect_labels(picture, min_confidence=least).labels for least in (90, 20)
    )

    assert all(label.confidence >= 90 for label in few)
    assert [label for label in many if label.confidence >= 90] == list(few)


def test_nobody_is_labeled(room: Room) -> None:
    """Where there are no people, none are named; that is no error."""
    labels = room.recognizer.detect_labels(Picture(room.album.nobody)).labels

    assert "Person" not in {label.name for label in labels}


def test_text_is_read(room: Room) -> None:
    """Lines come from the top down, each with its words from left to right, inside of it."""
    read = room.recognizer.detect_text(Picture(room.album.sign))

    assert [line.text for line in read.lines] == ["GATE 12", "Boarding at 09:45"]
    for line in read.lines:
        assert [word.text for word in line.words] == line.text.split()
        assert 90 < line.confidence <= 100
        around = box_around(line.polygon)
        lefts = [box_around(word.polygon).left for word in line.words]
        assert lefts == sorted(lefts)
        for word in line.words:
            box = box_around(word.polygon)
            assert box.overlap(around) > 0.05
            assert around.left - 0.02 < box.left < box.right < around.right + 0.02
    assert read.lines[0].polygon[0].y < 0.4 < read.lines[1].polygon[0].y
    assert re.fullmatch(r"[0-9.]+", read.version)


def test_no_text(room: Room) -> None:
    """Where nothing is written, no lines are read; that is no error."""
    assert room.recognizer.detect_text(Picture(room.album.nobody)).lines == ()


@pytest.mark.parametrize("asking", ["labels", "text"])
def test_broken_pictures_are_told(room: Room, asking: str) -> None:
    """Bytes that are no picture raise PictureError here, too."""
    recognizer = room.recognizer
    ask = recognizer.detect_labels if asking == "labels" else recognizer.detect_text

    with pytest.raises(PictureError):
        ask(Picture(room.album.broken))
