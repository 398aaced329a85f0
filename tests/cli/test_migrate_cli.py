"""``kith models migrate`` as its user runs it, to a pack of his own and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos]

_PACK = Path(__file__).resolve().parents[1] / "support" / "packs" / "mobilefacenet.toml"


@pytest.fixture
def own_pack(library: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A filled library, and a folder of models in which lies a pack of the user's own."""
    if not (weights / "mobilefacenet-foamliu").is_dir():
        pytest.skip(f"the second pack's model is not in {weights}")
    folder = tmp_path / "models"
    folder.mkdir()
    for path in [*weights.iterdir(), _PACK]:
        (folder / path.name).symlink_to(path)
    monkeypatch.setenv("KITH_MODELS", str(folder))
    return library


def _json(ask: Ask, *arguments: str | Path, code: int = 0) -> Any:
    answer = ask(*arguments, "--json")
    assert answer.code == code, answer.err
    return json.loads(answer.out)


def test_to_an_own_pack_and_back(ask: Ask, own_pack: Path) -> None:
    """The plan says what will be done, the report what was; then the library is what it was."""
    assert own_pack.is_dir()
    (first, *_) = _json(ask, "people", "list")
    assert ask("people", "name", first["person_id"], "Ana").code == 0
    before = _json(ask, "people", "list")
    planned = _json(ask, "models", "migrate", "mobilefacenet", "--plan")
    assert (planned["done"], planned["todo"]) == (0, planned["photos"])
    assert "photos are to be looked at" in ask("models", "migrate", "open", "--plan").out
    there = _json(ask, "models", "migrate", "mobilefacenet")
    assert there["switched"]
    assert there["looked_at"] == planned["photos"]
    assert [one["name"] for one in there["change"]["named"]] == ["Ana"]
    assert _json(ask, "status")["pack"] == "mobilefacenet"
    back = ask("models", "migrate", "open")
    assert back.code == 0
    assert "1 of 1 names are kept" in back.out
    assert _json(ask, "people", "list") == before


def test_what_cannot_be(ask: Ask, own_pack: Path, tmp_path: Path) -> None:
    """An unknown pack, and a library that is not there, are messages and exit codes."""
    unknown = ask("models", "migrate", "nonesuch")
    assert unknown.code == 6
    assert "nonesuch" in unknown.err
    assert ask("models", "migrate", "open", "--library", tmp_path / "nowhere").code == 5
    other = ask("find", own_pack / "library.db", "--pack", "mobilefacenet")
    assert other.code == 6
    assert "kith models migrate mobilefacenet" in other.err
