"""Whether people stay: wrong answers that are taken back, and photos that arrive later.

    python -m benchmarks.people [--photos 3200] [--seeds 1] [--faces 100000] [--largest 5000]

The pictures of the 100 people in ``photos/lfw/people.txt``, and of strangers, arrive in shuffled
order, photo by photo, in a catalog in SQLite. Meanwhile somebody who knows the labels looks in now
and then, names everyone's largest group, joins fragments and puts wrong faces right. In a second
library the same happens at the same moments, and one answer in twenty is a wrong one: a wrong
merge, split, name or "not this person", of whoever is there, which is undone at some later moment.
In the end both libraries are compared: who is who, under which id, with which name.

*Churn* counts what each of the last 200 photos changed for people who were there before it. *Cost*
is measured in a library of made-up faces; milliseconds are wall-clock medians of 20, with the
commit to disk.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.answers import WHO, Mistakes, answers
from benchmarks.crowd import make_catalog
from benchmarks.grouping import Album, Neighbors, index, person
from benchmarks.labelled import PHOTOS, SAME_PERSON, open_engine
from benchmarks.report import OUT, Section, publish
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.recognition.local import LocalFaceCollection
from kith.database.open import open_database
from kith.domain.decision import Statement
from kith.domain.errors import NotFoundError
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Seat, Step
from kith.domain.person import Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place
from kith.grouping.draft import Draft
from kith.grouping.neighborhood import Member
from kith.pipeline.decisions import corrections
from kith.pipeline.decisions.decide import decide
from kith.pipeline.decisions.journal_entries import take_back
from kith.pipeline.decisions.settle import settle
from kith.ports.catalog import Catalog, PhotoRecord

LOOK_EVERY = 25
"""Photos between two looks of whoever knows the labels."""

LAST = 200
"""Photos whose effect on people is looked at."""

REPEATS = 20
"""How often each cost is measured."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Photos in order of arrival, what grouping made of each, and whom the central faces show."""

    records: Sequence[PhotoRecord]
    steps: Sequence[Sequence[Step]]
    labels: Mapping[FaceId, str]


@dataclass(slots=True)
class Churn:
    """What the last photos changed for people who were there before."""

    named_faces_moved: int = 0
    named_people_gone: int = 0
    ids_unresolved: int = 0
    people_merged: int = 0
    names_changed: int = 0


@dataclass(frozen=True, slots=True)
class Ended:
    """A library in the end: whose each face is, everyone with a face, and what was said."""

    whose: Mapping[FaceId, tuple[PersonId, bool]]
    people: Mapping[PersonId, Person]
    right: Mapping[int, Sequence[Statement]]
    wrong: Counter[str]
    churn: Churn = field(default_factory=Churn)


def main() -> None:
    """Measure, print and publish."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=3200)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--faces", type=int, default=100_000)
    parser.add_argument("--largest", type=int, default=5_000)
    chosen = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=OUT) as folder:
        rows = [_compare(Path(folder), chosen.photos, seed) for seed in range(chosen.seeds)]
        costs = measure_costs(Path(folder), chosen.faces, chosen.largest)
    report(rows, costs, chosen)


def _compare(folder: Path, photos: int, seed: int) -> dict[str, int]:
    stream = make_stream(folder / "kith.db", photos, seed)
    calm = live(folder / f"calm{seed}.db", stream)
    shaken = live(folder / f"shaken{seed}.db", stream, calm.right, random.Random(seed))
    names = Counter(each.name for each in calm.people.values() if each.name)
    kept = Counter(each.name for each in shaken.people.values() if each.name)
    return {
        "photos": len(stream.records),
        "faces": sum(len(record.faces) for record in stream.records),
        "people": len(calm.people),
        "right_answers": sum(map(len, calm.right.values())),
        **{f"wrong: {kind}": count for kind, count in sorted(shaken.wrong.items())},
        "names": names.total(),
        "names_lost": (names - kept).total(),
        "people_that_differ": sum(
            calm.people.get(each) != shaken.people.get(each)
            for each in calm.people.keys() | shaken.people.keys()
        ),
        "faces_that_differ": sum(
            calm.whose.get(each) != shaken.whose.get(each)
            for each in calm.whose.keys() | shaken.whose.keys()
        ),
        **{f"churn: {name}": value for name, value in asdict(calm.churn).items()},
    }


# -- the stream ------------------------------------------------------------------------------------


def make_stream(place: Path, photos: int, seed: int) -> Stream:
    """Index the pictures, shuffle them, and group them as they arrive."""
    folder = PHOTOS / "lfw"
    known = {line.split("\t")[0] for line in (folder / "people.txt").read_text().splitlines()}
    files = sorted(folder.glob("*/*.jpg"), key=lambda path: (path.parent.name not in known, path))
    database = open_database(place)
    collection = LocalFaceCollection(open_engine("open"), database)
    album = index(collection, files[:photos])
    records = _records(album, seed)
    neighbors, members = Neighbors(collection), dict[FaceId, Member]()
    steps: list[Sequence[Step]] = []
    for record in records:
        steps.append(Draft(neighbors).add(record.faces) if record.faces else ())
        members |= {face.id: Member.of(face) for face in record.faces}
        neighbors.store(steps[-1], members)
    database.close()
    people = {face_id: person(file) for face_id, file in album.files.items()}
    labels = {face_id: SAME_PERSON.get(name, name) for face_id, name in people.items()}
    return Stream(records, steps, labels)


def _records(album: Album, seed: int) -> list[PhotoRecord]:
    ids: list[PhotoId] = sorted(album.faces)
    return [
        PhotoRecord(
            Photo(ids[position], "JPEG", 250, 250, 1),
            Place(f"/photos/{position}.jpg", 1, 1),
            tuple(album.faces[ids[position]]),
        )
        for position in map(int, np.random.default_rng(seed).permutation(len(ids)))
    ]


# -- a library's life ------------------------------------------------------------------------------


def live(
    place: Path,
    stream: Stream,
    right: Mapping[int, Sequence[Statement]] | None = None,
    chance: random.Random | None = None,
) -> Ended:
    """Let the photos arrive and answers be given.

    Args:
        place: of the database.
        stream: what arrives.
        right: what to say after which photo; without it, what the labels tell is said.
        chance: draws wrong answers and when they are undone; without it there are none.
    """
    database = open_database(place)
    catalog = SqlCatalog(database)
    churn, said = Churn(), dict[int, Sequence[Statement]]()
    mistakes = Mistakes(catalog, chance) if chance else None
    for number, record in enumerate(stream.records):
        watched = number >= len(stream.records) - LAST and not chance
        before = _names(catalog) if watched else {}
        _arrive(catalog, record, stream.steps[number])
        if watched:
            _compare_people(before, catalog, churn)
        if mistakes:
            mistakes.undo_due(number)
        if number % LOOK_EVERY == 0:
            said[number] = right[number] if right else answers(catalog, stream.labels)
            for statement in said[number]:
                decide(catalog, [statement], by=WHO)
                if mistakes:
                    mistakes.perhaps(number, len(stream.records))
    if mistakes:
        mistakes.undo_due(len(stream.records))
    whose = {each.face_id: (each.person_id, each.confirmed) for each in catalog.appearances()}
    people = {each.person.id: each.person for each in catalog.people()}
    database.close()
    return Ended(whose, people, said, mistakes.made if mistakes else Counter(), churn)


def _arrive(catalog: Catalog, record: PhotoRecord, steps: Sequence[Step]) -> None:
    edition = catalog.edition()
    change = settle(catalog, [record] if record.faces else [], steps)
    catalog.store([record], steps, change, edition)


# -- what a photo changes --------------------------------------------------------------------------


def _names(catalog: Catalog) -> dict[FaceId, Person]:
    people = {each.person.id: each.person for each in catalog.people()}
    return {each.face_id: people[each.person_id] for each in catalog.appearances()}


def _compare_people(before: Mapping[FaceId, Person], catalog: Catalog, churn: Churn) -> None:
    after = _names(catalog)
    people = {each.id: each for each in after.values()}
    for face_id, who in before.items():
        moved = face_id not in after or after[face_id].id != who.id
        churn.named_faces_moved += who.name is not None and moved
    for who in {each.id: each for each in before.values()}.values():
        if who.id in people:
            churn.names_changed += people[who.id].name != who.name
            continue
        churn.named_people_gone += who.name is not None
        try:
            churn.people_merged += catalog.person(who.id).id in people
        except NotFoundError:
            churn.ids_unresolved += 1


# -- what it costs ---------------------------------------------------------------------------------


def measure_costs(folder: Path, faces: int, largest: int) -> dict[str, float]:
    """Milliseconds of one decision on, and of one photo of, the person with most faces."""
    database = open_database(folder / "crowd.db")
    coming = iter(make_catalog(database, faces, largest))
    catalog = SqlCatalog(database)
    famous, *others = [each.person for each in catalog.people()]
    own = [each.face_id for each in catalog.appearances([famous.id])]
    chance = random.Random(0)

    def arrival() -> None:
        record = next(coming)
        support = tuple(chance.sample(own, 5))
        seat = Seat(record.faces[0].id, GroupId(famous.id), 99.0, support)
        _arrive(catalog, record, [seat])

    def joined() -> None:
        corrections.merge_people(catalog, [others.pop()], famous, by=WHO)

    def taken_out() -> None:
        corrections.not_this_person(catalog, famous, [own.pop()], by=WHO)

    def undone() -> None:
        take_back(catalog, by=WHO)

    def named(number: int = 0) -> None:
        corrections.name_person(catalog, famous, f"Ana {number}", by=WHO)

    costs = {"a photo arrives, nothing was said": _median(arrival)}
    costs["a person with ten faces is named"] = _median(
        lambda: corrections.name_person(catalog, others.pop(), "Ben", by=WHO)
    )
    costs["the person is named"] = _median(named)
    costs["a photo arrives, the person is named"] = _median(arrival)
    costs["somebody is merged into the person"] = _median(joined)
    costs["a face is not the person"] = _median(taken_out)
    costs["a photo arrives, faces were taken out"] = _median(arrival)
    costs["that is undone"] = _median(undone)
    database.close()
    return costs


def _median(act: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - begun))
    return median(times)


def report(
    rows: Sequence[Mapping[str, int]], costs: Mapping[str, float], chosen: argparse.Namespace
) -> None:
    """One table of people, one of costs."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    orders = tuple(f"order {number + 1}" for number in range(len(rows)))
    sections = [
        Section(
            "People of LFW, with and without wrong answers that were undone",
            ("", *orders),
            [[name.replace("_", " "), *(str(row.get(name, 0)) for row in rows)] for name in names],
        ),
        Section(
            f"Cost for a person with {chosen.largest:,} of {chosen.faces:,} faces",
            ("", "milliseconds"),
            [[what, f"{cost:.1f}"] for what, cost in costs.items()],
        ),
    ]
    note = (__doc__ or "").replace(_USAGE, "\n")
    publish("people", sections, {"orders": list(rows), "milliseconds": dict(costs)}, note)


_USAGE = next(line for line in (__doc__ or "").split("\n\n") if "python -m" in line) + "\n\n"

if __name__ == "__main__":
    main()
