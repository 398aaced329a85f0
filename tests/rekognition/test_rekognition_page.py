"""docs/rekognition.md says what the server does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kith.rekognition.model import Service
from kith.rekognition.replays import GRACE
from kith.rekognition.wire import ACCOUNT, BODY_LIMIT
from kith.rekognition_server.connection import ConnectionLimits


@pytest.fixture(scope="module")
def page() -> str:
    """The text of the page."""
    root = Path(__file__).resolve().parents[2]
    return (root / "docs" / "rekognition.md").read_text(encoding="utf-8")


def test_every_operation_of_the_service_has_its_row(page: str, service: Service) -> None:
    """Once each, supported, partly or not."""
    rows = re.findall(r"^\| ([A-Z]\w+) \| (yes|partly|no) \|", page, re.MULTILINE)

    assert sorted(name for name, _ in rows) == list(service.operations)


def test_the_limits_of_the_page_are_those_of_the_server(page: str) -> None:
    """Figures that are written down twice agree."""
    limits = ConnectionLimits()

    assert f"| a request | {BODY_LIMIT:,} bytes |" in page
    assert f"| the head of a request | {limits.head_seconds} seconds |" in page
    assert f"| its body | {limits.body_seconds} seconds |" in page
    assert f"| a connection that is not used | {limits.idle_seconds} seconds |" in page
    assert f"| connections | {limits.connections};" in page
    assert f"more than {GRACE.seconds} seconds ago" in page
    assert f"`{ACCOUNT}`" in page
