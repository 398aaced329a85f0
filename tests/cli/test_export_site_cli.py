"""``kith export --site`` as its user runs it: what it says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.usefixtures("library")]


def report(ask: Ask, *arguments: str | Path) -> Any:
    """What the command says as a document."""
    answer = ask("export", "--json", *arguments)
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def album(site: Path) -> Any:
    """What a site says of itself."""
    return json.loads((site / "data" / "album.json").read_text())


def test_the_report_says_what_became_of_the_site(ask: Ask, tmp_path: Path) -> None:
    """All photos first, fewer by a query then; files that are not wanted any more are counted."""
    site = tmp_path / "site"

    first = report(ask, "--site", site, "--people", "--title", "The sea")
    assert (first["photos"], first["removed"], first["problems"]) == (15, 0, [])
    assert first["people"] >= 6
    assert (album(site)["title"], album(site)["total"]) == ("The sea", 15)

    fewer = report(ask, "--site", site, "faces:>=3")
    assert 0 < fewer["photos"] < 15
    assert fewer["removed"] > 0
    assert (album(site)["title"], album(site)["people"]) == ("Photos", False)
    assert report(ask, "--site", site, "--query", "faces:>=3")["written"] == 0


def test_the_same_in_words(ask: Ask, tmp_path: Path) -> None:
    """A few lines for a person; an original that is gone is told of."""
    answer = ask("export", "--site", tmp_path / "site", "--people", "--jpeg")

    assert answer.code == 0
    assert f"15 photos are in {tmp_path / 'site'}" in answer.out
    assert "people are shown with them" in answer.out
    assert list((tmp_path / "site" / "pictures").rglob("*.jpg"))
    assert not list((tmp_path / "site").rglob("*.webp"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--people",), "goes with --site"),
        (("--csv", "--title", "Sea"), "goes with --site"),
        (("--site", "here", "--csv"), "none of"),
        (("--site", "here", "--out", "there"), "none of"),
        (("--site", "here", "--embed"), "none of"),
        (("--site", "here", "--query", "faces:1", "faces:2"), "say one of them"),
        (("--site", "here", "person:Nobody"), "^"),
        (("--xmp", "faces:1"), "not of a query"),
    ],
)
def test_what_contradicts_itself_writes_nothing(
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    complaint: str,
) -> None:
    """It is said what, and the exit code is that of options that cannot work."""
    monkeypatch.chdir(tmp_path)

    answer = ask("export", *arguments)

    assert answer.code == 2
    assert complaint in answer.err
    assert not (tmp_path / "here").exists()


def test_a_folder_of_others_is_left_alone(ask: Ask, tmp_path: Path) -> None:
    """Exit code 2, and what to do instead."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("mine")

    answer = ask("export", "--site", tmp_path / "site")

    assert (answer.code, answer.out) == (2, "")
    assert "Name a folder that is not there yet." in answer.err
    assert (tmp_path / "site" / "index.html").read_text() == "mine"


def test_a_query_may_be_said_either_way(ask: Ask) -> None:
    """Documents of the photos that it means."""
    said = ask("export", "faces:>=3")

    assert said.code == 0
    assert said.out == ask("export", "--query", "faces:>=3").out
    assert 0 < len(said.out.splitlines()) < 15
