"""DetectLabels and DetectText through boto3: what is asked for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.adapters.recognition.memory import DrawnText, draw_picture
from kith.domain.face import Box, Point
from kith.pipeline.rekognition.area import is_mostly_in

Refusal = Callable[..., tuple[str, str]]

PERSON = "Person Description"


def test_labels_of_a_picture(door: Any) -> None:
    """The default feature: parents are labels, too; instances have boxes; no list is absent."""
    told = door.client.detect_labels(Image={"Bytes": door.album.both})

    face, person = told["Labels"]
    assert (face["Name"], face["Parents"], face["Instances"]) == ("Face", [{"Name": "Person"}], [])
    assert (person["Name"], person["Parents"]) == ("Person", [])
    assert person["Aliases"] == [{"Name": "Human"}]
    assert person["Categories"] == [{"Name": PERSON}]
    boxes = [one["BoundingBox"]["Left"] for one in person["Instances"]]
    assert boxes == pytest.approx([0.1, 0.6], abs=0.02)
    assert told["LabelModelVersion"]
    assert "ImageProperties" not in told


def test_features_are_told_together(door: Any) -> None:
    """Who asks for both features gets both, who asks for the properties gets no labels."""
    image = {"Bytes": door.album.both}
    both = door.client.detect_labels(Image=image, Features=["GENERAL_LABELS", "IMAGE_PROPERTIES"])
    one = door.client.detect_labels(Image=image, Features=["IMAGE_PROPERTIES"])

    assert len(both["Labels"]) == 2
    assert both["ImageProperties"] == one["ImageProperties"]
    assert "Labels" not in one


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["Face", "Person"]),
        ({"LabelInclusionFilters": ["Person", "Dog"]}, ["Person"]),
        ({"LabelInclusionFilters": ["Dog"]}, []),
        ({"LabelExclusionFilters": ["Person"]}, ["Face"]),
        ({"LabelCategoryInclusionFilters": [PERSON]}, ["Face", "Person"]),
        ({"LabelCategoryInclusionFilters": ["Sports"]}, []),
        ({"LabelCategoryExclusionFilters": [PERSON]}, []),
        (
            {"LabelCategoryInclusionFilters": [PERSON], "LabelExclusionFilters": ["Face"]},
            ["Person"],
        ),
        (
            {"LabelCategoryInclusionFilters": ["Sports"], "LabelInclusionFilters": ["Face"]},
            ["Face"],
        ),
    ],
)
def test_label_filters(door: Any, filters: dict[str, list[str]], names: list[str]) -> None:
    """What any inclusion filter names is told, but for what an exclusion filter names."""
    told = door.client.detect_labels(
        Image={"Bytes": door.album.both}, Settings={"GeneralLabels": filters}
    )

    assert [label["Name"] for label in told["Labels"]] == names


def test_fewer_labels(door: Any) -> None:
    """MaxLabels keeps the first, after the filters; MinConfidence keeps the sure."""
    image = {"Bytes": door.album.both}
    settings = {"GeneralLabels": {"LabelExclusionFilters": ["Face"]}}
    first = door.client.detect_labels(Image=image, MaxLabels=1)
    many = door.client.detect_labels(Image=image, MaxLabels=4096, Settings=settings)
    sure = door.client.detect_labels(Image=image, MinConfidence=99.95)

    assert [label["Name"] for label in first["Labels"]] == ["Face"]
    assert [label["Name"] for label in many["Labels"]] == ["Person"]
    assert sure["Labels"] == []


@pytest.mark.parametrize(
    "members",
    [{"MaxLabels": 1}, {"MinConfidence": 50}, {"Settings": {"GeneralLabels": {}}}],
)
def test_settings_of_labels_want_labels(
    door: Any, refusal: Refusal, members: dict[str, Any]
) -> None:
    """What only labels obey is refused where they were not asked for."""
    image = {"Bytes": door.album.both}

    name, _ = refusal(
        door.client.detect_labels, Image=image, Features=["IMAGE_PROPERTIES"], **members
    )

    assert name == "InvalidParameterException"


def test_text_of_a_picture(door: Any) -> None:
    """Lines first, then words, each of which names its line; ids count through."""
    told = door.client.detect_text(Image={"Bytes": door.album.sign})

    found = told["TextDetections"]
    assert [(one["Type"], one["DetectedText"]) for one in found] == [
        ("LINE", "GATE 12"),
        ("LINE", "Boarding at 09:45"),
        ("WORD", "GATE"),
        ("WORD", "12"),
        ("WORD", "Boarding"),
        ("WORD", "at"),
        ("WORD", "09:45"),
    ]
    assert [one["Id"] for one in found] == list(range(7))
    assert [one.get("ParentId") for one in found] == [None, None, 0, 0, 1, 1, 1]
    box, polygon = (found[0]["Geometry"][name] for name in ("BoundingBox", "Polygon"))
    sides = [box[side] for side in ("Left", "Top", "Width", "Height")]
    assert sides == pytest.approx([0.1, 0.1, 0.5, 0.2])
    assert [corner["X"] for corner in polygon] == pytest.approx([0.1, 0.6, 0.6, 0.1])
    assert told["TextModelVersion"]


def _box(left: float, top: float, width: float, height: float) -> dict[str, Any]:
    return {"BoundingBox": {"Left": left, "Top": top, "Width": width, "Height": height}}


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"WordFilter": {"MinConfidence": 99.95}}, []),
        ({"WordFilter": {"MinBoundingBoxWidth": 0.3}}, ["Boarding"]),
        ({"WordFilter": {"MinBoundingBoxHeight": 0.21}}, []),
        ({"RegionsOfInterest": [_box(0, 0, 1, 0.5)]}, ["GATE", "12"]),
        ({"RegionsOfInterest": [_box(0, 0, 0.5, 0.5), _box(0.7, 0.5, 0.3, 0.5)]}, "GATE 09:45"),
        (
            {"RegionsOfInterest": [{"Polygon": [{"X": 0, "Y": 0}, {"X": 2, "Y": 0}, {"Y": 2}]}]},
            "GATE 12 Boarding at 09:45",
        ),
        ({"RegionsOfInterest": [_box(2, 2, 1, 1)]}, []),
        ({"RegionsOfInterest": []}, "GATE 12 Boarding at 09:45"),
    ],
)
def test_text_filters(door: Any, filters: dict[str, Any], words: list[str] | str) -> None:
    """Words that are sure, large and mostly in a region are told, and lines with such words."""
    told = door.client.detect_text(Image={"Bytes": door.album.sign}, Filters=filters)

    found = told["TextDetections"]
    expected = words.split() if isinstance(words, str) else words
    assert [one["DetectedText"] for one in found if one["Type"] == "WORD"] == expected
    parents = {one["ParentId"] for one in found if one["Type"] == "WORD"}
    assert {one["Id"] for one in found if one["Type"] == "LINE"} == parents


@pytest.mark.parametrize(
    "region",
    [{}, {**_box(0, 0, 1, 1), "Polygon": [{"X": 0, "Y": 0}] * 3}, {"Polygon": [{"X": 0, "Y": 0}]}],
)
def test_regions_are_one_or_the_other(door: Any, refusal: Refusal, region: Any) -> None:
    """A region is a box or a polygon with an inside."""
    name, _ = refusal(
        door.client.detect_text,
        Image={"Bytes": door.album.sign},
        Filters={"RegionsOfInterest": [region]},
    )

    assert name == "InvalidParameterException"


def test_a_hundred_words(door: Any) -> None:
    """No more are told, as with the real service."""
    lines = [DrawnText("many more words", Box(0, row / 50, 1, 0.02)) for row in range(50)]

    told = door.client.detect_text(Image={"Bytes": draw_picture([], text=lines)})

    kinds = [one["Type"] for one in told["TextDetections"]]
    assert (kinds.count("LINE"), kinds.count("WORD")) == (34, 100)


@pytest.mark.weights
@pytest.mark.photos
def test_real_labels_and_text(real_door: Any, photos: Path) -> None:
    """The models answer as the wire wants it."""
    pets = (photos / "labels" / "pets.jpg").read_bytes()
    labels = real_door.client.detect_labels(Image={"Bytes": pets}, MinConfidence=80)["Labels"]
    text = real_door.client.detect_text(Image={"Bytes": real_door.album.sign})["TextDetections"]

    dog = labels[0]
    assert (dog["Name"], len(dog["Instances"])) == ("Dog", 2)
    assert {parent["Name"] for parent in dog["Parents"]} <= {one["Name"] for one in labels}
    assert text[0]["DetectedText"] == "GATE 12"


@pytest.mark.weights
@pytest.mark.photos
def test_what_is_not_installed_is_told(refusal: Refusal, bare_door: Any) -> None:
    """Without their models, labels are refused with the command that brings them; faces are not."""
    image = {"Bytes": bare_door.album.both}
    name, message = refusal(bare_door.client.detect_labels, Image=image)

    assert name == "InvalidParameterException"
    assert "kith models install labels" in message
    assert len(bare_door.client.detect_faces(Image=image)["FaceDetails"]) == 2


SIDE = st.floats(-1, 2)


@given(SIDE, SIDE, st.floats(0.01, 1), st.floats(0.01, 1))
def test_region_of_a_box(left: float, top: float, width: float, height: float) -> None:
    """Of upright boxes, the part that is in a region is what interval arithmetic says."""
    word = (Point(0, 0), Point(1, 0), Point(1, 1), Point(0, 1))
    region = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    across = max(0.0, min(1.0, left + width) - max(0.0, left))
    down = max(0.0, min(1.0, top + height) - max(0.0, top))

    if abs(across * down - 0.5) > 1e-9:
        assert is_mostly_in(word, region) == (across * down > 0.5)
        assert is_mostly_in(word[::-1], region[::-1]) == (across * down > 0.5)
