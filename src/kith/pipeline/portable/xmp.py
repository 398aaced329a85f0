"""Who is in a photo, as XMP says: in the photo itself and in its sidecars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kith.domain.errors import KithError
from kith.domain.photo import Place
from kith.domain.region import MarkedPeople
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.packet import Header, read_header
from kith.imaging.xmp.rdf import MAX_BYTES
from kith.imaging.xmp.regions import read_people
from kith.pipeline.originals import is_address
from kith.pipeline.portable.files import Sidecars
from kith.pipeline.walk import Refused


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one photo: everyone who is said to be in it, and what could not be read."""

    people: MarkedPeople
    problems: tuple[Refused, ...]


def read_photo_people(place: Place, sidecars: Sidecars) -> Read:
    """Everyone whom the photo at this place and its sidecars name.

    What several of them say is all taken: who is marked twice is one, and where they disagree, that
    is for a human to decide.
    """
    path = Path(place.path)
    try:
        header = read_header_at(place)
    except (KithError, OSError) as error:
        return Read(MarkedPeople(), (refused_place(place, error),))
    people: list[MarkedPeople] = []
    problems: list[Refused] = []
    for source in (path, *sidecars.of(path)):
        try:
            packets = header.packets if source == path else (_bytes_of(source),)
            people.append(read_people(packets, header.frame, str(source)))
        except (KithError, OSError) as error:
            problems.append(refused(source, error))
    sets = tuple(one for some in people for one in some.sets)
    names = dict.fromkeys(name for some in people for name in some.names)
    return Read(MarkedPeople(sets, tuple(names)), tuple(problems))


def read_frame(place: Place) -> Frame:
    """How the photo at this place is stored.

    Raises:
        KithError, OSError: it is not the photo it was, or it cannot be read.
    """
    return read_header_at(place).frame


def read_header_at(place: Place) -> Header:
    """How the photo at this place is stored, and its XMP.

    Raises:
        KithError, OSError: it is not the photo it was, or it cannot be read.
    """
    if is_address(place.path):
        raise KithError(
            f"{place.path} lies in a store, and names are read and written beside files",
            "`kith export --findings` has the names of every photo.",
        )
    path = Path(place.path)
    status = path.stat()
    if (status.st_size, status.st_mtime_ns) != (place.byte_size, place.modified_ns):
        raise KithError(
            f"{path} has changed since it was added", "Run `kith add` on it, then this once more."
        )
    return read_header(path.read_bytes(), str(path))


def refused(path: Path, error: KithError | OSError) -> Refused:
    """An error as a row of a report."""
    if isinstance(error, KithError):
        return Refused(path, error.message.removeprefix(f"{path} "), error.advice)
    return Refused(path, f"cannot be read or written: {error.strerror}")


def refused_place(place: Place, error: KithError | OSError) -> Refused:
    """The same for a place, which may be an address in a store elsewhere."""
    row = refused(Path(place.path), error)
    if not is_address(place.path):
        return row
    return replace(row, reason=row.reason.removeprefix(f"{place.path} "), address=place.path)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
