"""Findings of photos that a service looks at as they arrive: kept and written once, paid once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.memory.findings import MemoryFindings
from kith.adapters.catalog.memory_albums import MemoryAlbums
from kith.adapters.catalog.memory_queries import MemoryPhotoQueries
from kith.adapters.recognition.memory import (
    DrawnFace,
    DrawnText,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.adapters.storage.memory import MemoryStorage
from kith.adapters.storage.s3 import S3Storage
from kith.domain.errors import BrokenPictureError, StoreError
from kith.domain.face import Box
from kith.domain.findings import Versions
from kith.domain.label import DEFAULT_LABEL_CONFIDENCE, SeenLabels
from kith.domain.notice import Labeled, Rule
from kith.domain.person import PeopleChange
from kith.domain.photo import PhotoId, Place
from kith.domain.text import ReadText
from kith.imaging.picture import Picture
from kith.pipeline.albums.records import Records
from kith.pipeline.findings.document import document_bytes, document_key
from kith.pipeline.findings.documents import findings_documents
from kith.pipeline.findings.kit import Looking
from kith.pipeline.findings.on_arrival import Desk, Looked, look_on_arrival
from kith.pipeline.findings.renew import renew_documents
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.originals import Originals
from kith.ports.catalog import PhotoRecord
from kith.ports.storage import ObjectVersion

if TYPE_CHECKING:
    from buckets import Bucket

ENGINE = "service"
NOW = Versions(ENGINE, ENGINE)


class Service(MemoryRecognizer):
    """Sees what is drawn, for money; ``refusing`` pictures, it says that they are none."""

    def __init__(self) -> None:
        self.paid: list[str] = []
        self.refusing = False

    def detect_labels(
        self, picture: Picture, /, *, min_confidence: float = DEFAULT_LABEL_CONFIDENCE
    ) -> SeenLabels:
        """As its base, counted."""
        self._pay("labels")
        return super().detect_labels(picture, min_confidence=min_confidence)

    def detect_text(self, picture: Picture, /) -> ReadText:
        """As its base, counted."""
        self._pay("text")
        return super().detect_text(picture)

    def _pay(self, what: str) -> None:
        if self.refusing:
            raise BrokenPictureError("The service takes no such picture")
        self.paid.append(what)


@dataclass
class House:
    """A library in memory of photos that arrived, and the desk at which they are looked at."""

    root: Path
    catalog: MemoryCatalog = field(default_factory=MemoryCatalog)
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    service: Service = field(default_factory=Service)
    versions: Versions = NOW

    def __post_init__(self) -> None:
        albums, findings = MemoryAlbums(), MemoryFindings(self.catalog)
        queries = MemoryPhotoQueries(self.catalog, albums, findings)
        self.records = Records(self.catalog, queries, albums, findings)
        rule = Rule("Somebody", Labeled("Person"), ("topic",))
        self.announcer = Announcer(self.catalog.outbox, [rule])
        self.announcer.begin()

    @property
    def desk(self) -> Desk:
        """Where photos are looked at."""
        kit = Looking(self.records, self.service, self.versions, announcer=self.announcer)
        return Desk(kit, self.storage, ENGINE)

    def arrive(self, name: str = "a.png") -> PhotoId:
        """The photo at this path, which shows somebody and says something."""
        data = draw_picture(
            [DrawnFace(hue_of_person(1), Box(0.1, 0.1, 0.3, 0.6))],
            text=[DrawnText("Gate 12", Box(0.5, 0.8, 0.4, 0.1))],
        )
        path = self.root / name
        path.write_bytes(data)
        photo = Picture(data).describe()
        record = PhotoRecord(photo, Place(str(path), len(data), 1), ())
        self.catalog.store([record], (), PeopleChange(), self.catalog.edition())
        return photo.id

    def expected(self, photo_id: PhotoId) -> dict[str, Any]:
        """The document that is told of what is kept."""
        return next(findings_documents(self.records, Originals(), [photo_id], face_engine=ENGINE))

    def written(self) -> dict[str, bytes]:
        """All that lies in the storage."""
        return {one.key: self.storage.read(one.key) for one in self.storage.list()}

    def told(self) -> list[PhotoId]:
        """Of which photos there are notices."""
        return [one.posting.notice.photo_id for one in self.catalog.outbox.entries(limit=100)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty one."""
    return House(tmp_path)


def test_findings_are_kept_told_and_written(house: House) -> None:
    """Labels, text and the look; the document in the storage is that of every other way out."""
    photo_id = house.arrive()

    looked = look_on_arrival(house.desk, photo_id)

    assert looked == Looked(labels=2, lines=1, written=True)
    document = house.expected(photo_id)
    assert [one["name"] for one in document["labels"]] == ["Face", "Person"]
    assert [one["text"] for one in document["text"]] == ["Gate 12"]
    assert document["colors"]
    assert house.written() == {document_key(photo_id): document_bytes(document)}
    assert house.told() == [photo_id]


def test_what_is_announced_again_costs_nothing(house: House) -> None:
    """No look is paid for twice, and nothing is written twice or told twice."""
    photo_id = house.arrive()
    look_on_arrival(house.desk, photo_id)
    before = house.storage.stat(document_key(photo_id))

    assert [look_on_arrival(house.desk, photo_id) for _ in range(3)] == [Looked()] * 3
    assert house.service.paid == ["labels", "text"]
    assert house.storage.stat(document_key(photo_id)) == before
    assert house.told() == [photo_id]


def test_another_place_is_another_document(house: House) -> None:
    """It names both; the photo was looked at before."""
    photo_id = house.arrive()
    look_on_arrival(house.desk, photo_id)
    house.arrive("b.png")

    assert look_on_arrival(house.desk, photo_id, moved=True) == Looked(written=True)
    places = json.loads(house.storage.read(document_key(photo_id)))["source"]["places"]
    assert places == [str(house.root / name) for name in ("a.png", "b.png")]
    assert house.service.paid == ["labels", "text"]


@pytest.mark.parametrize(
    ("versions", "paid"),
    [(Versions(), []), (Versions(ENGINE), ["labels"]), (Versions(None, ENGINE), ["text"])],
)
def test_only_what_is_wanted_is_paid_for(house: House, versions: Versions, paid: list[str]) -> None:
    """What is off is null in the document; what is put on later is looked for when it comes by."""
    photo_id = house.arrive()
    house.versions = versions

    assert look_on_arrival(house.desk, photo_id).written
    assert house.service.paid == paid
    document = json.loads(house.storage.read(document_key(photo_id)))
    assert [what for what in ("labels", "text") if document[what] is not None] == paid
    assert look_on_arrival(house.desk, photo_id) == Looked()

    house.versions = NOW
    assert look_on_arrival(house.desk, photo_id).written
    assert sorted(house.service.paid) == ["labels", "text"]
    assert json.loads(house.storage.read(document_key(photo_id))) == house.expected(photo_id)


def test_a_picture_that_the_service_refuses_has_a_document(house: House) -> None:
    """It says that nobody looked; the reason is told, and the next time it is tried again."""
    photo_id = house.arrive()
    house.service.refusing = True

    looked = look_on_arrival(house.desk, photo_id)
    assert looked == Looked(written=True, reason="The service takes no such picture")
    assert json.loads(house.storage.read(document_key(photo_id)))["labels"] is None

    house.service.refusing = False
    assert look_on_arrival(house.desk, photo_id).labels == 2


def test_a_photo_that_cannot_be_read_now_must_be_announced_again(house: House) -> None:
    """It is not taken for gone: nobody would look at it any more."""
    photo_id = house.arrive()
    data = (house.root / "a.png").read_bytes()
    (house.root / "a.png").write_bytes(b"something else")
    with pytest.raises(StoreError):
        look_on_arrival(house.desk, photo_id)
    assert house.service.paid == []
    (house.root / "a.png").write_bytes(data)
    assert look_on_arrival(house.desk, photo_id).written


def test_a_photo_that_is_gone_is_left_alone(house: House) -> None:
    """Before it is looked at, and also while: no document of it is left behind."""
    photo_id = house.arrive()
    house.root.joinpath("a.png").unlink()
    assert look_on_arrival(house.desk, photo_id).reason
    assert house.written() == {}

    house.arrive()
    kit = house.desk.kit
    forgetful = _After(house.records.findings, lambda: house.catalog.remove_photos([photo_id]))
    kit = replace(kit, records=replace(kit.records, findings=forgetful))
    assert not look_on_arrival(replace(house.desk, kit=kit), photo_id).written
    assert house.written() == {}


@pytest.mark.emulators
def test_documents_follow_what_changes(house: House, moto_bucket: Bucket) -> None:
    """Those that differ from what is known are written anew; where there is none, none is made."""
    storage, photo_id = moto_bucket.storage(), house.arrive()
    look_on_arrival(replace(house.desk, storage=storage), photo_id)
    house.arrive("b.png")  # its second place
    assert renew_documents(house.records, storage) == 1
    assert renew_documents(house.records, storage) == 0
    assert storage.read(document_key(photo_id)) == document_bytes(house.expected(photo_id))

    storage.delete(document_key(photo_id))
    assert renew_documents(house.records, storage) == 0
    assert not list(storage.list())


@pytest.mark.emulators
def test_a_document_that_goes_meanwhile_does_not_come_back(
    house: House, moto_bucket: Bucket
) -> None:
    """Whoever forgets somebody deletes it, and what was read before must not be written."""
    storage, photo_id = _Forgetful(moto_bucket.client, moto_bucket.name), house.arrive()
    look_on_arrival(replace(house.desk, storage=storage), photo_id)
    house.arrive("b.png")

    assert renew_documents(house.records, storage) == 0
    assert not list(storage.list())


class _Forgetful(S3Storage):
    """A bucket from which everything goes as soon as it was read."""

    def read_version(self, key: str, tag: str = "", /) -> tuple[ObjectVersion, bytes]:
        answer = super().read_version(key, tag)
        self.delete(key)
        return answer


class _After:
    """Findings; once something was kept, something happens."""

    def __init__(self, findings: Any, happens: Callable[[], object]) -> None:
        self._findings = findings
        self._happens = happens

    def keep(self, *arguments: Any, **named: Any) -> None:
        self._findings.keep(*arguments, **named)
        self._happens()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._findings, name)


class Killed(BaseException):
    """The container is ended here and now; no handler of errors sees it."""


class _Mortal:
    """A part of a library of which each call is a step; only so many are left."""

    def __init__(self, part: Any, left: list[int]) -> None:
        self._part = part
        self._left = left

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._part, name)

        def call(*arguments: Any, **named: Any) -> Any:
            if not self._left[0]:
                raise Killed
            self._left[0] -= 1
            return method(*arguments, **named)

        return call


def test_killed_between_any_two_steps_the_next_announcement_completes(tmp_path: Path) -> None:
    """As if nothing had happened: one document, one notice, and what was kept is not paid twice."""
    for steps in itertools.count():
        house = House(tmp_path)
        photo_id, desk, left = house.arrive(), house.desk, [steps]
        records = replace(
            desk.kit.records,
            catalog=_Mortal(house.catalog, left),
            findings=_Mortal(house.records.findings, left),
        )
        kit = replace(desk.kit, records=records, recognizer=_Mortal(house.service, left))
        try:
            look_on_arrival(replace(desk, kit=kit, storage=_Mortal(house.storage, left)), photo_id)
        except Killed:
            kept = bool(house.records.findings.of([photo_id]))
            paid = len(house.service.paid)
            look_on_arrival(desk, photo_id)
            assert len(house.service.paid) == (paid if kept else paid + 2)
        else:
            assert steps > 8
            break
        document = house.expected(photo_id)
        assert document["labels"]
        assert house.written() == {document_key(photo_id): document_bytes(document)}
        assert house.told() == [photo_id]
