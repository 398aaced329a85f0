"""Named faces inside the photo itself, through the user's own exiftool.

Originals are read-only for Kith, and this is the one exception: only where the user asked for it by
``--embed``. The changed copy is made beside the photo, checked, and put in its place as a whole.
Its bytes are others then, so for Kith it is a new photo: it must be added again.

exiftool is not a dependency but a program that is asked for when it is needed: no permissively
licensed library writes metadata into all these formats, and none is as well tested.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path

from kith.domain.errors import KithError, UsageError
from kith.domain.photo import Place
from kith.domain.region import NamedRegion
from kith.imaging.xmp.packet import Header, read_header
from kith.imaging.xmp.regions import read_people
from kith.imaging.xmp.write import Written, with_regions
from kith.pipeline.portable.xmp import read_header_at
from kith.pipeline.sorting.manifest import sync_folder

_ADVICE = "Leave --embed out for such files: a sidecar can always be written."

_PATIENCE_SECONDS = 120
"""For one photo; exiftool takes a second for the largest."""


def find_exiftool() -> str:
    """The path of the exiftool program.

    Raises:
        UsageError: it is not installed.
    """
    found = shutil.which("exiftool")
    if found is None:
        raise UsageError(
            "Writing into photos needs the program exiftool, which is not installed",
            "Install it (Debian: libimage-exiftool-perl, Homebrew: exiftool, https://exiftool.org),"
            " or leave --embed out: sidecars need nothing.",
        )
    return found


def embed_regions(exiftool: str, place: Place, regions: Sequence[NamedRegion]) -> Written | None:
    """Put these regions into the photo at this place, beside all that its metadata holds.

    Answers the new packet; ``None`` if nothing was missing, and the photo was left as it is.

    Raises:
        KithError: the photo is not what it was, or exiftool could not do it; then it is untouched.
        OSError: it cannot be read or replaced.
    """
    path = Path(place.path).resolve()
    header = read_header_at(place)
    if len(header.packets) > 1:
        raise KithError(f"The metadata of {path} is too large for one piece", _ADVICE)
    before = header.packets[0] if header.packets else None
    written = with_regions(before, regions, header.frame, str(path))
    if written.data is before:
        return None
    copy = path.with_name(f".kith-{uuid.uuid4().hex}{path.suffix}")
    try:
        shutil.copy2(path, copy)
        _run(exiftool, copy, written.data, path)
        _check(copy, header, written, path)
        read_header_at(place)  # whoever changed the photo meanwhile keeps the change
        _sync(copy)
        copy.replace(path)
    finally:
        for left in (copy, copy.with_name(f"{copy.name}_exiftool_tmp")):
            left.unlink(missing_ok=True)
    sync_folder(path.parent)
    return written


def _run(exiftool: str, copy: Path, packet: bytes, path: Path) -> None:
    """Replace the packet of the copy as a whole, so that nothing in it is taken apart."""
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        source = Path(folder) / "packet.xmp"
        source.write_bytes(packet)
        command = [exiftool, "-q", "-q", "-overwrite_original", f"-XMP<={source}", str(copy)]
        try:
            done = subprocess.run(  # noqa: S603 - no shell; exiftool is what the user installed
                command, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise KithError(f"exiftool did not finish with {path}", _ADVICE) from error
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").replace(copy.name, path.name).split())
        raise KithError(f"exiftool could not write into {path}: {said.rstrip('.')}", _ADVICE)


def _check(copy: Path, before: Header, written: Written, path: Path) -> None:
    """See that the copy is stored as before, and says what it is meant to say."""
    now = read_header(copy.read_bytes(), str(path))
    meant = read_people([written.data], before.frame, str(path))
    if now.frame != before.frame or read_people(now.packets, now.frame, str(path)) != meant:
        raise KithError(f"exiftool cannot write into files such as {path}", _ADVICE)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
