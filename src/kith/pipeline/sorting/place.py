"""From who is in each photo to which file goes where: the same answers give the same places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from kith.domain.photo import PhotoId
from kith.pipeline.sorting.names import TakenNames
from kith.pipeline.sorting.plan import Evidence, Placement, SortPerson, SortRequest, Way
from kith.pipeline.sorting.recognize import Answer


def place(
    request: SortRequest, people: Sequence[SortPerson], answers: Sequence[Answer]
) -> list[Placement]:
    """Every photo in the folder of every person it shows, in the order of the answers.

    Equal files are placed once, as the first of them is called. A photo whose bytes lie in the
    folder already stays where it is. Of a photo that is moved the other folders come first, so that
    the move is the last thing that happens to it.
    """
    folders = {person.name: person.folder for person in people}
    shelves = _Shelves(request.out)
    seen: set[PhotoId] = set()
    placements: list[Placement] = []
    by_photo = {one.photo_id: one for one in answers if one.photo_id and not one.repeats}
    for answer in answers:
        if answer.photo_id is None or answer.photo_id in seen:
            continue
        seen.add(answer.photo_id)
        evidence = by_photo[answer.photo_id].evidence
        wanted = _folders(evidence, folders, request.unmatched)
        own = list(_placed(answer, answer.photo_id, wanted, request.way, shelves))
        placements += _move_last(own) if request.way is Way.MOVE else own
    return placements


def content_id(path: Path) -> PhotoId:
    """The photo id of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return PhotoId(hashlib.file_digest(file, "sha256").hexdigest())


def _folders(
    evidence: Sequence[Evidence], folders: Mapping[str, str], unmatched: str | None
) -> list[tuple[str, Evidence | None]]:
    if evidence:
        return [(folders[one.person], one) for one in evidence]
    return [(unmatched, None)] if unmatched else []


def _placed(
    answer: Answer,
    photo_id: PhotoId,
    wanted: Sequence[tuple[str, Evidence | None]],
    way: Way,
    shelves: _Shelves,
) -> Iterator[Placement]:
    file = answer.file
    for folder, evidence in wanted:
        there = shelves.find(folder, photo_id, file.byte_size)
        name = there or shelves.take(folder, file.path.name)
        yield Placement(
            photo=file.path,
            photo_id=photo_id,
            byte_size=file.byte_size,
            modified_ns=file.modified_ns,
            target=PurePosixPath(folder, name),
            way=way,
            evidence=evidence,
            present=there is not None,
        )


def _move_last(placements: Sequence[Placement]) -> list[Placement]:
    """One move, into the first folder that lacks the photo; the others get links before it."""
    lacking = [placement for placement in placements if not placement.present]
    if not lacking:
        return list(placements)
    moved = lacking[0]
    others = [_linked(placement) for placement in placements if placement is not moved]
    return [*others, moved]


def _linked(placement: Placement) -> Placement:
    return replace(placement, way=Way.LINK_OR_COPY)


class _Shelves:
    """What lies in the folders of ``out``, looked at once and then kept in step with the plan."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._names: dict[str, TakenNames] = {}
        self._sizes: dict[str, dict[int, list[Path]]] = {}
        self._content: dict[Path, PhotoId] = {}

    def find(self, folder: str, photo_id: PhotoId, byte_size: int) -> str | None:
        """The name under which these bytes lie in the folder; only files of that size are read."""
        self._look_into(folder)
        for path in self._sizes[folder].get(byte_size, []):
            if path not in self._content:
                self._content[path] = content_id(path)
            if self._content[path] == photo_id:
                return path.name
        return None

    def take(self, folder: str, name: str) -> str:
        self._look_into(folder)
        return self._names[folder].take(name)

    def _look_into(self, folder: str) -> None:
        if folder in self._names:
            return
        path = self._out / folder
        present = sorted(path.iterdir()) if path.is_dir() else []
        self._names[folder] = TakenNames(one.name for one in present)
        sizes = self._sizes[folder] = {}
        for one in present:
            if one.is_file() and not one.name.startswith("."):
                sizes.setdefault(one.stat().st_size, []).append(one)
