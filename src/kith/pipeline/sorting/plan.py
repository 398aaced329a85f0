"""What ``kith sort`` is asked, and the plan it makes: values only, no file is touched here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from kith.domain.face import Box
from kith.domain.photo import PhotoId
from kith.domain.thresholds import SORT_MIN_SIMILARITY
from kith.pipeline.walk import Refused


class Way(StrEnum):
    """How a photo comes into a folder."""

    COPY = "copy"
    HARDLINK = "hardlink"
    SYMLINK = "symlink"
    MOVE = "move"
    LINK_OR_COPY = "link-or-copy"
    """For the further folders of a photo that is moved: a hard link, else a copy."""


@dataclass(frozen=True, slots=True)
class SortRequest:
    """What the user wants sorted, and how. All paths are absolute.

    Attributes:
        reference: folder with a picture or a sub-folder of pictures for every person.
        photos: folder with the photos to sort, searched with its sub-folders; with a query, the
            folder of the library that it is put to.
        out: folder in which every person gets a folder.
        min_similarity: percent, inclusive; a face below it is nobody's.
        way: ``COPY``, ``HARDLINK``, ``SYMLINK`` or ``MOVE``.
        unmatched: folder in ``out`` for photos that show none of the people; ``None`` leaves them.
        engine: what recognizes, such as the model pack's name. Answers that an interrupted run
            remembered are used again only if it is the same.
        query: the photos to sort, wherever they lie; ``None`` for those in the folder.
    """

    reference: Path
    photos: Path
    out: Path
    min_similarity: float = SORT_MIN_SIMILARITY
    way: Way = Way.COPY
    unmatched: str | None = None
    engine: str = ""
    query: str | None = None


@dataclass(frozen=True, slots=True)
class SortPerson:
    """Someone with a folder.

    Attributes:
        name: as the reference file or folder is called, in Unicode's composed form (NFC).
        folder: the name made safe for every file system.
        references: the pictures that show this person.
    """

    name: str
    folder: str
    references: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a photo belongs to a person.

    Attributes:
        person: the name.
        reference: the reference picture that the face resembles most.
        similarity: percent.
        box: where the face is in the photo, as ratios of the upright picture.
    """

    person: str
    reference: Path
    similarity: float
    box: Box


@dataclass(frozen=True, slots=True)
class Placement:
    """One photo in one folder.

    Attributes:
        photo: the file as it was found.
        photo_id: SHA-256 of its bytes.
        byte_size: its length; with ``modified_ns`` it tells whether the file changed since.
        modified_ns: time of its last change in nanoseconds since 1970.
        target: where it goes, relative to the request's ``out``.
        way: how it gets there.
        evidence: why; ``None`` for a photo that shows none of the people.
        present: the same bytes lie there already, so there is nothing to do.
    """

    photo: Path
    photo_id: PhotoId
    byte_size: int
    modified_ns: int
    target: PurePosixPath
    way: Way
    evidence: Evidence | None
    present: bool = False


@dataclass(frozen=True, slots=True)
class SortPlan:
    """Everything that a run will do, in the order in which it will do it.

    Attributes:
        request: what was asked.
        people: everyone with a reference, by name.
        placements: by the photo's path; a photo's move comes after its links.
        problems: photos that could not be read, by path. They are left where they are.
        warnings: what a human should look at, such as one person under two names.
        photo_count: photos that could be read; copies count once each.
        unmatched_count: those of them that show none of the people.
        other_files: how many files that are no pictures were passed over, by suffix.
    """

    request: SortRequest
    people: tuple[SortPerson, ...]
    placements: tuple[Placement, ...]
    problems: tuple[Refused, ...] = ()
    warnings: tuple[Refused, ...] = ()
    photo_count: int = 0
    unmatched_count: int = 0
    other_files: tuple[tuple[str, int], ...] = ()
