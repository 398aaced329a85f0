"""What is known of a library's photos, as one value: the part of a library that needs no model."""

from __future__ import annotations

from dataclasses import dataclass

from kith.ports.albums import Albums
from kith.ports.catalog import Catalog
from kith.ports.findings import Findings
from kith.ports.queries import PhotoQueries


@dataclass(frozen=True, slots=True)
class Records:
    """The ports over one database.

    Attributes:
        catalog: photos, faces, people.
        queries: which photos are meant.
        albums: the albums that someone made.
        findings: what was found in the photos besides faces.
    """

    catalog: Catalog
    queries: PhotoQueries
    albums: Albums
    findings: Findings
