"""Every route refuses whoever may not; one that says of nobody who may is a defect."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from visitors import API, PASSWORD, access_of, invite, log_in, open_album, stranger

from kith.config import Settings
from kith.domain.access import Role, Scope
from kith.pipeline.access.accounts import add_account
from kith.pipeline.access.keys import make_key

OPEN = {
    "GET /session": "who is asking is what it tells",
    "POST /session": "it is how to log in",
    "DELETE /session": "whoever has none loses nothing",
    "POST /setup": "there is nobody yet; the printed token lets in",
    "GET /pictures/{photo_id}/{kind}": "the address is signed",
    "GET /crops/{face_id}": "the address is signed",
    "GET /crops/{face_id}/large": "the address is signed",
}
"""The routes without a role, and why; those of guests, below ``/shared``, are tested apart."""

LEAST = {
    Role.OWNER: {
        "GET /accounts", "POST /accounts", "PATCH /accounts/{account_id}",
        "DELETE /accounts/{account_id}", "GET /keys", "POST /keys", "DELETE /keys/{key_id}",
        "POST /people/{person_id}/forget",
    },
    Role.VIEWER: {"POST /session/password", "POST /search"},
}  # fmt: skip
"""What only owners may do, and what changes nothing though its method says so. Of the rest, viewers
may do what begins with GET, and editors all."""

EDITORS_READ = {
    "GET /links", "GET /review", "GET /problems", "GET /jobs", "GET /jobs/{job_id}",
    "GET /uploads/{upload_id}", "GET /notices", "GET /notices/rules",
}  # fmt: skip
"""What is only read, but not by viewers."""

PART = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Generator[FastAPI]:
    """An album without photos, where a login is needed."""
    folder = tmp_path_factory.mktemp("roles") / "library"
    with open_album(Settings(library=folder, login=True, workers=1)) as app:
        # So that a stream of events ends as soon as it has begun.
        app.state.services.workshop.jobs.close()
        yield app


@pytest.fixture(scope="module")
def browsers(album: FastAPI) -> dict[Role, TestClient]:
    """One of each role."""
    return invite(album)


def operations(app: FastAPI) -> Iterator[str]:
    """Every method and path of the API's own description."""
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path.removeprefix(API)}"


def guarded(app: FastAPI) -> list[str]:
    """Those that need a role."""
    every = operations(app)
    return [one for one in every if one not in OPEN and "/shared/" not in one]


def ask(browser: TestClient, operation: str) -> int:
    """The status that an operation answers, with nothing in its body and ids of nothing."""
    method, path = operation.split()
    answer = browser.request(method, API + PART.sub("0" * 32, path))
    assert answer.status_code != 500, (operation, answer.text)
    return answer.status_code


def test_strangers_are_asked_to_log_in_everywhere(album: FastAPI) -> None:
    """Every operation but those that are open for a reason answers 401."""
    browser = stranger(album)

    assert {one: ask(browser, one) for one in guarded(album)} == dict.fromkeys(guarded(album), 401)
    assert set(OPEN) <= set(operations(album))


def test_every_route_has_the_least_role_that_it_should(
    album: FastAPI, browsers: dict[Role, TestClient]
) -> None:
    """By asking each as everybody: the lower roles hear 403, the others something else."""
    least = {operation: least_role(browsers, operation) for operation in guarded(album)}

    assert least == {operation: expected(operation) for operation in least}


def least_role(browsers: dict[Role, TestClient], operation: str) -> Role:
    """The lowest role that is not refused."""
    upward = [Role.VIEWER, Role.EDITOR, Role.OWNER]
    allowed = [role for role in upward if ask(browsers[role], operation) not in {401, 403}]
    assert allowed == upward[-len(allowed) :], f"{operation} refuses a higher role than others"
    return allowed[0]


def expected(operation: str) -> Role:
    """Who may, as this page says."""
    for role, listed in LEAST.items():
        if operation in listed:
            return role
    reads = operation.startswith("GET ") and operation not in EDITORS_READ
    return Role.VIEWER if reads else Role.EDITOR


def test_only_an_owner_adds_folders_of_the_machine(browsers: dict[Role, TestClient]) -> None:
    """An editor may begin jobs, but not have any folder read that the server can read."""
    job = {"kind": "add", "path": "/"}

    assert browsers[Role.EDITOR].post(f"{API}/jobs", json=job).status_code == 403


def test_a_key_lets_do_what_its_scopes_say(album: FastAPI) -> None:
    """Without a cookie, and without the token against forged requests."""
    for scope, role in ((Scope.READ, Role.VIEWER), (Scope.WRITE, Role.EDITOR)):
        _key, secret = make_key(access_of(album), scope.value, [scope], None)
        program = stranger(album, headers={"Authorization": f"Bearer {secret}"})

        session = program.get(f"{API}/session").json()

        assert (session["account"], session["role"]) == (scope.value, role.value)
        assert ask(program, "POST /faces/assign") == (403 if role is Role.VIEWER else 422)
        assert ask(program, "POST /accounts") == 403


def test_a_key_is_worth_no_more_than_whose_it_is(album: FastAPI) -> None:
    """When its owner becomes a viewer, so does the key; when he goes, it goes."""
    owner = invite_more(album, "Zoe", Role.OWNER)
    key = owner.post(f"{API}/keys", json={"name": "All", "scopes": ["admin"]}).json()
    program = stranger(album, headers={"Authorization": f"Bearer {key['secret']}"})
    account = access_of(album).records.accounts.named("Zoe")
    assert account is not None
    assert ask(program, "GET /accounts") == 200

    owner.patch(f"{API}/accounts/{account.id}", json={"role": "viewer"})
    assert (ask(program, "GET /accounts"), ask(program, "GET /people")) == (403, 200)
    access_of(album).records.accounts.remove(account.id)
    assert ask(program, "GET /people") == 401


def invite_more(app: FastAPI, name: str, role: Role) -> TestClient:
    """Another browser that is logged in."""
    add_account(access_of(app), name, PASSWORD, role)
    return log_in(app, name)


def test_what_is_no_path_of_the_api_is_not_the_page(
    album: FastAPI, browsers: dict[Role, TestClient]
) -> None:
    """A mistyped path is not found, and a stranger learns not even that."""
    assert stranger(album).get(f"{API}/nothing").status_code == 401
    assert browsers[Role.OWNER].get(f"{API}/nothing").status_code == 404
