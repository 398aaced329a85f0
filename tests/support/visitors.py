"""A served album that others can come to, and those who come: owners, editors, viewers, nobody."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kith.compose.web import open_services
from kith.config import Settings
from kith.domain.access import Role
from kith.pipeline.access.accounts import add_account
from kith.pipeline.access.kit import Access
from kith.pipeline.access.passwords import Passwords
from kith.web.app import create_app

API: Final = "/api/v1"
PASSWORD: Final = "correct horse battery"
BASE: Final = "http://photos.example"

QUICK: Final = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""As strong as the tests need."""


@contextmanager
def open_album(settings: Settings, **parts: Any) -> Generator[FastAPI]:
    """The application over a library; its passwords are hashed quickly.

    Args:
        settings: of the library.
        parts: of ``Access``, to be others.
    """
    with open_services(settings) as services:
        access = replace(services.access, **({"passwords": QUICK} | parts))
        yield create_app(replace(services, access=access))


def access_of(app: FastAPI) -> Access:
    """Who may come in."""
    access = app.state.services.access
    assert isinstance(access, Access)
    return access


def stranger(app: FastAPI, base: str = BASE, **options: Any) -> TestClient:
    """A browser that is not logged in."""
    return TestClient(app, base_url=base, **options)


def log_in(app: FastAPI, name: str, password: str = PASSWORD, base: str = BASE) -> TestClient:
    """A browser that is logged in; what it changes carries the token against forged requests."""
    browser = stranger(app, base, raise_server_exceptions=False)
    answer = browser.post(f"{API}/session", json={"name": name, "password": password})
    assert answer.status_code == 200, answer.text
    browser.headers["X-Kith-CSRF"] = answer.json()["csrf"]
    return browser


def invite(app: FastAPI) -> dict[Role, TestClient]:
    """A browser for each role, logged in."""
    for role in Role:
        add_account(access_of(app), role.value, PASSWORD, role)
    return {role: log_in(app, role.value) for role in Role}
