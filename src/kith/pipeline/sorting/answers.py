"""Answers remembered while a plan is made, so that an interrupted run goes on where it was.

They lie in one file of the state folder, which the run takes away when its plan is carried out.
They say what the report says, file, person, similarity and box; nothing a face could be found by.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import IO

from kith.pipeline.sorting.as_json import (
    Json,
    evidence_from_json,
    evidence_to_json,
    line_of,
    lines_in,
    problem_from_json,
    problem_to_json,
)
from kith.pipeline.sorting.recognize import Answer
from kith.pipeline.walk import FoundFile


class RememberedAnswers:
    """The answers file, read when the block begins and appended to within it.

    Args:
        path: the file; ``None`` remembers nothing.
        fingerprint: of the references. Answers to another question are dropped.
    """

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._known: dict[FoundFile, Answer] = {}
        self._file: IO[bytes] | None = None

    def __enter__(self) -> RememberedAnswers:
        if self._path is None:
            return self
        known = _read(self._path, self._fingerprint)
        self._known = {answer.file: answer for answer in _complete(known)}
        # Written anew, without a torn last line and without what no longer counts.
        with self._path.open("wb") as file:
            file.write(line_of({"fingerprint": self._fingerprint}))
            file.writelines(line_of(_to_json(answer)) for answer in self._known.values())
        self._file = self._path.open("ab", buffering=0)
        return self

    def get(self, file: FoundFile) -> Answer | None:
        """The answer for this very file, unless it changed since."""
        return self._known.get(file)

    def remember(self, answer: Answer) -> None:
        """Keep one more. A killed process loses none; a power failure may, and they are redone."""
        if self._file is not None:
            self._file.write(line_of(_to_json(answer)))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()


def _read(path: Path, fingerprint: str) -> list[Answer]:
    try:
        lines = lines_in(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    if not lines or lines[0].get("fingerprint") != fingerprint:
        return []
    return [_from_json(line) for line in lines[1:]]


def _complete(answers: list[Answer]) -> list[Answer]:
    """Without copies whose photo's own answer was not written any more, and without refused files.

    What was refused is tried again: the disk may be back, or Kith may have learned the format.
    """
    own = {answer.photo_id for answer in answers if answer.photo_id and not answer.repeats}
    return [answer for answer in answers if answer.photo_id in own and answer.problem is None]


def _to_json(answer: Answer) -> Json:
    return {
        "path": str(answer.file.path),
        "byte_size": answer.file.byte_size,
        "modified_ns": answer.file.modified_ns,
        "photo_id": answer.photo_id,
        "evidence": [evidence_to_json(one) for one in answer.evidence],
        "problem": problem_to_json(answer.problem) if answer.problem else None,
        "repeats": answer.repeats,
    }


def _from_json(value: Json) -> Answer:
    return Answer(
        file=FoundFile(Path(value["path"]), value["byte_size"], value["modified_ns"]),
        photo_id=value["photo_id"],
        evidence=tuple(map(evidence_from_json, value["evidence"])),
        problem=problem_from_json(value["problem"]) if value["problem"] else None,
        repeats=value["repeats"],
    )
