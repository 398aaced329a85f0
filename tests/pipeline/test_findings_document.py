"""The document of what was found: its schema holds for whatever there is, and privacy in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.findings import DominantColor, Look, PhotoFindings, PictureQuality
from kith.domain.label import Instance, Label, SeenLabels
from kith.domain.person import Appearance, Person, PersonId
from kith.domain.photo import Location, Photo, photo_id_of
from kith.domain.text import ReadText, TextLine, TextWord
from kith.pipeline.findings.document import (
    Everything,
    FoundFace,
    findings_document,
    findings_schema,
)

VALIDATOR: Any = jsonschema.Draft202012Validator(findings_schema())

percents = st.floats(0, 100)
ratios = st.floats(-0.5, 1.5)
names = st.text(min_size=1, max_size=20)
boxes = st.builds(Box, ratios, ratios, ratios, ratios)
points = st.builds(Point, ratios, ratios)
polygons = st.tuples(points, points, points, points)
families = st.lists(names, max_size=2).map(tuple)
labels = st.builds(
    Label,
    names,
    percents,
    families,
    families,
    families,
    st.lists(st.builds(Instance, boxes, percents), max_size=2).map(tuple),
)
words = st.builds(TextWord, names, percents, polygons)
lines = st.builds(
    TextLine, names, percents, polygons, st.lists(words, min_size=1, max_size=2).map(tuple)
)
channels = st.integers(0, 255)
colors = st.builds(
    DominantColor, channels, channels, channels, names, st.sampled_from(["red", "grey"]), percents
)
looks = st.builds(
    Look,
    st.builds(PictureQuality, percents, percents, percents),
    st.lists(colors, max_size=3).map(tuple),
)
PHOTO_ID = photo_id_of(b"photo")
founds = st.builds(
    PhotoFindings,
    st.just(PHOTO_ID),
    st.none() | st.builds(SeenLabels, st.lists(labels, max_size=3).map(tuple), names),
    st.none() | st.builds(ReadText, st.lists(lines, max_size=3).map(tuple), names),
    st.none() | looks,
)
landmarks = st.builds(Landmarks, points, points, points, points, points)
details = st.builds(
    FaceDetail,
    boxes,
    percents,
    landmarks,
    st.builds(Pose, *[st.floats(-180, 180)] * 3),
    st.builds(Quality, percents, percents, st.floats(0, 9000), percents),
)
faces = st.builds(Face, st.just(FaceId("f1")), st.just(PHOTO_ID), details)
people = st.builds(
    Person,
    st.just(PersonId("p1")),
    st.none() | names,
    consent=st.sampled_from([None, True, False]),
)
appearances = st.builds(
    Appearance, st.just(FaceId("f1")), st.just(PersonId("p1")), percents, confirmed=st.booleans()
)
found_faces = st.builds(FoundFace, faces) | st.builds(FoundFace, faces, people, appearances)
photos = st.builds(
    Photo,
    st.just(PHOTO_ID),
    st.sampled_from(["JPEG", "HEIF"]),
    st.integers(1, 9000),
    st.integers(1, 9000),
    st.integers(0, 10**9),
    st.none() | st.datetimes(),
    st.none() | names,
    st.none() | st.builds(Location, st.floats(-90, 90), st.floats(-180, 180)),
)
values = names | st.integers(-9, 9) | st.lists(st.integers(0, 9) | names, max_size=2)
exifs = st.dictionaries(st.sampled_from(["Image", "GPS"]), st.dictionaries(names, values))
everything = st.builds(
    Everything,
    photos,
    st.lists(names, max_size=2),
    st.lists(found_faces, max_size=2),
    founds,
    st.none() | exifs,
    st.none() | names,
)


def test_the_schema_is_one() -> None:
    """As draft 2020-12 demands it; every field is demanded, and none but these."""
    jsonschema.Draft202012Validator.check_schema(findings_schema())

    schema = findings_schema()
    for part in (schema, *schema["$defs"].values()):
        if "properties" in part:
            assert part["required"] == list(part["properties"])
            assert part["additionalProperties"] is False


@given(everything)
def test_every_document_is_as_its_schema_says(known: Everything) -> None:
    """Whatever was found, and also as the text that is written."""
    document = findings_document(known)

    assert VALIDATOR.is_valid(json.loads(json.dumps(document))), list(
        VALIDATOR.iter_errors(document)
    )


@given(everything)
def test_who_refused_is_not_named(known: Everything) -> None:
    """The face stays, for it is in the picture; whose it is, is not said."""
    document = findings_document(known)

    for told, face in zip(document["faces"], known.faces, strict=True):
        refused = face.person is None or face.person.consent is False
        assert (told["person"] is None) == refused


def test_a_document_says_all_that_is_known() -> None:
    """By an example that a human can check."""
    corner = Point(0.25, 0.5)
    word = TextWord("12", 99.5, (corner,) * 4)
    known = Everything(
        Photo(PHOTO_ID, "JPEG", 4000, 3000, 12, datetime(2024, 6, 30, 12, tzinfo=UTC), "Pixel 7"),
        ["s3://photos/a.jpg"],
        [],
        PhotoFindings(
            PHOTO_ID,
            SeenLabels(
                (Label("Dog", 97.126, ("Animal",), (), (), (Instance(Box(0, 0, 1, 1), 97.0),)),),
                "1.0.0",
            ),
            ReadText((TextLine("12", 99.5, (corner,) * 4, (word,)),), "3.10"),
            Look(
                PictureQuality(50.0, 20.0, 30.0), (DominantColor(255, 0, 10, "red", "red", 80.0),)
            ),
        ),
        {"Image": {"Make": "Google"}},
        "open",
    )

    document = findings_document(known)

    assert document["schema"] == "kith.findings/1"
    assert document["source"] == {
        "places": ["s3://photos/a.jpg"],
        "format": "JPEG",
        "byte_size": 12,
    }
    assert document["size"] == {"width": 4000, "height": 3000}
    assert document["taken_at"] == "2024-06-30T12:00:00+00:00"
    assert document["exif"] == {"Image": {"Make": "Google"}}
    (label,) = document["labels"]
    assert (label["name"], label["confidence"], label["parents"]) == ("Dog", 97.13, ["Animal"])
    (line,) = document["text"]
    assert (line["text"], line["polygon"][0]) == ("12", {"x": 0.25, "y": 0.5})
    assert [each["text"] for each in line["words"]] == ["12"]
    assert document["colors"][0]["hex"] == "#ff000a"
    engines = document["engines"]
    assert (engines["faces"], engines["labels"], engines["text"]) == ("open", "1.0.0", "3.10")


@pytest.mark.parametrize("part", ["labels", "text", "quality", "colors", "exif"])
def test_what_nobody_looked_for_is_null(part: str) -> None:
    """That is not the same as nothing."""
    photo = Photo(PHOTO_ID, "JPEG", 4, 3, 12)

    document = findings_document(Everything(photo, [], [], PhotoFindings(PHOTO_ID)))

    assert document[part] is None
    VALIDATOR.validate(document)
