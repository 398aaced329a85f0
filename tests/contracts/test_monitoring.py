"""What monitoring promises, on two emulators of CloudWatch."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from emulators import Endpoint

from kith.adapters.monitoring.cloudwatch import CloudWatch
from kith.domain.errors import NotFoundError
from kith.ports.monitoring import Failures, Monitoring

pytestmark = pytest.mark.emulators


@dataclass(frozen=True, slots=True)
class Functions:
    """Two functions that run somewhere; they are named anew for each test."""

    metrics: Any
    logs: Any
    names: tuple[str, str]

    def count(self, function: str, figure: str, value: float) -> None:
        """Have something happen to a function, as Lambda counts it."""
        self.metrics.put_metric_data(
            Namespace="AWS/Lambda",
            MetricData=[
                {
                    "MetricName": figure,
                    "Dimensions": [{"Name": "FunctionName", "Value": function}],
                    "Timestamp": datetime.now(UTC) - timedelta(minutes=10),
                    "Value": value,
                    "Unit": "Count",
                }
            ],
        )

    def say(self, *lines: str) -> None:
        """Have the first function write lines to its log."""
        group = f"/aws/lambda/{self.names[0]}"
        self.logs.create_log_group(logGroupName=group)
        self.logs.create_log_stream(logGroupName=group, logStreamName="one")
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines]
        self.logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)


@pytest.fixture(params=["moto", "ministack"])
def functions(request: pytest.FixtureRequest) -> Generator[Functions]:
    """On each emulator."""
    endpoint: Endpoint = request.getfixturevalue(f"{request.param}_endpoint")
    tag = uuid.uuid4().hex[:8]
    with ExitStack() as stack:
        metrics, logs = endpoint.client("cloudwatch"), endpoint.client("logs")
        stack.callback(metrics.close)
        stack.callback(logs.close)
        yield Functions(metrics, logs, (f"ingest-{tag}", f"api-{tag}"))


@pytest.fixture
def monitoring(functions: Functions) -> Monitoring:
    """What is known of them."""
    return CloudWatch(functions.metrics, functions.logs)


def failed(message_id: str, *trace: str) -> str:
    """The line that ``kith.lambdas.ingest`` writes of a message that failed."""
    told = {"level": "ERROR", "message": "failed", "message_id": message_id}
    return json.dumps(told | {"exception": "\n".join(trace)})


def test_each_function_is_told_of_by_itself(functions: Functions, monitoring: Monitoring) -> None:
    """Calls, errors and throttles of the last hour; none where nothing happened."""
    busy, idle = functions.names
    functions.count(busy, "Invocations", 12)
    functions.count(busy, "Errors", 2)
    functions.count(busy, "Errors", 1)

    assert monitoring.failures([busy, idle], 1.0) == {
        busy: Failures(calls=12, errors=3, throttles=0),
        idle: Failures(calls=0, errors=0, throttles=0),
    }


def test_why_messages_failed_is_read_from_the_log(
    functions: Functions, monitoring: Monitoring
) -> None:
    """The last error of each that is asked for, without its traceback; else nothing."""
    functions.say(
        "START RequestId: 1",
        failed("id-1", "Traceback", "kith.domain.errors.StoreError: Not now"),
        json.dumps({"message": "added", "address": "s3://b/id-1.jpg"}),
        failed("id-2", "Traceback", "ZeroDivisionError"),
        failed("id-1", "Traceback", "kith.domain.errors.StoreError: The table is: gone"),
        failed("id-9", "Traceback", "ValueError: of another"),
    )
    since = datetime.now(UTC) - timedelta(hours=1)

    found = monitoring.reasons(functions.names[0], ["id-1", "id-2", "id-3"], since)

    assert found == {"id-1": "The table is: gone", "id-2": "ZeroDivisionError"}
    later = datetime.now(UTC) + timedelta(hours=1)
    assert monitoring.reasons(functions.names[0], ["id-1"], later) == {}


def test_a_log_that_is_not_there_is_told(functions: Functions, monitoring: Monitoring) -> None:
    """By its name."""
    with pytest.raises(NotFoundError, match=f"/aws/lambda/{functions.names[1]} is not there"):
        monitoring.reasons(functions.names[1], ["id-1"], datetime.now(UTC))
