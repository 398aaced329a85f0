"""How a deployment fares: what waits, what is stuck and why, and how its functions do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from kith.domain.errors import KithError, NotFoundError, UsageError
from kith.ports.backlog import Backlog, Depth, Stuck
from kith.ports.catalog import Catalog
from kith.ports.monitoring import Failures, Monitoring
from kith.ports.sources import PhotoSource

_HOURS: Final = 1.0
_SILENT: Final = "The log says nothing of it; it may be older than what is kept"


class Reading(Protocol):
    """Tells of what photos an announcement is."""

    def __call__(self, body: str, /) -> Sequence[str]:
        """Their addresses; none if the announcement cannot be understood."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """An announcement that was set aside, and why.

    Attributes:
        addresses: of the photos that it is of.
        sent_at: when it was announced.
        reason: why it could not be done.
    """

    addresses: Sequence[str]
    sent_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Library:
    """How much there is.

    Attributes:
        photos: that are in the catalog.
        people: in these photos.
        faces: in these photos.
        problems: files that were refused.
    """

    photos: int
    people: int
    faces: int
    problems: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deployment fares.

    Attributes:
        depth: what there is to do.
        cases: what was set aside, the oldest first; not all of it where it is much.
        functions: how each fared in the last hour, by what it does; nothing if that is not known.
        library: how much there is; nothing if that is not known.
        remarks: what is not known, and why.
    """

    depth: Depth
    cases: Sequence[Case]
    functions: Mapping[str, Failures] | None
    library: Library | None
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Instruments:
    """Where it is looked at.

    Attributes:
        backlog: of photos.
        monitoring: of the functions.
        source: of photos.
        catalog: the library's record.
        functions: full names of the functions, by what they do.
        reading: tells of what photos an announcement is.
    """

    backlog: Backlog
    monitoring: Monitoring
    source: PhotoSource
    catalog: Catalog
    functions: Mapping[str, str]
    reading: Reading


def standing(instruments: Instruments, most: int) -> Standing:
    """How a deployment fares; looks at no more than so many announcements that were set aside.

    Raises:
        NotFoundError: there are no such queues.
        StoreError: they cannot be reached. Where only something else cannot be, that is a remark.
    """
    remarks: list[str] = []
    depth = instruments.backlog.depth()
    stuck = instruments.backlog.stuck(most) if depth.failed and most else ()
    reasons = _reasons(instruments, stuck, remarks)
    return Standing(
        depth=depth,
        cases=[_case(instruments, each, reasons.get(each.id, "")) for each in stuck],
        functions=_functions(instruments, remarks),
        library=_library(instruments, remarks),
        remarks=remarks,
    )


def _reasons(
    instruments: Instruments, stuck: Sequence[Stuck], remarks: list[str]
) -> Mapping[str, str]:
    ingest = instruments.functions.get("ingest")
    if not stuck or not ingest:
        return {}
    since = min(each.sent_at for each in stuck)
    try:
        return instruments.monitoring.reasons(ingest, [each.id for each in stuck], since)
    except KithError as error:
        remarks.append(f"The log cannot be read: {error}")
        return {}


def _case(instruments: Instruments, stuck: Stuck, reason: str) -> Case:
    """What was set aside, with what the log says; else what is seen by looking at the objects."""
    try:
        addresses = instruments.reading(stuck.body)
    except UsageError as error:
        return Case((), stuck.sent_at, reason or error.message)
    return Case(addresses, stuck.sent_at, reason or _seen(instruments.source, addresses))


def _seen(source: PhotoSource, addresses: Sequence[str]) -> str:
    for address in addresses:
        try:
            source.look(address)
        except NotFoundError:
            return "It is not there any more"
        except KithError as error:
            return error.message
    return _SILENT


def _functions(instruments: Instruments, remarks: list[str]) -> Mapping[str, Failures] | None:
    names = instruments.functions
    if not names:
        return None
    try:
        told = instruments.monitoring.failures(names.values(), _HOURS)
    except KithError as error:
        remarks.append(f"The functions' figures cannot be read: {error}")
        return None
    return {role: told[name] for role, name in sorted(names.items()) if name in told}


def _library(instruments: Instruments, remarks: list[str]) -> Library | None:
    try:
        counts = instruments.catalog.counts()
    except KithError as error:
        remarks.append(f"The catalog cannot be read: {error}")
        return None
    return Library(counts.photos, counts.people, counts.faces, counts.problems)
