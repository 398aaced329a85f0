"""The page of the API and the API describe the same, and the API's own page needs no other host."""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from kith.compose.web import open_services
from kith.config import Settings
from kith.web.app import create_app
from kith.web.assembly import API

PAGE = Path(__file__).resolve().parents[2] / "docs" / "http-api.md"
ROW = re.compile(r"^\| `(?P<request>[A-Z]+ /[^`]*)` \| (?P<does>.+) \|$", re.MULTILINE)


@pytest.fixture
def empty(tmp_path: Path) -> Generator[TestClient]:
    """The owner at the machine itself, before there is any photo."""
    with open_services(Settings(library=tmp_path / "library", workers=1)) as services:
        yield TestClient(create_app(services), base_url="http://localhost")


def test_the_page_lists_every_route(empty: TestClient) -> None:
    """Each request stands there with the first line of its description, and no other does."""
    document: dict[str, Any] = empty.get(f"{API}/openapi.json").json()

    described = {
        f"{method.upper()} {path.removeprefix(API)}": _first_line(operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    listed = {row["request"]: row["does"] for row in ROW.finditer(PAGE.read_text("utf-8"))}
    assert listed == described


def _first_line(operation: dict[str, Any]) -> str:
    return cast("str", operation.get("description", "")).split("\n")[0]


def test_an_empty_library_is_served(empty: TestClient) -> None:
    """Where there is no library yet, one is made, and it is empty."""
    library = empty.get(f"{API}/library").json()

    assert (library["photos"], library["pack"], library["role"]) == (0, None, "owner")
    assert empty.get(f"{API}/photos").json() == {"photos": [], "next_cursor": None}
    assert empty.get(f"{API}/timeline").json()["months"] == []
    assert empty.get(f"{API}/albums").json() == {"albums": []}


def test_the_api_is_read_without_another_host(empty: TestClient) -> None:
    """The page at /docs loads its parts from here, and has no script of its own in it."""
    page = empty.get("/docs").text

    assert "<script>" not in page
    assert "//" not in page.replace("<!doctype", "")
    parts = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert parts
    for part in parts:
        assert empty.get(f"/{part}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/%2e%2e/%2e%2e/pyproject.toml",
        "/..%2f..%2fapp.py",
        "/docs/files/..%2f__init__.py",
        "/static/../app.py",
    ],
)
def test_no_path_leads_out_of_the_album(empty: TestClient, path: str) -> None:
    """Whatever stands in a path, only the album's own files are sent."""
    answer = empty.get(path)

    assert "import" not in answer.text or answer.headers["content-type"].startswith("text/html")
    assert answer.status_code in {200, 404}
    assert "from __future__" not in answer.text
    assert "[project]" not in answer.text
