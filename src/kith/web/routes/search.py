"""Searching with a picture, which is held for one request and never kept."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.imaging.picture import Picture
from kith.pipeline.serving.search import search_picture
from kith.web.access.roles import Reader
from kith.web.pictures_in import PictureForm, read_picture_form
from kith.web.services import Served
from kith.web.shapes.found import SearchAnswer, searched_item

router = APIRouter(tags=["search"])


class _Wishes(BaseModel):
    """The other fields of the form."""

    model_config = ConfigDict(extra="ignore")

    min_similarity: float = Field(default=DEFAULT_MIN_SIMILARITY, ge=0, le=100)
    limit: int = Field(default=60, ge=1, le=500)


_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["picture"],
                    "properties": {
                        "picture": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "The picture, at most 40 MiB. It is not kept.",
                        },
                        "min_similarity": {
                            "type": "number",
                            "minimum": 0,
                            "maximum": 100,
                            "default": DEFAULT_MIN_SIMILARITY,
                            "description": "Percent, at least.",
                        },
                        "limit": {
                            "type": "integer",
                            "minimum": 1,
                            "maximum": 500,
                            "default": 60,
                            "description": "Photos for each face.",
                        },
                    },
                }
            }
        },
    }
}


@router.post("/search", openapi_extra=_FORM)
def post_search(
    services: Served,
    _caller: Reader,
    form: Annotated[PictureForm, Depends(read_picture_form)],
) -> SearchAnswer:
    """Who is in a picture, and which photos show them; the largest face comes first.

    The picture is held in memory while it is answered, and neither kept nor told of anywhere. Who
    refused to be recognized is not.
    """
    wishes = _wishes(form)
    picture = Picture(form.picture, limits=services.limits)
    found = search_picture(
        services.library(),
        picture,
        min_similarity=wishes.min_similarity,
        limit=wishes.limit,
    )
    return SearchAnswer(
        faces=[searched_item(services, each) for each in found],
        width=picture.width,
        height=picture.height,
    )


def _wishes(form: PictureForm) -> _Wishes:
    try:
        return _Wishes.model_validate(form.fields)
    except ValidationError as error:
        errors = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(errors) from error
