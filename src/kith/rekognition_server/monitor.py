"""Is it alive, is it ready, how does it do: for those who run it, on a port of its own."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kith.rekognition.wire import Answer
from kith.rekognition_server.work import Work

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """What Prometheus is told. Labels hold only names of the service's model.

    Args:
        work: whose load is told.
    """

    def __init__(self, work: Work) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "kith_rekognition_requests",
            "Requests answered.",
            ("operation", "status", "error"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "kith_rekognition_seconds",
            "From a request's head to its answer.",
            ("operation",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._received = self._counter("received_bytes", "Bytes of requests' bodies.")
        self._sent = self._counter("sent_bytes", "Bytes of answers' bodies.")
        self._gauge("admitted", "Requests worked on, or waiting for it.", lambda: work.admitted)
        self._gauge("held_bytes", "Bytes of requests in memory.", lambda: work.held_bytes)

    def count(self, answer: Answer, received: int, seconds: float) -> None:
        """One request was answered."""
        operation = answer.operation or "unknown"
        self._requests.labels(operation, str(answer.status), answer.error or "").inc()
        self._seconds.labels(operation).observe(seconds)
        self._received.inc(received)
        self._sent.inc(len(answer.body))

    def _counter(self, name: str, told: str) -> Counter:
        return Counter(f"kith_rekognition_{name}", told, registry=self.registry)

    def _gauge(self, name: str, told: str, value: Callable[[], float]) -> None:
        Gauge(f"kith_rekognition_{name}", told, registry=self.registry).set_function(value)


def monitor_app(metrics: Metrics, ready: Callable[[], bool]) -> Starlette:
    """``/healthz``, ``/readyz`` and ``/metrics``.

    Args:
        metrics: what is told.
        ready: whether a request would be taken now.
    """

    def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        return PlainTextResponse("ok\n") if ready() else PlainTextResponse("busy\n", 503)

    def tell(_: Request) -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", tell)]
    )
