"""Whether a photo is meant by a selection, said of what is known of it.

A database says the same in its own language; whoever keeps photos where no such language is asks
here, one photo after the other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from kith.domain.findings import PhotoFindings, Versions
from kith.domain.names import folded
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.domain.query import HasFaces, ShowsText, ShowsUnnamed, TakenNever, TakenOn, TakenWith
from kith.domain.selection import (
    HasAppearance,
    InFolder,
    Labelled,
    Lacks,
    OneOf,
    Picked,
    Selection,
    Shows,
    ShowsExactly,
    Under,
    Wanted,
    Within,
)
from kith.domain.text import holds_words, words_of


@dataclass(frozen=True, slots=True)
class KnownPhoto:
    """What is known of one photo.

    Attributes:
        photo_id: which.
        day: when it was taken, by the camera's clock.
        camera: what it was taken with.
        paths: where it lies.
        face_count: faces found, without those of which a human said that they are none.
        appearances: who appears, and how similar each face is to them, in percent.
        unnamed: those of them who have no name and are not hidden; needed for ``ShowsUnnamed``.
        found: what else was found in it; needed for ``ShowsText``, ``Labelled`` and ``Lacks``.
    """

    photo_id: PhotoId
    day: date | None
    camera: str | None
    paths: Collection[str]
    face_count: int
    appearances: Sequence[tuple[PersonId, float]]
    unnamed: Collection[PersonId]
    found: PhotoFindings


PickedInto = Callable[[str], Collection[PhotoId]]
"""Tells which photos were picked into the album of a name."""


def is_meant(photo: KnownPhoto, selection: Selection, picked: PickedInto) -> bool:
    """Whether all conditions of the selection hold for the photo."""
    return all(
        _holds(photo, condition.wanted, picked) != condition.negated
        for condition in selection.conditions
    )


def lies_below(path: str, folder: str) -> bool:
    """Whether something lies in a folder, however deep, or is what lies at that path itself.

    Args:
        path: of the file.
        folder: without a separator at its end.
    """
    return path == folder or path.startswith(folder + os.sep)


def folder_of(path: str) -> str:
    """The folder that a file lies in, as text: paths of a library may be of another system."""
    return os.path.dirname(path)  # noqa: PTH120 - text


def _holds(photo: KnownPhoto, wanted: Wanted, picked: PickedInto) -> bool:
    match wanted:
        case Picked() | OneOf():
            chosen = picked(wanted.album) if isinstance(wanted, Picked) else wanted.photo_ids
            return photo.photo_id in chosen
        case Within(selection):
            return is_meant(photo, selection, picked)
        case TakenOn() | TakenNever() | TakenWith():
            return _was_taken(photo, wanted)
        case Under() | InFolder():
            return any(_lies(path, wanted) for path in photo.paths)
        case ShowsText() | Labelled() | Lacks():
            return _is_found(photo.found, wanted)
        case _:
            return _shows(photo, wanted)


def _was_taken(photo: KnownPhoto, wanted: TakenOn | TakenNever | TakenWith) -> bool:
    match wanted:
        case TakenOn(first, last):
            day = photo.day
            return (
                day is not None
                and (first is None or first <= day)
                and (last is None or day <= last)
            )
        case TakenNever():
            return photo.day is None
        case TakenWith(text):
            return photo.camera is not None and folded(text) in folded(photo.camera)


def _lies(path: str, wanted: Under | InFolder) -> bool:
    here = wanted.path.rstrip(os.sep)
    match wanted:
        case Under():
            return lies_below(path, here)
        case InFolder():
            return path != here and folder_of(path).rstrip(os.sep) == here


def _shows(
    photo: KnownPhoto, wanted: Shows | ShowsExactly | ShowsUnnamed | HasFaces | HasAppearance
) -> bool:
    match wanted:
        case Shows(people):
            return any(who in people for who, _ in photo.appearances)
        case ShowsExactly(people):
            return frozenset(who for who, _ in photo.appearances) == people
        case ShowsUnnamed():
            return bool(photo.unnamed)
        case HasFaces(least, most):
            return least <= photo.face_count and (most is None or photo.face_count <= most)
        case HasAppearance(bounds, people):
            return any(
                bounds.hold(similarity)
                for who, similarity in photo.appearances
                if people is None or who in people
            )


def _is_found(found: PhotoFindings, wanted: ShowsText | Labelled | Lacks) -> bool:
    match wanted:
        case ShowsText(text):
            lines = found.text.lines if found.text else ()
            written = words_of("\n".join(line.text for line in lines))
            return holds_words(written, words_of(text))
        case Labelled(names, least):
            shown = found.labels.labels if found.labels else ()
            return any(one.name in names and one.confidence >= (least or 0) for one in shown)
        case Lacks(versions):
            return _lacks(found, versions)


def _lacks(found: PhotoFindings, versions: Versions) -> bool:
    named = found.labels and found.labels.version
    read = found.text and found.text.version
    return versions.labels not in {None, named} or versions.text not in {None, read}
