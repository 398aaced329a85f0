"""Which of another program's marked faces is which of ours: pure, and nothing is guessed.

A region and a face are the same if ``kith.domain.region.likeness`` says they may be, one to one,
the most alike first. Where another pair is about as good, that is a conflict and neither is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from kith.domain.face import Box, FaceId
from kith.domain.names import folded
from kith.domain.region import MarkedPeople, NamedRegion, RegionSet, likeness, pairs_by_likeness

RIVALRY: Final = 0.8
"""A pair is as good as another if it has this part of its likeness. Of two neighbors who overlap so
much that both could be meant, a box drawn by hand prefers the right one by more than a fifth."""

_SAME_MARK: Final = 0.5
"""Likeness of two regions of one name that mark one face twice, as MWG and Microsoft's tags do."""


@dataclass(frozen=True, slots=True)
class KnownFace:
    """A face that Kith found: where it is, and the name of its person, if it has one."""

    face_id: FaceId
    box: Box
    name: str | None


class Reason(Enum):
    """Why a name cannot be given without a human."""

    SEVERAL_FACES = "the mark fits several faces"
    SEVERAL_NAMES = "the face is marked with several names"
    OTHER_NAME = "the face belongs to someone of another name"
    TWICE = "several faces of the photo would have this name"
    TURNED = "the marks fit the photo in several turns"


@dataclass(frozen=True, slots=True)
class FaceConflict:
    """Names and faces of one photo of which it is not clear how they belong together."""

    reason: Reason
    names: tuple[str, ...]
    face_ids: tuple[FaceId, ...]


@dataclass(frozen=True, slots=True)
class NamedFace:
    """A face and the name that it is said to have."""

    face_id: FaceId
    name: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the marks of one photo mean for its faces.

    Attributes:
        named: faces that get a name.
        known: faces that have the name already, if no other face may have it.
        conflicts: what a human must decide. No face of these is named, nor a face by their names.
        unmatched: names of marks at which no face was found.
        suggestions: the only face that is left, and the only name that is left: likely, not sure.
    """

    named: tuple[NamedFace, ...] = ()
    known: tuple[NamedFace, ...] = ()
    conflicts: tuple[FaceConflict, ...] = ()
    unmatched: tuple[str, ...] = ()
    suggestions: tuple[NamedFace, ...] = ()


def reconcile(people: MarkedPeople, faces: Sequence[KnownFace]) -> Reconciled:
    """What other programs say of a photo, against the faces that were found in it.

    The order of marks and faces does not matter.
    """
    faces = sorted(faces, key=lambda face: face.face_id)
    regions, turned = _read(people.sets, faces)
    match = _match(_distinct(regions), faces)
    settled = _sort_out(match, turned, faces)
    return Reconciled(
        settled.named,
        settled.known,
        settled.conflicts,
        match.unmatched,
        tuple(_suggestions(people, faces, settled)),
    )


@dataclass(frozen=True, slots=True)
class _Match:
    """Which named marks are which faces: as far as it is clear, and where it is not."""

    found: tuple[tuple[str, KnownFace], ...]
    conflicts: tuple[FaceConflict, ...]
    unmatched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Settled:
    """The faces of which something is known by now."""

    named: tuple[NamedFace, ...]
    known: tuple[NamedFace, ...]
    conflicts: tuple[FaceConflict, ...]

    def faces(self) -> set[FaceId]:
        single = {one.face_id for one in (*self.named, *self.known)}
        return single | _faces_of(self.conflicts)


def _read(
    sets: Sequence[RegionSet], faces: Sequence[KnownFace]
) -> tuple[list[NamedRegion], list[FaceConflict]]:
    """The regions as they are meant, and a conflict for each set of which that stays open.

    Where several readings fit, one that says what other programs say clearly is meant.
    """
    fits = [_best_fits(marked, faces) for marked in sets]
    regions = [region for some in fits if len(some) == 1 for region in some[0].reading]
    found = _match(_distinct(regions), faces).found
    clear = {(folded(name), face.face_id) for name, face in found}
    turned: set[FaceConflict] = set()
    for some in fits:
        backed = next((fit for fit in some if fit.says and fit.says <= clear), None)
        if len(some) > 1 and backed:
            regions += backed.reading
        elif len(some) > 1:
            turned.add(_turned(some, faces))
    return regions, sorted(turned, key=lambda one: (one.names, one.face_ids))


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a reading fits the faces.

    Attributes:
        reading: its regions.
        count: how many marks find a face of their own.
        alike: how alike these are in sum.
        says: whom they name, and which face that is.
    """

    reading: Sequence[NamedRegion]
    count: int
    alike: float
    says: frozenset[tuple[str, FaceId]]


def _best_fits(marked: RegionSet, faces: Sequence[KnownFace]) -> list[_Fit]:
    """The reading that fits the faces best, and those that fit as well and say otherwise."""
    fits = [_fit(reading, faces) for reading in marked.readings]
    best = max(fits, key=lambda fit: (fit.count, fit.alike))
    others = [
        fit
        for fit in fits
        if fit.count == best.count and fit.alike >= RIVALRY * best.alike and fit.says != best.says
    ]
    return [best, *others]


def _fit(reading: Sequence[NamedRegion], faces: Sequence[KnownFace]) -> _Fit:
    # Of two marks that fit a face equally, the same one gets it however they are listed.
    reading = sorted(reading, key=lambda one: (folded(one.name or ""), *_place(one.box)))
    face_of: dict[int, int] = {}
    total = 0.0
    boxes = [region.box for region in reading]
    for alike, i, j in pairs_by_likeness(boxes, [face.box for face in faces]):
        if i not in face_of and j not in face_of.values():
            face_of[i] = j
            total += alike
    named = ((reading[i].name, faces[j].face_id) for i, j in face_of.items())
    says = frozenset((folded(name), face_id) for name, face_id in named if name)
    return _Fit(reading, len(face_of), round(total, 9), says)


def _turned(fits: Sequence[_Fit], faces: Sequence[KnownFace]) -> FaceConflict:
    marks = [region for fit in fits for region in fit.reading if region.name]
    found = {face.face_id for face in faces for mark in marks if likeness(mark.box, face.box) > 0}
    names = {mark.name for mark in marks if mark.name}
    return FaceConflict(Reason.TURNED, tuple(sorted(names)), tuple(sorted(found)))


@dataclass(frozen=True, slots=True)
class _Mark:
    """A region with a name."""

    name: str
    box: Box


def _distinct(regions: Sequence[NamedRegion]) -> list[_Mark]:
    """The named regions, each once: without second copies of a name at one place."""
    kept: list[_Mark] = []
    for mark in sorted((_Mark(one.name, one.box) for one in regions if one.name), key=_by_place):
        copies = (
            folded(mark.name) == folded(other.name) and likeness(mark.box, other.box) >= _SAME_MARK
            for other in kept
        )
        if not any(copies):
            kept.append(mark)
    return kept


def _by_place(mark: _Mark) -> tuple[str | float, ...]:
    return mark.name, *_place(mark.box)


def _place(box: Box) -> tuple[float, ...]:
    return box.left, box.top, box.width, box.height


_Pair = tuple[float, int, int]
"""Likeness, the index of a mark, the index of a face."""


def _match(marks: Sequence[_Mark], faces: Sequence[KnownFace]) -> _Match:
    """One to one, the most alike first; pairs that rival each other are set apart."""
    found: list[tuple[str, KnownFace]] = []
    conflicts: list[FaceConflict] = []
    settled: set[int] = set()
    pairs = pairs_by_likeness([mark.box for mark in marks], [face.box for face in faces])
    while pairs:
        _, i, j = pairs[0]
        face_rivals, mark_rivals = _rivals(pairs, marks)
        taken_marks, taken_faces = {i, *mark_rivals}, {j, *face_rivals}
        names = {marks[k].name for k in taken_marks}
        if len({folded(name) for name in names}) > 1:
            conflicts.append(_conflict(Reason.SEVERAL_NAMES, names, taken_faces, faces))
        elif face_rivals:
            conflicts.append(_conflict(Reason.SEVERAL_FACES, names, taken_faces, faces))
        else:
            found.append((marks[i].name, faces[j]))
        settled |= taken_marks
        pairs = [
            pair for pair in pairs if pair[1] not in taken_marks and pair[2] not in taken_faces
        ]
    unmatched = tuple(sorted({mark.name for k, mark in enumerate(marks) if k not in settled}))
    return _Match(tuple(found), tuple(conflicts), unmatched)


def _rivals(pairs: Sequence[_Pair], marks: Sequence[_Mark]) -> tuple[set[int], set[int]]:
    """What rivals the best pair: other faces for its mark, and other marks for its face.

    Not a face that another mark fits better, nor a mark that fits another face better.
    """
    best, i, j = pairs[0]
    mark_best: dict[int, float] = {}
    face_best: dict[int, float] = {}
    for alike, a, b in pairs:
        mark_best.setdefault(a, alike)
        face_best.setdefault(b, alike)
    near = [pair for pair in pairs[1:] if pair[0] >= RIVALRY * best]
    faces = {b for alike, a, b in near if a == i and face_best[b] <= alike}
    # A second mark of the same name says the same, however well it fits.
    rivals = {
        a
        for alike, a, b in pairs[1:]
        if b == j
        and mark_best[a] <= alike
        and (alike >= RIVALRY * best or folded(marks[a].name) == folded(marks[i].name))
    }
    return faces, rivals


def _conflict(
    reason: Reason, names: Iterable[str], indexes: Iterable[int], faces: Sequence[KnownFace]
) -> FaceConflict:
    ids = sorted(faces[j].face_id for j in indexes)
    return FaceConflict(reason, tuple(sorted(names)), tuple(ids))


def _sort_out(
    match: _Match, turned: Sequence[FaceConflict], faces: Sequence[KnownFace]
) -> _Settled:
    """Names to give, names that faces have already, and names that cannot be given."""
    named: list[NamedFace] = []
    known: list[NamedFace] = []
    unclear = (*turned, *match.conflicts)
    conflicts = [*(_with_rivals(one, match) for one in turned), *match.conflicts]
    for name, face in sorted(match.found, key=lambda one: one[1].face_id):
        others = _others_of(name, face, match.found, unclear, faces)
        if face.name is not None and folded(face.name) == folded(name):
            known.append(NamedFace(face.face_id, name))
        elif face.name is not None:
            names = tuple(sorted({name, face.name}))
            conflicts.append(FaceConflict(Reason.OTHER_NAME, names, (face.face_id,)))
        elif others:
            # Two faces of one photo are two people.
            ids = tuple(sorted({face.face_id, *others}))
            conflicts.append(FaceConflict(Reason.TWICE, (name,), ids))
        else:
            named.append(NamedFace(face.face_id, name))
    open_faces = _faces_of(conflicts)
    return _Settled(
        tuple(one for one in named if one.face_id not in open_faces),
        tuple(one for one in known if one.face_id not in open_faces),
        tuple(dict.fromkeys(conflicts)),
    )


def _with_rivals(turned: FaceConflict, match: _Match) -> FaceConflict:
    """The conflict with the names, too, that other marks give to its faces."""
    rivals = {name for name, face in match.found if face.face_id in turned.face_ids}
    return replace(turned, names=tuple(sorted(rivals.union(turned.names))))


def _others_of(
    name: str,
    face: KnownFace,
    found: Sequence[tuple[str, KnownFace]],
    unclear: Sequence[FaceConflict],
    faces: Sequence[KnownFace],
) -> set[FaceId]:
    """The other faces of the photo that have this name, or are or may be marked with it."""
    marked = {other.face_id for said, other in found if folded(said) == folded(name)}
    maybe = _faces_of(one for one in unclear if folded(name) in map(folded, one.names))
    known = {other.face_id for other in faces if other.name and folded(other.name) == folded(name)}
    return (marked | maybe | known) - {face.face_id}


def _faces_of(conflicts: Iterable[FaceConflict]) -> set[FaceId]:
    return {face_id for conflict in conflicts for face_id in conflict.face_ids}


def _suggestions(
    people: MarkedPeople, faces: Sequence[KnownFace], settled: _Settled
) -> Iterator[NamedFace]:
    """The last face and the last name, if there is one of each."""
    gone = {folded(face.name) for face in faces if face.name}
    marked = (one for some in people.sets for reading in some.readings for one in reading)
    gone |= {folded(one.name) for one in marked if one.name}
    names = [name for name in dict.fromkeys(people.names) if folded(name) not in gone]
    left = [face for face in faces if face.name is None and face.face_id not in settled.faces()]
    if len(names) == len(left) == 1:
        yield NamedFace(left[0].face_id, names[0])
