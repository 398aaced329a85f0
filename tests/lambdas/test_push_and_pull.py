"""A library here and one on AWS that took in the same photos: what is said in one holds in both."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kith.cli.main import run
from kith.compose import open_catalog, open_library
from kith.config import Settings
from kith.domain.photo import PhotoId
from kith.lambdas.ingest import take_in
from kith.pipeline.add import add
from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.deployment.facts import note_outputs

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

    from kith.ports.catalog import Catalog

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.emulators]

Ask = Callable[..., Any]


@pytest.fixture
def settings(weights: Path, tmp_path: Path) -> Settings:
    """Of the library here."""
    return Settings(library=tmp_path / "library", models=weights)


@pytest.fixture
def ask(
    station: Station,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Ask:
    """Runs a command with the library here and the deployment; answers its document."""
    for kind in ("failed", "undelivered"):
        station.sqs.create_queue(QueueName=f"{station.originals}-{kind}")
    outputs = {
        "region": station.environment["AWS_REGION"],
        "originals_bucket": station.originals,
        "derived_bucket": station.environment["KITH_DERIVED_BUCKET"],
        "catalog_table": station.environment["KITH_TABLE"],
        "collection_id": station.environment["KITH_COLLECTION"],
        "queue_urls": {"photos": station.queue(), "failed": "f", "undelivered": "u"},
    }
    folder = tmp_path / "deployment"
    folder.mkdir()
    note_outputs(folder, outputs)
    monkeypatch.setenv("KITH_DEPLOYMENT", str(folder))
    monkeypatch.setenv("KITH_LIBRARY", str(settings.library))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def ask_(*words: str | Path) -> Any:
        capfd.readouterr()
        code = run([*map(str, words), "--json"])
        printed = capfd.readouterr()
        assert code == 0, printed.err
        return json.loads(printed.out)

    return ask_


def name_somebody(catalog: Catalog, name: str) -> None:
    """Have somebody without a name be called so."""
    person = next(each.person for each in catalog.people() if each.person.name is None)
    name_person(catalog, person, name, by="somebody")


def names(catalog: Catalog) -> dict[str, int]:
    """Who has a name, and in how many photos."""
    return {each.person.name: each.photo_count for each in catalog.people() if each.person.name}


def photos_of_people(catalog: Catalog) -> set[frozenset[PhotoId]]:
    """The photos of each person."""
    ids = {each.person.id: catalog.appearances([each.person.id]) for each in catalog.people()}
    return {
        frozenset(
            face.photo_id for face in catalog.faces_by_id([one.face_id for one in some]).values()
        )
        for some in ids.values()
    }


def test_photos_and_names_go_there_and_come_back(
    station: Station,
    ask: Ask,
    settings: Settings,
    pictures: Mapping[str, bytes],
    tmp_path: Path,
) -> None:
    """Photos that are lacking, on either side, and every name; twice changes nothing."""
    here, more = list(pictures.items())[:4], list(pictures.items())[4:]
    for number, (_, data) in enumerate(here):
        (tmp_path / "photos").mkdir(exist_ok=True)
        (tmp_path / "photos" / f"{number}.jpg").write_bytes(data)
    with open_library(settings, writing=True) as library:
        add(library, [tmp_path / "photos"])
        name_somebody(library.catalog, "Anna")
    cloud = station.cloud()
    first = [station.put(key, data) for key, data in [here[0], *more]]
    assert take_in(cloud, first)["batchItemFailures"] == []

    pushed = ask("push", "--photos")
    assert (pushed["new"], len(pushed["photos"]["sent"])) == (1, 3)
    arrived = [announced(station, key) for key in pushed["photos"]["sent"]]
    assert take_in(cloud, arrived)["batchItemFailures"] == []
    assert names(cloud.catalog) == {"Anna": 2}

    name_somebody(cloud.catalog, "Bert")
    pulled = ask("pull", "--photos", tmp_path / "fetched")
    assert (pulled["new"], pulled["known"], len(pulled["photos"]["written"])) == (1, 1, 2)
    with open_library(settings, writing=True) as library:
        assert add(library, [tmp_path / "fetched"]).added == 2
    with open_catalog(settings) as catalog:
        assert names(catalog) == names(cloud.catalog) == {"Anna": 2, "Bert": 2}
        assert photos_of_people(catalog) == photos_of_people(cloud.catalog)

    assert ask("push", "--photos")["photos"]["lacking"] == 0
    again = ask("pull", "--photos", tmp_path / "fetched")
    assert (again["new"], again["photos"]["written"], again["moved"]) == (0, [], [])


def announced(station: Station, key: str) -> dict[str, str]:
    """The message that the queue gets of an object that was put there by a command."""
    data = station.s3.get_object(Bucket=station.originals, Key=key)["Body"].read()
    return station.put(key, data)
