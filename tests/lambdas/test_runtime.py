"""The zip at work: AWS's own runtime client calls its functions, as Lambda does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from http_api import HttpApi, visit
from lambda_runtime import running, unpacked

from kith.lambdas.package import Package

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
@pytest.mark.clients
def test_the_zip_takes_in_photos(
    packages: Mapping[str, Package],
    station: Station,
    pictures: Mapping[str, bytes],
    tmp_path: Path,
) -> None:
    """A batch of messages through Lambda's Python and runtime client: the photos are there."""
    code = unpacked(packages["x86_64"], tmp_path)
    messages = [station.put(key, pictures[key]) for key in list(pictures)[:2]]
    with running(code, "ingest", station.environment, tmp_path) as made:
        assert made.call({"Records": messages}) == {"batchItemFailures": []}
        assert made.call({"Records": messages}) == {"batchItemFailures": []}
    assert station.cloud().catalog.counts().photos == 2
    said = made.lines()
    assert [each["message"] for each in said if each.get("service") and "message" in each] == [
        *["added"] * 2,
        *["unchanged"] * 2,
    ]
    assert sum(line.get("ColdStart") == [1.0] for line in said) == 1


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
@pytest.mark.clients
def test_the_zip_answers_the_album(
    packages: Mapping[str, Package],
    station: Station,
    pictures: Mapping[str, bytes],
    event: Mapping[str, Any],
    tmp_path: Path,
) -> None:
    """A request through Lambda's Python and runtime client: people, pixels, problems, a guest."""
    code = unpacked(packages["x86_64"], tmp_path)
    station.fill(dict(list(pictures.items())[:2]))
    # In Lambda, the application is made while the container starts.
    told = {**station.environment, "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand"}
    with running(code, "api", told, tmp_path) as made:
        album = HttpApi(lambda asked, _: made.call(asked), event, None)
        (photo, _) = album.get("photos").json["photos"]
        assert visit(photo["urls"]["small"]).headers["content-type"] == "image/jpeg"
        large = album.as_role(None).get(photo["urls"]["large"], accept="image/webp")
        assert large.headers["content-type"] == "image/webp"
        person = album.get("people").json["people"][0]["id"]
        assert album.patch(f"people/{person}", {"name": "Ana"}).status == 200
        link = album.post("links", {"title": "Ana", "password": "starfish"}).json
        assert album.as_role(None).get(f"shared/{link['token']}").json["locked"]
        assert album.as_role("viewer").patch(f"people/{person}", {"name": "Eve"}).status == 403
    said = made.log.read_text("utf-8")
    assert link["token"] not in said
    assert sum(line.get("ColdStart") == [1.0] for line in made.lines()) == 1
