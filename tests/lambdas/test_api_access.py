"""Who may ask the function for what: accounts by the claims of their token, guests by a link."""

from __future__ import annotations

import io
import logging
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from http_api import HttpApi, visit
from PIL import Image

from kith.compose.cloud_album import SIGNING_KEY, signing_key
from kith.domain.photo import photo_id_of
from kith.lambdas import api
from kith.web.access.claims import groups_in

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station


NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        ("[owner]", {"owner"}),
        ("[viewer editor]", {"viewer", "editor"}),
        (["owner", "family"], {"owner", "family"}),
        ("viewer", {"viewer"}),
        ("[]", NOBODY),
        ("", NOBODY),
        (None, NOBODY),
        (7, NOBODY),
        ("[x,owner]", {"x,owner"}),
        ("[[owner]]", {"[owner]"}),
    ],
)
def test_groups_are_read_as_api_gateway_writes_them(claim: object, groups: frozenset[str]) -> None:
    """A list with spaces between; a group whose name only looks like another is not that one."""
    assert groups_in(claim) == groups


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
class TestRoles:
    """Those who have an account."""

    @pytest.mark.parametrize(
        ("role", "name", "forget", "links"),
        [("viewer", 403, 403, 403), ("editor", 200, 403, 200), ("owner", 200, 400, 200)],
    )
    def test_a_group_is_a_role(
        self, album: HttpApi, role: str, name: int, forget: int, links: int
    ) -> None:
        """All look; editors name and share; owners forget."""
        asking = album.as_role(role)
        person = asking.get("people").json["people"][0]["id"]

        assert asking.get("library").json["role"] == role
        named = asking.patch(f"people/{person}", {"name": "Ana"})
        assert named.status == name
        assert asking.post(f"people/{person}/forget", {"confirm": "nobody"}).status == forget
        assert asking.get("links").status == links
        if name == 200:
            asking.post("undo", {"entries": named.json["entries"]})

    def test_the_highest_group_counts(self, album: HttpApi) -> None:
        """Whoever is in several may do what the highest may."""
        assert album.as_role("viewer family editor").get("library").json["role"] == "editor"

    @pytest.mark.parametrize("group", ["", "family", "Owner", "owners", "x,owner"])
    def test_who_is_in_no_group_may_do_nothing(self, album: HttpApi, group: str) -> None:
        """An account does not say that somebody may look."""
        answer = album.as_role(group).get("photos")

        assert (answer.status, answer.json["type"]) == (403, "urn:kith:forbidden")
        assert "groups" in answer.json["detail"]

    @pytest.mark.parametrize("path", ["library", "photos", "people", "links", "notices"])
    def test_without_claims_nobody_is_known(self, album: HttpApi, path: str) -> None:
        """Where a route were open by an oversight, the function would not be."""
        answer = album.as_role(None).get(path)

        assert (answer.status, answer.json["type"]) == (401, "urn:kith:login-needed")

    def test_nobody_can_say_who_he_is(self, album: HttpApi) -> None:
        """Whatever a request says of itself, a key, a cookie, headers: it is not looked at."""
        claims = '{"cognito:groups": "[owner]"}'
        nobody = album.as_role(None)
        nobody.headers = {
            "authorization": "Bearer kith_0000000000000000_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "cognito:groups": "[owner]",
            "x-amzn-oidc-data": claims,
            "x-amz-apigateway-authorizer": claims,
            "aws.event": claims,
        }
        nobody.cookies = ["__Host-kith_session=a", "kith_session=a"]
        assert nobody.get("library").status == 401

        viewer = album.as_role("viewer")
        viewer.headers, viewer.cookies = nobody.headers, nobody.cookies
        assert viewer.get("library").json["role"] == "viewer"

    def test_a_page_of_another_site_changes_nothing(self, album: HttpApi) -> None:
        """Though the token is right: it may have been lured out of somebody."""
        person = album.get("people").json["people"][0]["id"]
        said = album.as_role("owner")
        said.headers["origin"] = "https://elsewhere.example"

        assert said.patch(f"people/{person}", {"name": "Eve"}).status == 403


@pytest.fixture
def guest(album: HttpApi) -> HttpApi:
    """Somebody without an account, by a route that asks for no token."""
    return album.as_role(None)


@contextmanager
def link(album: HttpApi, **terms: Any) -> Generator[str]:
    """What a link to all photos ends with; it is taken back in the end."""
    made = album.post("links", {"title": "The sea", **terms}).json
    yield made["token"]
    assert album.delete(f"links/{made['id']}").status == 204


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
class TestGuests:
    """Those who have the secret address of a link."""

    def test_a_guest_sees_the_photos_of_a_link(self, album: HttpApi, guest: HttpApi) -> None:
        """Small ones from S3, large ones by an address that names the link; nothing else."""
        with link(album, people=True) as token:
            assert guest.get(f"shared/{token}").json["total"] == 6
            photos = guest.get(f"shared/{token}/photos").json["photos"]
            for photo in photos:
                assert visit(photo["urls"]["small"]).status == 200
            large = guest.get(photos[0]["urls"]["large"])
            assert (large.status, large.headers["content-type"]) == (200, "image/jpeg")
            people = guest.get(f"shared/{token}/people").json["people"]
            assert [visit(each["cover_url"]).status for each in people] == [200] * 3
            detail = guest.get(f"shared/{token}/photos/{photos[0]['id']}").json
            assert detail["download_url"] is None
            assert guest.get("photos").status == 401
        assert guest.get(f"shared/{token}").status == 404
        assert guest.get(photos[0]["urls"]["large"]).status == 410

    def test_addresses_for_guests_end_soon(self, album: HttpApi, guest: HttpApi) -> None:
        """For nobody can take back what S3 hands out: after half an hour."""
        with link(album) as token:
            (photo, *_) = guest.get(f"shared/{token}/photos").json["photos"]
        (mine, *_) = album.get("photos").json["photos"]

        assert "X-Amz-Expires=1800&" in photo["urls"]["small"]
        assert "X-Amz-Expires=3600&" in mine["urls"]["small"]

    def test_a_guest_takes_home_pixels_and_nothing_else(
        self, album: HttpApi, guest: HttpApi, pictures: Mapping[str, bytes]
    ) -> None:
        """By way of S3, where the original without its metadata is put."""
        data = next(iter(pictures.values()))
        with link(album, download=True) as token:
            detail = guest.get(f"shared/{token}/photos/{photo_id_of(data)}").json
            sent = guest.get(detail["download_url"])
            got = visit(sent.headers["location"])

        assert sent.status == 307
        assert "response-content-type=image%2Fjpeg" in sent.headers["location"]
        with Image.open(io.BytesIO(data)) as mine, Image.open(io.BytesIO(got.body)) as other:
            assert mine.tobytes() == other.tobytes()
            assert not other.getexif()

    def test_a_locked_link_asks_for_its_password(self, album: HttpApi, guest: HttpApi) -> None:
        """A cookie remembers it, in whatever container the next request is answered."""
        with link(album, password="starfish") as token:
            assert guest.get(f"shared/{token}").json["locked"]
            assert guest.get(f"shared/{token}/photos").status == 401
            assert guest.post(f"shared/{token}/unlock", {"password": "jellyfish"}).status == 403
            right = guest.post(f"shared/{token}/unlock", {"password": "starfish"})
            assert right.status == 204
            (cookie,) = right.cookies
            assert {"HttpOnly", "Secure"} <= set(cookie.split("; "))
            guest.cookies = ["other=1", cookie.split(";")[0]]
            api.application.cache_clear()
            assert len(guest.get(f"shared/{token}/photos").json["photos"]) == 6

    def test_who_guesses_is_slowed_down_by_every_container(
        self, album: HttpApi, guest: HttpApi
    ) -> None:
        """Each starts anew, and counts what all others saw."""
        with link(album, password="starfish") as token:
            statuses: list[int] = []
            # A slow machine waits for some of the first pauses by itself.
            while 429 not in statuses and len(statuses) < 20:
                api.application.cache_clear()
                said = {"password": f"jellyfish {len(statuses)}"}
                statuses.append(guest.post(f"shared/{token}/unlock", said).status)
        assert len(statuses) > 5
        assert statuses == [403] * (len(statuses) - 1) + [429]


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
def test_what_went_wrong_is_written_down_without_what_lets_in(
    album: HttpApi, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads the log learns no link."""
    assert album.get("library").status == 200

    logging.getLogger("kith.web.problems").error("%s %s failed", "GET", "/api/v1/shared/s3cret/a")

    assert "GET /api/v1/shared/…/a failed" in caplog.messages


@pytest.mark.weights
@pytest.mark.emulators
@pytest.mark.parametrize(
    ("guests", "offered"), [("none", False), ("identity", False), ("link", True)]
)
def test_links_are_offered_where_guests_can_come(
    station: Station, event: Mapping[str, Any], context: Any, guests: str, offered: bool
) -> None:
    """As Terraform says what the gateway lets through."""
    told = replace(station, environment={**station.environment, "KITH_GUESTS": guests})
    album = HttpApi(api.served(told.cloud()), event, context)

    assert album.get("library").json["features"]["guests"] is offered


@pytest.mark.weights
@pytest.mark.emulators
def test_a_library_has_one_signing_key(station: Station) -> None:
    """Whoever is first makes it; all others take that, also those who come at the same time."""
    storages = [station.cloud().storage for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(signing_key, storages))

    assert len(keys) == 1
    assert {len(key) for key in keys} == {32}
    assert SIGNING_KEY in station.derived()
