"""Who is told of new photos: sends what waits in the outbox, by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kith.lambdas.container import cloud
from kith.lambdas.telling import count, logger, metrics, traced

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@traced
@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:  # noqa: ARG001 - Lambda passes two
    """Send all that is due; what fails stays in the outbox, for the next time."""
    done = cloud().courier.deliver()
    said = {"sent": done.sent, "waiting": done.waiting, "dead": done.dead}
    for what, number in said.items():
        count(f"Notices{what.title()}", number)
    logger.info("delivered", extra={**said, "errors": done.errors})
    return said
