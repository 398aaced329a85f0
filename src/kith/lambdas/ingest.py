"""New photos: messages of the queue, each of which names objects of the bucket of originals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kith.lambdas.container import cloud
from kith.lambdas.messages import created_objects
from kith.lambdas.telling import count, logger, metrics
from kith.pipeline.ingest import ingest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from kith.compose.cloud import Cloud


@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda passes two
    """Take in what a batch of messages names; answers which of them must come again."""
    return take_in(cloud(), event["Records"])


def take_in(cloud: Cloud, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Take in what these messages name, one after the other; answers as SQS wants to hear it."""
    failed: list[dict[str, str]] = []
    count("Messages", len(messages))
    for message in messages:
        try:
            _take_in_one(cloud, message["body"])
        except Exception:  # noqa: BLE001 - whatever it is, it says nothing of the other messages
            # Where the message ends in the dead-letter queue, its reason is found here.
            logger.exception("failed", message_id=message["messageId"], body=message["body"])
            count("Failed")
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def _take_in_one(cloud: Cloud, body: str) -> None:
    for created in created_objects(body, cloud.originals, but=cloud.derived):
        done = ingest(cloud.library, cloud.source, created.address)
        logger.info(done.became, address=done.address, reason=done.reason)
        count(done.became.title().replace(" ", ""))
        count("Faces", done.faces)
