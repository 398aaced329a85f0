"""What photos show besides faces, from adding them to searching and exporting."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from buckets import Bucket
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@pytest.fixture
def folder(photos: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two dogs, a hot dog and a page of a book; and no setting against looking at them."""
    monkeypatch.setenv("KITH_MODELS", str(weights))
    for variable in ("KITH_LABELS", "KITH_TEXT"):
        monkeypatch.delenv(variable, raising=False)
    root = tmp_path / "photos"
    root.mkdir()
    texts = photos / "odd" / "immich-test-assets" / "albums" / "text"
    labels = photos / "labels"
    for path in (labels / "pets.jpg", labels / "hot_dog.jpg", texts / "book-beside-flowers.jpg"):
        shutil.copy(path, root)
    return root


def json_of(ask: Ask, *arguments: str | Path) -> Any:
    """The one JSON document that a command prints."""
    answer = ask(*arguments, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def names_of(ask: Ask, query: str) -> set[str]:
    """The files of the photos that a query means."""
    return {Path(one["places"][0]).name for one in json_of(ask, "photos", query)}


def test_photos_are_found_by_what_they_show(ask: Ask, folder: Path, tmp_path: Path) -> None:
    """The whole way: added, looked at, searched, kept as an album, sorted, told and exported."""
    added = ask("add", folder)
    assert added.code == 0
    assert "3 photos looked at" in added.out
    assert json_of(ask, "add", folder)["findings"] is None

    assert names_of(ask, "label:dog") == {"pets.jpg"}
    assert names_of(ask, 'label:animal -label:"hot dog"') == {"pets.jpg"}
    assert names_of(ask, "label:food>=90") == {"hot_dog.jpg"}
    lines = json_of(ask, "findings", folder / "book-beside-flowers.jpg")["text"]
    longest = max((word["text"] for line in lines for word in line["words"]), key=len)
    assert names_of(ask, f'text:"{longest.upper()}"') == {"book-beside-flowers.jpg"}

    assert ask("albums", "save", "Dogs", "label:dog").code == 0
    assert names_of(ask, "album:Dogs") == {"pets.jpg"}
    status = json_of(ask, "status")
    assert (status["labelled_photos"], status["read_photos"]) == (3, 3)
    assert {"name": "Dog", "parents": ["Animal", "Canine", "Mammal", "Pet"], "photos": 1} in (
        json_of(ask, "findings", "labels")
    )
    told = ask("findings", "label:dog")
    assert "pets.jpg" in told.out
    assert "labels Dog" in told.out

    schema = json.loads(ask("findings", "schema").out)
    out = tmp_path / "out"
    assert json_of(ask, "export", "--findings", out)["written"] == 3
    written = list(out.glob("*.json"))
    assert len(written) == 3
    for path in written:
        jsonschema.validate(json.loads(path.read_text()), schema)
        assert path.read_text() == ask("findings", path.stem, "--json").out


@pytest.mark.emulators
def test_documents_go_to_a_bucket_as_into_a_folder(
    ask: Ask,
    folder: Path,
    tmp_path: Path,
    moto_bucket: Bucket,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Byte for byte; the second time nothing is written but what is other by then."""
    monkeypatch.setenv("KITH_TEXT", "off")
    for name, value in moto_bucket.environment.items():
        monkeypatch.setenv(name, value)
    assert ask("add", folder).code == 0
    address, out = f"{moto_bucket.url}/all of it", tmp_path / "out"

    for where in (address, str(out)):
        written = json_of(ask, "export", "--findings", where)
        assert written == {"folder": where, "written": 3, "unchanged": 0}
    storage = moto_bucket.storage("all of it")
    bucket = {one.key: storage.read(one.key) for one in storage.list()}
    assert bucket == {path.name: path.read_bytes() for path in out.glob("*.json")}

    (folder / "copy.jpg").write_bytes((folder / "pets.jpg").read_bytes())
    ask("add", folder)
    again = json_of(ask, "export", "--findings", f"{address}/", "label:animal")
    assert (again["written"], again["unchanged"]) == (1, 0)
    assert "0 files" in ask("export", "--findings", address, "label:animal").out
    assert ask("export", "--findings", "gs://bucket/a").code == 2
    assert ask("export", "--findings", "s3://kith-has-no-such-bucket").code == 3


def test_without_what_it_takes_faces_are_found_all_the_same(
    ask: Ask, folder: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing is said once, with how to have it; with the setting, it is an error."""
    faces = Path(shutil.copytree(weights, tmp_path / "alone" / "face"))
    monkeypatch.setenv("KITH_MODELS", str(faces))
    monkeypatch.setenv("KITH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KITH_TEXT", "off")

    added = ask("add", folder)
    assert (added.code, added.err.count("kith models install labels")) == (0, 1)
    assert "3 photos added" in added.out
    assert "kith findings update" in ask("photos", "label:dog").err

    update = ask("findings", "update")
    assert update.code == 6
    assert "kith models install labels" in update.err
    assert ask("add", folder).err == ""


def test_what_was_added_before_is_looked_at_when_asked(
    ask: Ask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--no-findings`` leaves it for later; a query narrows it; a second time there is no more."""
    monkeypatch.setenv("KITH_TEXT", "off")
    assert json_of(ask, "add", folder, "--no-findings")["findings"] is None
    assert "label:dog" in ask("photos", "label:dog").err

    assert json_of(ask, "findings", "update", f'path:"{folder / "pets.jpg"}"')["looked"] == 1
    assert json_of(ask, "findings", "update")["looked"] == 2
    assert "looked at already" in ask("findings", "update").out

    assert names_of(ask, "label:pet") == {"pets.jpg"}
    missing = ask("findings", "nothing-here.jpg")
    assert (missing.code, missing.out) == (3, "")
    wrong = ask("findings", "label:doog")
    assert wrong.code == 2
    assert "Did you mean Dog" in wrong.err
