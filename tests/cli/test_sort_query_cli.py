"""``kith sort --query`` on real faces."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@pytest.mark.usefixtures("library")
def test_photos_of_the_library_are_sorted(ask: Ask, people: Path, tmp_path: Path) -> None:
    """Those that the query means, and no others, land with the people of the references."""
    neutral, other = sorted(people.glob("0*-neutral.jpg"))[:2]
    (tmp_path / "references").mkdir()
    for picture in (neutral, other):
        shutil.copy(picture, tmp_path / "references" / f"{picture.name[:3]}.jpg")
    query = f'path:"{people}" faces:1 -path:"{other}"'

    answer = ask(
        "sort", "--reference", tmp_path / "references", "--query", query,
        "--out", tmp_path / "out", "--json",
    )  # fmt: skip

    assert answer.code == 0, answer.err
    report = json.loads(answer.out)
    assert report["request"]["query"] == query
    placed = {Path(one["photo"]).name for one in report["placements"]}
    smiling = f"{neutral.name[:3]}-smiling.jpg"
    assert {neutral.name, smiling} <= placed
    assert other.name not in placed


@pytest.mark.usefixtures("library")
def test_a_wrong_query_sorts_nothing(ask: Ask, people: Path, tmp_path: Path) -> None:
    """The caret shows where it is wrong; photos come from a folder or a query, not both."""
    sort = ("sort", "--reference", people, "--out", tmp_path / "out")

    answer = ask(*sort, "--query", "unnamed person:Nobody")
    assert answer.code == 2
    assert "                 ^" in answer.err.splitlines()
    assert ask(*sort, "--query", "unnamed", "--photos", people).code == 2
    assert ask(*sort).code == 2

    assert not (tmp_path / "out").exists()
