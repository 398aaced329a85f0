"""The second pass over photos: what they show besides faces, and what is written in them.

Faces come first, for whoever adds photos waits for the people; reading text takes ten times as
long. What is kept is done, so a run that is interrupted, or killed, goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from kith.domain.errors import PictureError
from kith.domain.findings import Look, PhotoFindings
from kith.domain.label import KEPT_LABEL_CONFIDENCE
from kith.domain.notice import Posting
from kith.domain.photo import PhotoId
from kith.domain.selection import Condition, Lacks, Selection, Under
from kith.imaging.picture import Picture
from kith.imaging.properties import dominant_colors, picture_quality
from kith.pipeline.abreast import abreast
from kith.pipeline.add_photo import WORKING_LONG_SIDE
from kith.pipeline.crops import open_original
from kith.pipeline.findings.kit import Looking
from kith.pipeline.walk import absolute

_COLORS: Final = 10
"""Dominant colors that are kept; as many as Rekognition tells where nobody says how many."""

_BATCH: Final = 4
"""Photos whose findings are kept in one go; what was found and not kept is lost to a kill."""

Listener = Callable[[int, int], None]
"""Told how many photos are done, of how many."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A photo that could not be looked at: its id, why, and what can be done."""

    photo_id: PhotoId
    reason: str
    advice: str


@dataclass(slots=True)
class LookReport:
    """What became of the photos that were to be looked at.

    Attributes:
        looked: photos that were looked at.
        labels: labels that were found in them.
        lines: lines of text that were found in them.
        missing: photos of which no file is there.
        unread: photos whose file is there, and cannot be decoded.
    """

    looked: int = 0
    labels: int = 0
    lines: int = 0
    missing: int = 0
    unread: list[Unread] = field(default_factory=list[Unread])


def lacking(kit: Looking, selections: Sequence[Selection]) -> list[PhotoId]:
    """The photos of these selections that were not looked at by the present versions yet."""
    lacks = Condition(Lacks(kit.versions))
    found: dict[PhotoId, None] = {}
    for selection in selections:
        wanted = Selection((*selection.conditions, lacks))
        found |= dict.fromkeys(kit.records.queries.matching(wanted))
    return list(found)


def below(paths: Sequence[Path | str]) -> list[Selection]:
    """The photos at or below these paths, or addresses in a store elsewhere."""
    named = [str(absolute(path)) if isinstance(path, Path) else path for path in paths]
    return [Selection((Condition(Under(path)),)) for path in named]


def look(
    kit: Looking, photo_ids: Sequence[PhotoId], listener: Listener = lambda _done, _total: None
) -> LookReport:
    """Look at these photos for what they lack, and keep it.

    Repeatable; what a photo does not lack is not looked for. Interrupted at any moment, even
    killed, the same call goes on where it stopped.

    Raises:
        ModelError: what it takes is not installed, or damaged; what was kept stays.
        LibraryError: it cannot be kept.
    """
    report = LookReport()
    with closing(
        abreast(partial(_look_at_some, kit), _batches(photo_ids), workers=kit.workers, name="look")
    ) as batches:
        done = 0
        for batch in batches:
            found = [one for one in batch if isinstance(one, PhotoFindings)]
            keep(kit, found)
            done += len(batch)
            _count(report, batch)
            listener(done, len(photo_ids))
    return report


def keep(kit: Looking, found: Sequence[PhotoFindings]) -> None:
    """Keep what was found in photos, and in the same step whom it is to be told."""
    kit.records.findings.keep(found, notices=_notices(kit, found))


def _notices(kit: Looking, found: Sequence[PhotoFindings]) -> Sequence[Posting]:
    if kit.announcer is None:
        return ()
    return kit.announcer.of_labels({one.photo_id: one.labels.labels for one in found if one.labels})


def _batches(photo_ids: Sequence[PhotoId]) -> Generator[Sequence[PhotoId]]:
    rest = iter(photo_ids)
    while batch := list(islice(rest, _BATCH)):
        yield batch


@dataclass(frozen=True, slots=True)
class _Missing:
    """A photo of which no file is there."""


_Looked = PhotoFindings | Unread | _Missing


def _look_at_some(kit: Looking, photo_ids: Sequence[PhotoId]) -> list[_Looked]:
    known = kit.records.findings.of(photo_ids)
    return [_look_at(kit, known.get(one, PhotoFindings(one))) for one in photo_ids]


def _look_at(kit: Looking, known: PhotoFindings) -> _Looked:
    """What a photo lacks of what is known of it."""
    picture = open_original(kit.records.catalog, kit.originals, known.photo_id)
    if picture is None:
        return _Missing()
    try:
        return find(kit, picture, known)
    except PictureError as error:
        return Unread(known.photo_id, error.message, error.advice)


def find(kit: Looking, picture: Picture, known: PhotoFindings) -> PhotoFindings:
    """Look at one picture for what lacks of what is known of it; answers that part alone.

    Raises:
        PictureError: it cannot be decoded.
    """
    # Decoded once, at the size at which text is read; all else is made from it.
    picture.pixels(WORKING_LONG_SIDE)
    named = known.labels and known.labels.version
    read = known.text and known.text.version
    labels = text = look_ = None
    # The look comes first, so that whoever names and reads the picture leaves no trace in it.
    if known.look is None:
        look_ = Look(picture_quality(picture), dominant_colors(picture, _COLORS))
    if kit.versions.labels not in {None, named}:
        labels = kit.recognizer.detect_labels(picture, min_confidence=KEPT_LABEL_CONFIDENCE)
    if kit.versions.text not in {None, read}:
        text = kit.recognizer.detect_text(picture)
    picture.release()
    return PhotoFindings(known.photo_id, labels, text, look_)


def _count(report: LookReport, batch: Sequence[_Looked]) -> None:
    for one in batch:
        match one:
            case PhotoFindings(_, labels, text):
                report.looked += 1
                report.labels += len(labels.labels) if labels else 0
                report.lines += len(text.lines) if text else 0
            case Unread():
                report.unread.append(one)
            case _Missing():
                report.missing += 1
