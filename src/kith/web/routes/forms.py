"""Sending photos where the library takes in whatever arrives in its store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from kith.domain.errors import UsageError
from kith.pipeline.serving.mailbox import Wanted, form_for, known_photo
from kith.web.access.roles import Editor
from kith.web.services import Served
from kith.web.shapes.asked import Body

router = APIRouter(prefix="/uploads", tags=["uploads"])


class WantedUpload(Body):
    """A photo that is about to be sent."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    size: int = Field(ge=1, le=1 << 50, description="Bytes.")
    modified_at: datetime | None = Field(default=None, description="When the file was changed.")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="Of the whole file; what is known already need not be sent."
    )


class UploadForm(BaseModel):
    """Where to send a photo, and with what."""

    photo_id: str | None = Field(description="The photo, if the library has it already.")
    url: str | None = Field(description="Of the store; takes multipart/form-data by POST.")
    fields: Mapping[str, str] = Field(description="Of the form, before the file, called `file`.")


@router.post("/form")
def post_form(services: Served, _caller: Editor, body: WantedUpload) -> UploadForm:
    """Begin to send a photo; it is in the library some seconds after it has arrived."""
    if services.store is None:
        raise UsageError("Photos are sent here in parts")
    wanted = Wanted(body.name, body.size, body.modified_at, body.sha256)
    known = known_photo(services, wanted)
    if known is not None:
        return UploadForm(photo_id=known, url=None, fields={})
    form = form_for(services, services.store, wanted)
    return UploadForm(photo_id=None, url=form.url, fields=form.fields)
