"""What messages of the queue say: which objects of a bucket were created.

A message holds one event as EventBridge sends it, or a notification as S3 sends it by itself, with
one or more records. They spell differently: EventBridge writes keys as they are and ``etag``, S3
writes keys as in a form of HTML and ``eTag``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

from kith.domain.errors import UsageError

_CREATED: Final = "Object Created"
_TEST: Final = "s3:TestEvent"
_ADVICE: Final = "Let the queue take nothing but events of the bucket of originals."


@dataclass(frozen=True, slots=True)
class CreatedObject:
    """An object that was created or written anew.

    Attributes:
        bucket: where it is.
        key: its name there.
        etag: of what was written.
    """

    bucket: str
    key: str
    etag: str

    @property
    def address(self) -> str:
        """As ``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"


def created_objects(body: str, bucket: str, *, but: str = "") -> list[CreatedObject]:
    """The objects of a bucket that a message says were created; none if it says something else.

    Args:
        body: the message's.
        bucket: of originals.
        but: of what is made of them. To take that in would never end, so it is passed over.

    Raises:
        UsageError: it is no event of S3, lacks what every such event has, or is of another bucket.
            To pass over it would be to lose a photo.
    """
    try:
        created = [each for each in _created(json.loads(body)) if each.bucket != but]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(
            f"The message is no event of S3 ({type(error).__name__}: {error})", _ADVICE
        ) from error
    for each in created:
        if each.bucket != bucket:
            raise UsageError(f"{each.address} is not in the bucket {bucket}", _ADVICE)
    return created


def _created(event: Mapping[str, Any]) -> Iterator[CreatedObject]:
    if "detail" in event:
        if event["source"] == "aws.s3" and event["detail-type"] == _CREATED:
            detail = event["detail"]
            yield _object(detail["bucket"], detail["object"], "etag")
    elif event.get("Event") != _TEST:
        yield from _noticed(event["Records"])


def _noticed(records: Iterable[Mapping[str, Any]]) -> Iterator[CreatedObject]:
    for record in records:
        if record["eventName"].startswith("ObjectCreated:"):
            found = record["s3"]["object"]
            spelled = {**found, "key": unquote_plus(found["key"])}
            yield _object(record["s3"]["bucket"], spelled, "eTag")


def _object(bucket: Mapping[str, Any], found: Mapping[str, Any], tag: str) -> CreatedObject:
    name, key, etag = bucket["name"], found["key"], found[tag]
    for what, value in (("bucket", name), ("key", key), (tag, etag)):
        if not isinstance(value, str) or not value:
            raise ValueError(f"its {what} is {value!r}")
    return CreatedObject(name, key, etag)
