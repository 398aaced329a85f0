"""``kith people regroup`` as its user runs it, on real faces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def _json(ask: Ask, *arguments: str | Path) -> Any:
    answer = ask(*arguments, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def _everything(ask: Ask) -> tuple[list[str], Any]:
    """All that is exported, and all that was said."""
    return ask("export").out.splitlines(), _json(ask, "history")


@pytest.mark.usefixtures("library")
def test_what_was_said_stays(ask: Ask) -> None:
    """Grouped anew, everybody has the faces, the name and the history that they had."""
    first, second, third, *_ = _json(ask, "people", "list")
    ask("people", "name", first["person_id"], "Anna")
    ask("people", "merge", second["person_id"], third["person_id"])
    ask("people", "hide", third["person_id"])
    before = _everything(ask)
    report = _json(ask, "people", "regroup")
    assert (report["moved"], report["unseen"]) == (0, 0)
    assert report["people"] == report["people_before"]
    (anna,) = report["named"]
    assert (anna["name"], anna["elsewhere"]) == ("Anna", 0)
    assert anna["before"] == anna["after"] == anna["stayed"] > 0
    assert _everything(ask) == before


@pytest.mark.usefixtures("library")
def test_in_words(ask: Ask) -> None:
    """A sentence for a person, and another on whoever has a name."""
    assert "0 faces moved" in ask("people", "regroup").out
    (first, *_) = _json(ask, "people", "list")
    ask("people", "name", first["person_id"], "Anna")
    assert "1 of 1 named people have the same faces as before" in ask("people", "regroup").out


def test_no_library(ask: Ask, tmp_path: Path) -> None:
    """Where there is no library, none is made."""
    assert ask("people", "regroup").code == 5
    assert not (tmp_path / "library").exists()
