"""digiKam's names, from its database ``digikam4.db``, which is only read.

Tables (digiKam, ``core/data/database/dbconfig.xml.cmake.in``): a tag with a property ``person`` in
``TagProperties`` is a person; ``ImageTagProperties`` with property ``tagRegion`` is a face that a
human gave that tag, as ``<rect x="10" y="20" width="30" height="40"/>``. What digiKam only supposes
(``autodetectedPerson``, ``autodetectedFace``) and what it was told to ignore is left alone.

Rectangles are pixels of the *upright* picture (``ItemScanner::commitFaces`` turns them before they
are stored), while ``ImageInformation`` holds width and height as stored and the orientation.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote, unquote

from kith.domain.errors import UsageError
from kith.domain.face import Box
from kith.domain.region import NamedRegion
from kith.imaging.xmp.regions import person_name

DATABASE_NAME: Final = "digikam4.db"

_QUERY: Final = """
SELECT Images.id, AlbumRoots.identifier, AlbumRoots.specificPath, Albums.relativePath, Images.name,
       Images.fileSize, ImageInformation.width, ImageInformation.height,
       ImageInformation.orientation, Tags.name, ImageTagProperties.value
FROM ImageTagProperties
JOIN Tags ON Tags.id = ImageTagProperties.tagid
JOIN Images ON Images.id = ImageTagProperties.imageid
JOIN Albums ON Albums.id = Images.album
JOIN AlbumRoots ON AlbumRoots.id = Albums.albumRoot
LEFT JOIN ImageInformation ON ImageInformation.imageid = Images.id
WHERE ImageTagProperties.property = 'tagRegion'
  AND Images.status = 1
  AND EXISTS (SELECT 1 FROM TagProperties
              WHERE TagProperties.tagid = Tags.id AND TagProperties.property = 'person')
  AND NOT EXISTS (SELECT 1 FROM TagProperties
                  WHERE TagProperties.tagid = Tags.id
                    AND TagProperties.property IN
                        ('unknownPerson', 'unconfirmedPerson', 'ignoredPerson'))
ORDER BY Images.id, Tags.name, ImageTagProperties.value
"""
"""Status 1 is visible; others are trash and leftovers."""


@dataclass(frozen=True, slots=True)
class DigikamPhoto:
    """A photo in digiKam's database that has named faces.

    Attributes:
        path: where digiKam says it lies, if it says so in full; else ``None``.
        tail: the end of its path: from the album's root.
        byte_size: of the file, as digiKam knows it; ``None`` if it does not.
        regions: its named faces; empty where digiKam does not know the picture's size.
    """

    path: PurePosixPath | None
    tail: PurePosixPath
    byte_size: int | None
    regions: tuple[NamedRegion, ...]


def read_digikam(database: Path) -> list[DigikamPhoto]:
    """The photos with named faces in a digiKam database.

    Raises:
        UsageError: it is no digiKam database, or it is in use.
    """
    rows: dict[int, list[tuple[object, ...]]] = {}
    try:
        address = f"file:{quote(str(database.absolute()))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            for image, *rest in connection.execute(_QUERY):
                rows.setdefault(image, []).append(tuple(rest))
    except sqlite3.Error as error:
        raise UsageError(
            f"{database} cannot be read as digiKam's database ({error})",
            f"Close digiKam, and name its {DATABASE_NAME} or the folder that holds it.",
        ) from error
    return [_photo(some) for some in rows.values()]


def find_databases(paths: Iterable[Path]) -> Iterator[Path]:
    """The databases that these paths are, or hold.

    Raises:
        UsageError: there is none at one of them.
    """
    for path in paths:
        found = path / DATABASE_NAME if path.is_dir() else path
        if not found.is_file():
            raise UsageError(
                f"There is no {DATABASE_NAME} at {path}",
                "digiKam's settings say where its database lies; name that file or folder.",
            )
        yield found


def _photo(rows: list[tuple[object, ...]]) -> DigikamPhoto:
    identifier, specific, album, name, byte_size, width, height, orientation, *_ = rows[0]
    size = _upright_size(width, height, orientation)
    tail = PurePosixPath(str(album).strip("/")) / str(name)
    root = _root(str(identifier), str(specific or ""))
    regions = (_region(row[-2], row[-1], size) for row in rows)
    return DigikamPhoto(
        path=root / tail if root else None,
        tail=PurePosixPath(str(specific or "").strip("/")) / tail,
        byte_size=byte_size if isinstance(byte_size, int) else None,
        regions=tuple(region for region in regions if region is not None),
    )


def _root(identifier: str, specific: str) -> PurePosixPath | None:
    """Where an album's root lies, if its identifier says so; many volumes have only a number."""
    for part in identifier.partition("?")[2].split("&"):
        key, _, value = part.partition("=")
        if key in {"path", "mountpath"}:
            return PurePosixPath(unquote(value)) / specific.strip("/")
    return None


def _upright_size(width: object, height: object, orientation: object) -> tuple[int, int] | None:
    if not isinstance(width, int) or not isinstance(height, int) or width < 1 or height < 1:
        return None
    turned = isinstance(orientation, int) and 5 <= orientation <= 8
    return (height, width) if turned else (width, height)


_NUMBER: Final = re.compile(r'\b(x|y|width|height)="(-?\d+(?:\.\d+)?)"')


def _region(name: object, rectangle: object, size: tuple[int, int] | None) -> NamedRegion | None:
    found = {key: float(number) for key, number in _NUMBER.findall(str(rectangle))}
    if size is None or len(found) != 4:
        return None
    width, height = size
    box = Box(
        found["x"] / width, found["y"] / height, found["width"] / width, found["height"] / height
    )
    return NamedRegion(person_name(str(name)), box)
