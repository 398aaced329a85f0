"""The people to sort for: their reference pictures, each with the one face that it shows."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Face, FaceId
from kith.pipeline.sorting.names import TakenNames
from kith.pipeline.sorting.plan import SortPerson, SortRequest
from kith.pipeline.sorting.visit import Step, Visit, problem_of, read_picture
from kith.pipeline.walk import Refused, is_picture_name, walk
from kith.ports.recognition import FaceCollection


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference picture: whom it shows, and the face."""

    person: str
    path: Path
    face: Face


@dataclass(frozen=True, slots=True)
class References:
    """Everyone to sort for.

    Attributes:
        people: by name.
        by_face: the reference picture of each reference face. Of the same picture under two names
            it is that of the name that comes first.
        warnings: people who look like one person under two names.
        fingerprint: changes with the pictures, their names, the least similarity and the engine.
    """

    people: tuple[SortPerson, ...]
    by_face: Mapping[FaceId, Reference]
    warnings: tuple[Refused, ...]
    fingerprint: str


@contextmanager
def reference_faces(
    request: SortRequest, collection: FaceCollection, listener: Callable[[Step], None]
) -> Generator[References]:
    """The references, whose faces are in the collection for the length of the block.

    Raises:
        NotFoundError: the folder is missing or holds no pictures.
        UsageError: references that cannot serve: all of them, each with what to do.
    """
    pictures = _pictures_by_name(request)
    with Visit(collection) as visit:
        references = _one_face_each(request, pictures, visit, listener)
        yield _known_people(request, collection, pictures, references)


def _pictures_by_name(request: SortRequest) -> Mapping[str, Sequence[Path]]:
    """Each person's pictures, people and pictures in order of their names."""
    if not request.reference.is_dir():
        raise NotFoundError(f"There is no reference folder {request.reference}", _LAYOUT)
    pictures: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted(request.reference.iterdir()):
        if path.name.startswith(".") or path.name == "@eaDir":
            continue
        if path.is_dir():
            pictures[_name(path.name)] += [file.path for file in walk(path).files]
        elif is_picture_name(path.name):
            pictures[_name(path.stem)].append(path)
    if not pictures:
        raise NotFoundError(f"There are no reference pictures in {request.reference}", _LAYOUT)
    return dict(sorted(pictures.items()))


def _name(text: str) -> str:
    """A name in one spelling, whichever Unicode form its file system uses."""
    return unicodedata.normalize("NFC", text).strip() or text


def _one_face_each(
    request: SortRequest,
    pictures: Mapping[str, Sequence[Path]],
    visit: Visit,
    listener: Callable[[Step], None],
) -> list[Reference]:
    """Every picture with its one face; raises for all that have none or several at once."""
    references: list[Reference] = []
    problems = [
        Refused(
            request.reference / name,
            "is a folder without pictures",
            "Put some in, or take it away.",
        )
        for name, own in pictures.items()
        if not own
    ]
    total = sum(map(len, pictures.values()))
    for name, path in ((name, path) for name, own in pictures.items() for path in own):
        listener(Step("references", len(references) + len(problems), total, path))
        match _reference(name, path, visit):
            case Reference() as reference:
                references.append(reference)
            case problem:
                problems.append(problem)
    if problems:
        raise UsageError(_all_of(problems), "Nothing was sorted.")
    return references


def _reference(name: str, path: Path, visit: Visit) -> Reference | Refused:
    entry = read_picture(path)
    if isinstance(entry, Refused):
        return entry
    (row,) = visit.index([entry])
    if row.error is not None:
        return problem_of(path, row.error)
    match row.faces:
        case (face,):
            return Reference(name, path, face)
        case ():
            advice = "Take a picture that shows the face large and clear."
            return Refused(path, "shows no face", advice)
        case faces:
            advice = "Cut it down to the one person, or take another picture."
            return Refused(path, f"shows {len(faces)} faces", advice)


def _all_of(problems: Sequence[Refused]) -> str:
    count = len(problems)
    what = "One reference cannot" if count == 1 else f"{count} references cannot"
    rows = [
        f"  {problem.path}: {problem.reason}. {problem.advice}".rstrip() for problem in problems
    ]
    return "\n".join([f"{what} be used:", *rows])


def _known_people(
    request: SortRequest,
    collection: FaceCollection,
    pictures: Mapping[str, Sequence[Path]],
    references: Sequence[Reference],
) -> References:
    by_face: dict[FaceId, Reference] = {}
    for reference in references:
        by_face.setdefault(reference.face.id, reference)
    alike = _alike(request, collection, references, by_face)
    return References(
        people=_with_folders(pictures),
        by_face=by_face,
        warnings=tuple(_warnings(alike)),
        fingerprint=_fingerprint(request, references, alike),
    )


def _alike(
    request: SortRequest,
    collection: FaceCollection,
    references: Sequence[Reference],
    by_face: Mapping[FaceId, Reference],
) -> list[tuple[Reference, Reference, float]]:
    """Every two references that reach the least similarity, each pair once, with the percent."""
    face_ids = list(by_face)
    found = collection.search(face_ids, min_similarity=request.min_similarity)
    alike = [
        (by_face[face_id], by_face[match.face_id], match.similarity)
        for face_id, matches in zip(face_ids, found, strict=True)
        for match in matches
        if match.face_id in by_face and face_id < match.face_id
    ]
    same_picture = [
        (by_face[reference.face.id], reference, 100.0)
        for reference in references
        if by_face[reference.face.id] is not reference
    ]
    return sorted(alike + same_picture, key=lambda pair: (pair[0].path, pair[1].path))


def _warnings(alike: Sequence[tuple[Reference, Reference, float]]) -> Iterator[Refused]:
    for one, other, similarity in alike:
        if one.person != other.person:
            yield Refused(
                other.path,
                f"looks like the same person as {one.path} ({similarity:.1f} %), "
                f"but is called {other.person} and not {one.person}",
                "If it is one person, put both into one folder; else raise --min-similarity.",
            )


def _with_folders(pictures: Mapping[str, Sequence[Path]]) -> tuple[SortPerson, ...]:
    taken = TakenNames()
    return tuple(
        SortPerson(name, taken.take_folder(name), tuple(own)) for name, own in pictures.items()
    )


def _fingerprint(
    request: SortRequest,
    references: Sequence[Reference],
    alike: Sequence[tuple[Reference, Reference, float]],
) -> str:
    """Faces and similarities are part of it, so that another engine has another fingerprint."""
    seen = [
        (
            reference.person,
            str(reference.path),
            reference.face.photo_id,
            asdict(reference.face.detail),
        )
        for reference in references
    ]
    pairs = [(str(one.path), str(other.path), round(percent, 3)) for one, other, percent in alike]
    text = json.dumps([request.engine, request.min_similarity, seen, pairs])
    return hashlib.sha256(text.encode()).hexdigest()


_LAYOUT = "Give it a picture, or a sub-folder of pictures, for every person, called by the name."
