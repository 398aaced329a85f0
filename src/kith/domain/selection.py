"""Which photos are meant, by ids: a query after its names were looked up. What adapters answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kith.domain.findings import Versions
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.domain.query import (
    Bounds,
    HasFaces,
    ShowsText,
    ShowsUnnamed,
    TakenNever,
    TakenOn,
    TakenWith,
)


@dataclass(frozen=True, slots=True)
class Shows:
    """The photo shows at least one of these people; nobody shows none."""

    people: frozenset[PersonId]


@dataclass(frozen=True, slots=True)
class ShowsExactly:
    """The photo shows each of these people, at least one, and no other person."""

    people: frozenset[PersonId]


@dataclass(frozen=True, slots=True)
class HasAppearance:
    """An appearance in the photo has a similarity in this range, percent.

    Attributes:
        bounds: the range.
        people: only their appearances count; ``None`` for anybody's.
    """

    bounds: Bounds
    people: frozenset[PersonId] | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """The photo has one of these labels, at least so sure (percent); names as they were kept."""

    names: frozenset[str]
    least: float | None = None


@dataclass(frozen=True, slots=True)
class Lacks:
    """The photo was not looked at yet by one of these versions; by none, no photo lacks."""

    versions: Versions


@dataclass(frozen=True, slots=True)
class Under:
    """One of the photo's places is this file, or lies below this folder; an absolute path."""

    path: str


@dataclass(frozen=True, slots=True)
class InFolder:
    """One of the photo's places lies in this folder itself, not deeper; an absolute path."""

    path: str


@dataclass(frozen=True, slots=True)
class Picked:
    """The photo was picked by hand into the album of this name."""

    album: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """The photo is one of these; some hundred at most."""

    photo_ids: frozenset[PhotoId]


@dataclass(frozen=True, slots=True)
class Within:
    """The photo is among those that another selection means."""

    selection: Selection


Wanted: TypeAlias = (
    Shows
    | ShowsExactly
    | ShowsUnnamed
    | HasFaces
    | HasAppearance
    | TakenOn
    | TakenNever
    | TakenWith
    | Labelled
    | ShowsText
    | Lacks
    | Under
    | InFolder
    | Picked
    | OneOf
    | Within
)
"""What one condition asks for."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a photo must satisfy, or with ``negated`` must not."""

    wanted: Wanted
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The photos that satisfy all of the conditions; without any, every photo."""

    conditions: tuple[Condition, ...] = ()
