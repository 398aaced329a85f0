"""kill -9 at any moment of a sender, and receivers that fail: every notice arrives, by its id once.

What is promised is at least once, under an id that never changes. A receiver that remembers ids
therefore has each notice exactly once.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from catalog_records import NOTHING, a_record
from receivers import Post, Receiver, web_receiver

from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.outbox import SqlOutbox
from kith.database.open import Database, open_database
from kith.domain.notice import AnyFace, Notice, NoticeId, Posting, Rule, postings_of
from kith.ports.outbox import State

if TYPE_CHECKING:
    from tests.faults.conftest import Kith

if sys.platform == "win32":
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)

KILLS: Final = 20
EACH: Final = 4
"""Notices for every life of a sender."""

PATIENCE_SECONDS: Final = 120.0
"""How long something may take that a sender does at once, on a machine that is very busy."""

RULE: Final = Rule("Somebody", AnyFace(), ("hook",))
SECRET: Final = "sesame"

QUICK: Final = {
    "first_seconds": 0.02,
    "longest_seconds": 0.2,
    "lease_seconds": 1.0,
    "poll_seconds": 0.02,
    "attempts": 100_000,
}


def notify(url: str, rules: Sequence[Mapping[str, Any]] = ()) -> dict[str, str]:
    """The environment of a sender that is in a hurry."""
    channels = {"hook": {"kind": "webhook", "url": url, "secret": SECRET}}
    return {"KITH_NOTIFY": json.dumps({"channel": channels, "rule": list(rules), **QUICK})}


def test_each_notice_arrives_once_though_20_senders_are_killed(tmp_path: Path) -> None:
    """A third of all posts fails, half of these after they were taken; senders die as they send.

    Slow, for it starts 21 programs: one after the other, as they do after a power cut.
    """
    chance = random.Random(20)
    folder = tmp_path / "library"
    folder.mkdir()
    expected: set[NoticeId] = set()
    with (
        web_receiver() as receiver,
        closing(open_database(folder / "library.db")) as database,
    ):
        receiver.failing = 0.3
        for life in range(KILLS):
            expected |= _post(database, life)
            sender = _sender(folder, receiver)
            _wait(_that_takes(receiver, chance.randint(1, EACH - 1)), sender)
            time.sleep(chance.uniform(0, 0.03))
            sender.kill()
            sender.wait()

        last = _sender(folder, receiver)
        _wait(lambda: set(SqlOutbox(database).counts()) == {State.SENT}, last)
        last.kill()
        last.wait()

    by_id = {post.headers["Kith-Notice-Id"]: post for post in receiver.posts}
    told = Counter(_notices(by_id.values()))
    assert told == Counter(dict.fromkeys(expected, 1))
    assert all(_notices([post]) == [post.headers["Kith-Notice-Id"]] for post in receiver.posts)


def _post(database: Database, life: int) -> set[NoticeId]:
    """New photos with a notice of each, stored while nobody sends, as ``kith add`` stores them."""
    records = [a_record(f"{life} {number}", 1) for number in range(EACH)]
    notices = [
        Notice(RULE.id, RULE.name, one.photo.id, (one.faces[0].id,), (), time.time())
        for one in records
    ]
    postings: list[Posting] = [post for one in notices for post in postings_of(RULE, one)]
    catalog = SqlCatalog(database)
    catalog.store(records, (), NOTHING, catalog.edition(), notices=postings)
    return {notice.id for notice in notices}


def _sender(folder: Path, receiver: Receiver) -> subprocess.Popen[bytes]:
    program = "from kith.cli.main import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "notify", "send", "--watch", "--library", str(folder)],
        env=notify(receiver.url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _that_takes(receiver: Receiver, some: int) -> Callable[[], bool]:
    wanted = len(receiver.posts) + some
    return lambda: len(receiver.posts) >= wanted


def _wait(until: Callable[[], bool], sender: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not until():
        assert sender.poll() is None, "the sender ended by itself"
        assert time.monotonic() < end, "nothing happens"
        time.sleep(0.005)


def _notices(posts: Any) -> list[NoticeId]:
    every: list[Post] = list(posts)
    return [notice["id"] for post in every for notice in post.document["notices"]]


@pytest.mark.weights
@pytest.mark.photos
def test_nothing_that_a_receiver_does_blocks_kith_add(album: Path, kith: Kith) -> None:
    """One that never answers is not even asked: what is told is written down, and sent later."""
    rule = {"name": "Somebody", "faces": "any", "channels": ["hook"]}
    with web_receiver(_never_answer) as receiver:
        environment = notify(receiver.url, [rule])
        for name, value in environment.items():
            kith.environment[name] = value  # pyright: ignore[reportIndexIssue] - a dict here
        done = kith.run("add", album / "portraits")
        listed = kith.run("notify", "list", "--json")

    assert done.returncode == 0, done.stderr
    assert receiver.posts == []
    counts = json.loads(listed.stdout)["counts"]
    assert counts == {"pending": len(list((album / "portraits").iterdir()))} | dict.fromkeys(
        ("claimed", "sent", "dead"), 0
    )


def _never_answer(handler: Any) -> None:
    handler.connection.settimeout(60)
    handler.rfile.read(1)
