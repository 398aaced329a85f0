"""Pictures over HTTP: sizes, encodings, what is kept, originals in parts, and who gets none."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from kith.domain.photo import PhotoId, photo_id_of
from kith.pipeline.add_photo import thumbnail_key
from kith.pipeline.forget import forget_photos
from kith.pipeline.serving.renditions import (
    CROP_SIDE,
    LARGE_CROP_SIDE,
    face_keys,
    rendition_keys,
)
from kith.pipeline.serving.signing import PhotoPicture
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]

WEBP = {"Accept": "image/avif,image/webp,*/*;q=0.8"}


@pytest.fixture
def family(photo_folder: Path) -> Path:
    """The largest photo of the library."""
    return max((photo_folder / "family").glob("*.jpg"), key=_long_side)


@pytest.fixture
def family_id(family: Path) -> PhotoId:
    """Its id."""
    return photo_id_of(family.read_bytes())


def _long_side(path: Path) -> int:
    with Image.open(path) as image:
        return max(image.size)


def _opened(answer: Any) -> Image.Image:
    assert answer.status_code == 200, answer.text
    image = Image.open(BytesIO(answer.content))
    image.load()
    return image


def test_a_photo_comes_in_three_sizes_and_two_encodings(
    client: TestClient, services: Services, family: Path, family_id: PhotoId
) -> None:
    """WebP for who understands it, else JPEG; never larger than the photo is; the same again."""
    sides = {PhotoPicture.TINY: 256, PhotoPicture.SMALL: 512, PhotoPicture.LARGE: 2048}
    for kind, most in sides.items():
        side = min(most, _long_side(family))
        url = services.urls.photo_url(family_id, kind)
        for accept, encoding in ((WEBP, "WEBP"), ({"Accept": "*/*"}, "JPEG")):
            first, second = client.get(url, headers=accept), client.get(url, headers=accept)
            image = _opened(first)
            assert (image.format, max(image.size)) == (encoding, side)
            assert first.headers["content-type"] == f"image/{encoding.lower()}"
            assert first.headers["vary"] == "Accept"
            assert "immutable" in first.headers["cache-control"]
            assert first.content == second.content
            known = {"If-None-Match": first.headers["etag"]}
            again = client.get(url, headers=accept | known)
            assert (again.status_code, again.content) == (304, b"")


def test_faces_are_cut_out_square(client: TestClient, services: Services) -> None:
    """Every face of the library has a picture of its own, and one to be looked at closely."""
    for face in services.catalog.faces():
        for large, side in ((False, CROP_SIDE), (True, LARGE_CROP_SIDE)):
            url = services.urls.crop_url(face.id, large=large)
            assert _opened(client.get(url, headers=WEBP)).size == (side, side)


def test_small_pictures_need_no_original(
    client: TestClient, services: Services, family_id: PhotoId
) -> None:
    """Where the disk with the originals is away, the album is seen all the same."""
    _lose_files(services, family_id)

    small = client.get(services.urls.photo_url(family_id, PhotoPicture.SMALL), headers=WEBP)
    assert max(_opened(small).size) == 512
    large = client.get(services.urls.photo_url(family_id, PhotoPicture.LARGE), headers=WEBP)
    assert max(_opened(large).size) == 512
    assert large.headers["cache-control"] == "no-store"
    original = client.get(services.urls.photo_url(family_id, PhotoPicture.ORIGINAL))
    assert original.status_code == 404
    assert original.headers["content-type"] == "application/problem+json"


def _lose_files(services: Services, photo_id: PhotoId) -> None:
    places = services.catalog.places_of([photo_id])[photo_id]
    services.catalog.remove_places([place.path for place in places])


def test_a_library_of_before_is_filled_in(
    client: TestClient, services: Services, family_id: PhotoId
) -> None:
    """Without a thumbnail of today's size, and without a placeholder, both are made."""
    services.derived.write(thumbnail_key(family_id), b"")
    services.catalog.keep_placeholders({family_id: b""})

    small = client.get(services.urls.photo_url(family_id, PhotoPicture.SMALL), headers=WEBP)

    assert max(_opened(small).size) == 512
    kept = services.catalog.placeholders([family_id])[family_id]
    assert 0 < len(kept) <= 150
    assert max(Image.open(BytesIO(kept)).size) == 16


def test_every_photo_has_a_placeholder(client: TestClient) -> None:
    """What was added has one from the beginning, in some hundred bytes."""
    for photo in client.get("/api/v1/photos").json()["photos"]:
        assert 0 < len(photo["placeholder"]) <= 200


def test_an_original_comes_whole_and_in_parts(
    client: TestClient, services: Services, family: Path, family_id: PhotoId
) -> None:
    """Its very bytes, those of a range, and no more than there are (RFC 9110, 14)."""
    url, data = services.urls.photo_url(family_id, PhotoPicture.ORIGINAL), family.read_bytes()

    whole = client.get(url)
    assert whole.content == data
    assert whole.headers["content-type"] == "image/jpeg"
    assert whole.headers["content-disposition"].startswith("inline")
    part = client.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(data)}"
    tail = client.get(url, headers={"Range": "bytes=-7", "If-Range": whole.headers["etag"]})
    assert (tail.status_code, tail.content) == (206, data[-7:])
    stale = client.get(url, headers={"Range": "bytes=-7", "If-Range": '"other"'})
    assert (stale.status_code, stale.content) == (200, data)
    beyond = client.get(url, headers={"Range": f"bytes={len(data)}-"})
    assert beyond.status_code == 416
    download = client.get(services.urls.photo_url(family_id, PhotoPicture.DOWNLOAD))
    assert download.headers["content-disposition"].startswith("attachment")
    assert family.name in download.headers["content-disposition"]


def test_a_changed_file_is_not_handed_out(
    client: TestClient, services: Services, family_id: PhotoId, tmp_path: Path, family: Path
) -> None:
    """A file that holds something else by now is not the photo; a moved clock does not matter."""
    file = tmp_path / 'evil"\r\nSet-Cookie: a=b.jpg'
    place = services.catalog.places_of([family_id])[family_id][0]
    moved = type(place)(str(file), place.byte_size, 1)
    services.catalog.add_places([(family_id, moved)])
    services.catalog.remove_places([place.path])
    url = services.urls.photo_url(family_id, PhotoPicture.DOWNLOAD)

    file.write_bytes(family.read_bytes())
    answer = client.get(url)
    assert answer.content == family.read_bytes()
    assert "set-cookie" not in answer.headers
    assert re.fullmatch(r"[\x20-\x7e]*", answer.headers["content-disposition"])
    file.write_text("<script>alert(1)</script>")
    assert client.get(url).status_code == 404


def test_pictures_are_inert(client: TestClient, services: Services, family_id: PhotoId) -> None:
    """Whatever a picture holds, a browser takes it for a picture, and runs nothing."""
    for kind in PhotoPicture:
        headers = client.get(services.urls.photo_url(family_id, kind)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
        assert headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("small", "original"), 403),
        (("sign=", "sign=A"), 403),
        (("until=", "until=1"), 403),
        (("&sign=", "&other="), 422),
        (("pictures/", "pictures/..%2f"), 404),
    ],
)
def test_forged_addresses_are_refused(
    client: TestClient,
    services: Services,
    family_id: PhotoId,
    change: tuple[str, str],
    status: int,
) -> None:
    """Another kind, another end, no signature, or a way out of the library: none leads anywhere."""
    url = services.urls.photo_url(family_id, PhotoPicture.SMALL)

    assert client.get(url.replace(*change)).status_code == status


def test_ids_that_are_no_ids_are_refused(client: TestClient) -> None:
    """Nothing but hex digits gets as far as the signature."""
    for id_ in ("..", "%2e%2e", "A" * 64, "0" * 63, "passwd", "0" * 64 + "%00"):
        answer = client.get(f"/api/v1/pictures/{id_}/small?until=1&sign=A")
        assert answer.status_code in {404, 422}, id_


def test_an_expired_address_is_gone(
    client: TestClient, services: Services, family_id: PhotoId
) -> None:
    """The status says that it was good once, so that a page asks for a new one."""
    clock = 1_000_000_000.0
    services.urls._clock = lambda: clock  # pyright: ignore[reportPrivateUsage] - time passes
    url = services.urls.photo_url(family_id, PhotoPicture.SMALL)
    assert client.get(url).status_code == 200
    clock += 86_400

    assert client.get(url).status_code == 410


def test_forgetting_takes_all_pictures(
    client: TestClient, services: Services, family_id: PhotoId
) -> None:
    """When a photo is forgotten, nothing that was made of it stays, and nothing is made anew."""
    faces = list(services.catalog.faces([family_id]))
    urls = [services.urls.photo_url(family_id, kind) for kind in PhotoPicture]
    urls += [
        services.urls.crop_url(face.id, large=large) for face in faces for large in (False, True)
    ]
    for url in urls:
        assert client.get(url, headers=WEBP).status_code == 200
    keys = {*rendition_keys(family_id), *(key for face in faces for key in face_keys(face.id))}
    assert keys & {stored.key for stored in services.derived.list()}

    forget_photos(services.library(), [family_id])

    assert not keys & {stored.key for stored in services.derived.list()}
    for url in urls:
        assert client.get(url, headers=WEBP).status_code == 404
