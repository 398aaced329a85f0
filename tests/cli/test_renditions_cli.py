"""``kith renditions``, and what ``kith add`` makes by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from buckets import Bucket
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def wanted(monkeypatch: pytest.MonkeyPatch, to: str | Path, **form: object) -> None:
    """Have the settings ask for one kind of copy."""
    tables = {"small": {"to": str(to), "long_side": 64, **form}}
    monkeypatch.setenv("KITH_RENDITIONS", json.dumps(tables))


def test_photos_that_are_added_get_their_copies(
    ask: Ask, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; and others when the settings ask for others."""
    copies = tmp_path / "copies"
    wanted(monkeypatch, copies)

    assert "small: 15 copies made" in ask("add", people, "--no-findings").out
    again = json.loads(ask("renditions", "--json").out)
    assert again == {"small": {"made": 0, "there": 15, "refused": []}}

    wanted(monkeypatch, copies, format="webp")
    assert "small: 15 copies made" in ask("renditions", "faces:1..").out
    with Image.open(next(copies.rglob("*.webp"))) as copy:
        assert max(copy.size) == 64

    one = next(people.glob("*smiling.jpg"))
    wanted(monkeypatch, copies, long_side=32)
    one.rename(tmp_path / "aside")
    try:
        partly = ask("renditions", "--strict")
    finally:
        (tmp_path / "aside").rename(one)
    assert (partly.code, "14 copies made" in partly.out) == (4, True)


def test_copies_that_would_come_back_as_photos_are_refused(
    ask: Ask, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is added; and a question without settings is one."""
    wanted(monkeypatch, people / "small")
    refused = ask("add", people, "--no-findings")
    assert (refused.code, "would be added as photos" in refused.err) == (2, True)
    assert json.loads(ask("status", "--json").out)["photos"] == 0

    wanted(monkeypatch, tmp_path / "x", format="gif")
    wrong = ask("renditions")
    assert (wrong.code, "small" in wrong.err) == (2, True)
    monkeypatch.delenv("KITH_RENDITIONS")
    assert ask("renditions").code == 2


@pytest.mark.emulators
@pytest.mark.usefixtures("library")
def test_copies_go_to_a_bucket(
    ask: Ask, ministack_bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the type that a browser must be told."""
    for name, value in ministack_bucket.environment.items():
        monkeypatch.setenv(name, value)
    wanted(monkeypatch, f"{ministack_bucket.url}/web", format="avif")

    assert "small: 15 copies made" in ask("renditions").out

    names = [key for key in sorted(ministack_bucket.keys()) if key.endswith(".avif")]
    told = ministack_bucket.client.head_object(Bucket=ministack_bucket.name, Key=names[0])
    assert (len(names), told["ContentType"]) == (15, "image/avif")
    assert "small: 0 copies made; 15 were there" in ask("renditions").out
