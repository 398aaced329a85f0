"""``kith upload``, ``kith add s3://…`` and what works with photos that lie in a bucket only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.cli.main import run

if TYPE_CHECKING:
    from buckets import Bucket
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.emulators]


@pytest.fixture
def store(ministack_bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A bucket, which programs find in the environment."""
    for name, value in ministack_bucket.environment.items():
        monkeypatch.setenv(name, value)
    return ministack_bucket


def test_photos_go_to_a_bucket_and_into_a_library(
    ask: Ask, store: Bucket, people: Path, tmp_path: Path
) -> None:
    """Sent once, added once, looked at through every door that can, and missed when they go."""
    address = f"{store.url}/fam ily"
    planned = json.loads(ask("upload", people, address, "--plan", "--json").out)
    sent = ask("upload", people, address)
    assert (sent.code, len(planned["sent"])) == (0, 15)
    assert "15 files sent" in sent.out
    assert "0 files sent" in ask("upload", people, address, "--strict").out

    added = json.loads(ask("add", address, "--json", "--no-findings").out)
    assert (added["added"], added["faces"] >= 15, added["refused"]) == (15, True, [])
    again = json.loads(ask("add", f"{address}/", "--json", "--no-findings").out)
    assert (again["unchanged"], again["added"]) == (15, 0)

    name = next(people.glob("*smiling.jpg")).name
    known = json.loads(ask("photos", f'path:"{address}"', "--json").out)
    assert len(known) == 15
    faces = json.loads(ask("faces", f"{address}/{name}", "--json").out)
    assert len(faces["faces"]) == 1
    found = json.loads(ask("find", people / name, "--json").out)
    assert f"{address}/{name}" in json.dumps(found)
    assert ask("people", "sheet", tmp_path / "sheet.html").code == 0
    assert "data:image/jpeg" in (tmp_path / "sheet.html").read_text()
    assert ask("doctor").code == 0
    person = json.loads(ask("people", "--json").out)[0]["person_id"]
    assert ask("people", "name", person, "Ana").code == 0
    written = json.loads(ask("export", "--xmp", "--json").out)
    assert written["written"] == []
    assert {one["reason"] for one in written["problems"]} == {
        "lies in a store, and names are read and written beside files"
    }
    assert {one["path"].rpartition("/")[0] for one in written["problems"]} == {address}

    store.storage("fam ily").delete(name)
    assert json.loads(ask("add", address, "--json", "--no-findings").out)["gone"] == 1


def test_what_cannot_be_done_with_a_bucket_is_said(ask: Ask, store: Bucket, tmp_path: Path) -> None:
    """No bucket, no address, nobody there: an exit code of its own, and a sentence."""
    absent = ask("add", "s3://kith-has-no-such-bucket")
    assert (absent.code, "no bucket" in absent.err) == (3, True)
    assert ask("add", "gs://bucket/a").code == 2
    assert ask("add", store.url, "--watch").code == 2
    assert ask("upload", tmp_path, "/not/s3").code == 2
    for command in (("watch",), ("sort", "--out", tmp_path, "--photos"), ("import",)):
        answer = ask(*command, store.url)
        assert (answer.code, f"{store.url} lies in a store" in answer.err) == (2, True)
    assert ask("upload", tmp_path / "absent", store.url).code == 3


def test_a_store_that_cannot_be_reached_has_an_exit_code(
    ask: Ask, store: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be there again later."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    answer = ask("add", store.url)

    assert (answer.code, "cannot be reached" in answer.err) == (8, True)
    assert run(["--version"]) == 0
