"""Requests are checked against the service's model, in the service's words."""

from __future__ import annotations

import base64
import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.json_body import parse
from kith.rekognition.model import (
    Blob,
    Flag,
    ListOf,
    MapOf,
    Moment,
    Real,
    Service,
    Shape,
    Structure,
    Text,
    Whole,
)
from kith.rekognition.reading import read

PICTURE = base64.b64encode(b"a picture").decode()
IMAGE = {"Bytes": PICTURE}
ID = "01234567-89ab-cdef-0123-456789abcdef"
DETECTED = "1 validation error detected: "


def refused(service: Service, operation: str, document: Any) -> RekognitionError:
    """The error that a request leads to."""
    with pytest.raises(RekognitionError) as caught:
        read(service.takes(operation), document)
    return caught.value


@pytest.mark.parametrize(
    ("operation", "document", "complaint"),
    [
        (
            "DeleteCollection",
            {},
            "Value null at 'collectionId' failed to satisfy constraint: Member must not be null",
        ),
        (
            "DeleteCollection",
            {"CollectionId": None},
            "Value null at 'collectionId' failed to satisfy constraint: Member must not be null",
        ),
        (
            "IndexFaces",
            {"CollectionId": "a", "Image": IMAGE, "ExternalImageId": "a/b.PNG"},
            "Value 'a/b.PNG' at 'externalImageId' failed to satisfy constraint: Member must satisfy"
            r" regular expression pattern: [a-zA-Z0-9_.\-:]+",
        ),
        (
            "DetectFaces",
            {"Image": {"Bytes": ""}},
            "Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'image.bytes' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1",
        ),
        (
            "DetectFaces",
            {"Image": {"Bytes": base64.b64encode(bytes(5_242_881)).decode()}},
            "Value 'java.nio.HeapByteBuffer[pos=0 lim=5242881 cap=5242881]' at 'image.bytes' failed"
            " to satisfy constraint: Member must have length less than or equal to 5242880",
        ),
        (
            "SearchFaces",
            {"CollectionId": "a", "FaceId": ID, "MaxFaces": 5000},
            "Value '5000' at 'maxFaces' failed to satisfy constraint: Member must have value less "
            "than or equal to 4096",
        ),
        (
            "SearchFaces",
            {"CollectionId": "a", "FaceId": ID, "FaceMatchThreshold": 100.5},
            "Value '100.5' at 'faceMatchThreshold' failed to satisfy constraint: Member must have "
            "value less than or equal to 100",
        ),
        (
            "CompareFaces",
            {"SourceImage": IMAGE, "TargetImage": IMAGE, "QualityFilter": "BEST"},
            "Value 'BEST' at 'qualityFilter' failed to satisfy constraint: Member must satisfy enum"
            " value set: [NONE, AUTO, LOW, MEDIUM, HIGH]",
        ),
        (
            "DeleteFaces",
            {"CollectionId": "a", "FaceIds": []},
            "Value '[]' at 'faceIds' failed to satisfy constraint: Member must have length greater "
            "than or equal to 1",
        ),
        (
            "DeleteFaces",
            {"CollectionId": "a", "FaceIds": [ID, "x"]},
            f"Value '[{ID}, x]' at 'faceIds' failed to satisfy constraint: Member must satisfy "
            "constraint: [Member must satisfy regular expression pattern: "
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}]",
        ),
        (
            "TagResource",
            {"ResourceArn": "a" * 20, "Tags": {"aws:own": "x"}},
            "Value '{aws:own=x}' at 'tags' failed to satisfy constraint: Map keys must satisfy "
            "constraint: [Member must have length less than or equal to 128, Member must have "
            "length greater than or equal to 1, Member must satisfy regular expression pattern: "
            r"^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$]",
        ),
        (
            "DetectText",
            {"Image": IMAGE, "Filters": {"WordFilter": {"MinConfidence": -1}}},
            "Value '-1.0' at 'filters.wordFilter.minConfidence' failed to satisfy constraint: "
            "Member must have value greater than or equal to 0",
        ),
    ],
)
def test_a_broken_constraint_is_told_in_the_services_words(
    service: Service, operation: str, document: Any, complaint: str
) -> None:
    """Which value, where, and what was asked of it."""
    error = refused(service, operation, document)

    assert error.kind is Kind.VALIDATION
    assert error.message == DETECTED + complaint


def test_all_that_is_wrong_is_told_at_once(service: Service) -> None:
    """The number of complaints, and each of them."""
    error = refused(service, "SearchFaces", {"FaceId": "x", "MaxFaces": 0})

    head, *complaints = error.message.replace("detected: ", "; ").split("; ")
    assert head.strip() == "3 validation errors"
    assert [complaint.split("'")[-2] for complaint in complaints] == [
        "collectionId",
        "faceId",
        "maxFaces",
    ]


def test_structures_in_lists_are_told_by_their_place(service: Service) -> None:
    """Counted from one, as the service does."""
    arn = "arn:aws:rekognition:eu-west-3:000000000000:project/x/dataset/train/1"

    error = refused(service, "DistributeDatasetEntries", {"Datasets": [{"Arn": arn}, {}]})

    assert error.kind is Kind.VALIDATION
    assert "Value null at 'datasets.2.member.arn' failed" in error.message


def test_a_list_of_too_many_structures_is_not_looked_through(service: Service) -> None:
    """One complaint, however long the list: an answer must not outgrow its request."""
    regions = [{"BoundingBox": {"Left": 0.5}}] * 10_000
    document = {"Image": IMAGE, "Filters": {"RegionsOfInterest": regions}}

    error = refused(service, "DetectText", document)

    assert error.message.startswith(DETECTED + "Value '[RegionOfInterest(boundingBox=BoundingBox(")
    assert error.message.endswith("Member must have length less than or equal to 10")
    assert len(error.message) < 2_000


def test_a_long_value_is_not_repeated_in_full(service: Service) -> None:
    """The message shows enough of it to be recognized."""
    error = refused(service, "DeleteCollection", {"CollectionId": "x" * 1_000_000})

    assert len(error.message) < 2_000


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "Start of list found where not expected"),
        (3, "NUMBER_VALUE can not be converted to a structure or map"),
        ({"CollectionId": 3}, "NUMBER_VALUE can not be converted to a String"),
        ({"CollectionId": True}, "TRUE_VALUE can not be converted to a String"),
        ({"CollectionId": {}}, "Start of structure or map found where not expected."),
        ({"CollectionId": "\ud800"}, "A String has half a surrogate pair"),
        ({"Image": "x"}, "STRING_VALUE can not be converted to a structure or map"),
        ({"Image": {"Bytes": "no base64"}}, "A Blob is not valid base64"),
        ({"Image": {"Bytes": "QUJ\nD"}}, "A Blob is not valid base64"),
        ({"Image": {"Bytes": "QUI"}}, "A Blob is not valid base64"),
        ({"Image": {"Bytes": 3}}, "NUMBER_VALUE can not be converted to a Blob"),
        ({"MaxFaces": "3"}, "STRING_VALUE can not be converted to an Integer"),
        ({"MaxFaces": 3.5}, "NUMBER_VALUE can not be converted to an Integer"),
        ({"MaxFaces": True}, "TRUE_VALUE can not be converted to an Integer"),
        ({"MaxFaces": 2**31}, "NUMBER_VALUE can not be converted to an Integer"),
        ({"MaxFaces": float("inf")}, "NUMBER_VALUE can not be converted to an Integer"),
        ({"DetectionAttributes": "ALL"}, "STRING_VALUE can not be converted to a list"),
        ({"DetectionAttributes": [None]}, "NULL_VALUE can not be converted to a String"),
    ],
)
def test_a_wrong_type_is_a_serialization_error(service: Service, document: Any, told: str) -> None:
    """Whatever else is wrong."""
    error = refused(service, "IndexFaces", document)

    assert (error.kind, error.message) == (Kind.SERIALIZATION, told)


@pytest.mark.parametrize("number", ["80", True, 10**400, float("-inf"), [1]])
def test_what_is_no_number_is_refused(service: Service, number: Any) -> None:
    """Nor is one that no float holds."""
    error = refused(service, "SearchFaces", {"FaceMatchThreshold": number})

    assert error.kind is Kind.SERIALIZATION


def test_members_arrive_as_what_they_are(service: Service) -> None:
    """Blobs are bytes, numbers numbers; nulls and members of nobody are absent."""
    document = {
        "CollectionId": "a",
        "Image": {"Bytes": PICTURE, "S3Object": None},
        "MaxFaces": 5.0,
        "DetectionAttributes": ["ALL"],
        "QualityFilter": None,
        "Nobodys": 3,
    }

    members = read(service.takes("IndexFaces"), document)

    assert members == {
        "CollectionId": "a",
        "Image": {"Bytes": b"a picture"},
        "MaxFaces": 5,
        "DetectionAttributes": ["ALL"],
    }
    assert type(members["MaxFaces"]) is int


def test_letters_of_any_script_may_stand_in_tags(service: Service) -> None:
    """Java's classes of characters, which Python's expressions lack, are understood."""
    document = {"ResourceArn": "a" * 20, "Tags": {"Größe 写真": "١٢٣ éà"}}

    assert read(service.takes("TagResource"), document)["Tags"] == document["Tags"]
    assert refused(service, "TagResource", {**document, "Tags": {"a\tb": "x"}})
    assert refused(service, "TagResource", {**document, "Tags": {"a": "☃"}})


def test_a_pattern_holds_for_all_of_a_text(service: Service) -> None:
    """Also where it has no anchors, and where a newline ends the text."""
    assert refused(service, "DeleteCollection", {"CollectionId": "good\n"})


@pytest.mark.parametrize(
    "body",
    [b"{", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}', b'{"a":' + b"9" * 5_000 + b"}"],
)
def test_what_is_no_json_is_a_serialization_error(body: bytes) -> None:
    """Nor is what cannot be held, or is nested without end."""
    with pytest.raises(RekognitionError) as caught:
        parse(body)
    assert caught.value.kind is Kind.SERIALIZATION


def test_no_body_is_an_empty_request() -> None:
    """Some clients send nothing where there is nothing to say."""
    assert parse(b"") == {}


def test_every_operation_of_the_model_is_understood(service: Service) -> None:
    """Shapes, limits and patterns of all 75, those that Kith does not answer included."""
    assert len(service.operations) >= 75
    for operation in service.operations:
        service.takes(operation)
        service.gives(operation)
    image = service.takes("DetectFaces").members["Image"]
    assert isinstance(image, Structure)
    assert image.members["Bytes"] == Blob(1, 5_242_880)
    faces = service.takes("DeleteFaces").members["FaceIds"]
    assert isinstance(faces, ListOf)
    assert (faces.least, faces.most) == (1, 4096)
    assert isinstance(faces.item, Text)


# -- whatever is sent ------------------------------------------------------------------------------

NAMES = st.sampled_from(
    ("CollectionId", "Image", "Bytes", "S3Object", "FaceIds", "FaceId", "MaxFaces", "Tags", "Name")
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([PICTURE, ID, "ALL"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner),
    max_leaves=12,
)


NO_HEALTH_CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

TEXTS = st.sampled_from([PICTURE, ID, "ALL", "a", "a b", "x" * 300, "", "\ud800"]) | st.text()


def documents(shape: Shape) -> st.SearchStrategy[Any]:
    """Values much like those of a shape, with something else in some places."""
    match shape:
        case Structure():
            members = {name: documents(member) for name, member in shape.members.items()}
            like: st.SearchStrategy[Any] = st.fixed_dictionaries({}, optional=members)
        case ListOf(item):
            like = st.lists(documents(item), max_size=3)
        case MapOf(_, of):
            like = st.dictionaries(TEXTS, documents(of), max_size=3)
        case Whole() | Real() | Moment():
            like = st.integers() | st.floats()
        case Flag():
            like = st.booleans()
        case _:
            like = TEXTS
    return like | JSON


@settings(deadline=None, suppress_health_check=NO_HEALTH_CHECKS)
@given(data=st.data())
def test_any_document_is_members_or_an_error_of_the_clients(
    service: Service, data: st.DataObject
) -> None:
    """Never anything else: no input is an error of ours."""
    shape = service.takes(data.draw(st.sampled_from(service.operations)))
    document = data.draw(documents(shape) | JSON)

    with contextlib.suppress(RekognitionError):
        members = read(shape, document)
        assert members.keys() <= shape.members.keys()
