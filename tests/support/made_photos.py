"""Made-up libraries of a few photos, and what is true of them: for questions to what is known."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tiny_dynamo import TinyDynamo

from kith.adapters.catalog.dynamo.albums import DynamoAlbums
from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.findings import DynamoFindings
from kith.adapters.catalog.dynamo.queries import DynamoPhotoQueries
from kith.adapters.catalog.dynamo.table import Table
from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.memory.findings import MemoryFindings
from kith.adapters.catalog.memory_albums import MemoryAlbums
from kith.adapters.catalog.memory_queries import MemoryPhotoQueries
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.albums import SqlAlbums
from kith.adapters.catalog.sql.findings import SqlFindings
from kith.adapters.catalog.sql.select import SqlPhotoQueries
from kith.database.open import Database
from kith.domain.album import PickedAlbum
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.findings import (
    DominantColor,
    Look,
    PhotoFindings,
    PictureQuality,
    Versions,
)
from kith.domain.label import Instance, Label, SeenLabels
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.domain.query import (
    HasFaces,
    ShowsText,
    ShowsUnnamed,
    TakenNever,
    TakenOn,
    TakenWith,
)
from kith.domain.selection import (
    HasAppearance,
    InFolder,
    Labelled,
    Lacks,
    OneOf,
    Picked,
    Selection,
    Shows,
    ShowsExactly,
    Under,
    Wanted,
    Within,
)
from kith.domain.text import ReadText, TextLine, TextWord
from kith.pipeline.albums.records import Records
from kith.ports.catalog import Catalog, PhotoRecord

PHOTOS = 5
PEOPLE = [PersonId(str(uuid.UUID(int=(number + 10) << 124 | number))) for number in range(3)]
PATHS = ["/a/1.jpg", "/a/b/1.jpg", "/a/b/2.jpg", "/a/b0/1.jpg", "/a!/1.jpg", "/1.jpg", "/é/\udcff"]
FOLDERS = ["/", "/a", "/a/", "/a/b", "/a/b0", "/a!", "/é", "/none", "/a/1.jpg"]
CAMERAS = [None, "Canon EOS", "PIXEL 7", "Große Kamera", "große kamera", "a\0b"]
LOWEST = Box(0.1, 0.1, 0.1, 0.1)
CORNERS = (Point(0.1, 0.2), Point(0.30000000000000004, 0.2), Point(0.3, 0.25), Point(0.1, 0.25))


def _line(text: str) -> TextLine:
    words = tuple(TextWord(word, 97.125, CORNERS) for word in text.split())
    return TextLine(text, 98.5, CORNERS, words)


LABELS = [
    Label("Dog", 95.5, ("Animal", "Pet"), ("Hound",), ("Animals",), (Instance(LOWEST, 95.5),)),
    Label("Animal", 95.5, categories=("Animals",)),
    Label("Tree", 40.0, ("Plant",), (), ("Nature",)),
    Label("Ö\0\udcff", 60.0),
]
WRITTEN = {
    "Gate 12": "gate 12",
    "Café-ZOË!": "cafe zoe",
    "kiosk": "kiosk",
    "\udcff": "",
    "そば屋": "そ ば 屋",
}
"""Lines, and the words by which they are found."""

ASKED = {
    **{"gate": "gate", "GATE 1": "gate 1", "gate 12": "gate 12", "ate": "ate", "2": "2"},
    **{"gate 12 k": "gate 12 k", "12 gate": "12 gate", "zo": "zo", "zoë, cafe": "zoe cafe"},
    **{"CAFE (Zoe)": "cafe zoe", 'gate" OR "kiosk': "gate or kiosk", "ki*": "ki", "そ": "そ"},
    **{"ば屋": "ば 屋", "NEAR(gate, 12)": "near gate 12", "words:gate": "words gate"},
}
"""What may be asked for, and the words that are meant; of the last one the beginning."""

LINES = [_line(text) for text in WRITTEN]
LOOK = Look(PictureQuality(50.5, 1 / 3, 0.0), (DominantColor(1, 2, 255, "blue", "blue", 100.0),))

# -- a library that is made up, and what is true of it ---------------------------------------------


@dataclass(frozen=True)
class MadeFace:
    """A face: whose it is and how well it fits, or what a human said of it."""

    person: PersonId | None
    similarity: float = 0.0
    standing: Standing | None = None


@dataclass(frozen=True)
class MadePhoto:
    """A photo."""

    taken_at: datetime | None
    camera: str | None
    faces: tuple[MadeFace, ...]
    labels: SeenLabels | None = None
    text: ReadText | None = None
    look: Look | None = None


@dataclass(frozen=True)
class Made:
    """A library.

    Attributes:
        photos: in order of arrival.
        holders: which photo each of ``PATHS`` holds; -1 for a file that was refused.
        people: who is who.
        picked: the photos picked into the album "Best".
    """

    photos: tuple[MadePhoto, ...]
    holders: tuple[int, ...]
    people: tuple[Person, ...]
    picked: frozenset[int]

    def meant(self, selection: Selection) -> list[PhotoId]:
        """The photos that are meant, in their order."""
        numbers = [n for n in range(len(self.photos)) if self._meets(n, selection)]
        return [made_id(number) for number in sorted(numbers, key=self._clock)]

    def _clock(self, number: int) -> tuple[int, str, int]:
        taken_at = self.photos[number].taken_at
        return (0, taken_at.isoformat()[:19], number) if taken_at else (1, "", number)

    def _meets(self, number: int, selection: Selection) -> bool:
        return all(self._is(number, one.wanted) != one.negated for one in selection.conditions)

    def _is(self, number: int, wanted: Wanted) -> bool:  # noqa: PLR0911 - one for each kind
        match wanted:
            case Within(selection):
                return self._meets(number, selection)
            case Picked(album):
                return album == "best" and number in self.picked
            case OneOf(photo_ids):
                return made_id(number) in photo_ids
            case Under() | InFolder():
                return any(
                    _lies(path, wanted)
                    for path, at in zip(PATHS, self.holders, strict=True)
                    if at == number
                )
            case TakenOn() | TakenNever() | TakenWith():
                return _taken(self.photos[number], wanted)
            case ShowsUnnamed():
                nameless = {p.id for p in self.people if p.name is None and not p.hidden}
                return any(face.person in nameless for face in self.photos[number].faces)
            case ShowsText() | Labelled() | Lacks():
                return _finds(self.photos[number], wanted)
            case _:
                return _shows(self.photos[number].faces, wanted)


def _shows(
    faces: Sequence[MadeFace], wanted: Shows | ShowsExactly | HasFaces | HasAppearance
) -> bool:
    match wanted:
        case Shows(people):
            return any(face.person in people for face in faces)
        case ShowsExactly(people):
            return frozenset(face.person for face in faces if face.person) == people
        case HasFaces(least, most):
            count = len([face for face in faces if face.standing != Standing.NOT_A_FACE])
            return count >= least and count <= (99 if most is None else most)
        case HasAppearance(bounds, people):
            owned = [one for one in faces if one.person in (PEOPLE if people is None else people)]
            return any(bounds.hold(one.similarity) for one in owned)


def _finds(photo: MadePhoto, wanted: ShowsText | Labelled | Lacks) -> bool:
    match wanted:
        case ShowsText(text):
            lines = photo.text.lines if photo.text else ()
            return f" {ASKED[text]}" in "".join(f" {WRITTEN[line.text]}" for line in lines)
        case Labelled(names, least):
            shown = photo.labels.labels if photo.labels else ()
            return any(one.name in names and one.confidence >= (least or 0) for one in shown)
        case Lacks(Versions(None, None)):
            return False
        case Lacks(Versions(labels, text)):
            known = (photo.labels and photo.labels.version, photo.text and photo.text.version)
            return any(
                want not in {None, has} for want, has in zip((labels, text), known, strict=True)
            )


def _lies(path: str, wanted: Under | InFolder) -> bool:
    folder = wanted.path.rstrip("/")
    if isinstance(wanted, InFolder):
        return path.rpartition("/")[0] == folder
    return f"{path}/".startswith(f"{folder}/")


def _taken(photo: MadePhoto, wanted: TakenOn | TakenNever | TakenWith) -> bool:
    match wanted:
        case TakenWith(text):
            return photo.camera is not None and text.casefold() in photo.camera.casefold()
        case TakenNever():
            return photo.taken_at is None
        case TakenOn(first, last):
            first, last = first or date.min, last or date.max
            return photo.taken_at is not None and first <= photo.taken_at.date() <= last


def made_id(number: int) -> PhotoId:
    """The id of the photo that arrived as this one, counted from 0."""
    # Ids whose order is not that of arrival.
    return PhotoId(f"{PHOTOS - number:064x}")


def fill(records: Records, made: Made) -> None:
    """Make the library."""
    catalog, albums = records.catalog, records.albums
    _fill_catalog(catalog, made)
    records.findings.keep(
        [
            PhotoFindings(made_id(number), photo.labels, photo.text, photo.look)
            for number, photo in enumerate(made.photos)
            if photo.labels or photo.text or photo.look
        ]
    )
    albums.save(PickedAlbum("Best"))
    # One that the library does not have, too: it may come back.
    albums.pick("Best", [*map(made_id, made.picked), PhotoId("f" * 64)])


def _fill_catalog(catalog: Catalog, made: Made) -> None:
    records: list[PhotoRecord] = []
    appearances: list[Appearance] = []
    standings: list[tuple[FaceId, Standing | None]] = []
    for number, photo in enumerate(made.photos):
        faces = [_face(number, rank) for rank in range(len(photo.faces))]
        kept = Photo(made_id(number), "JPEG", 4 + number, 3, 12, photo.taken_at, photo.camera)
        tiny = bytes([number]) if number % 2 else None
        records.append(PhotoRecord(kept, Place(f"/gone/{number}", 1, 1), tuple(faces), tiny))
        for face, said in zip(faces, photo.faces, strict=True):
            if said.person is not None:
                appearances.append(Appearance(face.id, said.person, said.similarity))
            if said.standing is not None:
                standings.append((face.id, said.standing))
    change = PeopleChange(made.people, tuple(appearances), standings=tuple(standings))
    catalog.store(records, (), change, catalog.edition())
    lying = [(p, n) for p, n in zip(PATHS, made.holders, strict=True)]
    catalog.add_places([(made_id(n), Place(p, 1, 1)) for p, n in lying if n >= 0])
    catalog.note_problems([Problem(Place(p, 1, 1), "broken", "") for p, n in lying if n < 0])
    catalog.remove_places([f"/gone/{number}" for number in range(len(made.photos))])


def _face(photo: int, rank: int) -> Face:
    point = Point(0.5, 0.5)
    landmarks = Landmarks(point, point, point, point, point)
    quality = Quality(50.0, 50.0, 100.0, 50.0)
    detail = FaceDetail(LOWEST, 99.0, landmarks, Pose(0.0, 0.0, 0.0), quality)
    return Face(FaceId(str(uuid.UUID(int=photo * 10 + rank))), made_id(photo), detail)


# -- drawing libraries and selections --------------------------------------------------------------

offsets: st.SearchStrategy[tzinfo | None] = st.sampled_from(
    [None, UTC, timezone(timedelta(hours=-9)), timezone(timedelta(hours=14))]
)
clocks = st.sampled_from(
    [
        "2024-06-01",
        "2024-06-30T23:59:59.999999",
        "2024-07-01T12:00:00.000005",
        "0001-01-01",
        "9999-12-31T23:59:59",
    ]
).map(datetime.fromisoformat)


def _moment(clock: datetime, zone: tzinfo | None) -> datetime:
    return clock.replace(tzinfo=zone)


moments = st.none() | st.builds(_moment, clocks, offsets)
made_faces = st.one_of(
    st.builds(MadeFace, st.sampled_from(PEOPLE), st.sampled_from([80.0, 87.5, 90.0])),
    st.builds(MadeFace, st.none(), st.just(0.0), st.none() | st.sampled_from(Standing)),
)
versions = st.sampled_from(["1", "2"])
seen_labels = st.builds(
    SeenLabels, st.lists(st.sampled_from(LABELS), max_size=3, unique=True).map(tuple), versions
)
read_texts = st.builds(ReadText, st.lists(st.sampled_from(LINES), max_size=3).map(tuple), versions)
photos = st.builds(
    MadePhoto,
    moments,
    st.sampled_from(CAMERAS),
    st.lists(made_faces, max_size=4).map(tuple),
    st.none() | seen_labels,
    st.none() | read_texts,
    st.none() | st.just(LOOK),
)


@st.composite
def libraries(draw: st.DrawFn) -> Made:
    """Any library of a few photos."""
    drawn = draw(st.lists(photos, min_size=1, max_size=PHOTOS))
    numbers = st.integers(-1, len(drawn) - 1)
    people = [
        Person(person_id, draw(st.sampled_from([None, None, "Ana"])), draw(st.booleans()))
        for person_id in PEOPLE
    ]
    picked = draw(st.frozensets(st.integers(0, len(drawn) - 1)))
    return Made(tuple(drawn), tuple(draw(numbers) for _ in PATHS), tuple(people), picked)


# -- the same library by every adapter -------------------------------------------------------------

Filled = Callable[[Made], Records]


def in_memory(made: Made) -> Records:
    """The library in memory."""
    catalog, albums = MemoryCatalog(), MemoryAlbums()
    findings = MemoryFindings(catalog)
    records = Records(catalog, MemoryPhotoQueries(catalog, albums, findings), albums, findings)
    fill(records, made)
    return records


def in_tiny_dynamo(made: Made) -> Records:
    """The library in as much of DynamoDB as its adapters use."""
    table = Table(TinyDynamo(), "kith")
    records = Records(
        DynamoCatalog(table),
        DynamoPhotoQueries(table),
        DynamoAlbums(table),
        DynamoFindings(table),
    )
    fill(records, made)
    return records


def in_database(database: Database, made: Made) -> Records:
    """The library in a database, in the place of what is there."""
    catalog, albums = SqlCatalog(database), SqlAlbums(database)
    catalog.remove_photos([photo.id for photo in catalog.photos()])
    with database.write() as connection:
        for table in ("places", "people", "albums"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    records = Records(catalog, SqlPhotoQueries(database), albums, SqlFindings(database))
    fill(records, made)
    return records


anything = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""How examples are drawn for contracts: each makes a library anew."""
