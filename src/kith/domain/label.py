"""What a photo shows: named things, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kith.domain.face import Box

DEFAULT_LABEL_CONFIDENCE: Final = 55.0
"""Percent below which a label is not told, where nobody says otherwise; Rekognition's default."""

KEPT_LABEL_CONFIDENCE: Final = 40.0
"""Percent below which a label of a photo is not kept. Whoever searches a library would rather see a
wrong photo than miss a right one: of 19 photos whose obvious things were listed by hand, all of
these are among the labels from here on, and those of 5 photos are not from 55 on."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One thing of a label's kind.

    Attributes:
        box: where it is.
        confidence: that it is one, percent.
    """

    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Label:
    """Something that a photo shows.

    Attributes:
        name: in English, as Rekognition writes it: "Dog".
        confidence: that the photo shows it, percent.
        parents: every wider label, by name: "Animal", "Pet". Each is a label of the photo, too.
        aliases: other names for the same, by which it may be searched.
        categories: the fields it belongs to: "Animals and Pets".
        instances: where each of them is, surest first; empty for what has no place of its own.
    """

    name: str
    confidence: float
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    instances: tuple[Instance, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenLabels:
    """What a picture shows.

    Attributes:
        labels: surest first. Where one is told, all its parents are.
        version: of what named them.
    """

    labels: tuple[Label, ...]
    version: str
