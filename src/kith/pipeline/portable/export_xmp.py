"""The library's names for other programs: MWG face regions in sidecars, or in the photos."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from kith.domain.errors import KithError
from kith.domain.photo import PhotoId, Place
from kith.domain.region import NamedRegion, likeness
from kith.imaging.xmp.packet import Header
from kith.imaging.xmp.rdf import MAX_BYTES
from kith.imaging.xmp.regions import read_people
from kith.imaging.xmp.write import Written, with_regions
from kith.pipeline.chunks import in_chunks
from kith.pipeline.portable.embed import embed_regions, find_exiftool
from kith.pipeline.portable.files import Sidecars, replace_file
from kith.pipeline.portable.xmp import read_header_at, refused_place
from kith.pipeline.walk import Refused
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class RenamedRegion:
    """A face that a file named otherwise until now."""

    path: Path
    before: str
    now: str


@dataclass(slots=True)
class XmpReport:
    """What became of the names.

    Attributes:
        written: files that were written or changed.
        unchanged: files that said everything already.
        renamed: names that were replaced by the library's.
        problems: photos whose names could not be written.
    """

    written: list[Path] = field(default_factory=list[Path])
    unchanged: int = 0
    renamed: list[RenamedRegion] = field(default_factory=list[RenamedRegion])
    problems: list[Refused] = field(default_factory=list[Refused])


def write_sidecars(catalog: Catalog, out: Path | None = None) -> XmpReport:
    """Write the names of everyone who has one into sidecars, for every place of every photo.

    Beside the photos (``None``): into the sidecar that is there, else into a new ``IMG.jpg.xmp``.
    Below ``out``: into a tree of the same folders, which can be copied over the photos; what a
    sidecar beside the photo says is in the new one, too. Everything else that a sidecar holds
    stays, one that cannot be read is left alone, and a second run changes nothing.
    """
    sidecars = Sidecars()

    def write(place: Place, regions: tuple[NamedRegion, ...]) -> tuple[Path, Written | None]:
        beside = sidecars.to_write(Path(place.path))
        target = beside if out is None else out / _below_root(beside)
        source = target if target.exists() else beside
        packet = _read(source) if source.exists() else None
        header = read_header_at(place)
        extra = () if packet is not None else _embedded(header, regions, place.path)
        written = with_regions(packet, (*regions, *extra), header.frame, str(source))
        if written.data is packet and source == target:
            return target, None
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, written.data)
        return target, written

    return _write_all(catalog, write)


def write_into_photos(catalog: Catalog) -> XmpReport:
    """Write the names into the photos themselves, through exiftool.

    The exception to the rule that originals are read-only, for those who ask for it. A photo whose
    bytes change is a new photo to Kith: add the folder again afterwards.

    Raises:
        UsageError: exiftool is not installed.
    """
    exiftool = find_exiftool()

    def write(place: Place, regions: tuple[NamedRegion, ...]) -> tuple[Path, Written | None]:
        return Path(place.path), embed_regions(exiftool, place, regions)

    return _write_all(catalog, write)


_Write = Callable[[Place, tuple[NamedRegion, ...]], tuple[Path, Written | None]]
"""Writes the names for one place; answers which file, and what was written if anything was."""


def _write_all(catalog: Catalog, write: _Write) -> XmpReport:
    report = XmpReport()
    for place, regions in _named(catalog):
        try:
            target, written = write(place, regions)
        except (KithError, OSError) as error:
            report.problems.append(refused_place(place, error))
            continue
        if written is None:
            report.unchanged += 1
            continue
        report.written.append(target)
        report.renamed += [RenamedRegion(target, one.before, one.now) for one in written.renamed]
    return report


def _named(catalog: Catalog) -> Iterator[tuple[Place, tuple[NamedRegion, ...]]]:
    """Every place of a photo that shows someone with a name, and where they are in it.

    Not those who refused to be recognized.
    """
    for photos in in_chunks(catalog.photos()):
        regions = _regions(catalog, [photo.id for photo in photos])
        for photo_id, places in catalog.places_of(regions.keys()).items():
            for place in places:
                yield place, tuple(regions[photo_id])


def _regions(catalog: Catalog, photo_ids: list[PhotoId]) -> Mapping[PhotoId, list[NamedRegion]]:
    faces = list(catalog.faces(photo_ids))
    appearances = catalog.appearances_of([face.id for face in faces])
    people = {
        person_id: catalog.person(person_id)
        for person_id in {one.person_id for one in appearances.values()}
    }
    regions: dict[PhotoId, list[NamedRegion]] = {}
    for face in faces:
        if face.id in appearances:
            person = people[appearances[face.id].person_id]
            if person.name and person.consent is not False:
                region = NamedRegion(person.name, face.box)
                regions.setdefault(face.photo_id, []).append(region)
    return regions


def _embedded(header: Header, regions: tuple[NamedRegion, ...], name: str) -> Iterator[NamedRegion]:
    """Named faces that only the photo's own metadata knows.

    A new sidecar must repeat them, for programs that read it no longer look into the photo.
    """
    try:
        people = read_people(header.packets, header.frame, name)
    except KithError:
        return
    for marked in people.sets:
        for region in marked.readings[0] if len(marked.readings) == 1 else ():
            if region.name and not any(likeness(region.box, one.box) for one in regions):
                yield region


def _below_root(path: Path) -> PurePath:
    """An absolute path as one below another folder; a drive is a folder, too."""
    drive = path.drive.replace(":", "").strip("\\/")
    return PurePath(drive, *path.parts[1:])


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
