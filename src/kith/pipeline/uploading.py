"""Sending a folder's pictures to a store elsewhere: what is there is not sent again."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from kith.domain.errors import KithError, NotFoundError, StoreError
from kith.imaging.encode import encode_jpeg
from kith.imaging.picture import Picture, PictureLimits
from kith.pipeline.abreast import abreast
from kith.pipeline.serving.files import MEDIA_TYPES
from kith.pipeline.walk import FoundFile, Refused, absolute, walk
from kith.ports.depots import Content, Depot, Kept

_AT_ONCE: Final = 8
"""Files sent at once. A store answers each after some 50 ms, whatever its size."""

_UPRIGHT: Final = "upright-1"
"""What is noted of upright copies, with what they were made of; another number for another way."""

_UPRIGHT_QUALITY: Final = 92
"""Of JPEG: what cameras write."""


class State(Enum):
    """How a file stands to what is kept under its key."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Sending:
    """A file, and where it goes.

    Attributes:
        file: as it was found.
        key: below the depot.
        kept: what is there already.
    """

    file: FoundFile
    key: str
    kept: Kept | None


@dataclass(slots=True)
class UploadReport:
    """What became of the files of a folder.

    Attributes:
        seen: files that are pictures by their names.
        sent: keys that were written, or would be.
        sent_bytes: how many bytes went there, or would; of upright copies, those of the files.
        unchanged: files of which the same is there.
        differing: keys under which something else is kept, and was left alone.
        refused: files that could not be read or sent.
        left_alone: files that are no pictures, counted by suffix.
    """

    seen: int = 0
    sent: list[str] = field(default_factory=list[str])
    sent_bytes: int = 0
    unchanged: int = 0
    differing: list[str] = field(default_factory=list[str])
    refused: list[Refused] = field(default_factory=list[Refused])
    left_alone: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, slots=True)
class Manner:
    """How files are sent.

    Attributes:
        upright: JPEGs that stand upright and say nothing but their pixels, instead of the files.
        replace: over what is kept under the key, if it is something else.
        plan: nothing is sent; the report says what would be.
    """

    upright: bool = False
    replace: bool = False
    plan: bool = False


Listener = Callable[[int, int], None]
"""Hears how many files are done, of how many."""


def upload(
    folder: Path,
    depot: Depot,
    manner: Manner,
    limits: PictureLimits,
    listener: Listener = lambda _done, _total: None,
) -> UploadReport:
    """Send the pictures below a folder; the same call goes on where it was interrupted.

    A file goes byte for byte, under its path below the folder. Files are only read.

    Raises:
        NotFoundError: there is no such folder, or no such bucket.
        StoreError: the store cannot be reached, or refuses; what was sent stays.
    """
    root = absolute(folder)
    if not root.exists():
        raise NotFoundError(f"There is no folder {root}", "Check the path.")
    found = walk(root)
    files = [(file, _key(file, root, manner)) for file in found.files]
    report = send_files(files, depot, manner, limits, listener)
    report.refused[:0] = found.problems
    report.left_alone += found.others
    return report


def send_files(
    files: Sequence[tuple[FoundFile, str]],
    depot: Depot,
    manner: Manner,
    limits: PictureLimits,
    listener: Listener = lambda _done, _total: None,
) -> UploadReport:
    """Send files, each under the key beside it, as ``upload`` does.

    Raises:
        NotFoundError: there is no such bucket.
        StoreError: the store cannot be reached, or refuses; what was sent stays.
    """
    there = depot.kept()
    report = UploadReport(seen=len(files))
    sendings = [Sending(file, key, there.get(key)) for file, key in files]
    work = _Work(depot, manner, limits)
    with closing(abreast(work.do, sendings, workers=_AT_ONCE, name="send")) as outcomes:
        for done, (sending, outcome) in enumerate(zip(sendings, outcomes, strict=True), start=1):
            _count(report, sending, outcome)
            listener(done, len(sendings))
    return report


def _key(file: FoundFile, root: Path, manner: Manner) -> str:
    below = file.path.relative_to(root) if file.path != root else Path(file.path.name)
    key = below.as_posix()
    if manner.upright and file.path.suffix.lower() not in {".jpg", ".jpeg"}:
        key += ".jpg"  # behind its own suffix: beside IMG.HEIC there may be an IMG.jpg
    return key


def _count(report: UploadReport, sending: Sending, outcome: State | Refused) -> None:
    if isinstance(outcome, Refused):
        report.refused.append(outcome)
    elif outcome is State.SAME:
        report.unchanged += 1
    elif outcome is State.DIFFERS:
        report.differing.append(sending.key)
    else:
        report.sent.append(sending.key)
        report.sent_bytes += sending.file.byte_size


class _Work:
    """What is done with one file, in any thread."""

    def __init__(self, depot: Depot, manner: Manner, limits: PictureLimits) -> None:
        self._depot = depot
        self._manner = manner
        self._limits = limits

    def do(self, sending: Sending) -> State | Refused:
        """Send it if it is to be sent; ``NEW`` says that it was, or would be."""
        path = sending.file.path
        try:
            with _FileBytes(path) as content:
                state = self._state(sending, content)
                if state is State.DIFFERS and self._manner.replace:
                    state = State.NEW
                if state is State.NEW and not self._manner.plan:
                    self._send(sending, content)
                    if not content.is_unchanged():
                        return Refused(path, "changed while it was sent", "Send it once more.")
                return state
        except StoreError:
            raise
        except KithError as error:
            return Refused(path, error.message.removeprefix(f"{path} "), error.advice)
        except OSError as error:
            return Refused(path, f"cannot be read: {error.strerror}", "Check that you may read it.")

    def _state(self, sending: Sending, content: _FileBytes) -> State:
        if sending.kept is None:
            return State.NEW
        if self._manner.upright:
            same = self._depot.note(sending.key) == _note(content)
        else:
            same = self._depot.holds(sending.key, sending.kept, content)
        return State.SAME if same else State.DIFFERS

    def _send(self, sending: Sending, content: _FileBytes) -> None:
        path = sending.file.path
        if self._manner.upright:
            copy = encode_jpeg(Picture.open(path, self._limits).image(), _UPRIGHT_QUALITY)
            self._depot.send(sending.key, copy, "image/jpeg", _note(content), _unheard)
            return
        self._depot.send(sending.key, content, self._media_type(path), "", _unheard)

    def _media_type(self, path: Path) -> str:
        """By what its bytes are; of what Kith does not read, by its name."""
        try:
            return MEDIA_TYPES[Picture.open(path, self._limits).format]
        except (KithError, KeyError):
            return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _note(content: Content) -> str:
    return f"{_UPRIGHT} of {hashlib.sha256(content[: len(content)]).hexdigest()}"


def _unheard(_: int) -> None:
    """Progress counts files."""


class _FileBytes:
    """A file's bytes, read in pieces."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._status = os.fstat(self._file.fileno())

    def __enter__(self) -> _FileBytes:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._status.st_size

    def __getitem__(self, span: slice, /) -> bytes:
        start, stop, _ = span.indices(len(self))
        self._file.seek(start)
        return self._file.read(stop - start)

    def is_unchanged(self) -> bool:
        """Whether the file is still what it was."""
        now = os.fstat(self._file.fileno())
        return (now.st_size, now.st_mtime_ns) == (self._status.st_size, self._status.st_mtime_ns)
