"""Objects of an S3-compatible service, through boto3."""

from __future__ import annotations

from collections.abc import Generator
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, urlsplit

import pytest
from http_server import listening

from kith.adapters.storage.s3 import S3Buckets
from kith.domain.errors import NotFoundError

OBJECTS = {"/photos/2026/may/än na.jpg": b"0123456789"}
MISSING = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>None.</Message></Error>'


class _Bucket(BaseHTTPRequestHandler):
    """As much of S3 as reading takes: GET of a path, and its error."""

    def do_GET(self) -> None:
        """Answer with the object."""
        parts = urlsplit(self.path)
        data = OBJECTS.get(unquote(parts.path)) if "versionId" not in parts.query else None
        body = MISSING if data is None else data
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """The address of a service with one bucket, and credentials for it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with listening(_Bucket) as address:
        yield address


def test_objects_are_read(endpoint: str) -> None:
    """An object is read by bucket and key, no further than asked; others are NotFoundError."""
    buckets = S3Buckets(endpoint)

    assert buckets.read("photos", "2026/may/än na.jpg", None, 99) == b"0123456789"
    assert buckets.read("photos", "2026/may/än na.jpg", None, 4) == b"0123"
    for key, version in (("absent.jpg", None), ("2026/may/än na.jpg", "7")):
        with pytest.raises(NotFoundError):
            buckets.read("photos", key, version, 99)


def test_a_service_that_is_not_there() -> None:
    """Where no service answers, the object was not read; nothing else is raised."""
    with pytest.raises(NotFoundError):
        S3Buckets("http://127.0.0.1:9").read("photos", "x", None, 9)
