"""Decisions: what a human said. They are only ever appended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kith.domain.face import Box
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId


@dataclass(frozen=True, slots=True)
class Anchor:
    """A face as a human saw it: this part of that photo. It outlives face ids and model packs."""

    photo_id: PhotoId
    box: Box


@dataclass(frozen=True, slots=True)
class NameDecision:
    """A human gave a person a name, or took it away.

    Attributes:
        id: a UUID, so that importing a journal twice changes nothing.
        at: when it was said; aware, in UTC.
        by: who said it.
        person_id: the person meant.
        anchors: some of the person's faces, so that the name can be found its person again.
        name: the new name; ``None`` takes the name away.
    """

    id: str
    at: datetime
    by: str
    person_id: PersonId
    anchors: tuple[Anchor, ...]
    name: str | None
