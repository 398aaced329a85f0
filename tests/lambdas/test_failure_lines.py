"""What ``ingest`` writes of a message that failed is what ``kith aws status`` reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from emulators import Endpoint

from kith.adapters.monitoring.cloudwatch import CloudWatch
from kith.compose.cloud import Cloud
from kith.lambdas.ingest import take_in
from kith.lambdas.telling import logger

pytestmark = pytest.mark.emulators


@pytest.fixture
def log(moto_endpoint: Endpoint) -> Any:
    """Puts lines into the log of a function; answers what is known of its failures by then."""

    def read(lines: list[str], message_id: str) -> dict[str, str]:
        group = f"/aws/lambda/{message_id}"
        with (
            closing(moto_endpoint.client("logs")) as logs,
            closing(moto_endpoint.client("cloudwatch")) as metrics,
        ):
            logs.create_log_group(logGroupName=group)
            logs.create_log_stream(logGroupName=group, logStreamName="one")
            now = int(time.time() * 1000)
            events = [{"timestamp": now, "message": line} for line in lines]
            logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)
            since = datetime.now(UTC) - timedelta(hours=1)
            return dict(CloudWatch(metrics, logs).reasons(message_id, [message_id], since))

    return read


def test_the_reason_of_a_failure_is_found(
    log: Callable[[list[str], str], dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    """In words, by the id of its message."""
    cloud = Cloud({"KITH_ORIGINALS_BUCKET": "photos", "KITH_DERIVED_BUCKET": "derived"})
    message = {"messageId": "e0b8b2a4", "body": '{"no": "event"}'}

    assert take_in(cloud, [message])["batchItemFailures"] == [{"itemIdentifier": "e0b8b2a4"}]

    records = [record for record in caplog.records if record.name == "kith"]
    lines = [logger.registered_formatter.format(record) for record in records]
    reasons = log(lines, "e0b8b2a4")
    assert "The message is no event of S3" in reasons["e0b8b2a4"]
    assert "\n" not in reasons["e0b8b2a4"]
