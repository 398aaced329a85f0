"""The album's API as a function: requests of API Gateway over a library on AWS, emulated."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from http_api import HttpApi, form_with_picture, visit
from PIL import Image

from kith.domain.photo import PhotoId, photo_id_of
from kith.imaging.encode import Encoding
from kith.lambdas import api
from kith.pipeline.serving.renditions import CROP_SIDE, Size, photo_key

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.emulators]

PROBLEM = "application/problem+json"


def opened(data: bytes) -> Image.Image:
    """A picture that can be seen."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def names_of(album: HttpApi) -> set[str | None]:
    """What people are called."""
    return {each["name"] for each in album.get("people").json["people"]}


def somebody(album: HttpApi) -> dict[str, Any]:
    """A person."""
    return album.get("people").json["people"][0]


def test_the_library_says_what_it_holds_and_who_asks(album: HttpApi) -> None:
    """By the claims of the token; and what a function cannot do is not offered."""
    library = album.get("library").json

    assert (library["photos"], library["people"], library["faces"]) == (6, 3, 6)
    assert (library["role"], library["account"]) == ("owner", "owner@example.org")
    assert (library["login"], library["csrf"]) == (True, None)
    offered = {name for name, there in library["features"].items() if there}
    assert offered == {"guests", "labels", "upload"}
    session = album.get("session").json
    assert (session["account"], session["setup"]) == ("owner@example.org", False)


def test_photos_come_with_addresses_of_their_pixels(
    album: HttpApi, pictures: Mapping[str, bytes]
) -> None:
    """S3 hands them out to whoever has the address, and for a while it stays the same."""
    photos = album.get("photos?limit=4").json
    rest = album.get(f"photos?limit=4&cursor={photos['next_cursor']}").json
    found = [*photos["photos"], *rest["photos"]]

    assert {each["id"] for each in found} == {photo_id_of(data) for data in pictures.values()}
    assert rest["next_cursor"] is None
    for photo in found:
        image = opened(visit(photo["urls"]["small"]).body)
        assert image.size == (photo["width"], photo["height"])
    again = album.get("photos?limit=4").json
    assert [each["urls"] for each in again["photos"]] == [each["urls"] for each in found[:4]]


def test_the_large_picture_is_made_when_it_is_looked_at(album: HttpApi, filled: Station) -> None:
    """Without a token, for its address is signed; as the browser likes it, and kept."""
    photo = album.get("photos").json["photos"][0]
    browser = album.as_role(None)

    webp = browser.get(photo["urls"]["large"], accept="image/webp,*/*")
    jpeg = browser.get(photo["urls"]["large"], accept="*/*")

    assert (opened(webp.body).format, opened(jpeg.body).format) == ("WEBP", "JPEG")
    assert webp.headers["content-type"] == "image/webp"
    assert "immutable" in webp.headers["cache-control"]
    kept = {photo_key(PhotoId(photo["id"]), Size.LARGE, each) for each in Encoding}
    assert kept <= filled.derived()
    known = browser.get(photo["urls"]["large"], **{"if-none-match": jpeg.headers["etag"]})
    assert (known.status, known.body) == (304, b"")


@pytest.mark.parametrize(("kind", "how"), [("original", "inline"), ("download", "attachment")])
def test_originals_are_handed_out_by_the_store(
    album: HttpApi, pictures: Mapping[str, bytes], kind: str, how: str
) -> None:
    """Their very bytes, of any size, by one step to S3."""
    key, data = next(iter(pictures.items()))
    photo = album.get(f"photos/{photo_id_of(data)}").json

    sent = album.as_role(None).get(photo["urls"][kind])

    assert sent.status == 307
    assert "no-store" in sent.headers["cache-control"]
    assert visit(sent.headers["location"]).body == data
    name = Path(key).name.replace(" ", "%2520")
    assert (
        f"response-content-disposition={how}%3B%20filename%2A%3Dutf-8%27%27{name}"
        in (sent.headers["location"])
    )
    assert "response-content-type=image%2Fjpeg" in sent.headers["location"]


@pytest.mark.parametrize(
    "change", [("large", "original"), ("sign=", "sign=A"), ("until=", "until=1")]
)
def test_forged_addresses_of_pictures_are_refused(album: HttpApi, change: tuple[str, str]) -> None:
    """Another kind, no signature, another end: none leads anywhere."""
    photo = album.get("photos").json["photos"][0]

    answer = album.as_role(None).get(photo["urls"]["large"].replace(*change))

    assert (answer.status, answer.json["type"]) == (403, "urn:kith:forbidden")


def test_a_person_is_named_and_the_name_taken_back(album: HttpApi) -> None:
    """By who asks; the journal says so."""
    person = somebody(album)

    named = album.patch(f"people/{person['id']}", {"name": "Ana"})
    assert named.json["text"] == "Named someone Ana."
    assert "Ana" in names_of(album)
    (entry, *_) = album.get("history").json["entries"]
    assert (entry["by"], entry["number"]) == ("owner@example.org", named.json["entries"][0])

    assert album.post("undo", {"entries": named.json["entries"]}).status == 200
    assert names_of(album) == {None}


def test_somebodys_photos_come_by_similarity(album: HttpApi) -> None:
    """Most similar first, each with the crop of the face."""
    person = somebody(album)

    seen = album.get(f"people/{person['id']}/appearances").json["appearances"]

    likeness = [each["face"]["similarity"] for each in seen]
    assert len(seen) == 2
    assert likeness == sorted(likeness, reverse=True)
    for each in seen:
        assert opened(visit(each["face"]["crop_url"]).body).size == (CROP_SIDE, CROP_SIDE)
    assert person["cover_url"] in {each["face"]["crop_url"] for each in seen}


def test_a_picture_finds_who_is_in_it(album: HttpApi, pictures: Mapping[str, bytes]) -> None:
    """The picture comes in the form of a page, and is not kept."""
    data = next(iter(pictures.values()))
    kind, form = form_with_picture(data, min_similarity="80")

    found = album.ask("POST", "search", form, {"content-type": kind}).json

    (face,) = found["faces"]
    assert face["similarity"] > 99
    assert len(face["photos"]) == 2
    assert face["photos"][0]["photo"]["id"] == photo_id_of(data)
    owner = next(iter(album.get(f"photos/{photo_id_of(data)}").json["faces"]))["person"]
    assert face["person"]["id"] == owner["id"]


def test_long_answers_are_packed(album: HttpApi) -> None:
    """For whoever can unpack them: addresses of S3 are long, and much alike."""
    packed = album.get("photos")
    plain = album.get("photos", **{"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.body) / 2
    assert packed.json == plain.json


def test_what_comes_twice_is_done_once(album: HttpApi) -> None:
    """The answer is kept where the next function finds it."""
    path, said = f"people/{somebody(album)['id']}", {"name": "Ben"}
    album.headers["idempotency-key"] = "4a1c"
    first = album.patch(path, said)
    api.application.cache_clear()
    again = album.patch(path, said)
    del album.headers["idempotency-key"]

    assert again.json == first.json
    assert again.headers["idempotency-replayed"] == "true"
    assert album.post("undo", {"entries": first.json["entries"]}).status == 200


@pytest.mark.parametrize(
    ("path", "status", "type_"),
    [
        ("photos?query=colour:red", 400, "urn:kith:query"),
        ("photos?limit=0", 422, "urn:kith:invalid"),
        (f"photos/{'0' * 64}", 404, "urn:kith:not-found"),
        ("people/none", 404, "urn:kith:not-found"),
        ("nothing", 404, "about:blank"),
    ],
)
def test_errors_are_problems(album: HttpApi, path: str, status: int, type_: str) -> None:
    """As everywhere (RFC 9457)."""
    answer = album.get(path)

    assert (answer.status, answer.json["type"]) == (status, type_)
    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    "path", ["jobs", "events", "review", "accounts", "keys", "uploads/1", "openapi.json"]
)
def test_what_a_function_cannot_do_is_not_there(album: HttpApi, path: str) -> None:
    """Jobs that go on, streams, and accounts, which Cognito keeps."""
    assert album.get(path).status in {404, 405}


def test_an_answer_that_lambda_would_not_hand_on_says_so(
    album: HttpApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of an error of which nobody knows the cause."""
    monkeypatch.setattr(api, "MOST_BYTES", 100)

    answer = album.get("library")

    assert (answer.status, answer.headers["content-type"]) == (413, PROBLEM)
    assert answer.json["type"] == "urn:kith:too-large"
