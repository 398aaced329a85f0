"""``kith notify`` and ``kith add --no-notices``: what they print, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from catalog_records import NOTHING, a_record
from receivers import Receiver, web_receiver

from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.outbox import SqlOutbox
from kith.database.open import open_database
from kith.domain.notice import AnyFace, Rule
from kith.pipeline.notices.announcer import Announcer

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

RULE = Rule("Somebody", AnyFace(), ("hook",))


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Receiver]:
    """Who is told by the channel ``hook``, which has a rule; somebody waits in another one."""
    with web_receiver() as receiver:
        hook = {"kind": "webhook", "url": receiver.url, "secret": "s3same"}
        waiting = {"name": "Waiting", "people": ["Zoë"], "digest": "hour", "channels": ["hook"]}
        rules = [{"name": RULE.name, "faces": "any", "channels": ["hook"]}, waiting]
        notify = {"attempts": 1, "channel": {"hook": hook}, "rule": rules}
        monkeypatch.setenv("KITH_NOTIFY", json.dumps(notify))
        _make_library(tmp_path / "library")
        yield receiver


def _make_library(folder: Path) -> None:
    """Two photos, of which both are to be told."""
    folder.mkdir()
    records = [a_record(name, faces=1) for name in ("one", "two")]
    with closing(open_database(folder / "library.db")) as database:
        catalog = SqlCatalog(database)
        announcer = Announcer(SqlOutbox(database), [RULE])
        notices = announcer.of_faces(catalog, records, NOTHING)
        catalog.store(records, (), NOTHING, catalog.edition(), notices=notices)


@pytest.mark.usefixtures("receiver")
def test_rules_are_listed_in_words(ask: Ask) -> None:
    """With who is told, and a warning of who cannot be meant."""
    answer = ask("notify")

    assert answer.code == 0
    assert "any face" in answer.out
    assert "hook, once an hour" in answer.out
    assert "Channels: hook (webhook)" in answer.out
    assert "waits for 'Zoë', whom nobody is called" in answer.err
    listed = json.loads(ask("notify", "rules", "--json").out)
    assert [rule["name"] for rule in listed["rules"]] == ["Somebody", "Waiting"]
    assert listed["rules"][1]["who"] == [None]
    assert "s3same" not in str(listed)


def test_a_test_message_says_what_was_answered(ask: Ask, receiver: Receiver) -> None:
    """It arrived, or 7; a channel that is not there is 2."""
    arrived = ask("notify", "test", "hook")
    receiver.answers.append((500, {}))
    failed = ask("notify", "test", "hook")

    assert (arrived.code, failed.code) == (0, 7)
    assert arrived.out == "Sent through hook: http://127.0.0.1 answered 200 understood\n"
    assert "answered 500" in failed.err
    assert ask("notify", "test", "pigeon").code == 2
    assert [post.document["notices"] for post in receiver.posts] == [[], []]


def test_what_is_due_is_sent_and_the_dead_again(ask: Ask, receiver: Receiver) -> None:
    """What failed is listed with the reason, and is sent again by the beginning of its id."""
    receiver.answers.append((410, {}))

    first = ask("notify", "send")
    listed = ask("notify", "list")
    dead = json.loads(ask("notify", "list", "--json").out)

    assert first.code == 7
    assert "1 message sent; 0 to be tried again, 1 dead" in first.out
    assert "answered 410" in first.err
    assert "0 pending, 0 claimed, 1 sent, 1 dead" in listed.out
    assert "one.jpg" not in ask("notify", "list", "--limit", "1", "--all").out
    (notice,) = dead["notices"]
    assert notice["state"] == "dead"
    assert ask("notify", "again").code == 2
    assert ask("notify", "again", "ffff").code == 3
    assert "1 notice will be sent again" in ask("notify", "again", notice["notice_id"][:10]).out
    again = ask("notify", "send", "--json")
    assert (again.code, json.loads(again.out)["sent"]) == (0, 1)
    assert receiver.posts[-1].headers["Kith-Notice-Id"] == notice["notice_id"]
    assert "0 notices will be sent again" in ask("notify", "again", "--all").out


def test_without_settings_it_says_where_to_read(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No rules, no channels, nothing to send: no error."""
    _make_library(tmp_path / "library")
    monkeypatch.delenv("KITH_NOTIFY", raising=False)

    assert "docs/notices.md" in ask("notify").out
    sent = ask("notify", "send")
    assert (sent.code, sent.out) == (0, "0 messages sent; 0 to be tried again, 0 dead\n")
    assert "No channels" in sent.err


@pytest.mark.usefixtures("receiver")
def test_rules_are_added_and_removed(ask: Ask) -> None:
    """The only channel need not be said; what is kept is listed beside what the settings have."""
    added = ask("notify", "add", "Dogs", "--label", "dog", "--at-least", "80", "--digest", "day")
    assert (added.code, added.out[:20]) == (0, "Added the rule Dogs:")
    assert "hook, once a day" in added.out
    quiet = ("--faces", "unknown", "--quiet", "22:00-07:00", "--through", "hook")
    rule = json.loads(ask("notify", "add", "Strangers", *quiet, "--json").out)
    assert (rule["kept_in"], rule["quiet"], rule["channels"]) == (
        "library",
        "22:00-07:00",
        ["hook"],
    )
    listed = json.loads(ask("notify", "rules", "--json").out)["rules"]
    assert {one["name"]: one["kept_in"] for one in listed} == {
        "Dogs": "library",
        "Strangers": "library",
        "Somebody": "settings",
        "Waiting": "settings",
    }

    assert ask("notify", "remove", "Dogs").out == "Removed the rule Dogs\n"
    assert json.loads(ask("notify", "remove", rule["rule_id"], "--json").out)["name"] == "Strangers"
    assert ask("notify", "remove", "Dogs").code == 3
    settled = ask("notify", "remove", "Somebody")
    assert (settled.code, "settings" in settled.err) == (2, True)


@pytest.mark.usefixtures("receiver")
@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("Dogs",), 2),
        (("Dogs", "--label", "dog", "--faces", "any"), 2),
        (("Dogs", "--label", "dog", "--at-least", "101"), 2),
        (("Dogs", "--label", "dog", "--quiet", "late"), 2),
        (("Dogs", "--label", "dog", "--through", "pigeon"), 2),
        (("Somebody", "--faces", "any"), 2),
        (("Zoe", "--person", "Zoë"), 3),
    ],
)
def test_rules_that_make_no_sense_are_refused(ask: Ask, said: tuple[str, ...], code: int) -> None:
    """With what is wrong; nothing is kept."""
    answer = ask("notify", "add", *said)
    assert (answer.code, answer.out) == (code, "")
    assert len(json.loads(ask("notify", "rules", "--json").out)["rules"]) == 2


def test_a_rule_needs_a_channel(
    ask: Ask, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is none, or several, that is said."""
    monkeypatch.delenv("KITH_NOTIFY")
    none = ask("notify", "add", "Dogs", "--label", "dog")
    assert (none.code, "docs/notices.md" in none.err) == (2, True)
    hook = {"kind": "webhook", "url": receiver.url, "secret": "s3same"}
    monkeypatch.setenv("KITH_NOTIFY", json.dumps({"channel": {"a": hook, "b": hook}}))
    several = ask("notify", "add", "Dogs", "--label", "dog")
    assert (several.code, "a, b" in several.err) == (2, True)
    both = ask("notify", "add", "Dogs", "--label", "dog", "--through", "a", "--through", "b")
    assert both.code == 0


@pytest.mark.weights
@pytest.mark.photos
def test_photos_are_told_unless_it_is_said_otherwise(
    ask: Ask, receiver: Receiver, people: Path, tmp_path: Path, weights: Path
) -> None:
    """Each photo with a face once: those that were added silently never, not even when moved."""
    (tmp_path / "config").mkdir()
    first, second, third = sorted(people.glob("*neutral.jpg"))[:3]
    folders = [tmp_path / name for name in ("silent", "told", "copies")]
    for folder, photos in zip(folders, [[first], [second, third], [first, second]], strict=True):
        folder.mkdir()
        for photo in photos:
            (folder / photo.name).write_bytes(photo.read_bytes())
    ask("notify", "send")
    before = len(receiver.posts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KITH_MODELS", str(weights))
        assert ask("add", folders[0], "--no-notices").code == 0
        for folder in (folders[1], folders[2], folders[1]):
            assert ask("add", folder).code == 0
    assert ask("notify", "send").code == 0

    told = [post.document["notices"][0]["photo"]["file"] for post in receiver.posts[before:]]
    assert sorted(told) == [second.name, third.name]
