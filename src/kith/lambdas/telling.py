"""What functions say: lines of JSON for the log, and figures for CloudWatch among them (EMF)."""

from __future__ import annotations

import os
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

_SERVICE: Final = os.environ.get("POWERTOOLS_SERVICE_NAME", "kith")
_NAMESPACE: Final = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "kith")

logger: Final = Logger(service=_SERVICE)
metrics: Final = Metrics(service=_SERVICE, namespace=_NAMESPACE)


def count(figure: str, value: float = 1) -> None:
    """Add to a figure that CloudWatch shows."""
    metrics.add_metric(name=figure, unit=MetricUnit.Count, value=value)


def count_retries(operation: str, again: int) -> None:
    """Count what was throttled or lost, service by service: ``RekognitionRetries`` and others."""
    if again:
        count(f"{operation.partition('.')[0]}Retries", again)
