"""What functions say: lines of JSON for the log, figures for CloudWatch among them (EMF), traces.

Traces, for X-Ray, name the calls of AWS that each call makes, and how long they take. They hold
neither what a function answers nor why it failed: both may be of people.
"""

from __future__ import annotations

import os
from typing import Final

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

_SERVICE: Final = os.environ.get("POWERTOOLS_SERVICE_NAME", "kith")
_NAMESPACE: Final = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "kith")

logger: Final = Logger(service=_SERVICE)
metrics: Final = Metrics(service=_SERVICE, namespace=_NAMESPACE)
_tracer: Final = Tracer(service=_SERVICE, patch_modules=["botocore"])

traced: Final = _tracer.capture_lambda_handler(capture_response=False, capture_error=False)
"""Has X-Ray follow a handler's calls, where Terraform's ``tracing`` asks for it."""


def count(figure: str, value: float = 1) -> None:
    """Add to a figure that CloudWatch shows."""
    metrics.add_metric(name=figure, unit=MetricUnit.Count, value=value)


def count_retries(operation: str, again: int) -> None:
    """Count what was throttled or lost, service by service: ``RekognitionRetries`` and others."""
    if again:
        count(f"{operation.partition('.')[0]}Retries", again)
