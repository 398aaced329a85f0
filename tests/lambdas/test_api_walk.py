"""Everything that an owner does with the album, and what it asks of AWS for that."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from http_api import HttpApi, form_with_picture, visit

from kith.domain.photo import photo_id_of
from kith.lambdas.api import served
from kith.ports.storage import Reading

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

RIGHTS = {
    "S3.HeadObject": {"s3:GetObject"},
    "S3.ListObjectsV2": {"s3:ListBucket"},
    "DynamoDB.TransactWriteItems": {
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    },
    "DynamoDB.BatchWriteItem": {"dynamodb:BatchWriteItem"},
}
"""Operations that need rights of other names."""

POLICY = Path(__file__).parents[2] / "infra" / "terraform" / "modules" / "api" / "iam.tf"


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
@pytest.mark.parametrize("station", ["moto", "ministack"], indirect=True)
def test_what_an_owner_does_is_allowed_to_the_function(
    station: Station, pictures: Mapping[str, bytes], event: Mapping[str, Any], context: Any
) -> None:
    """Looking, naming, drawing, searching, sharing, forgetting: AWS is asked what the role allows.

    Nothing is left of who was forgotten, in the bucket, the collection or the record.
    """
    station.fill(pictures)
    heard: set[str] = set()
    cloud = station.cloud(lambda operation, _: heard.add(operation))
    album = HttpApi(served(cloud), event, context)
    data, other, *_ = pictures.values()
    path = f"photos/{photo_id_of(data)}"

    (face,) = album.get(path).json["faces"]
    person = f"people/{face['person']['id']}"
    assert album.patch(person, {"name": "Ana"}).status == 200
    assert [each["text"] for each in album.get("suggest?text=An").json["suggestions"]]
    assert album.get(f"photos?query={quote('person:Ana')}").json["photos"]
    kind, form = form_with_picture(data)
    found = album.ask("POST", "search", form, {"content-type": kind}).json
    assert found["faces"][0]["person"]["name"] == "Ana"
    assert album.get(f"faces/{face['id']}/similar").json["faces"]
    assert album.post("albums", {"name": "Ana", "query": "person:Ana"}).status == 201
    assert album.post("links", {"title": "Ana", "query": "person:Ana"}).status == 201
    assert album.get(album.get(path).json["urls"]["large"]).status == 200
    assert album.get(f"{path}/exif").status == 200
    assert album.get(f"{path}/findings").json["faces"]

    around = {"left": 0.05, "top": 0.05, "width": 0.9, "height": 0.9}
    new = album.post(f"photos/{photo_id_of(other)}/faces", {"box": around, "name": "Ben"}).json
    assert visit(new["face"]["crop_url"]).status == 200
    assert album.post("undo", {"entries": new["change"]["entries"]}).status == 200

    assert album.post("faces/not-a-face", {"face_ids": [face["id"]]}).status == 200
    drawn = album.post(f"{path}/faces", {"box": face["box"], "name": "Ana"})
    assert drawn.status == 200
    crop = drawn.json["face"]["crop_url"]
    assert visit(crop).status == 200

    gone = album.post(f"{person}/forget", {"confirm": "Ana"})
    assert (gone.status, gone.json["faces"]) == (200, 2)
    assert album.get(person).status == 404
    assert visit(crop).status in {403, 404}
    assert (
        album.ask("POST", "search", form, {"content-type": kind}).json["faces"][0]["photos"] == []
    )

    allowed = set(re.findall(r'"(\w+:\w+)"', POLICY.read_text("utf-8")))
    needed = {right for each in heard for right in rights_for(each)}
    assert needed <= allowed
    assert {"s3:DeleteObject", "rekognition:DeleteFaces", "rekognition:SearchFaces"} <= needed


def rights_for(operation: str) -> set[str]:
    """What a role must be allowed for an operation."""
    service, _, name = operation.partition(".")
    return RIGHTS.get(operation, {f"{service.lower()}:{name}"})


@pytest.mark.weights
@pytest.mark.emulators
@pytest.mark.parametrize("station", ["ministack"], indirect=True)
class TestAddresses:
    """What S3 says to addresses that were signed here."""

    key = "crops/aa/Ana & Ben é+%20 (1).jpg"

    def address(self, station: Station, age: int = 60, seconds: int = 900) -> str:
        """The address of an object that is there."""
        cloud = station.cloud()
        cloud.storage.write(self.key, b"pixels")
        reading = Reading("image/webp", 'inline; filename="a b.webp"', "private, max-age=60")
        where, begins = f"s3://{cloud.derived}/{self.key}", int(time.time()) - age
        return cloud.addresses.to_read(where, begins=begins, seconds=seconds, reading=reading)

    def test_whoever_has_one_reads(self, station: Station) -> None:
        """The bytes, called as was wished."""
        got = visit(self.address(station))

        assert (got.status, got.body) == (200, b"pixels")
        assert got.headers["content-type"] == "image/webp"
        assert got.headers["cache-control"] == "private, max-age=60"
        assert got.headers["content-disposition"] == 'inline; filename="a b.webp"'

    @pytest.mark.parametrize(
        "change",
        [
            ("crops/aa", "crops/bb"),
            ("Expires=900", "Expires=9000"),
            ("max-age%3D60", "max-age%3D61"),
            ("image%2Fwebp", "text%2Fhtml"),
            ("&X-Amz-Signature=", "&X-Amz-Signature=0"),
        ],
    )
    def test_one_that_was_changed_is_refused(
        self, station: Station, change: tuple[str, str]
    ) -> None:
        """Another object, a later end, another type: all of it is signed."""
        address = self.address(station)
        assert change[0] in address

        assert visit(address.replace(*change)).status == 403

    def test_one_that_has_ended_is_refused(self, station: Station) -> None:
        """However long the object is there."""
        assert visit(self.address(station, age=1000)).status == 403
        assert visit(self.address(station, age=1000, seconds=2000)).status == 200


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "derived.s3.eu-west-1.amazonaws.com"),
        ("us-east-1", "derived.s3.us-east-1.amazonaws.com"),
        ("cn-north-1", "derived.s3.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_buckets_of_amazon_have_hosts_of_their_own(
    region: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their region: the page may show pictures from there, and from nowhere else."""
    from kith.adapters.storage.s3 import S3Addresses, S3Service  # noqa: PLC0415 - boto3 is slow

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    client = S3Service(region=region).client()
    address = S3Addresses(client).to_read(
        "s3://derived/a.jpg", begins=1_700_000_000, seconds=60, reading=Reading()
    )
    client.close()

    assert address.startswith(f"https://{host}/a.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&")
    assert "&X-Amz-Security-Token=token&" in address
    assert f"%2F{region}%2Fs3%2Faws4_request" in address


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
@pytest.mark.parametrize("station", ["ministack"], indirect=True)
def test_a_photo_is_sent_to_the_store_and_taken_in(
    station: Station, pictures: Mapping[str, bytes], event: Mapping[str, Any], context: Any
) -> None:
    """By a form that takes this photo and nothing larger; then the library knows it."""
    album = HttpApi(served(station.cloud()), event, context)
    data = next(iter(pictures.values()))
    wish = {"name": "../IMG 1.JPG", "size": len(data), "modified_at": "2024-06-30T12:00:00Z"}

    assert album.as_role("viewer").post("uploads/form", wish).status == 403
    form = album.post("uploads/form", wish).json
    fields = form["fields"]
    assert re.fullmatch(r"uploads/2024/06/[0-9a-f]{12}-IMG 1\.JPG", fields["key"])
    assert fields["Content-Type"] == "image/jpeg"
    assert send(form["url"], fields, data + b"more") == 400
    assert send(form["url"], fields | {"key": "uploads/other.jpg"}, data) == 403
    assert send(form["url"], fields | {"Content-Type": "text/html"}, data) == 403
    assert send(form["url"], fields, data) == 204

    station.take_in(fields["key"])
    known = {"name": "a.jpg", "size": 1, "sha256": photo_id_of(data)}
    assert album.post("uploads/form", known).json == {
        "photo_id": photo_id_of(data),
        "url": None,
        "fields": {},
    }
    too_large = album.post("uploads/form", wish | {"size": 1 << 40})
    assert (too_large.status, too_large.json["type"]) == (422, "urn:kith:picture")


def send(url: str, fields: Mapping[str, str], data: bytes) -> int:
    """What the store says to a form as a browser sends it."""
    return httpx.post(url, data=dict(fields), files={"file": ("blob", data)}).status_code
