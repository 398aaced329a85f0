"""What the routes work with, as one value that a door is composed with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from kith.imaging.picture import PictureLimits
from kith.pipeline.albums.records import Records
from kith.pipeline.library import Library
from kith.ports.catalog import Catalog
from kith.ports.storage import ObjectStorage


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a served library.

    Attributes:
        name: what the library is called, for titles.
        records: photos, people and albums; ready at once, and needs no model.
        library: the library with its models, which are loaded when it is first called; may be
            called from several threads.
        derived: thumbnails and crops.
        limits: pictures beyond these are refused.
    """

    name: str
    records: Records
    library: Callable[[], Library]
    derived: ObjectStorage
    limits: PictureLimits

    @property
    def catalog(self) -> Catalog:
        """Photos, faces and people."""
        return self.records.catalog


def services_of(request: Request) -> Services:
    """The services that the application was made with."""
    return request.app.state.services


Served = Annotated[Services, Depends(services_of)]
"""A route's parameter for the services."""
