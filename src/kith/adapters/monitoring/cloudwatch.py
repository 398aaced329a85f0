"""Figures and logs of Lambda functions, in Amazon CloudWatch."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final, cast

from kith.adapters.aws_account import translated
from kith.ports.monitoring import Failures

_FIGURES: Final = ("Invocations", "Errors", "Throttles")

_FAILED: Final = '"message_id"'
"""A pattern that matches lines on messages that failed, and no others: a phrase, for emulators know
no other patterns, and several phrases at once not either."""

_MOST_PAGES: Final = 50
"""Of one search. A log of weeks is read in pieces of a megabyte, most of them without a hit."""

_PERIOD: Final = 300
"""Seconds that a figure is of."""


class CloudWatch:
    """``Monitoring`` by CloudWatch.

    Args:
        metrics: client of ``cloudwatch``.
        logs: client of ``logs``.
    """

    def __init__(self, metrics: Any, logs: Any) -> None:
        self._metrics = metrics
        self._logs = logs

    def failures(self, functions: Collection[str], hours: float, /) -> Mapping[str, Failures]:
        """See ``Monitoring.failures``."""
        names = sorted(functions)
        until = datetime.now(UTC)
        queries = [
            _query(f"f{number}_{figure.lower()}", name, figure)
            for number, name in enumerate(names)
            for figure in _FIGURES
        ]
        with translated("CloudWatch"):
            answer = self._metrics.get_metric_data(
                MetricDataQueries=queries,
                StartTime=until - timedelta(hours=hours),
                EndTime=until,
            )
        sums = {each["Id"]: round(sum(each["Values"])) for each in answer["MetricDataResults"]}
        return {
            name: Failures(*(sums.get(f"f{number}_{one.lower()}", 0) for one in _FIGURES))
            for number, name in enumerate(names)
        }

    def reasons(
        self, function: str, message_ids: Collection[str], since: datetime, /
    ) -> Mapping[str, str]:
        """See ``Monitoring.reasons``."""
        said: dict[str, str] = {}
        for line in self._lines(f"/aws/lambda/{function}", since):
            said |= _reason_in(line)
        return {id_: said[id_] for id_ in message_ids if id_ in said}

    def _lines(self, group: str, since: datetime) -> Iterator[str]:
        """What a log says of messages that failed, the oldest first."""
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=group,
            startTime=int(since.timestamp() * 1000),
            filterPattern=_FAILED,
        )
        with translated(f"The log {group}"):
            for page in islice(pages, _MOST_PAGES):
                yield from (event["message"] for event in page["events"])


def _query(id_: str, function: str, figure: str) -> dict[str, Any]:
    return {
        "Id": id_,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/Lambda",
                "MetricName": figure,
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
            },
            "Period": _PERIOD,
            "Stat": "Sum",
        },
    }


def _reason_in(line: str) -> dict[str, str]:
    """What a line says of why a message failed, by its id; ``kith.lambdas.ingest`` writes them."""
    try:
        told: Any = json.loads(line)
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    said = cast("dict[str, Any]", told)
    if "message_id" not in said or not (trace := str(said.get("exception", "")).strip()):
        return {}
    # The last line of a traceback is the error: its kind, perhaps in a module, and what it says.
    kind, _, what = trace.splitlines()[-1].partition(": ")
    return {str(said["message_id"]): what or kind.rpartition(".")[2]}
