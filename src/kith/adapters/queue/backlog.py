"""The queues of photos in Amazon SQS: the one that is worked on, and those of what went wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from kith.adapters.aws_account import is_unknown, translated
from kith.domain.errors import StoreError
from kith.ports.backlog import Depth, Stuck

_BATCH: Final = 10
"""Messages of one request; SQS's limit."""

_LOOKED_AT_SECONDS: Final = 30
"""For so long, what was looked at is not given to anybody: so that it is not seen twice at once."""

_MOVED_SECONDS: Final = 120
"""For so long, what is moved is not given to anybody else who moves."""

_EMPTY: Final = 3
"""Answers without a message, one after the other, until a queue counts as empty: SQS asks some of
its servers each time."""

_PAUSE: Final = 1.0
"""Seconds between two questions of how far SQS is with moving."""

_UNDER_WAY: Final = frozenset({"RUNNING"})


@dataclass(frozen=True, slots=True)
class Queues:
    """Their URLs.

    Attributes:
        photos: announcements that wait.
        failed: the dead-letter queue of these.
        undelivered: events that did not come as far.
    """

    photos: str
    failed: str
    undelivered: str


class SqsBacklog:
    """``Backlog`` in SQS.

    Args:
        client: of SQS.
        queues: where.
        pause: seconds between two questions of how far SQS is.
    """

    def __init__(self, client: Any, queues: Queues, pause: float = _PAUSE) -> None:
        self._client = client
        self._queues = queues
        self._pause = pause

    def depth(self) -> Depth:
        """See ``Backlog.depth``."""
        photos = self._told(self._queues.photos)
        return Depth(
            waiting=int(photos["ApproximateNumberOfMessages"])
            + int(photos.get("ApproximateNumberOfMessagesDelayed", 0)),
            in_flight=int(photos["ApproximateNumberOfMessagesNotVisible"]),
            failed=self._all_in(self._queues.failed),
            undelivered=self._all_in(self._queues.undelivered),
        )

    def stuck(self, most: int, /) -> Sequence[Stuck]:
        """See ``Backlog.stuck``."""
        url = self._queues.failed
        seen: dict[str, dict[str, Any]] = {}
        try:
            for messages in self._received(url, _LOOKED_AT_SECONDS):
                before = len(seen)
                seen |= {message["MessageId"]: message for message in messages}
                if len(seen) >= most or len(seen) == before:  # the first ones come again
                    break
        finally:
            self._give_back(url, [message["ReceiptHandle"] for message in seen.values()])
        found = sorted(map(_stuck, seen.values()), key=lambda each: (each.sent_at, each.id))
        return found[:most]

    def redrive(self) -> int:
        """See ``Backlog.redrive``; SQS moves by itself, where it can."""
        failed = self._all_in(self._queues.failed)
        if failed and not self._moved_by_sqs():
            failed = self._move(self._queues.failed)
        # SQS moves nothing out of a queue that is no dead-letter queue of another one.
        return failed + self._move(self._queues.undelivered)

    # -- below -------------------------------------------------------------------------------------

    def _told(self, url: str) -> dict[str, str]:
        with translated(f"The queue {url}"):
            return self._client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
                "Attributes"
            ]

    def _all_in(self, url: str) -> int:
        told = self._told(url)
        return int(told["ApproximateNumberOfMessages"]) + int(
            told["ApproximateNumberOfMessagesNotVisible"]
        )

    def _received(self, url: str, seconds: int) -> Iterator[list[dict[str, Any]]]:
        """What a queue holds, some messages at a time."""
        empty = 0
        while empty < _EMPTY:
            with translated(f"The queue {url}"):
                answer = self._client.receive_message(
                    QueueUrl=url,
                    MaxNumberOfMessages=_BATCH,
                    VisibilityTimeout=seconds,
                    WaitTimeSeconds=0,
                    AttributeNames=["SentTimestamp"],
                )
            messages = answer.get("Messages", [])
            empty = 0 if messages else empty + 1
            if messages:
                yield messages

    def _give_back(self, url: str, handles: Sequence[str]) -> None:
        """Let others have these at once; where it fails, they can after half a minute."""
        for begin in range(0, len(handles), _BATCH):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[begin : begin + _BATCH])
            ]
            with translated(f"The queue {url}"):
                self._client.change_message_visibility_batch(QueueUrl=url, Entries=entries)

    def _moved_by_sqs(self) -> bool:
        """Have SQS move what failed, and wait until it has; false where it does not know how."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        source = self._told(self._queues.failed)["QueueArn"]
        try:
            self._client.start_message_move_task(SourceArn=source)
        except ClientError as error:
            if is_unknown(error):
                return False
            # Else somebody has SQS move it already, and that is waited for as well.
            if "already a task running" not in str(error):
                with translated(f"The queue {self._queues.failed}"):
                    raise
        while (task := self._task(source)).get("Status") in _UNDER_WAY:
            time.sleep(self._pause)
        if task.get("Status") == "FAILED":
            why = task.get("FailureReason", "it does not say why")
            raise StoreError(f"SQS stopped moving what failed: {why}", "Try again.")
        return True

    def _task(self, source: str) -> dict[str, Any]:
        with translated(f"The queue {self._queues.failed}"):
            answer = self._client.list_message_move_tasks(SourceArn=source, MaxResults=1)
        results: list[dict[str, Any]] = answer.get("Results", [])
        return results[0] if results else {}

    def _move(self, url: str) -> int:
        """Move what a queue holds to the one that is worked on, one by one; answers how many.

        Only what is there twice is taken away, so whoever stops in between loses nothing.
        """
        moved = 0
        for messages in self._received(url, _MOVED_SECONDS):
            for message in messages:
                with translated(f"The queue {self._queues.photos}"):
                    self._client.send_message(
                        QueueUrl=self._queues.photos, MessageBody=message["Body"]
                    )
                with translated(f"The queue {url}"):
                    self._client.delete_message(
                        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]
                    )
                moved += 1
        return moved


def _stuck(message: dict[str, Any]) -> Stuck:
    sent = int(message["Attributes"]["SentTimestamp"]) / 1000
    return Stuck(message["MessageId"], message["Body"], datetime.fromtimestamp(sent, UTC))
