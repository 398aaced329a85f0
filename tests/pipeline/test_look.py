"""The second pass: every photo is looked at once, whatever comes in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.memory.findings import MemoryFindings
from kith.adapters.catalog.memory_albums import MemoryAlbums
from kith.adapters.catalog.memory_queries import MemoryPhotoQueries
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.albums import SqlAlbums
from kith.adapters.catalog.sql.findings import SqlFindings
from kith.adapters.catalog.sql.outbox import SqlOutbox
from kith.adapters.catalog.sql.select import SqlPhotoQueries
from kith.adapters.recognition.memory import (
    DrawnFace,
    DrawnText,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.database.open import open_database
from kith.domain.errors import WeightsMissingError
from kith.domain.face import Box
from kith.domain.findings import PhotoFindings, Versions
from kith.domain.label import DEFAULT_LABEL_CONFIDENCE, SeenLabels
from kith.domain.notice import Labeled, Rule
from kith.domain.person import PeopleChange
from kith.domain.photo import PhotoId, Place
from kith.domain.selection import Selection
from kith.domain.text import ReadText
from kith.imaging.picture import Picture
from kith.pipeline.albums.photos import photos_matching
from kith.pipeline.albums.records import Records
from kith.pipeline.findings.kit import Looking
from kith.pipeline.findings.look import LookReport, below, lacking, look
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.serving.looking import Looker
from kith.ports.catalog import PhotoRecord
from kith.ports.outbox import Outbox

EVERY = [Selection()]
NOW = Versions("1", "1")
PHOTOS = 10


class CountingRecognizer(MemoryRecognizer):
    """Sees what is drawn, and notes what it was asked for."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[tuple[str, PhotoId]] = []
        self.gone: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def detect_labels(
        self, picture: Picture, /, *, min_confidence: float = DEFAULT_LABEL_CONFIDENCE
    ) -> SeenLabels:
        """As its base, noted."""
        self._note("labels", picture)
        return replace(
            super().detect_labels(picture, min_confidence=min_confidence), version=self.version
        )

    def detect_text(self, picture: Picture, /) -> ReadText:
        """As its base, noted."""
        self._note("text", picture)
        return replace(super().detect_text(picture), version=self.version)

    def _note(self, what: str, picture: Picture) -> None:
        if what in self.gone:
            raise WeightsMissingError("The models are gone")
        with self._lock:
            self.asked.append((what, picture.photo_id))


@dataclass
class House:
    """A library of drawn photos, and who looks at them."""

    records: Records
    root: Path
    outbox: Outbox
    recognizer: CountingRecognizer = field(default_factory=CountingRecognizer)

    @property
    def kit(self) -> Looking:
        """By the present versions."""
        return Looking(self.records, self.recognizer, NOW, workers=2)

    def draw(self, name: str, *, people: int = 1, text: str = "") -> PhotoId:
        """A photo in the library that shows so many people, and this text."""
        faces = [
            DrawnFace(hue_of_person(number), Box(0.1, 0.1, 0.3, 0.6)) for number in range(people)
        ]
        lines = [DrawnText(text, Box(0.5, 0.8, 0.4, 0.1))] if text else []
        gray = 60 + len(list(self.root.rglob("*.png")))
        return self.put(name, draw_picture(faces, gray=gray, text=lines))

    def put(self, name: str, data: bytes) -> PhotoId:
        """A photo in the library with these bytes."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        photo = Picture(data).describe()
        record = PhotoRecord(photo, Place(str(path), len(data), 1), ())
        self.records.catalog.store([record], (), PeopleChange(), self.records.catalog.edition())
        return photo.id

    def look(self, versions: Versions = NOW) -> LookReport:
        """Look at everything that lacks."""
        kit = replace(self.kit, versions=versions)
        return look(kit, lacking(kit, EVERY))

    def found(self, photo_id: PhotoId) -> PhotoFindings:
        """What was found in the photo."""
        return self.records.findings.of([photo_id])[photo_id]


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[House]:
    """An empty library."""
    if request.param == "memory":
        catalog, albums = MemoryCatalog(), MemoryAlbums()
        findings = MemoryFindings(catalog)
        queries = MemoryPhotoQueries(catalog, albums, findings)
        records = Records(catalog, queries, albums, findings)
        yield House(records, tmp_path / "photos", catalog.outbox)
        return
    with closing(open_database(tmp_path / "library.db")) as database:
        catalog, albums = SqlCatalog(database), SqlAlbums(database)
        records = Records(catalog, SqlPhotoQueries(database), albums, SqlFindings(database))
        yield House(records, tmp_path / "photos", SqlOutbox(database))


def test_labels_text_and_looks_are_found_and_kept(house: House) -> None:
    """Of each photo, once; then queries know them."""
    shown = house.draw("shown.png", text="Gate 12")
    empty = house.draw("empty.png", people=0)

    report = house.look()

    assert (report.looked, report.labels, report.lines) == (2, 2, 1)
    found = house.found(shown)
    assert found.labels
    assert [one.name for one in found.labels.labels] == ["Face", "Person"]
    assert found.text
    assert [line.text for line in found.text.lines] == ["Gate 12"]
    assert found.look
    assert sum(one.percent for one in found.look.colors) == pytest.approx(100, abs=1)
    assert house.found(empty).labels == SeenLabels((), "1")
    assert photos_matching(house.records, 'label:human text:"gate 1"') == [shown]
    assert photos_matching(house.records, "-label:person") == [empty]


def test_what_was_looked_at_is_not_looked_at_again(house: House) -> None:
    """A second run asks for nothing; a new photo is all that a third one looks at."""
    for number in range(PHOTOS):
        house.draw(f"{number}.png")
    house.look()
    asked = list(house.recognizer.asked)

    assert house.look() == LookReport()
    assert house.recognizer.asked == asked
    late = house.draw("late.png")
    assert house.look().looked == 1
    assert house.recognizer.asked[len(asked) :] == [("labels", late), ("text", late)]


def test_a_new_version_of_one_part_looks_for_that_part_alone(house: House) -> None:
    """Text takes ten times as long as labels: it is not read anew for their sake."""
    photo_id = house.draw("a.png", text="kiosk")
    house.look()
    text = house.found(photo_id).text
    house.recognizer.asked.clear()
    house.recognizer.version = "2"

    house.look(Versions("2", "1"))

    assert house.recognizer.asked == [("labels", photo_id)]
    assert house.found(photo_id).text == text
    assert house.found(photo_id).labels == replace(_labels(house, photo_id), version="2")


def _labels(house: House, photo_id: PhotoId) -> SeenLabels:
    labels = house.found(photo_id).labels
    assert labels is not None
    return labels


@pytest.mark.parametrize(
    ("versions", "asked"), [(Versions("1"), "labels"), (Versions(None, "1"), "text")]
)
def test_only_what_is_wanted_is_looked_for(house: House, versions: Versions, asked: str) -> None:
    """One part may be missing or switched off; with neither, no photo lacks anything."""
    photo_id = house.draw("a.png")

    assert house.look(Versions()) == LookReport()
    assert house.look(versions).looked == 1
    assert house.recognizer.asked == [(asked, photo_id)]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_is_continued(house: House, kind: type[BaseException]) -> None:
    """What was kept before is not looked at again, and in the end nothing lacks."""
    for number in range(30):
        house.draw(f"{number:02}.png")
    kit = house.kit

    def interrupt(done: int, _total: int) -> None:
        if done >= 8:
            raise kind

    with pytest.raises(kind):
        look(kit, lacking(kit, EVERY), interrupt)
    kept = house.records.findings.counts().labelled
    assert kept == 8
    house.recognizer.asked.clear()
    report = house.look()

    assert report.looked == 30 - kept
    assert len(house.recognizer.asked) == 2 * (30 - kept)
    assert lacking(kit, EVERY) == []


def test_progress_is_told_up_to_the_end(house: House) -> None:
    """It grows, and ends at all of them; photos that cannot be read count, too."""
    for number in range(PHOTOS):
        house.draw(f"{number}.png")
    (house.root / "3.png").unlink()
    told: list[tuple[int, int]] = []

    look(house.kit, lacking(house.kit, EVERY), lambda done, total: told.append((done, total)))

    assert told == sorted(told)
    assert told[-1] == (PHOTOS, PHOTOS)


def test_photos_without_a_file_are_left_for_later(house: House) -> None:
    """They are counted, and looked at when their file is back; another file in its place is not."""
    photo_id = house.draw("a.png")
    data = (house.root / "a.png").read_bytes()
    (house.root / "a.png").write_bytes(draw_picture([], gray=3))

    assert house.look() == LookReport(missing=1)
    (house.root / "a.png").write_bytes(data)

    assert house.look().looked == 1
    assert house.found(photo_id).text is not None


def test_a_broken_picture_is_a_row_in_the_report(house: House) -> None:
    """With its reason and advice; it does not stop the others."""
    house.draw("a.png")
    whole = draw_picture([DrawnFace(0.0, Box(0.1, 0.1, 0.3, 0.6))], gray=9)
    broken = house.put("broken.png", whole[: len(whole) // 2])

    report = house.look()

    assert report.looked == 1
    (row,) = report.unread
    assert row.photo_id == broken
    assert "broken.png" in row.reason
    assert row.advice


def test_models_that_are_gone_stop_the_run(house: House) -> None:
    """With what to do; what was kept before stays."""
    house.draw("a.png")
    house.look(Versions(None, "1"))
    house.recognizer.gone = frozenset({"labels"})

    with pytest.raises(WeightsMissingError):
        house.look()

    assert house.records.findings.counts().read == 1


def test_only_what_lies_below_is_looked_at(house: House) -> None:
    """As ``kith add`` does with the folders that it was given; a photo in both counts once."""
    inside = house.draw("in/deep/a.png")
    house.draw("in0/b.png")

    some = lacking(house.kit, below([house.root / "in", house.root / "in" / "deep"]))

    assert some == [inside]


def test_nobody_else_is_hindered(house: House) -> None:
    """The edition that decisions are checked against stays; that of pages moves on."""
    house.draw("a.png")
    edition, findings = house.records.catalog.edition(), house.records.findings.edition()

    house.look()

    assert house.records.catalog.edition() == edition
    assert house.records.findings.edition() == findings + 1


def test_rules_for_labels_are_met_once(house: House) -> None:
    """A notice of every photo with the label stands in the outbox when its findings are kept."""
    announcer = Announcer(house.outbox, [Rule("Somebody", Labeled("Person"), ("mail",))])
    announcer.begin()
    shown = {house.draw(f"{number}.png") for number in range(PHOTOS)}
    house.draw("empty.png", people=0)
    kit = replace(house.kit, announcer=announcer)

    look(kit, lacking(kit, EVERY))
    newer = replace(kit, versions=Versions("2", "1"))
    look(newer, lacking(newer, EVERY))

    told = [entry.posting.notice for entry in house.outbox.entries(limit=100)]
    assert sorted(one.photo_id for one in told) == sorted(shown)
    assert {one.labels for one in told} == {("Person",)}


def test_what_is_added_while_a_library_is_served_is_looked_at(house: House) -> None:
    """In the background, below what was added alone; a failure ends nothing, closing ends it."""
    old = house.draw("old/a.png")
    new = [house.draw(f"new/{number}.png") for number in range(PHOTOS)]
    opened: list[Looking] = []

    @contextmanager
    def open_kit() -> Generator[Looking]:
        opened.append(house.kit)
        if len(opened) == 1:
            raise WeightsMissingError("The models are not there yet")
        yield house.kit

    with closing(Looker(open_kit)) as looker:
        looker.added([house.root / "new"])
        _wait_until(lambda: len(opened) == 1)
        looker.added([house.root / "new"])
        _wait_until(lambda: house.records.findings.counts().labelled == PHOTOS)
    looker.added([house.root / "old"])

    assert set(house.records.findings.of([old, *new])) == set(new)


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)
