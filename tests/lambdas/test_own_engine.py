"""Kith's own engine on AWS: faces in a PostgreSQL database, models beside the function."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from cloud_people import people_shown, take_in_at_once
from emulators import Endpoint
from hypothesis import given
from hypothesis import strategies as st

from kith.compose import open_library
from kith.compose.cloud_engine import address_in
from kith.config import Settings
from kith.domain.errors import SettingError
from kith.lambdas import container
from kith.lambdas.ingest import handler
from kith.pipeline.add import add

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

pytestmark = [
    pytest.mark.weights,
    pytest.mark.photos,
    pytest.mark.emulators,
    pytest.mark.postgres,
]


@pytest.fixture
def own(
    station: Station,
    moto_endpoint: Endpoint,
    postgres_url: str,
    weights: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Station:
    """A library on AWS whose functions have the engine, and may not ask Rekognition."""
    client = moto_endpoint.client("secretsmanager")
    secret = client.create_secret(Name=station.originals, SecretString=postgres_url)["ARN"]
    client.close()
    told = {
        "KITH_ENGINE": "local",
        "KITH_DATABASE_SECRET": secret,
        "KITH_MODELS": str(weights),
        "KITH_LIBRARY": str(tmp_path / "function"),
        "KITH_LABELS": "off",
        "AWS_ENDPOINT_URL_REKOGNITION": "http://127.0.0.1:9",
    }
    for variable, value in told.items():
        monkeypatch.setenv(variable, value)
    return replace(station, environment={**station.environment, **told})


def test_people_are_those_of_a_library_on_ones_own_machine(
    own: Station, pictures: Mapping[str, bytes], weights: Path, tmp_path: Path, context: Any
) -> None:
    """The same engine finds the same faces, and they group into the same people."""
    messages = [own.put(key, data) for key, data in pictures.items()]
    assert handler({"Records": messages}, context) == {"batchItemFailures": []}

    folder = tmp_path / "photos"
    for key, data in pictures.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(data)
    settings = Settings(library=tmp_path / "library", models=weights)
    with open_library(settings, writing=True) as local:
        add(local, [folder])
        assert people_shown(container.cloud().catalog) == people_shown(local.catalog)
    assert len(people_shown(container.cloud().catalog)) == 3
    assert container.cloud().recognition.name == "open"


def test_ten_functions_at_once_find_one_person(
    own: Station, anna_anew: Callable[[], Iterator[bytes]]
) -> None:
    """Each has a search index of its own, and none misses what another has just kept."""
    messages = [
        own.put(f"{number:02}.jpg", data)
        for number, data in enumerate(itertools.islice(anna_anew(), 10))
    ]
    take_in_at_once([own.cloud() for _ in range(10)], messages)
    assert list(people_shown(own.cloud().catalog).values()) == [10]


def test_an_engine_that_there_is_not_is_said(own: Station) -> None:
    """Who mistypes the engine's name reads what there is."""
    mistyped = replace(own, environment={**own.environment, "KITH_ENGINE": "loacl"})
    with pytest.raises(SettingError, match="loacl") as told:
        _ = mistyped.cloud().library
    assert "rekognition or local" in told.value.advice


@given(user=st.text(min_size=1), password=st.text(), port=st.integers(1, 65_535))
def test_a_secret_of_rds_is_an_address(user: str, password: str, port: int) -> None:
    """Whatever characters a password has, the address names the same user, password and place."""
    secret = {"username": user, "password": password, "host": "db.example.org", "port": port}
    url = sa.make_url(address_in(json.dumps(secret)))
    assert (url.username, url.password or "") == (user, password)
    assert (url.host, url.port, url.database) == ("db.example.org", port, "postgres")


@pytest.mark.parametrize("secret", ["", "hello", "[]", '{"username": "a"}', "7"])
def test_a_secret_of_something_else_is_said(secret: str) -> None:
    """A secret without an address is an error that says what it should hold."""
    with pytest.raises(SettingError, match="names no database"):
        address_in(secret)
