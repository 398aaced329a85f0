"""Every adapter keeps accounts, sessions, keys, links and answers as the port promises."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

import pytest
from dynamo_tables import dynamo_of

from kith.adapters.access.memory import MemoryAccess
from kith.adapters.access.sql import SqlAccess
from kith.adapters.catalog.dynamo.access import DynamoAccess
from kith.database.open import open_database
from kith.domain.access import Account, ApiKey, Link, Role, Scope, Session
from kith.domain.errors import NotFoundError, UsageError
from kith.ports.access import AccessRecords, Claim, LoggedIn, Reply

ANN = Account("a" * 32, "Änn \udcff", Role.OWNER, "$argon2id$…", 1_700_000_000.25)
BEN = Account("b" * 32, "Ben", Role.VIEWER, "$argon2id$…", 1_700_000_001.5)
LINK = Link(
    "c" * 16, 'person:"\udcff"', "Sea \0", 5.5, "Ann", expires=9.5, password="$x", people=True
)


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgres),
        pytest.param("tiny", id="dynamodb-tiny"),
        pytest.param("moto_endpoint", id="dynamodb-moto", marks=pytest.mark.emulators),
        pytest.param("ministack_endpoint", id="dynamodb-ministack", marks=pytest.mark.emulators),
    ]
)
def records(request: pytest.FixtureRequest) -> Generator[AccessRecords]:
    """Nobody yet, by every adapter of the port."""
    if request.param == "memory":
        yield MemoryAccess()
        return
    if request.param == "tiny" or request.param.endswith("_endpoint"):
        with dynamo_of(request) as table:
            yield DynamoAccess(table)
        return
    where = ":memory:" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with closing(open_database(where)) as database:
        yield SqlAccess(database)


# -- accounts --------------------------------------------------------------------------------------


def test_accounts_come_back_as_they_were_added(records: AccessRecords) -> None:
    """All of them in order, each by its id, and by its name in whatever case."""
    records.accounts.add(ANN)
    records.accounts.add(BEN)

    assert list(records.accounts.all()) == [ANN, BEN]
    assert records.accounts.find(BEN.id) == BEN
    assert records.accounts.named("äNN \udcff") == ANN
    assert records.accounts.find("d" * 32) is None
    assert records.accounts.named("Cat") is None


def test_a_name_is_unique_whatever_its_case(records: AccessRecords) -> None:
    """Neither a new account nor a changed one takes another's name; its own it keeps."""
    records.accounts.add(ANN)
    records.accounts.add(BEN)

    with pytest.raises(UsageError, match="name"):
        records.accounts.add(replace(BEN, id="d" * 32, name="BEN"))
    with pytest.raises(UsageError, match="name"):
        records.accounts.change(replace(ANN, name="bEN"))
    records.accounts.change(replace(BEN, name="BEN"))

    assert [account.name for account in records.accounts.all()] == [ANN.name, "BEN"]


def test_somebody_is_always_an_owner(records: AccessRecords) -> None:
    """The first is one; the last one stays one, and stays, while there are others."""
    with pytest.raises(UsageError, match="owner"):
        records.accounts.add(BEN)
    records.accounts.add(ANN)
    records.accounts.add(BEN)
    with pytest.raises(UsageError, match="owner"):
        records.accounts.change(replace(ANN, role=Role.EDITOR))
    with pytest.raises(UsageError, match="owner"):
        records.accounts.remove(ANN.id)

    assert list(records.accounts.all()) == [ANN, BEN]
    records.accounts.change(replace(BEN, role=Role.OWNER))
    records.accounts.remove(ANN.id)
    records.accounts.remove(BEN.id)
    assert not records.accounts.all()


def test_only_one_can_be_the_first(records: AccessRecords) -> None:
    """Who comes second to make the first owner is refused."""
    records.accounts.add(ANN, first=True)

    with pytest.raises(UsageError, match="already"):
        records.accounts.add(replace(BEN, role=Role.OWNER), first=True)

    assert list(records.accounts.all()) == [ANN]


def test_who_is_not_there_cannot_be_changed(records: AccessRecords) -> None:
    """Neither changed nor removed."""
    records.accounts.add(ANN)

    with pytest.raises(NotFoundError):
        records.accounts.change(BEN)
    with pytest.raises(NotFoundError):
        records.accounts.remove(BEN.id)


# -- sessions --------------------------------------------------------------------------------------


def _session(digit: str, account: Account, expires: float = 10.0) -> Session:
    return Session(digit * 64, account.id, 1.5, expires)


def test_a_session_is_found_with_whose_it_is(records: AccessRecords) -> None:
    """By its digest, and with the account as it is now."""
    records.accounts.add(ANN)
    session = _session("1", ANN)
    records.sessions.begin(session)
    later = replace(ANN, name="Anna")
    records.accounts.change(later)

    assert records.sessions.find(session.digest) == LoggedIn(session, later)
    assert records.sessions.find("2" * 64) is None


def test_a_session_lasts_as_long_as_was_said_last(records: AccessRecords) -> None:
    """It is extended, and swept when it has ended; others stay."""
    records.accounts.add(ANN)
    kept, old = _session("1", ANN), _session("2", ANN)
    records.sessions.begin(kept)
    records.sessions.begin(old)

    records.sessions.extend(kept.digest, 20.0)
    records.sessions.extend("3" * 64, 20.0)
    records.sessions.sweep(10.0)

    assert records.sessions.find(kept.digest) == LoggedIn(replace(kept, expires=20.0), ANN)
    assert records.sessions.find(old.digest) is None


def test_sessions_end_one_by_one_or_all_at_once(records: AccessRecords) -> None:
    """Those of others go on; ending what has ended is no error."""
    records.accounts.add(ANN)
    records.accounts.add(BEN)
    for session in (_session("1", ANN), _session("2", ANN), _session("3", ANN), _session("4", BEN)):
        records.sessions.begin(session)

    records.sessions.end("1" * 64)
    records.sessions.end("1" * 64)
    assert [bool(records.sessions.find(digit * 64)) for digit in "1234"] == [False, *[True] * 3]
    records.sessions.end_all(ANN.id)
    assert [bool(records.sessions.find(digit * 64)) for digit in "1234"] == [*[False] * 3, True]


# -- keys ------------------------------------------------------------------------------------------


def test_keys_come_back_as_they_were_added(records: AccessRecords) -> None:
    """In order, with their scopes, and when they were used last."""
    records.accounts.add(ANN)
    scopes = frozenset({Scope.READ, Scope.WRITE})
    mine = ApiKey("1" * 16, "Phone", "2" * 64, scopes, ANN.id, 3.5)
    nobodys = ApiKey("4" * 16, "Cron", "5" * 64, frozenset({Scope.ADMIN}), None, 4.5)
    records.keys.add(mine)
    records.keys.add(nobodys)

    records.keys.used(mine.id, 9.25)
    records.keys.used("6" * 16, 9.25)

    assert list(records.keys.all()) == [replace(mine, last_used=9.25), nobodys]
    assert records.keys.find(nobodys.id) == nobodys
    assert records.keys.find("6" * 16) is None
    records.keys.remove(nobodys.id)
    with pytest.raises(NotFoundError):
        records.keys.remove(nobodys.id)
    assert records.keys.find(nobodys.id) is None


def test_who_goes_takes_sessions_and_keys_along(records: AccessRecords) -> None:
    """An account that is removed lets nobody in any more; what is others' stays."""
    records.accounts.add(ANN)
    records.accounts.add(BEN)
    for account, digit in ((ANN, "1"), (BEN, "2")):
        records.sessions.begin(_session(digit, account))
        records.keys.add(
            ApiKey(digit * 16, "Key", digit * 64, frozenset({Scope.READ}), account.id, 1.0)
        )

    records.accounts.remove(BEN.id)

    assert records.sessions.find("2" * 64) is None
    assert [key.account_id for key in records.keys.all()] == [ANN.id]
    assert records.sessions.find("1" * 64) is not None


# -- links -----------------------------------------------------------------------------------------


def test_links_come_back_as_they_were_made(records: AccessRecords) -> None:
    """In order, with all they say, also after a change."""
    other = Link("d" * 16, "", "All", 6.5, "Ben", download=True, find_me=True)
    records.links.add(LINK)
    records.links.add(other)
    changed = replace(LINK, title="Beach", password=None, revoked=8.5)

    records.links.change(changed)

    assert list(records.links.all()) == [changed, other]
    assert records.links.find(other.id) == other
    assert records.links.find("e" * 16) is None
    with pytest.raises(NotFoundError):
        records.links.change(replace(LINK, id="e" * 16))


def test_openings_are_counted_whatever_else_changes(records: AccessRecords) -> None:
    """A change that was made of an older state of the link does not set the count back."""
    records.links.add(LINK)

    records.links.opened(LINK.id, 7.5)
    records.links.opened(LINK.id, 8.5)
    records.links.opened("e" * 16, 8.5)
    records.links.change(replace(LINK, title="Beach"))

    assert records.links.find(LINK.id) == replace(LINK, title="Beach", opened=2, last_opened=8.5)


# -- what was answered -----------------------------------------------------------------------------

CLAIM = Claim("1" * 64, "2" * 64, 100.5)
REPLY = Reply(201, "application/json", b"\0{}")


def test_a_key_is_taken_once(records: AccessRecords) -> None:
    """Who comes second sees the first, and what it was answered as soon as that is known."""
    assert records.replies.claim(CLAIM, stale_before=0.0) is None
    again = replace(CLAIM, request="3" * 64, at=101.5)

    assert records.replies.claim(again, stale_before=0.0) == CLAIM
    records.replies.answer(CLAIM.key, REPLY)
    assert records.replies.claim(again, stale_before=0.0) == replace(CLAIM, reply=REPLY)


def test_a_key_comes_free_when_its_work_failed(records: AccessRecords) -> None:
    """It is given back, or whoever took it has been silent for too long; an answer stays."""
    records.replies.claim(CLAIM, stale_before=0.0)
    records.replies.release(CLAIM.key)
    later = replace(CLAIM, at=200.5)

    assert records.replies.claim(CLAIM, stale_before=0.0) is None
    assert records.replies.claim(later, stale_before=150.0) is None
    records.replies.answer(CLAIM.key, REPLY)
    assert records.replies.claim(CLAIM, stale_before=300.0) == replace(later, reply=REPLY)


def test_old_answers_are_forgotten(records: AccessRecords) -> None:
    """Those from before the moment that is named; later ones are kept."""
    other = replace(CLAIM, key="4" * 64, at=200.5)
    for claim in (CLAIM, other):
        records.replies.claim(claim, stale_before=0.0)
        records.replies.answer(claim.key, REPLY)

    records.replies.sweep(150.0)

    assert records.replies.claim(CLAIM, stale_before=0.0) is None
    assert records.replies.claim(other, stale_before=0.0) == replace(other, reply=REPLY)
