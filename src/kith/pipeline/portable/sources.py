"""Who other programs say is in the library's photos: one entry per photo, whatever the source."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.photo import PhotoId, Place
from kith.domain.region import MarkedPeople, RegionSet
from kith.pipeline.portable.digikam import DigikamPhoto, read_digikam
from kith.pipeline.portable.files import Sidecars
from kith.pipeline.portable.picasa import PicasaNames, find_contacts
from kith.pipeline.portable.xmp import read_photo_people
from kith.pipeline.walk import Refused, absolute
from kith.ports.catalog import Catalog

Progress = Callable[[int, int], None]
"""Told how many photos were looked at, and of how many."""


@dataclass(slots=True)
class Marked:
    """What a source says.

    Attributes:
        people: for each photo of the library that the source speaks of, one of its paths, and who
            is in it.
        problems: files that could not be read, and photos that could not be told apart.
        photos: how many photos were looked at.
    """

    people: dict[PhotoId, tuple[str, MarkedPeople]] = field(
        default_factory=dict[PhotoId, tuple[str, MarkedPeople]]
    )
    problems: list[Refused] = field(default_factory=list[Refused])
    photos: int = 0

    def add(self, photo_id: PhotoId, path: str, people: MarkedPeople) -> None:
        """Note who is in a photo; copies of a photo add to each other."""
        if not people:
            return
        path, known = self.people.get(photo_id, (path, MarkedPeople()))
        names = dict.fromkeys((*known.names, *people.names))
        sets = dict.fromkeys((*known.sets, *people.sets))
        self.people[photo_id] = (path, MarkedPeople(tuple(sets), tuple(names)))


def from_xmp(catalog: Catalog, paths: Sequence[Path], progress: Progress) -> Marked:
    """What the photos below these paths, and the sidecars beside them, say in XMP.

    Raises:
        NotFoundError: the library has no photo below a path.
    """
    marked, sidecars = Marked(), Sidecars()
    for photo_id, place in _each(_known_photos(catalog, paths), marked, progress):
        read = read_photo_people(place, sidecars)
        marked.add(photo_id, place.path, read.people)
        marked.problems += read.problems
    return marked


def from_picasa(catalog: Catalog, paths: Sequence[Path], progress: Progress) -> Marked:
    """What Picasa's files say of the photos below these paths.

    Raises:
        NotFoundError: the library has no photo below a path.
    """
    marked, picasa = Marked(), PicasaNames()
    contacts = find_contacts(paths)
    for path in contacts:
        picasa.read_contacts(path)
    folders = [path for path in paths if path not in contacts]
    for photo_id, place in _each(_known_photos(catalog, folders), marked, progress):
        marked.add(photo_id, place.path, picasa.people_of(place))
    marked.problems += [*picasa.problems, *picasa.nameless()]
    return marked


def from_digikam(catalog: Catalog, databases: Sequence[Path], progress: Progress) -> Marked:
    """What digiKam's databases say of the library's photos, wherever these lie.

    Raises:
        UsageError: one is no digiKam database, or it is in use.
    """
    marked, places = Marked(), _Places(catalog)
    entries = [(database, entry) for database in databases for entry in read_digikam(database)]
    for count, (database, entry) in enumerate(entries, start=1):
        progress(count, len(entries))
        marked.photos += 1
        found = places.find(entry)
        if found is None:
            marked.problems.append(_not_found(database, entry))
        elif not entry.regions:
            reason = f"has named faces in {database}, but no size"
            marked.problems.append(
                Refused(Path(entry.tail), reason, "Let digiKam reread its metadata.")
            )
        else:
            marked.add(*found, MarkedPeople((RegionSet((entry.regions,)),)))
    return marked


class _Places:
    """The library's files, to be found by how digiKam knows them."""

    def __init__(self, catalog: Catalog) -> None:
        self._by_path: dict[str, PhotoId] = {}
        self._by_name: dict[tuple[str, int], list[tuple[PurePath, PhotoId]]] = {}
        for known in catalog.places():
            if known.photo_id is None:
                continue
            path = PurePath(known.place.path)
            key = (_composed(path.name), known.place.byte_size)
            self._by_path[_composed(path.as_posix())] = known.photo_id
            self._by_name.setdefault(key, []).append((path, known.photo_id))

    def find(self, entry: DigikamPhoto) -> tuple[PhotoId, str] | None:
        """The photo at digiKam's path; else the one of that name and size, if there is only one.

        Of several with the name and size, the one in folders of the same names: a library that was
        moved as a whole, or a disk that is mounted elsewhere now, is found so.
        """
        if entry.path is not None:
            path = _composed(str(entry.path))
            if path in self._by_path:
                return self._by_path[path], path
        if entry.byte_size is None:
            return None
        candidates = self._by_name.get((_composed(entry.tail.name), entry.byte_size), [])
        shared = [_shared(path, entry.tail) for path, _ in candidates]
        best = [one for one, depth in zip(candidates, shared, strict=True) if depth == max(shared)]
        if len({photo_id for _, photo_id in best}) != 1:
            return None
        return best[0][1], str(best[0][0])


def _shared(path: PurePath, tail: PurePath) -> int:
    """How many folders above both files have the same names."""
    pairs = zip(reversed(path.parts[:-1]), reversed(tail.parts[:-1]), strict=False)
    count = 0
    for one, other in pairs:
        if _composed(one) != _composed(other):
            break
        count += 1
    return count


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _not_found(database: Path, entry: DigikamPhoto) -> Refused:
    path = Path(entry.path or entry.tail)
    return Refused(
        path, f"has named faces in {database}, but is not in this library", "Add it first."
    )


def _known_photos(catalog: Catalog, paths: Iterable[Path]) -> dict[str, tuple[PhotoId, Place]]:
    """The photos below these paths, by path."""
    found: dict[str, tuple[PhotoId, Place]] = {}
    for path in paths:
        known = [one for one in catalog.places(str(absolute(path))) if one.photo_id]
        if not known:
            raise NotFoundError(
                f"The library has no photo below {path}", "Add it first: kith add PATH."
            )
        found |= {one.place.path: (one.photo_id, one.place) for one in known if one.photo_id}
    if not found:
        raise UsageError("No folder of photos was named", "Name the folders besides contacts.xml.")
    return found


def _each(
    photos: dict[str, tuple[PhotoId, Place]], marked: Marked, progress: Progress
) -> Iterator[tuple[PhotoId, Place]]:
    for count, (photo_id, place) in enumerate(photos.values(), start=1):
        yield photo_id, place
        marked.photos += 1
        progress(count, len(photos))
