"""What it takes to look at photos for labels and text, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from kith.domain.findings import Versions
from kith.pipeline.albums.records import Records
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.originals import Originals
from kith.ports.recognition import Recognizer


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not looked for, though nobody said that it should not be.

    Attributes:
        what: ``labels`` or ``text``.
        reason: why not, in one sentence.
        advice: how to have it.
    """

    what: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Looking:
    """What looks at photos, and where it keeps what it finds.

    Attributes:
        records: what is known of the photos.
        recognizer: names what pictures show, and reads them.
        versions: by what photos are looked at now; false where they are not.
        left_out: what is not looked for, because it is not installed.
        originals: how photos' bytes are read.
        workers: photos looked at at once.
        announcer: who is to be told of what was found; nobody without.
    """

    records: Records
    recognizer: Recognizer
    versions: Versions
    left_out: tuple[LeftOut, ...] = ()
    originals: Originals = field(default_factory=Originals)
    workers: int = 1
    announcer: Announcer | None = None
