"""Work without anybody waiting: photos that were there before, and grouping everybody anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.storage.memory import MemoryStorage
from kith.compose.cloud import Cloud
from kith.domain.errors import SettingError, StoreError, UsageError
from kith.domain.photo import Place
from kith.lambdas import container
from kith.lambdas.backfill import handler as backfill
from kith.lambdas.ingest import handler as ingest
from kith.lambdas.notices import handler as notices
from kith.lambdas.regroup import handler as regroup
from kith.pipeline.announcing import Announced, Progress, announce_all
from kith.pipeline.decisions.corrections import name_person

if TYPE_CHECKING:
    from tests.lambdas.conftest import Station


class Shelf:
    """As many objects as wanted, as ``PhotoSource``; and who is told of them, as ``PhotoQueue``."""

    def __init__(self, names: Sequence[str]) -> None:
        self.addresses = sorted(f"s3://bucket/{name}" for name in names)
        self.told: list[str] = []
        self.refusing = False

    def list(self, under: str, /, *, after: str = "") -> Any:
        """See ``PhotoSource.list``."""
        found = (each for each in self.addresses if each.startswith(under) and each > after)
        return (Place(each, 1, 1) for each in found)

    def look(self, address: str, /) -> Place:
        """See ``PhotoSource.look``."""
        raise NotImplementedError(address)

    def read(self, address: str, most: int, /) -> tuple[Place, bytes]:
        """See ``PhotoSource.read``."""
        raise NotImplementedError(address, most)

    def announce(self, places: Sequence[Place], /) -> None:
        """See ``PhotoQueue.announce``."""
        if self.refusing:
            raise StoreError("the queue is gone")
        self.told += [place.path for place in places]


def test_all_photos_are_announced_and_nothing_else() -> None:
    """Hidden files, folders and what is no picture are passed over, and counted."""
    shelf = Shelf(["a.jpg", "b/c.HEIC", "b/notes.txt", ".hidden.jpg", "b/.trash/d.jpg", "e/", "f"])
    done = announce_all(shelf, shelf, Progress(MemoryStorage(), "s3://bucket"), "s3://bucket")
    assert shelf.told == ["s3://bucket/a.jpg", "s3://bucket/b/c.HEIC", "s3://bucket/f"]
    assert (done.photos, done.others, done.finished) == (3, 4, True)


def test_who_is_stopped_goes_on_where_it_was() -> None:
    """After each page it may end; all are announced in the end, in order, and none twice."""
    shelf = Shelf([f"{number:05}.jpg" for number in range(3_500)])
    progress = Progress(MemoryStorage(), "s3://bucket")

    def once() -> Announced:
        enough = iter([False])
        return announce_all(shelf, shelf, progress, "s3://bucket", lambda: next(enough, True))

    assert [once().finished for _ in range(4)] == [False, False, False, True]
    assert shelf.told == shelf.addresses


def test_a_page_that_was_not_announced_is_announced_again() -> None:
    """Where the queue fails nothing is noted, and the next call begins with the same page."""
    shelf = Shelf(["a.jpg", "b.jpg"])
    progress = Progress(MemoryStorage(), "s3://bucket")
    shelf.refusing = True
    with pytest.raises(StoreError):
        announce_all(shelf, shelf, progress, "s3://bucket")
    shelf.refusing = False
    assert announce_all(shelf, shelf, progress, "s3://bucket").finished
    assert shelf.told == shelf.addresses


def test_when_it_is_finished_the_next_one_begins_anew() -> None:
    """Photos may have come anywhere; those that are known cost a look."""
    shelf, progress = Shelf(["b.jpg"]), Progress(MemoryStorage(), "s3://bucket")
    announce_all(shelf, shelf, progress, "s3://bucket")
    shelf.addresses.insert(0, "s3://bucket/a.jpg")
    done = announce_all(shelf, shelf, progress, "s3://bucket")
    assert (done.photos, shelf.told[1:]) == (2, shelf.addresses)


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
def test_what_was_there_before_comes_through_the_queue(
    station: Station,
    pictures: Mapping[str, bytes],
    context: Any,
    monkeypatch: pytest.MonkeyPatch,
    said: Callable[[], list[str]],
) -> None:
    """Backfill sends messages that ingest takes in; people who are grouped anew stay themselves.

    A call without time left announces nothing, and says that it is not finished.
    """
    url = station.queue()
    monkeypatch.setenv("KITH_QUEUE_URL", url)
    for key, data in pictures.items():
        station.put(key, data)
    assert not backfill({}, replace(context, left_ms=1_000))["finished"]
    assert backfill({}, context)["photos"] == len(pictures)
    messages = station.received(url)
    assert len(messages) == len(pictures)
    assert json.loads(messages[0]["body"])["detail-type"] == "Object Created"
    assert ingest({"Records": messages}, context) == {"batchItemFailures": []}
    assert said().count("added") == len(pictures)

    people = {each.person.id: each.photo_count for each in container.cloud().catalog.people()}
    anna = container.cloud().catalog.person(next(iter(people)))
    name_person(container.cloud().catalog, anna, "Anna", by="Zoë")
    left = {"regrouped": False, "faces": 6, "most_faces": 5}
    # Anna has a name now, in two photos.
    assert regroup({"most_faces": 5}, context) == {**left, "documents": 2}
    done = {"regrouped": True, "faces": 6, "moved": 0, "people": 3}
    assert regroup({}, context) == {**done, "documents": 0}
    catalog, storage = container.cloud().catalog, container.cloud().storage
    assert {each.person.id: each.photo_count for each in catalog.people()} == people
    documents = [json.loads(storage.read(one.key)) for one in storage.list("findings/")]
    assert sorted(face["person"]["name"] or "" for one in documents for face in one["faces"]) == [
        *[""] * 4,
        *["Anna"] * 2,
    ]


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.emulators
def test_who_appears_is_told_once(
    station: Station,
    pictures: Mapping[str, bytes],
    context: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Photos that come are told to the topic's subscribers, however often they are announced."""
    url, topic = station.subscribed()
    rule = {"name": "Everybody", "faces": "any", "channels": ["topic"]}
    monkeypatch.setenv("KITH_TOPIC_ARN", topic)
    monkeypatch.setenv("KITH_RULES", json.dumps([rule]))
    messages = [station.put(key, pictures[key]) for key in list(pictures)[:2]]
    for _ in range(2):
        assert ingest({"Records": messages}, context) == {"batchItemFailures": []}
    assert notices({}, context)["sent"] >= 1
    assert notices({}, context) == {"sent": 0, "waiting": 0, "dead": 0}
    told = "".join(message["body"] for message in station.received(url))
    for key in list(pictures)[:2]:
        assert told.count(json.dumps(key.rpartition("/")[2]).strip('"')) >= 1


def test_rules_that_cannot_be_understood_are_refused() -> None:
    """Not passed over: nobody would be told, and nobody would know."""
    for written in ("no JSON", "3", "[3]", '[{"name": "x"}]', '{"name": "x"}'):
        with pytest.raises((SettingError, UsageError)):
            _ = Cloud({"KITH_TABLE": "t", "KITH_RULES": written}).announcer


def test_what_is_not_set_is_said() -> None:
    """By the name of its variable; also what only one of the engines needs."""
    with pytest.raises(SettingError, match="KITH_ORIGINALS_BUCKET is not set"):
        _ = Cloud({}).photos
    with pytest.raises(SettingError, match="KITH_DATABASE_SECRET is not set"):
        _ = Cloud({"KITH_ENGINE": "local"}).recognition
    assert Cloud({"KITH_ORIGINALS_BUCKET": "b", "KITH_KEY_PREFIX": "2024/"}).photos == "s3://b/2024"
