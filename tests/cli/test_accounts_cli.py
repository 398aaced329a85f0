"""``kith accounts``: for whoever is locked out, and as a start."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

PASSWORD = "correct horse battery"


@pytest.fixture
def say(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command to which a password is handed on stdin."""

    def say_(*arguments: str, password: str = PASSWORD) -> object:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return ask(*arguments)

    return say_  # pyright: ignore[reportReturnType] - it answers what ``ask`` answers


def test_accounts_are_added_listed_and_removed(say: Ask) -> None:
    """By name, in whatever case; the list shows no password."""
    assert "no accounts" in say("accounts", "list").out
    assert "Ann can log in now, as owner." in say("accounts", "add", "Ann", "--role", "owner").out
    assert say("accounts", "add", "Ben").code == 0

    listed = say("accounts", "list", "--json")

    told = json.loads(listed.out)
    assert [(one["name"], one["role"]) for one in told] == [("Ann", "owner"), ("Ben", "viewer")]
    assert "argon2" not in listed.out
    assert "Ben" in say("accounts", "list").out
    assert say("accounts", "remove", "BEN").code == 0
    assert [one["name"] for one in json.loads(say("accounts", "list", "--json").out)] == ["Ann"]


def test_what_cannot_be_is_refused(say: Ask) -> None:
    """The first is an owner; names are unique; passwords are long; somebody stays an owner."""
    assert say("accounts", "add", "Ann").code == 2
    assert say("accounts", "add", "Ann", "--role", "owner", password="short").code == 2
    assert say("accounts", "add", "Ann", "--role", "owner", password="").code == 2
    assert say("accounts", "add", "Ann", "--role", "owner").code == 0
    assert say("accounts", "add", "ANN").code == 2
    assert say("accounts", "add", "Ben").code == 0
    assert say("accounts", "remove", "Ann").code == 2
    assert say("accounts", "password", "Cat").code == 3


def test_who_forgot_gets_another_password(say: Ask) -> None:
    """And is logged out everywhere; the old one is worth nothing."""
    say("accounts", "add", "Ann", "--role", "owner")

    answer = say("accounts", "password", "ann", password="another good password")

    assert answer.code == 0
    assert "Ann has another password" in answer.out
