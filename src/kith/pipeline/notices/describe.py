"""Notices in words: who is in the photo, as they are called when it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import Final

from kith.domain.face import Face, FaceId
from kith.domain.message import Message, ToldFace, ToldNotice
from kith.domain.notice import Notice, ShownFace
from kith.domain.photo import Photo, PhotoId, Place
from kith.pipeline.crops import Crops
from kith.ports.catalog import Catalog
from kith.ports.outbox import Consignment

_MOST_NAMES: Final = 4
"""Names in a subject."""

_UNNAMED: Final = "somebody without a name"


class Describer:
    """Puts notices into words.

    Args:
        catalog: who is who now.
        crops: the faces.
        library: what the library is called.
        url: under which address others reach its album; empty for none.
    """

    def __init__(self, catalog: Catalog, crops: Crops, library: str, url: str = "") -> None:
        self._catalog = catalog
        self._crops = crops
        self._library = _plain(library)
        self._url = url.rstrip("/")

    def message(self, consignment: Consignment) -> Message | None:
        """The message; ``None`` if there is nobody left in it to be told of.

        Left out are faces that were erased or set aside since, and those of people who were hidden
        or have refused: what was said of them holds for what is still to be told.
        """
        notices = self._told(consignment.notices)
        if not notices:
            return None
        return Message(consignment.message_id, _subject(notices), self._library, tuple(notices))

    def test(self, message_id: str) -> Message:
        """A message that says that a channel works."""
        return Message(message_id, f"A test from Kith, {self._library}", self._library)

    def _told(self, notices: Sequence[Notice]) -> list[ToldNotice]:
        ids = {face_id for notice in notices for face_id in notice.face_ids}
        faces = self._faces(ids)
        photo_ids = {notice.photo_id for notice in notices}
        photos = {photo.id: photo for photo in self._catalog.photos(photo_ids)}
        places = self._catalog.places_of(photo_ids)
        told = (
            self._notice(notice, photos[notice.photo_id], places, faces)
            for notice in notices
            if notice.photo_id in photos
        )
        return [notice for notice in told if notice.faces or notice.labels]

    def _notice(
        self,
        notice: Notice,
        photo: Photo,
        places: Mapping[PhotoId, Sequence[Place]],
        faces: Mapping[FaceId, ToldFace],
    ) -> ToldNotice:
        shown = tuple(faces[face_id] for face_id in notice.face_ids if face_id in faces)
        file = next((PurePath(place.path).name for place in places.get(photo.id, ())), None)
        labels = tuple(map(_plain, notice.labels))
        return ToldNotice(
            notice_id=notice.id,
            rule_id=notice.rule_id,
            rule=_plain(notice.rule_name),
            text=_sentence(_listed([*_names(shown), *labels], _MOST_NAMES * 2)),
            created=notice.created,
            photo_id=photo.id,
            file=None if file is None else _plain(file),
            taken_at=photo.taken_at.isoformat(timespec="seconds") if photo.taken_at else None,
            faces=shown,
            labels=labels,
            url=f"{self._url}/photos/{photo.id}" if self._url else None,
        )

    def _faces(self, face_ids: Iterable[FaceId]) -> dict[FaceId, ToldFace]:
        """Those of the faces that may be told of."""
        known = self._catalog.faces_by_id(list(face_ids))
        appearances = self._catalog.appearances_of(known)
        standings = self._catalog.standings(known)
        found: dict[FaceId, ToldFace] = {}
        for face_id, face in known.items():
            seen = appearances.get(face_id)
            person = self._catalog.person(seen.person_id) if seen else None
            similarity = seen.similarity if seen else 0.0
            shown = ShownFace(face_id, person, similarity, standings.get(face_id))
            if shown.counts:
                found[face_id] = self._face(face, shown)
        return found

    def _face(self, face: Face, shown: ShownFace) -> ToldFace:
        person = shown.person
        return ToldFace(
            face_id=face.id,
            box=face.box,
            person_id=person.id if person else None,
            name=_plain(person.name) if person and person.name else None,
            similarity=shown.similarity if person else None,
            crop=partial(self._crops.crop, face),
        )


# -- words -----------------------------------------------------------------------------------------


def _subject(notices: Sequence[ToldNotice]) -> str:
    """What is most worth knowing, in one line."""
    faces = {face.face_id: face for notice in notices for face in notice.faces}
    labels = dict.fromkeys(label for notice in notices for label in notice.labels)
    who = _listed([*_names(faces.values(), unnamed=False), *labels], _MOST_NAMES)
    photos = len({notice.photo_id for notice in notices})
    where = "a new photo" if photos == 1 else f"{photos} new photos"
    if not who:
        return _sentence(f"{_listed(_names(faces.values()), _MOST_NAMES)} in {where}")
    return _sentence(f"{who} in {where}")


def _names(faces: Iterable[ToldFace], *, unnamed: bool = True) -> Iterator[str]:
    """Names, each once, then how many there are without one."""
    everyone = list(faces)
    yield from dict.fromkeys(face.name for face in everyone if face.name is not None)
    others = {face.person_id or face.face_id for face in everyone if face.name is None}
    if unnamed and others:
        yield _UNNAMED if len(others) == 1 else f"{len(others)} people without a name"


def _listed(words: Iterable[str], most: int) -> str:
    every = list(words)
    shown, more = every[:most], len(every) - most
    if more > 0:
        shown.append(f"{more} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    """One line of characters that can be seen, whatever a name or a file name holds."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split()) or "?"
