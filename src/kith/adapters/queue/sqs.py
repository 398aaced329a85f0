"""Announcements as messages of Amazon SQS, in the words in which EventBridge tells of new objects.

So whoever takes in new photos takes in these, too, as slowly and as carefully.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from kith.adapters.aws import Client, client_of
from kith.domain.errors import StoreError, UsageError
from kith.domain.photo import Place

_BATCH: Final = 10
"""Messages of one request; SQS's limit."""

_ATTEMPTS: Final = 5
"""Of messages that SQS did not take though it took others of the same request."""


def sqs_client(endpoint: str = "") -> Client:
    """A client that repeats what was throttled or lost.

    Args:
        endpoint: the service's URL; empty for Amazon's own.

    Raises:
        SettingError: see ``client_of``.
    """
    return client_of("sqs", endpoint=endpoint)


class SqsPhotoQueue:
    """``PhotoQueue`` in SQS, for objects of S3.

    Args:
        client: of SQS.
        url: the queue's.
    """

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def announce(self, places: Sequence[Place], /) -> None:
        """See ``PhotoQueue.announce``."""
        for begin in range(0, len(places), _BATCH):
            messages = [message_of(place) for place in places[begin : begin + _BATCH]]
            self._send({str(number): body for number, body in enumerate(messages)})

    def _send(self, messages: dict[str, str]) -> None:
        refused: list[Any] = []
        for _ in range(_ATTEMPTS):
            refused = self._try(messages)
            messages = {each["Id"]: messages[each["Id"]] for each in refused}
            if not messages:
                return
        raise StoreError(f"SQS does not take a message: {refused[0]['Message']}", "Try later.")

    def _try(self, messages: dict[str, str]) -> list[Any]:
        """Send at most ten messages; answers what SQS says of those that it did not take."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        entries = [{"Id": number, "MessageBody": body} for number, body in messages.items()]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            raise StoreError(
                f"The queue {self._url} cannot be used ({error})", "Check its URL and the policy."
            ) from error
        return answer.get("Failed", [])


def message_of(place: Place) -> str:
    """A message that says that this object was created.

    Raises:
        UsageError: it is no object of S3.
    """
    scheme, _, rest = place.path.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket or not key:
        raise UsageError(f"{place.path} is no address of an object in S3")
    # Whoever hears of it looks at the object itself; which version was seen here tells one
    # announcement from another in a log.
    seen = {"key": key, "size": place.byte_size, "etag": f"{place.modified_ns:x}"}
    detail = {"version": "0", "bucket": {"name": bucket}, "object": seen, "reason": "Backfill"}
    return json.dumps(
        {"version": "0", "source": "aws.s3", "detail-type": "Object Created", "detail": detail}
    )
