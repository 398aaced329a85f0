"""How well photos that arrive in some order become people.

    python -m benchmarks.grouping [--pack open] [--shuffles 3]

All pictures of ``photos/lfw`` are indexed once, through the ports, into a collection in a temporary
folder; then they arrive in shuffled order, photo by photo. Every face that is found takes part,
those in the background too; only the face that LFW labels, the central one, counts. BCubed figures
weigh each face, pairwise figures each pair of faces (Amigó et al. 2009).

LFW has wrong labels. ``SAME_PERSON`` and ``WRONG_LABEL`` are those that grouping found and that
looking at the pictures confirmed; a second table shows the figures with them put right.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.labelled import PHOTOS, central_face, open_engine
from benchmarks.report import OUT, Section, publish
from kith.adapters.recognition.local import LocalFaceCollection
from kith.database.open import open_database
from kith.domain.face import Face, FaceId, Match
from kith.domain.grouping import GroupId, Seat, Step
from kith.domain.photo import PhotoId
from kith.domain.thresholds import MAX_MATCHES
from kith.grouping import thresholds
from kith.grouping.draft import Draft
from kith.grouping.neighborhood import Member
from kith.imaging.picture import Picture
from kith.ports.recognition import FaceCollection, IndexEntry

SAME_PERSON = {"Joseph_Blatter": "Sepp_Blatter", "Wang_Nan": "Nan_Wang"}
WRONG_LABEL = {"Michael_Schumacher_0008": "Rubens_Barrichello"}


@dataclass(frozen=True, slots=True)
class Album:
    """The indexed pictures: their faces, and the file and label of each one's central face."""

    faces: Mapping[PhotoId, tuple[Face, ...]]
    files: Mapping[FaceId, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a grouping compares with the labels; ``shared`` counts photos with a person twice."""

    bcubed_f1: float
    bcubed_precision: float
    bcubed_recall: float
    pair_precision: float
    pair_recall: float
    people_found: int
    people_labelled: int
    singles: int
    shared: int
    unattributed: int
    searches_per_face: float
    milliseconds_per_face: float


class Neighbors:
    """A neighborhood over a collection in which all faces already are, and a catalog in memory."""

    def __init__(self, collection: FaceCollection) -> None:
        self.group_of: dict[FaceId, GroupId] = {}
        self.searches = 0
        self._collection = collection
        self._arrived: set[FaceId] = set()
        self._members: dict[GroupId, list[Member]] = {}

    def matches(
        self, face_ids: Sequence[FaceId], arrived: Collection[FaceId], /
    ) -> Sequence[Sequence[Match]]:
        """See ``Neighborhood``; the longest answer, of which those that have arrived are kept."""
        self.searches += len(face_ids)
        found = self._collection.search(
            face_ids, min_similarity=thresholds.FLOOR, limit=MAX_MATCHES
        )
        here = self._arrived | set(arrived)
        kept = ([match for match in matches if match.face_id in here] for matches in found)
        return [matches[: thresholds.MAX_MATCHES] for matches in kept]

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """See ``Neighborhood``."""
        return {id_: self.group_of[id_] for id_ in face_ids if id_ in self.group_of}

    def members(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[Member]]:
        """See ``Neighborhood``."""
        return {id_: self._members[id_] for id_ in group_ids}

    def store(self, steps: Sequence[Step], members: Mapping[FaceId, Member]) -> None:
        """What a catalog would keep; ``members`` holds every face that has arrived."""
        self._arrived.update(members)
        for step in steps:
            if isinstance(step, Seat):
                self.group_of[step.face_id] = step.group_id
                self._members.setdefault(step.group_id, []).append(members[step.face_id])
            else:
                moved = self._members.pop(step.gone)
                self._members[step.stays] += moved
                self.group_of |= {member.face_id: step.stays for member in moved}


def main() -> None:
    """Index, group in several orders, print and publish."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pack", default="open")
    parser.add_argument("--shuffles", type=int, default=3)
    chosen = parser.parse_args()
    kinds = {"as labelled": person, "labels put right": true_person}
    rows: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    OUT.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=OUT) as folder:
        database = open_database(Path(folder) / "kith.db")
        collection = LocalFaceCollection(open_engine(chosen.pack), database)
        album = index(collection, sorted((PHOTOS / "lfw").glob("*/*.jpg")))
        for seed in range(chosen.shuffles):
            grouped = group(collection, album, seed)
            for kind, label in kinds.items():
                labels = {id_: label(file) for id_, file in album.files.items()}
                rows[kind].append(figures(grouped, album, labels))
        database.close()
    report(chosen.pack, rows)


def index(collection: FaceCollection, files: Sequence[Path]) -> Album:
    """Index the pictures; two copies of one picture are one photo."""
    faces: dict[PhotoId, tuple[Face, ...]] = {}
    labelled: dict[FaceId, str] = {}
    for start in range(0, len(files), 32):
        batch = [Picture.open(path) for path in files[start : start + 32]]
        found = collection.index([IndexEntry(picture.photo_id, picture) for picture in batch])
        for path, indexed in zip(files[start : start + 32], found, strict=True):
            faces[indexed.photo_id] = indexed.faces
            if indexed.faces:
                central = central_face([face.detail for face in indexed.faces])
                labelled |= {f.id: path.stem for f in indexed.faces if f.detail is central}
    return Album(faces, labelled)


@dataclass(frozen=True, slots=True)
class Grouped:
    """Who is who after all photos arrived, and what it cost."""

    group_of: Mapping[FaceId, GroupId]
    searches: int
    seconds: float


def group(collection: FaceCollection, album: Album, seed: int) -> Grouped:
    """Let the photos arrive one by one, in an order that depends on the seed."""
    photos = sorted(album.faces)
    neighbors, members = Neighbors(collection), dict[FaceId, Member]()
    begun = time.process_time()
    for position in np.random.default_rng(seed).permutation(len(photos)):
        faces = album.faces[photos[position]]
        steps = Draft(neighbors).add(faces)
        members |= {face.id: Member.of(face) for face in faces}
        neighbors.store(steps, members)
    return Grouped(neighbors.group_of, neighbors.searches, time.process_time() - begun)


def person(file: str) -> str:
    """Whom LFW says the picture shows."""
    return file.rpartition("_")[0]


def true_person(file: str) -> str:
    """Whom it shows, as far as the mistakes are known."""
    return WRONG_LABEL.get(file) or SAME_PERSON.get(person(file), person(file))


def figures(grouped: Grouped, album: Album, labels: Mapping[FaceId, str]) -> Figures:
    """Compare with the labels; a face of nobody counts as a person of its own."""
    found = [grouped.group_of.get(face_id, face_id) for face_id in labels]
    both = Counter(zip(found, labels.values(), strict=True))
    by_person, by_label = Counter(found), Counter(labels.values())
    precision = sum(n * n / by_person[who] for (who, _), n in both.items()) / len(found)
    recall = sum(n * n / by_label[label] for (_, label), n in both.items()) / len(found)
    right = _pairs(both)
    count = sum(map(len, album.faces.values()))
    return Figures(
        bcubed_f1=2 * precision * recall / (precision + recall),
        bcubed_precision=precision,
        bcubed_recall=recall,
        pair_precision=right / max(1, _pairs(by_person)),
        pair_recall=right / max(1, _pairs(by_label)),
        people_found=len(by_person),
        people_labelled=len(by_label),
        singles=sum(n == 1 for n in by_person.values()),
        shared=sum(_is_shared(faces, grouped) for faces in album.faces.values()),
        unattributed=count - len(grouped.group_of),
        searches_per_face=grouped.searches / count,
        milliseconds_per_face=1000 * grouped.seconds / count,
    )


def report(pack: str, rows: Mapping[str, Sequence[Figures]]) -> None:
    """One table per kind of labels, one column per order."""
    names = tuple(Figures.__slots__)
    sections = [
        Section(
            f"Grouping of LFW, pack {pack}, {kind}",
            ("", *(f"order {order + 1}" for order in range(len(columns)))),
            [
                [name.replace("_", " "), *(_text(getattr(c, name)) for c in columns)]
                for name in names
            ],
        )
        for kind, columns in rows.items()
    ]
    numbers = {kind: [asdict(column) for column in columns] for kind, columns in rows.items()}
    note = (__doc__ or "").partition("\n\n    python")[0]
    name = "grouping" if pack == "open" else f"grouping-{pack}"
    publish(name, sections, {"pack": pack, **numbers}, note)


def _pairs(counts: Mapping[Any, int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def _is_shared(faces: Sequence[Face], grouped: Grouped) -> bool:
    people = [grouped.group_of[face.id] for face in faces if face.id in grouped.group_of]
    return len(people) > len(set(people))


def _text(value: float) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
