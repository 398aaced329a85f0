"""Picasa's names: ``.picasa.ini`` in each folder, and ``contacts.xml``.

A section of the ini is called like its photo. Its line ``faces=rect64(3f845bcb59418507),8e62398;…``
holds, for each face, left, top, right and bottom in 16 bits each, leading zeros left out, and the
id of a contact. The ini's own ``[Contacts2]`` and Picasa's ``contacts.xml`` say who that is.

The rectangles are those of the picture as stored: neither EXIF nor Picasa's own ``rotate=`` moves
them. Sources: Buchinger, ".picasa.ini decoded" (public domain); picasa2digikam, ``rect64.py`` and
``migrator.py``, whose users moved turned photos with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kith.domain.errors import KithError
from kith.domain.face import Box
from kith.domain.photo import Place
from kith.domain.region import MarkedPeople, NamedRegion, RegionSet
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.rdf import MAX_BYTES, parse
from kith.imaging.xmp.regions import person_name
from kith.pipeline.portable.xmp import read_frame, refused
from kith.pipeline.walk import Refused

INI_NAMES: Final = (".picasa.ini", "Picasa.ini")
"""The second is what the first versions wrote."""

CONTACTS_NAME: Final = "contacts.xml"
"""In Picasa's own folder, ``Google/Picasa2/contacts``; not beside the photos."""

_NOBODY: Final = "f" * 16
"""The contact of a face that has no name."""

_FACE: Final = re.compile(r"rect64\(([0-9a-fA-F]{1,16})\)\s*,\s*([0-9a-fA-F]{1,16})")
_SECTION: Final = re.compile(r"\[(.+)\]")

Sections = Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class PicasaNames:
    """Everything that Picasa's files say, read folder by folder as it is asked for.

    Attributes:
        contacts: id -> name, from ``contacts.xml``; it outweighs what the inis say.
        problems: files that could not be read, and contacts without a name.
    """

    contacts: dict[str, str] = field(default_factory=dict[str, str])
    problems: list[Refused] = field(default_factory=list[Refused])
    _folders: dict[Path, Sections] = field(default_factory=dict[Path, Sections])
    _nameless: dict[Path, set[str]] = field(default_factory=dict[Path, set[str]])

    def read_contacts(self, path: Path) -> None:
        """Take the names of a ``contacts.xml``; one that cannot be read is noted as a problem."""
        try:
            root = parse(_read(path), str(path)).getroot()
        except (KithError, OSError) as error:
            self.problems.append(refused(path, error))
            return
        for contact in root.iter("contact"):
            name = person_name(contact.get("name") or contact.get("display") or "")
            if name:
                self.contacts[_id(contact.get("id", ""))] = name

    def people_of(self, place: Place) -> MarkedPeople:
        """The faces that Picasa marked in the photo at this place."""
        path = Path(place.path)
        sections = self._sections(path.parent)
        faces = _FACE.finditer(sections.get(_key(path.name), {}).get("faces", ""))
        marks = [(found[1], found[2]) for found in faces]
        if not marks:
            return MarkedPeople()
        try:
            frame = read_frame(place)
        except (KithError, OSError) as error:
            self.problems.append(refused(path, error))
            return MarkedPeople()
        regions = tuple(self._region(path.parent, mark, frame) for mark in marks)
        return MarkedPeople((RegionSet((regions,)),))

    def nameless(self) -> Iterator[Refused]:
        """The folders in which faces have contacts whose name is nowhere to be found."""
        for folder, ids in sorted(self._nameless.items()):
            yield Refused(
                folder / INI_NAMES[0],
                f"names {len(ids)} people by number only",
                f"Give Picasa's {CONTACTS_NAME} as another PATH; it says who they are.",
            )

    def _region(self, folder: Path, mark: tuple[str, str], frame: Frame) -> NamedRegion:
        rectangle, contact = mark
        who = _id(contact)
        name = self.contacts.get(who) or self._local_name(folder, who)
        if name is None and who != _NOBODY:
            self._nameless.setdefault(folder, set()).add(who)
        return NamedRegion(name, frame.upright(_box(rectangle)))

    def _local_name(self, folder: Path, who: str) -> str | None:
        """The name in the folder's own ini, or in that of a folder above, where Picasa left it."""
        for above in (folder, *folder.parents):
            contacts = self._folders.get(above, {}).get("contacts2", {})
            for contact, text in contacts.items():
                if _id(contact) == who and (name := person_name(text.split(";")[0])):
                    return name
        return None

    def _sections(self, folder: Path) -> Sections:
        for above in (*reversed(folder.parents), folder):
            if above not in self._folders:
                self._folders[above] = self._read_ini(above)
        return self._folders[folder]

    def _read_ini(self, folder: Path) -> Sections:
        for name in INI_NAMES:
            try:
                return parse_ini(_read(folder / name))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                self.problems.append(refused(folder / name, error))
        return {}


def parse_ini(data: bytes) -> Sections:
    """The sections of an ini by name, names and keys in lower case; whatever is no line is skipped.

    Not ``configparser``: photos may be called ``DEFAULT`` or ``a=b``, and nothing here is an error.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Picasa wrote on Windows before version 3.
        text = data.decode("cp1252", "replace")
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        if found := _SECTION.fullmatch(line):
            section = sections.setdefault(_key(found[1]), {})
        elif "=" in line:
            key, _, value = line.partition("=")
            section[key.strip().lower()] = value.strip()
    return sections


def find_contacts(paths: Iterable[Path]) -> list[Path]:
    """The ``contacts.xml`` that these paths are, or hold directly."""
    candidates = (path if path.is_file() else path / CONTACTS_NAME for path in paths)
    return [path for path in candidates if path.name == CONTACTS_NAME and path.is_file()]


def _box(rectangle: str) -> Box:
    digits = rectangle.zfill(16)
    left, top, right, bottom = (int(digits[i : i + 4], 16) / 65536 for i in range(0, 16, 4))
    return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))


def _id(text: str) -> str:
    return text.strip().lower().zfill(16)


def _key(name: str) -> str:
    """A file's name as Windows and macOS take it."""
    return unicodedata.normalize("NFC", name).casefold()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
