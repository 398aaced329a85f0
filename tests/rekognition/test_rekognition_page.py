"""docs/rekognition.md says what the server does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kith.domain.similarity import strength_of
from kith.listening import ConnectionLimits
from kith.pipeline.rekognition.operations import SUPPORTED
from kith.rekognition.model import Service
from kith.rekognition.replays import GRACE
from kith.rekognition.wire import ACCOUNT, BODY_LIMIT

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "tests" / "clients"


@pytest.fixture(scope="module")
def page() -> str:
    """The text of the page."""
    return (ROOT / "docs" / "rekognition.md").read_text(encoding="utf-8")


def test_every_operation_of_the_service_has_its_row(page: str, service: Service) -> None:
    """Once each, supported, partly or not."""
    rows = re.findall(r"^\| ([A-Z]\w+) \| (yes|partly|no) \|", page, re.MULTILINE)

    assert sorted(name for name, _ in rows) == list(service.operations)
    assert {name for name, supported in rows if supported != "no"} == SUPPORTED


def test_what_differs_is_told_of_every_supported_operation(page: str) -> None:
    """In one row each, or in one of several operations."""
    _, _, part = page.partition("## What differs from Amazon")
    part, _, _ = part.partition("### ")
    rows = re.findall(r"^\| ([A-Z][\w, ]+) \|", part, re.MULTILINE)

    assert sorted(name for row in rows for name in row.split(", ")) == sorted(SUPPORTED)


def test_the_clients_of_the_page_are_those_of_the_tests(page: str) -> None:
    """Their versions, and what points the one at a server that needs it."""
    packages = json.loads((CLIENTS / "javascript" / "package.json").read_text())["dependencies"]

    assert (CLIENTS / "javascript" / "preload.js").read_text() in page
    assert f"| SDK for JavaScript v3 | {packages['@aws-sdk/client-rekognition']} |" in page
    assert f"| SDK for JavaScript v2 | {packages['aws-sdk']} |" in page
    (awscli,) = re.findall(r'"awscli==([\d.]+)"', (CLIENTS / "conftest.py").read_text())
    assert f"| AWS CLI | {awscli} |" in page


def test_the_costs_of_the_page_are_those_that_were_measured(page: str) -> None:
    """Of the size of pictures that the page tells."""
    measured = json.loads((ROOT / "benchmarks" / "results" / "cost.json").read_text())["costs"]
    rows = [cost for cost in measured if cost["picture"] == "1350 x 1350"]

    assert len(rows) == 4
    for cost in rows:
        told = f"| {cost['operation']} | {cost['cpu_seconds']:.0f} | ${cost['dollars']:.4f} |"
        assert told in page


@pytest.mark.parametrize("pack", ["open", "dlib"])
def test_the_curve_of_the_page_is_the_one_that_was_measured(page: str, pack: str) -> None:
    """At the similarities that people ask for."""
    table = (ROOT / "benchmarks" / "results" / f"similarity-{pack}.md").read_text()
    row = r"^\| (\d+).*?\| ([\d,]+)(?:, extrapolated)? \| ([\d.]+) % \| ([\d.]+) % \|"
    told = {int(found[0]): found[1:] for found in re.findall(row, page, re.MULTILINE)}

    assert set(told) == {60, 80, 90, 95, 99}
    for percent, (strangers, *of_one_person) in told.items():
        (measured,) = re.findall(
            rf"^\| {percent} %(?:, extrapolated)? \|.*\| ([\d.]+) \|$", table, re.MULTILINE
        )
        assert float(of_one_person[pack == "dlib"]) == pytest.approx(
            100 * float(measured), abs=0.051
        )
        assert int(strangers.replace(",", "")) == pytest.approx(10 ** strength_of(percent))


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
