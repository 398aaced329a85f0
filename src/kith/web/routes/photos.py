"""Photos: the timeline, pages of what a query means, and all that is known of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from kith.domain.photo import PhotoId
from kith.domain.query import MOST_CHARACTERS
from kith.pipeline.serving.browse import browse, month_name, months
from kith.pipeline.serving.cursors import position_cursor, position_of
from kith.pipeline.serving.details import detail_of, findings_of, tags_of
from kith.pipeline.serving.pulse import shown_edition
from kith.pipeline.serving.suggest import suggest
from kith.pipeline.serving.texts import shown
from kith.ports.queries import Order
from kith.web.access.roles import Reader, sees_paths
from kith.web.services import Served
from kith.web.shapes.details import ExifAnswer, PhotoDetail, photo_detail
from kith.web.shapes.photos import (
    MonthItem,
    PhotoPage,
    SuggestionItem,
    Suggestions,
    Timeline,
    photo_items,
)

router = APIRouter(tags=["photos"])

QueryText = Annotated[
    str,
    Query(max_length=MOST_CHARACTERS, description="In the query language; nothing for all photos."),
]
PhotoPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The photo's id.")]
MonthText = Annotated[
    str | None,
    Query(
        pattern=r"^([1-9]\d{3}|0\d{2}[1-9]|0\d[1-9]\d|0[1-9]\d{2})-(0[1-9]|1[0-2])$|^none$",
        description="Only photos of this month, as `2024-06`; `none` for those of unknown date.",
    ),
]


@router.get("/timeline")
def timeline(services: Served, _caller: Reader, query: QueryText = "") -> Timeline:
    """How many photos each month has, so that a page knows its height before it is filled."""
    # Read before what it is of: a page that sees it grow asks again.
    edition = shown_edition(services.records)
    found = months(services.records, query)
    return Timeline(
        total=sum(one.photo_count for one in found),
        edition=edition,
        months=[MonthItem(month=month_name(one.first), photos=one.photo_count) for one in found],
    )


@router.get("/photos")
def photos(
    services: Served,
    _caller: Reader,
    query: QueryText = "",
    order: Order = Order.NEWEST,
    month: MonthText = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PhotoPage:
    """Photos that a query means, a page at a time; those of unknown date come last."""
    page = browse(
        services.records,
        query,
        month=month,
        order=order,
        after=position_of(cursor),
        limit=limit,
    )
    return PhotoPage(
        photos=photo_items(services, page.photo_ids), next_cursor=position_cursor(page.end)
    )


@router.get("/photos/{photo_id}")
def photo(services: Served, caller: Reader, photo_id: PhotoPath) -> PhotoDetail:
    """All that is known of a photo: when, where, with what, who is in it, and its albums."""
    detail = detail_of(services.records, PhotoId(photo_id))
    return photo_detail(services, detail, paths=sees_paths(caller))


@router.get("/photos/{photo_id}/exif")
def exif(services: Served, _caller: Reader, photo_id: PhotoPath) -> ExifAnswer:
    """Everything that the camera wrote into the photo, by group and tag."""
    tags = tags_of(services.catalog, services.originals, PhotoId(photo_id))
    return ExifAnswer(tags={group: dict(named) for group, named in tags.items()})


@router.get("/photos/{photo_id}/findings")
def findings(services: Served, caller: Reader, photo_id: PhotoPath) -> dict[str, Any]:
    """All that was found in the photo: the document that `kith findings` prints.

    Faces, labels, text, colors, and by what it was looked at; `docs/findings.md` has its schema.
    """
    found = findings_of(
        services.records, services.originals, PhotoId(photo_id), face_engine=services.pack()
    )
    places: list[str] = found["source"]["places"] if sees_paths(caller) else []
    return found | {"source": found["source"] | {"places": [shown(path) for path in places]}}


@router.get("/suggest")
def suggestions(
    services: Served,
    _caller: Reader,
    text: Annotated[str, Query(max_length=1000)] = "",
    at: Annotated[int | None, Query(ge=0, description="Where the caret stands.")] = None,
) -> Suggestions:
    """Completions for the box in which a query is typed."""
    found = suggest(services.records, text, len(text) if at is None else at)
    return Suggestions(
        suggestions=[
            SuggestionItem(text=shown(one.text), kind=one.kind, label=shown(one.label))
            for one in found
        ]
    )
