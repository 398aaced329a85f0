"""The album's API: requests that API Gateway hands over, answered by the application.

Events and answers have the payload format 2.0 of HTTP APIs.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from mangum import Mangum

from kith.domain.errors import RequestTooLargeError
from kith.lambdas.container import cloud
from kith.lambdas.telling import count, logger, metrics, traced
from kith.web import problems
from kith.web.access.claims import ClaimedCallers
from kith.web.discretion import without_secrets
from kith.web.hosted import create_hosted_app

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from kith.compose.cloud import Cloud

Answering = Callable[[dict[str, Any], Any], dict[str, Any]]
"""Answers an event, in a context."""

MOST_BYTES: Final = 6_000_000
"""Of an answer, in the encoding in which Lambda hands it on (Lambda quotas: 6 MB)."""


@traced
@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    answer: dict[str, Any] = application()(event, context)
    if len(answer.get("body", "")) > MOST_BYTES:
        answer = _too_large()
    count(f"Answers{answer['statusCode'] // 100}xx")
    return answer


@cache
def application() -> Answering:
    """The application of this container."""
    return served(cloud())


def served(cloud: Cloud) -> Answering:
    """The application over a library."""
    # It writes down each path, and again what the application has written down already.
    logging.getLogger("mangum").setLevel(logging.CRITICAL)
    logging.getLogger(problems.__name__).addFilter(_discreet)
    app = create_hosted_app(cloud.services, ClaimedCallers())
    return cast("Answering", Mangum(app, lifespan="off"))


def _discreet(record: logging.LogRecord) -> bool:
    """Take out of a line what lets somebody in, such as the token of a link."""
    record.msg, record.args = without_secrets(record.getMessage()), ()
    return True


def _too_large() -> dict[str, Any]:
    error = RequestTooLargeError(
        "The answer is larger than can be sent", "Ask for less at once, or accept gzip."
    )
    problem = problems.problem_response(error)
    headers = {name.decode(): value.decode() for name, value in problem.raw_headers}
    body = bytes(problem.body).decode()
    return {"statusCode": problem.status_code, "headers": headers, "body": body}


# Lambda gives the start of a container a whole processor, and each call only its share.
if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE"):
    application()
