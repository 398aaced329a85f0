"""Requests that pretend: from other sites, under other names, twice, or larger than they say."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from visitors import API, PASSWORD, access_of, log_in, open_album, stranger

from kith.config import Settings
from kith.domain.access import Role
from kith.pipeline.access.accounts import add_account
from kith.web.access.bodies import USUAL_BYTES
from kith.web.discretion import without_secrets

HERE = "http://127.0.0.1:4576"
ALBUM = {"name": "Sea", "query": ""}
LINK = {"title": "Sea", "query": ""}


@pytest.fixture
def home(tmp_path: Path) -> Generator[FastAPI]:
    """An album on its owner's machine, where nobody needs to log in."""
    with open_album(Settings(library=tmp_path / "library", workers=1)) as app:
        yield app


@pytest.fixture
def album(tmp_path: Path) -> Generator[FastAPI]:
    """An album to which others can come, with an owner."""
    settings = Settings(library=tmp_path / "library", host="0.0.0.0", workers=1)
    with open_album(settings) as app:
        add_account(access_of(app), "Ann", PASSWORD, Role.OWNER)
        yield app


# -- other names, other sites ----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", f"{API}/library", f"{API}/session", "/docs"])
def test_another_name_for_this_machine_is_refused(home: FastAPI, path: str) -> None:
    """A site of somebody else's that its name server leads here (DNS rebinding) gets nothing."""
    browser = stranger(home, "http://evil.example:4576")

    assert browser.get(path).status_code == 403
    for name in ("localhost", "127.0.0.1", "[::1]", "kith.localhost"):
        assert stranger(home, f"http://{name}:4576").get(f"{API}/library").status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_without_a_login_nobody_comes_through_a_proxy(home: FastAPI, header: str) -> None:
    """A proxy would make everybody who reaches it the owner."""
    answer = stranger(home, HERE).get(f"{API}/library", headers={header: "198.51.100.7"})

    assert answer.status_code == 403
    assert "--public-url" in answer.text


@pytest.mark.parametrize("login", [False, True])
def test_a_page_of_another_site_changes_nothing(
    request: pytest.FixtureRequest, login: bool
) -> None:
    """Without the token that only our page can read, and from another origin even with it."""
    app: FastAPI = request.getfixturevalue("album" if login else "home")
    browser = log_in(app, "Ann") if login else stranger(app, HERE)
    csrf = browser.get(f"{API}/session").json()["csrf"]
    browser.headers.pop("X-Kith-CSRF", None)

    assert browser.post(f"{API}/links", json=LINK).status_code == 403
    right = {"X-Kith-CSRF": csrf}
    wrong = {"X-Kith-CSRF": "ö".encode() + csrf.encode()[2:]}
    assert browser.post(f"{API}/links", json=LINK, headers=wrong).status_code == 403
    foreign = right | {"Origin": "http://evil.example"}
    assert browser.post(f"{API}/links", json=LINK, headers=foreign).status_code == 403
    assert browser.post(f"{API}/links", json=LINK, headers=right).status_code == 201
    assert len(browser.get(f"{API}/links").json()["links"]) == 1


def test_a_page_of_another_site_cannot_log_anybody_in(album: FastAPI) -> None:
    """Else somebody would look at, and add to, an account that is not his."""
    foreign = {"Origin": "http://evil.example"}
    answer = stranger(album).post(
        f"{API}/session", json={"name": "Ann", "password": PASSWORD}, headers=foreign
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_what_a_client_says_of_its_address_is_not_believed(tmp_path: Path) -> None:
    """Only a proxy that was named is, and only the last address that it did not make itself."""
    settings = Settings(
        library=tmp_path / "library", public_url="https://p.example", trusted_proxies="10.0.0.0/8"
    )
    with open_album(settings) as app:
        add_account(access_of(app), "Ann", PASSWORD, Role.OWNER)
        body = {"name": "Ann", "password": "guess guess"}
        liar = stranger(app, client=("198.51.100.7", 40000))
        proxy = stranger(app, client=("10.1.2.3", 40000))

        def guess(browser: object, number: int) -> int:
            assert isinstance(browser, type(liar))
            said = {"X-Forwarded-For": f"203.0.113.{number}, 192.0.2.{number}, 10.9.9.9"}
            named = body | {"name": f"user {number}"}
            return browser.post(f"{API}/session", json=named, headers=said).status_code

        assert [guess(liar, number) for number in range(12)][-1] == 429
        assert [guess(proxy, number) for number in range(12)] == [401] * 12


# -- what every answer carries ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/docs", f"{API}/library", f"{API}/nothing", "/no.js"])
def test_every_answer_tells_browsers_what_to_refuse(home: FastAPI, path: str) -> None:
    """Errors, too: no inline script, no frame, no guess at types, no referrer."""
    headers = stranger(home, HERE).get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    if path.startswith(API):
        assert headers["cache-control"] == "no-store"


# -- bodies ----------------------------------------------------------------------------------------


def test_a_body_that_is_too_large_is_refused_before_it_is_read(home: FastAPI) -> None:
    """By the length that its head tells; and by what comes, where the head tells none."""

    def flood() -> Iterator[bytes]:
        for _ in range(USUAL_BYTES // 100_000 + 2):
            sent.append(1)
            yield b" " * 100_000

    sent: list[int] = []
    browser = stranger(home, HERE)
    browser.headers["X-Kith-CSRF"] = access_of(home).policy.csrf
    told = browser.post(f"{API}/links", headers={"Content-Length": "999999999"}, content=b"{}")
    untold = browser.post(
        f"{API}/links", content=flood(), headers={"Content-Type": "application/json"}
    )

    assert (told.status_code, untold.status_code) == (413, 413)
    keyed = browser.post(f"{API}/links", content=flood(), headers={"Idempotency-Key": "k"})
    assert keyed.status_code == 413


def test_a_stranger_has_nothing_read(album: FastAPI) -> None:
    """However much he sends: he is turned away by the head of his request."""
    answer = stranger(album).post(f"{API}/search", content=b"x" * 3_000_000)

    assert answer.status_code == 401


# -- the same request twice ------------------------------------------------------------------------


def test_a_request_that_comes_twice_is_worked_on_once(album: FastAPI) -> None:
    """The same key and body are answered as before; another body under the key is refused."""
    browser = log_in(album, "Ann")
    key = {"Idempotency-Key": "a key of the client's"}

    first = browser.post(f"{API}/links", json=LINK, headers=key)
    again = browser.post(f"{API}/links", json=LINK, headers=key)
    other = browser.post(f"{API}/links", json=LINK | {"title": "Beach"}, headers=key)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 422
    assert len(browser.get(f"{API}/links").json()["links"]) == 1


def test_a_key_is_its_clients_own(album: FastAPI) -> None:
    """Somebody else who uses the same key hears nothing of the first."""
    add_account(access_of(album), "Ben", PASSWORD, Role.OWNER)
    key = {"Idempotency-Key": "1"}
    ann, ben = log_in(album, "Ann"), log_in(album, "Ben")

    first = ann.post(f"{API}/links", json=LINK, headers=key).json()
    second = ben.post(f"{API}/links", json=LINK, headers=key).json()

    assert (first["by"], second["by"]) == ("Ann", "Ben")


def test_what_was_refused_for_now_may_be_asked_again(album: FastAPI) -> None:
    """An answer that says to come back is not kept; one that will always be the same is."""
    browser = log_in(album, "Ann")
    key = {"Idempotency-Key": "2"}

    invalid = browser.post(f"{API}/links", json={}, headers=key)
    assert browser.post(f"{API}/links", json={}, headers=key).json() == invalid.json()
    too_long = browser.post(f"{API}/links", json=LINK, headers={"Idempotency-Key": "x" * 201})
    assert too_long.status_code == 400


def test_secrets_are_not_written_down_for_repetition(album: FastAPI, tmp_path: Path) -> None:
    """A key is told twice to who asks twice, but lies in no file."""
    browser = log_in(album, "Ann")
    asked = {"name": "Phone", "scopes": ["read"]}
    key = {"Idempotency-Key": "3"}

    first = browser.post(f"{API}/keys", json=asked, headers=key).json()
    again = browser.post(f"{API}/keys", json=asked, headers=key).json()

    assert first == again
    files = (tmp_path / "library").glob("library.db*")
    kept = b"".join(path.read_bytes() for path in files)
    assert first["id"].encode() in kept
    assert first["secret"].encode() not in kept


# -- logs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "GET /api/v1/shared/SECRET/photos failed",
        "/s/SECRET",
        "/api/v1/pictures/0/small?until=5&sign=SECRET&link=1",
        "Cookie: kith_session=SECRET; a=b",
        "kith_link_0a=SECRET",
        "Authorization: Bearer SECRET",
        "setup#token=SECRET",
    ],
)
def test_logs_hold_nothing_that_opens_anything(text: str) -> None:
    """Tokens, signatures, keys and cookies are dots."""
    written = without_secrets(text)

    assert "SECRET" not in written
    assert "…" in written
