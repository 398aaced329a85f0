"""New photos: messages of the queue, each of which names objects of the bucket of originals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kith.lambdas.container import cloud
from kith.lambdas.messages import created_objects
from kith.lambdas.telling import count, logger, metrics, traced
from kith.pipeline.findings.on_arrival import look_on_arrival
from kith.pipeline.ingest import Became, ingest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from kith.compose.cloud import Cloud
    from kith.domain.photo import PhotoId

_RESERVE_MS = 30_000
"""What is begun is to end before Lambda stops the function: then all of a batch would come again,
what is done included, and after five times good photos would be set aside with the bad."""


@traced
@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take in what a batch of messages names; answers which of them must come again."""
    return take_in(
        cloud(), event["Records"], lambda: context.get_remaining_time_in_millis() < _RESERVE_MS
    )


def take_in(
    cloud: Cloud,
    messages: Sequence[dict[str, Any]],
    hurry: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Take in what these messages name, one after the other; answers as SQS wants to hear it.

    Args:
        cloud: the library.
        messages: of the queue.
        hurry: whether time is short; what is left then comes again.
    """
    failed: list[dict[str, str]] = []
    count("Messages", len(messages))
    for number, message in enumerate(messages):
        if number and hurry():
            left = messages[number:]
            logger.warning("time is short", left=len(left))
            count("Left", len(left))
            return {"batchItemFailures": failed + [_again(each) for each in left]}
        try:
            _take_in_one(cloud, message["body"])
        except Exception:  # noqa: BLE001 - whatever it is, it says nothing of the other messages
            # Where the message ends in the dead-letter queue, its reason is found here.
            logger.exception("failed", message_id=message["messageId"], body=message["body"])
            count("Failed")
            failed.append(_again(message))
    return {"batchItemFailures": failed}


def _again(message: dict[str, Any]) -> dict[str, str]:
    return {"itemIdentifier": message["messageId"]}


def _take_in_one(cloud: Cloud, body: str) -> None:
    for created in created_objects(body, cloud.originals, but=cloud.derived):
        done = ingest(cloud.library, cloud.source, created.address)
        logger.info(done.became, address=done.address, reason=done.reason)
        count(done.became.title().replace(" ", ""))
        count("Faces", done.faces)
        if done.photo_id is not None:
            _look(cloud, done.photo_id, moved=done.became is Became.COPY)


def _look(cloud: Cloud, photo_id: PhotoId, *, moved: bool) -> None:
    looked = look_on_arrival(cloud.desk, photo_id, moved=moved)
    if looked.reason:
        logger.warning("not looked at", photo_id=photo_id, reason=looked.reason)
    count("Labels", looked.labels)
    count("Lines", looked.lines)
