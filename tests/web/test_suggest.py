"""Completions of a query that is being typed."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kith.domain.query_parse import parse_query
from kith.pipeline.decisions.corrections import name_person
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@pytest.fixture(autouse=True)
def named(services: Services) -> None:
    """The first person is called Ana Lima."""
    person = services.catalog.people()[0].person
    name_person(services.catalog, person, "Ana Lima", by="me")


def _suggested(client: TestClient, text: str, at: int | None = None) -> list[tuple[str, str]]:
    asked = {"text": text} | ({} if at is None else {"at": str(at)})
    answer = client.get("/api/v1/suggest", params=asked).json()
    return [(one["kind"], one["text"]) for one in answer["suggestions"]]


def test_people_albums_and_terms_are_completed(client: TestClient) -> None:
    """By how they begin, or a word of theirs does; behind a key only what it may name."""
    assert _suggested(client, "an") == [("person", 'person:"Ana Lima"'), ("term", "any:")]
    assert _suggested(client, "lim") == [("person", 'person:"Ana Lima"')]
    assert _suggested(client, "faces:>=2 -fam") == [("album", 'faces:>=2 -album:"family"')]
    assert _suggested(client, 'person:"ana l') == [("person", 'person:"Ana Lima"')]
    assert _suggested(client, "album:por") == [("album", 'album:"portraits"')]
    assert _suggested(client, "una rest", at=2) == [("term", "unnamed")]
    assert _suggested(client, "camera:x") == _suggested(client, "nobody at all") == []


def test_what_is_suggested_can_be_asked(client: TestClient) -> None:
    """Every completion that is not a mere key is a query that is understood."""
    for kind, text in _suggested(client, ""):
        if kind != "term" or not text.endswith(":"):
            parse_query(text)
            assert client.get("/api/v1/photos", params={"query": text}).status_code == 200
