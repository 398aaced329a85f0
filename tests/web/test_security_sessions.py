"""Logging in: cookies that no script sees, tokens that nobody can plant, and patience that ends."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitors import API, BASE, PASSWORD, access_of, log_in, open_album, stranger

from kith.config import Settings
from kith.domain.access import Role
from kith.pipeline.access.accounts import add_account
from kith.pipeline.access.attempts import Attempts
from kith.pipeline.access.sessions import IDLE_SECONDS, LONGEST_SECONDS

OTHER = "another good password"


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the album."""
    return Clock()


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Generator[FastAPI]:
    """An album where a login is needed, and nobody is there yet."""
    settings = Settings(library=tmp_path / "library", login=True, workers=1)
    with open_album(settings, clock=clock, attempts=Attempts(clock)) as app:
        yield app


@pytest.fixture
def album(empty: FastAPI) -> FastAPI:
    """The same with an owner."""
    add_account(access_of(empty), "Ann", PASSWORD, Role.OWNER)
    return empty


def try_password(browser: TestClient, password: str, name: str = "Ann") -> int:
    """What trying to log in answers."""
    return browser.post(f"{API}/session", json={"name": name, "password": password}).status_code


def cookie_of(browser: TestClient) -> str:
    """The token that the browser shows."""
    return str(browser.cookies["kith_session"])


# -- the first owner -------------------------------------------------------------------------------


def test_the_first_owner_needs_the_token_that_was_printed(empty: FastAPI) -> None:
    """Once; then there is an owner, who is logged in."""
    browser = stranger(empty)
    owner = {"name": "Ann", "password": PASSWORD}
    token = access_of(empty).setup_token

    assert browser.get(f"{API}/session").json()["setup"] is True
    assert browser.post(f"{API}/setup", json=owner | {"token": "guess"}).status_code == 403
    assert browser.post(f"{API}/setup", json=owner | {"token": token}).status_code == 201
    assert browser.get(f"{API}/library").status_code == 200
    assert stranger(empty).get(f"{API}/session").json()["setup"] is False
    assert stranger(empty).post(f"{API}/setup", json=owner | {"token": token}).status_code == 400


def test_a_short_password_is_refused(empty: FastAPI) -> None:
    """As it was typed too short, not as a wrong token; and it is not repeated in the answer."""
    token = access_of(empty).setup_token
    answer = stranger(empty).post(
        f"{API}/setup", json={"token": token, "name": "Ann", "password": "hunter2"}
    )

    assert answer.status_code == 422
    assert "hunter2" not in answer.text


# -- cookies ---------------------------------------------------------------------------------------


def test_no_script_and_no_other_site_gets_the_cookie(album: FastAPI, tmp_path: Path) -> None:
    """HttpOnly, SameSite, for this host alone; and where it lies, it is only as a digest."""
    answer = stranger(album).post(f"{API}/session", json={"name": "ANN", "password": PASSWORD})

    parts = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    files = (tmp_path / "library").glob("library.db*")
    kept = b"".join(path.read_bytes() for path in files)
    token = answer.cookies["kith_session"].encode()
    assert token not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


def test_over_tls_the_cookie_never_goes_without(tmp_path: Path) -> None:
    """Secure, and by its name bound to the host."""
    settings = Settings(library=tmp_path / "library", public_url="https://photos.example")
    with open_album(settings) as app:
        add_account(access_of(app), "Ann", PASSWORD, Role.OWNER)
        answer = stranger(app).post(f"{API}/session", json={"name": "Ann", "password": PASSWORD})

    assert answer.headers["set-cookie"].startswith("__Host-kith_session=")
    assert "; Secure" in answer.headers["set-cookie"]


def test_a_planted_token_is_worth_nothing(album: FastAPI) -> None:
    """Who logs in gets a token that was nowhere before, and the one he came with ends."""
    browser = stranger(album)
    browser.cookies.set("kith_session", "planted" * 6)
    assert try_password(browser, PASSWORD) == 200
    first = browser.cookies.get("kith_session", domain="photos.example")
    assert first != "planted" * 6
    again = log_in(album, "Ann")
    token, csrf = cookie_of(again), again.headers["X-Kith-CSRF"]

    assert try_password(again, PASSWORD) == 200
    assert cookie_of(again) != token
    thief = stranger(album, cookies={"kith_session": token}, headers={"X-Kith-CSRF": csrf})
    assert thief.get(f"{API}/library").status_code == 401


def test_logging_out_ends_the_session(album: FastAPI) -> None:
    """Not only in the browser: a token that was copied before is worth nothing either."""
    browser = log_in(album, "Ann")
    token = cookie_of(browser)

    assert browser.delete(f"{API}/session").status_code == 204
    assert browser.get(f"{API}/library").status_code == 401
    thief = stranger(album, cookies={"kith_session": token})
    assert thief.get(f"{API}/library").status_code == 401


def test_a_session_ends_when_it_is_not_used(album: FastAPI, clock: Clock) -> None:
    """It slides while it is used, and not for ever."""
    browser, idle = log_in(album, "Ann"), log_in(album, "Ann")
    began = clock.now

    clock.now += IDLE_SECONDS - 1
    assert browser.get(f"{API}/library").status_code == 200
    clock.now += 2
    assert idle.get(f"{API}/library").status_code == 401
    while clock.now < began + LONGEST_SECONDS - 1:
        assert browser.get(f"{API}/library").status_code == 200
        clock.now = min(clock.now + IDLE_SECONDS / 2, began + LONGEST_SECONDS - 1)
    clock.now += 2
    assert browser.get(f"{API}/library").status_code == 401


def test_another_password_ends_every_other_session(album: FastAPI) -> None:
    """Whoever was in with the old one is out; who changed it goes on."""
    browser, other = log_in(album, "Ann"), log_in(album, "Ann")
    change = {"password": PASSWORD, "new_password": OTHER}

    wrong = browser.post(f"{API}/session/password", json=change | {"password": OTHER})
    done = browser.post(f"{API}/session/password", json=change)

    assert (wrong.status_code, done.status_code) == (403, 200)
    assert other.get(f"{API}/library").status_code == 401
    assert browser.get(f"{API}/library").status_code == 200
    assert (try_password(other, PASSWORD), try_password(other, OTHER)) == (401, 200)


# -- patience --------------------------------------------------------------------------------------


def test_guessing_gets_slower_and_slower(album: FastAPI, clock: Clock) -> None:
    """After five wrong ones even the right one must wait, twice as long each time; then it does."""
    guesser = stranger(album)

    assert [try_password(guesser, f"guess {n}") for n in range(6)] == [401] * 6
    answer = guesser.post(f"{API}/session", json={"name": "Ann", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    clock.now += 1
    assert try_password(guesser, "guess") == 401
    clock.now += 1
    assert try_password(guesser, PASSWORD) == 429
    clock.now += 1
    assert try_password(guesser, PASSWORD) == 200
    guesser = stranger(album)
    assert [try_password(guesser, f"guess {n}") for n in range(5)] == [401] * 5


def test_one_address_cannot_try_many_accounts(album: FastAPI) -> None:
    """Wrong passwords count for the address, too; names that nobody has like those of somebody."""
    guesser = stranger(album)

    tried = [try_password(guesser, "guess guess", f"user {n}") for n in range(12)]

    assert tried == [*[401] * 11, 429]
    elsewhere = TestClient(album, base_url=BASE, client=("198.51.100.7", 40000))
    assert try_password(elsewhere, PASSWORD) == 200


def test_a_key_that_is_none_is_refused_and_slowed_down(album: FastAPI) -> None:
    """With a cookie or without."""
    program = stranger(album, headers={"Authorization": "Bearer kith_" + "0" * 16 + "_" + "a" * 43})

    tried = [program.get(f"{API}/library").status_code for _ in range(31)]

    assert tried == [*[401] * 30, 429]
