"""Photos that arrive in parts: kept as they come, and moved among the originals when whole.

Each upload is a file of its own in the library's folder, beside which stands what was said of it.
Its length is how far it has come, so it goes on where it was, whoever was restarted meanwhile. A
whole file becomes an original by a link, which never takes the place of another file, and its
record stays until the photo was added: so none is forgotten between the two.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kith.domain.errors import (
    BrokenPictureError,
    LibraryFullError,
    NotFoundError,
    PictureError,
    PictureTooLargeError,
    UsageError,
)
from kith.domain.photo import Photo, PhotoId
from kith.imaging.picture import Picture, PictureLimits
from kith.pipeline.serving.file_names import file_name
from kith.pipeline.serving.originals import put, sync_folder, translated
from kith.ports.catalog import Catalog

PART_SIZE: Final = 8 * 1024 * 1024
"""Bytes of a part at most. A part that is cut off is sent again, which takes seconds on a phone."""

_MOST_OPEN: Final = 2_000
"""Uploads that may be open at once: a page that sends a whole album opens one after the other."""

_ABANDONED_SECONDS: Final = 24 * 3600
"""After so long without a new part, an upload is thrown away."""

_LOOKED_EVERY_SECONDS: Final = 600
"""How often abandoned uploads are looked for, when another one begins."""

_SPARE_BYTES: Final = 200 * 1024 * 1024
"""What must be left on the disk, for the library itself to go on."""

_LOOKED_AT: Final = 640
"""Pixels of the long side to which a picture is decoded, to see that it is whole."""


class OffsetError(UsageError):
    """A part does not begin where the last one ended, or the whole is not there yet.

    Args:
        offset: how many bytes are there.
    """

    def __init__(self, offset: int) -> None:
        super().__init__(f"The upload stands at {offset:,} bytes", "Go on from there.")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo that is being sent.

    Attributes:
        id: 32 hex digits.
        by: who sends it.
        name: what the file is called there.
        size: its length in bytes.
        modified_at: when it was changed last there, seconds since 1970.
        sha256: of all its bytes, in hex, where the sender knows it.
        photo_id: the photo that it is, once it was looked at.
        path: where it lies among the originals, from then on until it was added.
        offset: how many bytes are here; not kept with the rest, for the file itself tells.
    """

    id: str
    by: str
    name: str
    size: int
    modified_at: float | None = None
    sha256: str | None = None
    photo_id: str | None = None
    path: str | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a whole upload.

    Attributes:
        photo_id: the photo that it is.
        path: where it lies now; ``None`` if the library had the photo.
    """

    photo_id: PhotoId
    path: Path | None


class Uploads:
    """The uploads of one library. May be called from several threads of one process.

    Methods raise ``NotFoundError`` where there is no such upload, and ``LibraryFullError`` or
    ``LibraryReadOnlyError`` where it cannot be kept.

    Args:
        folder: where parts are kept.
        originals: where whole photos go, into a folder for their year and one for their month.
        catalog: the library's; knows which photos it has.
        limits: pictures beyond these are refused.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        originals: Path,
        catalog: Catalog,
        limits: PictureLimits,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._originals = originals
        self._catalog = catalog
        self._limits = limits
        self._clock = clock
        self._opening = threading.Lock()
        self._writing: dict[str, threading.Lock] = {}
        self._look_again_at = 0.0

    @property
    def originals(self) -> Path:
        """Where whole photos go."""
        return self._originals

    def known(self, sha256: str | None) -> PhotoId | None:
        """The photo of these bytes, if the library has it and its file is still there."""
        if sha256 is None:
            return None
        places = self._catalog.places_of([PhotoId(sha256)]).get(PhotoId(sha256), ())
        return PhotoId(sha256) if any(Path(place.path).exists() for place in places) else None

    def begin(
        self,
        name: str,
        size: int,
        *,
        by: str,
        modified_at: float | None = None,
        sha256: str | None = None,
    ) -> Upload:
        """Make room for a photo of that many bytes.

        Raises:
            PictureTooLargeError: it is larger than pictures may be.
            BrokenPictureError: it is empty.
            UsageError: too many uploads are open.
        """
        if size <= 0:
            raise BrokenPictureError(f"{name} is empty", "Send the file that it should be.")
        if size > self._limits.byte_size:
            raise PictureTooLargeError(
                f"{name} has {size:,} bytes, and pictures may have {self._limits.byte_size:,}",
                "The setting max_megabytes allows more.",
            )
        with self._opening, translated(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._throw_away_abandoned()
            if len(list(self._folder.glob("*.part"))) >= _MOST_OPEN:
                raise UsageError(
                    f"{_MOST_OPEN:,} uploads are open", "Finish or delete some of them first."
                )
            if shutil.disk_usage(self._folder).free < size + _SPARE_BYTES:
                raise LibraryFullError(
                    f"There is no room for {size:,} bytes on the library's disk",
                    "Free some space.",
                )
            upload = Upload(uuid.uuid4().hex, by, name, size, modified_at, sha256)
            self._part(upload.id).touch(mode=0o600)
            self._write(upload)
        return upload

    def get(self, upload_id: str) -> Upload:
        """The upload as it stands."""
        record = self._record(upload_id)
        try:
            fields = json.loads(record.read_bytes())
            upload = Upload(**fields)
            offset = upload.size if upload.photo_id else self._part(upload_id).stat().st_size
            return replace(upload, offset=offset)
        except (FileNotFoundError, ValueError, TypeError) as error:
            raise NotFoundError(
                f"There is no upload {upload_id}", "Uploads are thrown away after a day."
            ) from error

    def append(self, upload_id: str, offset: int, part: bytes) -> Upload:
        """Keep the next part; durable when it returns.

        Raises:
            OffsetError: the upload does not stand at that offset; nothing was kept.
            UsageError: it would be longer than was said; nothing was kept.
        """
        with self._alone(upload_id):
            upload = self.get(upload_id)
            if offset != upload.offset or upload.photo_id:
                raise OffsetError(upload.offset)
            if offset + len(part) > upload.size:
                raise UsageError(
                    f"The part ends at {offset + len(part):,} bytes, and the file at"
                    f" {upload.size:,}",
                    "Send the file anew, with its true size.",
                )
            with translated(self._folder), self._part(upload_id).open("r+b") as stream:
                stream.seek(offset)
                try:
                    stream.write(part)
                    stream.flush()
                    os.fsync(stream.fileno())
                except OSError:
                    stream.truncate(offset)
                    raise
            return replace(upload, offset=offset + len(part))

    def finish(self, upload_id: str) -> Finished:
        """Look at the whole file, and move it among the originals.

        Done twice, it answers the same, for a day: an answer may be lost on its way.

        Raises:
            OffsetError: something is missing yet.
            PictureError: it is no photo, or not the one that was announced; it was thrown away.
        """
        with self._alone(upload_id):
            upload = self.get(upload_id)
            if upload.offset < upload.size:
                raise OffsetError(upload.offset)
            taken = upload if upload.photo_id else self._take(upload)
            assert taken.photo_id is not None
            return Finished(PhotoId(taken.photo_id), Path(taken.path) if taken.path else None)

    def delete(self, upload_id: str) -> None:
        """Throw an upload away; an original that came of it stays."""
        with self._alone(upload_id):
            self.get(upload_id)
            self._throw_away(upload_id)

    def unsettled(self) -> Sequence[Path]:
        """The originals that came of uploads and were not added yet, as far as is known."""
        return [Path(upload.path) for upload in self._unsettled() if upload.path]

    def settle(self, paths: Sequence[Path]) -> None:
        """These originals were added, or were seen not to be photos."""
        settled = {str(path) for path in paths}
        for record in self._records():
            upload = self._found(record.stem)
            if upload and upload.path in settled:
                with translated(self._folder):
                    self._write(replace(upload, path=None))

    # -- files -------------------------------------------------------------------------------------

    def _take(self, upload: Upload) -> Upload:
        """Find out which photo it is, and move it among the originals unless it is known."""
        try:
            photo = self._look_at(upload)
        except PictureError:
            self._throw_away(upload.id)
            raise
        path = None if self.known(photo.id) else str(self._move(upload, photo))
        taken = replace(upload, photo_id=photo.id, path=path)
        with translated(self._folder):
            self._write(taken)
            self._part(upload.id).unlink(missing_ok=True)
        return taken

    def _look_at(self, upload: Upload) -> Photo:
        """The photo, once it was seen that the picture is whole."""
        data = self._part(upload.id).read_bytes()
        picture = Picture(data, upload.name, self._limits)
        if upload.sha256 not in {None, picture.photo_id}:
            raise BrokenPictureError(
                f"{upload.name} arrived with other bytes than were sent", "Send it again."
            )
        photo = picture.describe()
        picture.pixels(_LOOKED_AT)
        return photo

    def _move(self, upload: Upload, photo: Photo) -> Path:
        part = self._part(upload.id)
        if upload.modified_at is not None:
            os.utime(part, (upload.modified_at, upload.modified_at))
        folder = self._originals / self._month(upload, photo)
        return put(part, folder, file_name(upload.name, photo.format), photo.id)

    def _month(self, upload: Upload, photo: Photo) -> str:
        seconds = self._clock() if upload.modified_at is None else upload.modified_at
        day = photo.taken_at or datetime.fromtimestamp(seconds, UTC)
        return f"{day.year:04}/{day.month:02}"

    def _throw_away_abandoned(self) -> None:
        """Throw away what nobody has gone on with; looked for now and then."""
        now = self._clock()
        if now < self._look_again_at:
            return
        self._look_again_at = now + _LOOKED_EVERY_SECONDS
        newest: dict[str, float] = {}
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):
                newest[file.stem] = max(newest.get(file.stem, 0.0), file.stat().st_mtime)
        unsettled = {upload.id for upload in self._unsettled()}
        for stem, time_ in newest.items():
            if time_ < now - _ABANDONED_SECONDS and stem not in unsettled:
                for suffix in (".part", ".json", ".writing"):
                    (self._folder / f"{stem}{suffix}").unlink(missing_ok=True)

    def _throw_away(self, upload_id: str) -> None:
        self._part(upload_id).unlink(missing_ok=True)
        self._record(upload_id).unlink(missing_ok=True)
        self._writing.pop(upload_id, None)

    def _unsettled(self) -> list[Upload]:
        found = (self._found(record.stem) for record in self._records())
        return [upload for upload in found if upload and upload.path]

    def _records(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"))

    def _found(self, upload_id: str) -> Upload | None:
        with suppress(NotFoundError):
            return self.get(upload_id)
        return None

    def _write(self, upload: Upload) -> None:
        """Keep what is known of an upload, durably, as a whole or not at all."""
        fields = {name: value for name, value in asdict(upload).items() if name != "offset"}
        partial = self._folder / f"{upload.id}.writing"
        with partial.open("w", encoding="ascii") as stream:
            json.dump(fields, stream)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(self._record(upload.id))
        sync_folder(self._folder)

    def _record(self, upload_id: str) -> Path:
        return self._folder / f"{_checked(upload_id)}.json"

    def _part(self, upload_id: str) -> Path:
        return self._folder / f"{_checked(upload_id)}.part"

    @contextmanager
    def _alone(self, upload_id: str) -> Generator[None]:
        """One request at a time for each upload."""
        self.get(upload_id)
        with self._opening:
            lock = self._writing.setdefault(upload_id, threading.Lock())
        with lock:
            yield


def _checked(upload_id: str) -> str:
    """The id, which is a part of file names."""
    if not _ID.fullmatch(upload_id):
        raise NotFoundError(f"There is no upload {upload_id!r}", "Begin one.")
    return upload_id


_ID: Final = re.compile(r"[0-9a-f]{32}")
