"""Lists of photos: pages, months, and what each photo shows of itself."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def _pages(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(
            "/api/v1/photos", params=asked | ({"cursor": cursor} if cursor else {})
        ).json()
        found += page["photos"]
        cursor = page["next_cursor"]
    return found


def test_pages_hold_every_photo_once(client: TestClient) -> None:
    """Whatever the size of a page, all pages together are the library, newest or oldest first."""
    for order in ("newest", "oldest"):
        whole = _pages(client, order=order, limit=500)
        assert len(whole) == 9
        for limit in (1, 2, 4):
            assert _pages(client, order=order, limit=limit) == whole
        moments = [photo["taken_at"] for photo in whole]
        dated = [moment for moment in moments if moment]
        assert dated == sorted(dated, reverse=order == "newest")
        assert moments[len(dated) :] == [None] * 3


def test_the_timeline_is_the_months_of_the_pages(client: TestClient) -> None:
    """Each month counts as many photos as its own pages hold, and they add up."""
    timeline = client.get("/api/v1/timeline").json()

    assert timeline["total"] == sum(month["photos"] for month in timeline["months"]) == 9
    for month in timeline["months"]:
        photos = _pages(client, month=month["month"] or "none", limit=1)
        assert len(photos) == month["photos"]
        assert {(photo["taken_at"] or "")[:7] or None for photo in photos} == {month["month"]}
