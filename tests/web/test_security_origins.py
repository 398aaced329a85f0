"""Pages of other origins: which of them may use the API, and what a browser is told of it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitors import API, PASSWORD, access_of, log_in, open_album, stranger

from kith.compose.access import policy_of
from kith.config import Settings
from kith.domain.access import Role, Scope
from kith.domain.errors import SettingError
from kith.pipeline.access.accounts import add_account
from kith.pipeline.access.keys import make_key

pytestmark = [pytest.mark.weights, pytest.mark.photos]

PAGE = "https://album.example"
OTHER = "https://evil.example"


@pytest.fixture
def album(settings: Settings) -> Generator[FastAPI]:
    """A library whose API a page on another host may use; Ann edits."""
    with open_album(replace(settings, origins=f"{PAGE}/, http://localhost:8000")) as app:
        add_account(access_of(app), "Owner", PASSWORD, Role.OWNER)
        add_account(access_of(app), "Ann", PASSWORD, Role.EDITOR)
        yield app


@pytest.fixture
def ann(album: FastAPI) -> TestClient:
    """Somebody who is logged in."""
    return log_in(album, "Ann")


def preflight(client: TestClient, path: str, origin: str, method: str, headers: str = "") -> object:
    """What a browser is answered before it sends what a page wants."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = headers
    answer = client.options(f"{API}{path}", headers=asked)
    return answer.status_code, answer.headers.get("access-control-allow-origin")


def allowed(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """For whom an answer is, and whether it may be one to cookies."""
    return (
        headers.get("access-control-allow-origin"),
        headers.get("access-control-allow-credentials"),
    )


def test_only_origins_that_are_named_read_answers(album: FastAPI, ann: TestClient) -> None:
    """A browser hands answers, refusals too, to pages of these; caches keep them apart."""
    for path in ("/library", "/photos", "/session"):
        named = ann.get(f"{API}{path}", headers={"Origin": PAGE})
        assert (named.status_code, allowed(named.headers)) == (200, (PAGE, "true"))
        assert "Origin" in named.headers["vary"]
        assert allowed(ann.get(f"{API}{path}", headers={"Origin": OTHER}).headers)[0] is None
        assert "Origin" in ann.get(f"{API}{path}").headers["vary"]

    refused = stranger(album).get(f"{API}/photos", headers={"Origin": PAGE})
    assert (refused.status_code, allowed(refused.headers)[0]) == (401, PAGE)


def test_a_preflight_allows_what_the_page_sends(album: FastAPI) -> None:
    """Its methods and headers, to everybody who is not logged in yet; nothing to other origins."""
    guest = stranger(album)
    sent = "content-type, x-kith-csrf, idempotency-key, upload-offset, authorization"

    for method in ("GET", "POST", "PATCH", "DELETE"):
        assert preflight(guest, "/uploads/1", PAGE, method, sent) == (200, PAGE)
        assert preflight(guest, "/uploads/1", OTHER, method, sent) == (400, None)
    assert preflight(guest, "/photos", PAGE, "PUT") == (400, PAGE)
    assert preflight(guest, "/photos", PAGE, "GET", "x-forwarded-for") == (400, PAGE)


def test_changes_come_from_named_origins_alone(ann: TestClient) -> None:
    """And with the token against forgery, as from the album's own page."""
    body = {"title": "For you"}

    made = ann.post(f"{API}/links", json=body, headers={"Origin": PAGE})
    assert (made.status_code, allowed(made.headers)[0]) == (201, PAGE)
    assert ann.post(f"{API}/links", json=body, headers={"Origin": OTHER}).status_code == 403
    assert ann.post(f"{API}/links", json=body, headers={"Origin": "null"}).status_code == 403
    ann.headers.pop("X-Kith-CSRF")
    assert ann.post(f"{API}/links", json=body, headers={"Origin": PAGE}).status_code == 403


def test_a_key_works_where_cookies_do_not_travel(album: FastAPI) -> None:
    """From a page of another site, a browser sends no cookie of ours."""
    owner = next(one for one in access_of(album).records.accounts.all() if one.name == "Owner")
    _key, secret = make_key(access_of(album), "page", [Scope.READ], owner.id)
    headers = {"Origin": PAGE, "Authorization": f"Bearer {secret}"}

    answer = stranger(album).get(f"{API}/photos", headers=headers)

    assert (answer.status_code, allowed(answer.headers)[0]) == (200, PAGE)


def test_a_link_works_on_a_page_elsewhere(album: FastAPI, ann: TestClient) -> None:
    """A guest needs no cookie; pictures may be shown there, and nothing else may."""
    link = ann.post(f"{API}/links", json={"title": "For you"}).json()
    guest = stranger(album)
    guest.headers["Origin"] = PAGE
    below = f"{API}/shared/{link['token']}"

    shared = guest.get(below)
    photo = guest.get(f"{below}/photos").json()["photos"][0]
    picture = guest.get(photo["urls"]["small"])

    assert (shared.status_code, allowed(shared.headers)[0]) == (200, PAGE)
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    assert {"Accept", "Origin"} <= set(picture.headers["vary"].split(", "))
    assert shared.headers["cross-origin-resource-policy"] == "same-origin"


def test_without_the_setting_there_is_no_other_origin(client: TestClient) -> None:
    """No answer allows one, not even to ask."""
    answer = client.get(f"{API}/photos", headers={"Origin": PAGE})

    assert allowed(answer.headers) == (None, None)
    assert preflight(client, "/photos", PAGE, "GET") == (405, None)


def test_whoever_names_origins_needs_a_login() -> None:
    """Otherwise a page elsewhere would be the owner of whoever's machine shows it."""
    assert policy_of(Settings()).login is False
    assert policy_of(Settings(origins=PAGE)).login is True


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        ("https://A.example", ("https://a.example",)),
        ("https://a.example:443/ http://b.example:80", ("https://a.example", "http://b.example")),
        ("http://localhost:8000,http://[::1]:80", ("http://localhost:8000", "http://[::1]")),
    ],
)
def test_origins_are_written_as_browsers_write_them(text: str, origins: tuple[str, ...]) -> None:
    """In small letters, without a slash and without the scheme's own port."""
    assert policy_of(Settings(origins=text)).origins == origins


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "a.example",
        "https://a.example/x",
        "https://*.example",
        "ftp://a",
        "https://u@a",
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    """Above all a star: it would allow every page there is."""
    with pytest.raises(SettingError, match="cannot be an origin"):
        policy_of(Settings(origins=f"{PAGE} {text}"))
