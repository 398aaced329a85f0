"""Look at pictures through a collection and leave it as it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from kith.domain.errors import KithError
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.imaging.picture import Picture
from kith.pipeline.walk import Refused
from kith.ports.recognition import FaceCollection, Indexed, IndexEntry


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is, for someone who waits.

    Attributes:
        name: what is being done: ``references``, ``photos``, ``folders`` or ``undo``.
        done: how much of it.
        total: how much there is.
        path: the file at hand.
    """

    name: str
    done: int
    total: int
    path: Path


class Visit:
    """A block in which pictures are indexed, and after which the collection is as it was before.

    So nothing about people is kept by looking, and nothing that a library knew is lost. Faces that
    someone else indexes in the same photos meanwhile would be forgotten with ours; a library's lock
    keeps others out.
    """

    def __init__(self, collection: FaceCollection) -> None:
        self._collection = collection
        self._photo_ids: set[PhotoId] = set()
        self._known: set[FaceId] = set()

    def __enter__(self) -> Visit:
        return self

    def index(self, entries: Sequence[IndexEntry]) -> Sequence[Indexed]:
        """``FaceCollection.index`` for the length of the block."""
        new = {entry.photo_id for entry in entries} - self._photo_ids
        self._known |= {face.id for face in self._collection.faces(new)}
        self._photo_ids |= new
        return self._collection.index(entries)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seen = {face.id for face in self._collection.faces(self._photo_ids)}
        if seen - self._known:
            self._collection.forget(seen - self._known)


def read_picture(path: Path) -> IndexEntry | Refused:
    """The picture ready to be indexed under the hash of its bytes, or why it cannot be."""
    try:
        picture = Picture.open(path)
        return IndexEntry(picture.photo_id, picture)
    except KithError as error:
        return problem_of(path, error)


def problem_of(path: Path, error: Exception) -> Refused:
    """The report's row for a picture that was refused."""
    if not isinstance(error, KithError):
        return Refused(path, str(error))
    # Rows begin with the path; a reason that does so, too, would say it twice.
    return Refused(path, error.message.removeprefix(f"{path} "), error.advice)
