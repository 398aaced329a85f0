"""What messages say, in the shapes of AWS's user guide for S3, with a key that needs care."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.adapters.queue.sqs import message_of
from kith.domain.errors import UsageError
from kith.domain.photo import Place
from kith.lambdas.messages import CreatedObject, created_objects

BUCKET = "amzn-s3-demo-bucket1"
KEY = "2024/Zürich + Bern 100%.jpg"
EVENTS = Path(__file__).parent / "events"

NOTHING = object()


def event(name: str, *path: str | int, value: Any = NOTHING) -> dict[str, Any]:
    """An event as AWS sends it; with a path, what is there is another value, or missing."""
    told: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    if path:
        *way, last = path
        place: Any = told
        for each in way:
            place = place[each]
        if value is NOTHING:
            del place[last]
        else:
            place[last] = value
    return told


def test_an_event_of_eventbridge_names_its_object_as_it_is() -> None:
    """Its keys are not encoded: a plus and a percent sign are what they seem."""
    created = created_objects(json.dumps(event("eventbridge_created")), BUCKET)
    assert created == [CreatedObject(BUCKET, KEY, "b1946ac92492d2347c6235b4d2611184")]
    assert created[0].address == f"s3://{BUCKET}/{KEY}"


def test_a_notification_of_s3_names_its_object_as_a_form_does() -> None:
    """Its keys are encoded, and its ETag is spelled otherwise."""
    created = created_objects(json.dumps(event("s3_created")), BUCKET)
    assert created == [CreatedObject(BUCKET, KEY, "d41d8cd98f00b204e9800998ecf8427e")]


@pytest.mark.parametrize(
    "told",
    [
        event("s3_test"),
        event("eventbridge_created", "detail-type", value="Object Deleted"),
        event("eventbridge_created", "detail-type", value="Object Tags Added"),
        event("eventbridge_created", "source", value="aws.ec2"),
        event("s3_created", "Records", 0, "eventName", value="ObjectRemoved:Delete"),
        event("s3_created", "Records", value=[]),
    ],
)
def test_what_creates_nothing_is_nothing_to_do(told: dict[str, Any]) -> None:
    """Tests of the wiring, deletions and tags are heard and passed over."""
    assert created_objects(json.dumps(told), BUCKET) == []


def test_what_kith_made_is_never_taken_in() -> None:
    """An event of the bucket of derived files is passed over, or every crop would make crops."""
    assert (
        created_objects(message_of(Place("s3://derived/crops/a.jpg", 1, 1)), BUCKET, but="derived")
        == []
    )


@pytest.mark.parametrize(
    "told",
    [
        event("eventbridge_created", "detail", "object", "etag"),
        event("eventbridge_created", "detail", "object", "etag", value=""),
        event("eventbridge_created", "detail", "object", "etag", value=7),
        event("eventbridge_created", "detail", "object", value={"key": "a.jpg", "eTag": "1"}),
        event("eventbridge_created", "detail", "object", "key"),
        event("eventbridge_created", "detail", "bucket"),
        event("eventbridge_created", "detail", "bucket", "name", value=None),
        event("eventbridge_created", "detail", value=[]),
        event("eventbridge_created", "source"),
        event("s3_created", "Records", 0, "s3", "object", "eTag"),
    ],
)
def test_an_event_that_lacks_something_is_refused(told: dict[str, Any]) -> None:
    """To pass over it would be to lose a photo; so would be to read ``eTag`` for ``etag``."""
    with pytest.raises(UsageError, match="no event of S3"):
        created_objects(json.dumps(told), BUCKET)


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "null", "{}", '"text"', '{"Records": 3}'])
def test_what_is_no_event_is_refused(body: str) -> None:
    """Whatever a queue may hold, the answer is an error that says what is wrong."""
    with pytest.raises(UsageError, match="no event of S3"):
        created_objects(body, BUCKET)


def test_an_event_of_another_bucket_is_refused() -> None:
    """It says which bucket, so that the wiring can be put right."""
    with pytest.raises(UsageError, match=r"s3://other/a\.jpg is not in the bucket"):
        created_objects(message_of(Place("s3://other/a.jpg", 1, 1)), BUCKET)


@given(key=st.text(min_size=1), byte_size=st.integers(0), modified_ns=st.integers(0))
def test_what_is_announced_is_heard(key: str, byte_size: int, modified_ns: int) -> None:
    """Messages that Kith sends itself say what was put into them, whatever the key is."""
    message = message_of(Place(f"s3://{BUCKET}/{key}", byte_size, modified_ns))
    assert created_objects(message, BUCKET) == [CreatedObject(BUCKET, key, f"{modified_ns:x}")]


@pytest.mark.parametrize("path", ["/photos/a.jpg", "s3://bucket", "s3://bucket/", "s3:///a.jpg"])
def test_only_objects_of_s3_are_announced(path: str) -> None:
    """A file of this machine is nowhere for a function to read."""
    with pytest.raises(UsageError, match="no address of an object in S3"):
        message_of(Place(path, 1, 1))
