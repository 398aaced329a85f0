"""The library as a whole."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query

import kith
from kith.pipeline.serving.cursors import from_cursor, to_cursor
from kith.pipeline.serving.pulse import shown_edition
from kith.pipeline.serving.texts import shown
from kith.web.access.roles import Editor, Reader
from kith.web.services import Served
from kith.web.shapes.library import Features, LibraryStatus, ProblemItem, ProblemPage

router = APIRouter(tags=["library"])


@router.get("/library")
def library(services: Served, caller: Reader) -> LibraryStatus:
    """How much the library holds, and what the caller may do with it."""
    counts = services.catalog.counts()
    return LibraryStatus(
        name=services.name,
        version=kith.__version__,
        edition=shown_edition(services.records),
        photos=counts.photos,
        places=counts.places,
        faces=counts.faces,
        people=counts.people,
        named_people=counts.named_people,
        unattributed_faces=counts.unattributed_faces,
        problems=counts.problems,
        labelled_photos=counts.labelled_photos,
        read_photos=counts.read_photos,
        pack=services.pack(),
        role=caller.role,
        account=caller.name,
        login=services.access.policy.login,
        csrf=caller.csrf,
        features=Features(
            rekognition="rekognition" in services.features,
            upload="upload" in services.features,
            labels="labels" in services.features,
            text="text" in services.features,
            jobs=services.works is not None,
            accounts=services.access.policy.accounts,
            guests=services.access.policy.guests,
        ),
    )


@router.get("/problems")
def problems(
    services: Served,
    _caller: Editor,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> ProblemPage:
    """The files that could not become photos, by path."""
    after = from_cursor(cursor, str)[0] if cursor is not None else None
    # One more, to know whether there is more.
    found = list(islice(services.catalog.problems(after=after), limit + 1))
    items = [
        ProblemItem(path=shown(one.place.path), reason=shown(one.reason), advice=shown(one.advice))
        for one in found[:limit]
    ]
    more = len(found) > limit
    return ProblemPage(
        problems=items, next_cursor=to_cursor(found[limit - 1].place.path) if more else None
    )
