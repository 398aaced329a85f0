"""Sending photos, in parts that may be sent again."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from pydantic import BaseModel, Field, StringConstraints

from kith.domain.errors import NotFoundError, PictureError
from kith.pipeline.serving.uploads import PART_SIZE, OffsetError, Upload
from kith.web.access.roles import Caller, Editor, Role
from kith.web.pictures_in import read_body
from kith.web.services import Served, Services
from kith.web.shapes.asked import Body

router = APIRouter(prefix="/uploads", tags=["uploads"])


class NewUpload(Body):
    """A photo that is about to be sent."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    size: int = Field(ge=0, le=1 << 50, description="Bytes.")
    modified_at: datetime | None = Field(default=None, description="When the file was changed.")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="Of the whole file; what is known already need not be sent."
    )


class UploadBegun(BaseModel):
    """Where to send a photo."""

    id: str | None = Field(description="Null if the library has the photo already.")
    offset: int
    part_size: int = Field(description="Bytes of a part at most.")
    photo_id: str | None = Field(description="The photo, if the library has it already.")


class UploadItem(BaseModel):
    """How far an upload has come."""

    id: str
    name: str
    offset: int
    size: int


class UploadOffset(BaseModel):
    """Where the next part begins."""

    offset: int


class UploadFinished(BaseModel):
    """What became of an upload."""

    photo_id: str | None = Field(description="The photo; null if it is none.")
    job_id: str | None = Field(description="The job that adds it; null if it was known.")
    problem: str | None = Field(description="Why it is no photo.")


async def _part(request: Request) -> bytes:
    return await read_body(request, PART_SIZE)


_PART: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "contentMediaType": "application/octet-stream"}
            }
        },
    }
}


@router.post("", status_code=HTTPStatus.CREATED)
def post_upload(services: Served, caller: Editor, body: NewUpload) -> UploadBegun:
    """Begin to send a photo; what the library has already need not be sent."""
    uploads = services.workshop.uploads
    known = uploads.known(body.sha256)
    if known is not None:
        return UploadBegun(id=None, offset=body.size, part_size=PART_SIZE, photo_id=known)
    upload = uploads.begin(
        body.name,
        body.size,
        by=caller.name,
        modified_at=body.modified_at.timestamp() if body.modified_at else None,
        sha256=body.sha256,
    )
    return UploadBegun(id=upload.id, offset=0, part_size=PART_SIZE, photo_id=None)


@router.get("/{upload_id}")
def get_upload(services: Served, caller: Editor, upload_id: str) -> UploadItem:
    """How far an upload has come; go on from there."""
    upload = _own(services, caller, upload_id)
    return UploadItem(id=upload.id, name=upload.name, offset=upload.offset, size=upload.size)


@router.patch("/{upload_id}", openapi_extra=_PART)
def patch_upload(
    services: Served,
    caller: Editor,
    upload_id: str,
    part: Annotated[bytes, Depends(_part)],
    upload_offset: Annotated[int, Header(ge=0, description="Where the part begins.")],
) -> UploadOffset:
    """Send the next part; what was kept stays kept, whatever happens afterwards."""
    upload = _own(services, caller, upload_id)
    try:
        upload = services.workshop.uploads.append(upload.id, upload_offset, part)
    except OffsetError as error:
        raise _conflict(error) from error
    return UploadOffset(offset=upload.offset)


@router.post("/{upload_id}/finish")
def post_finish(services: Served, caller: Editor, upload_id: str) -> UploadFinished:
    """Say that all parts were sent: the photo is looked at, kept, and added by a job."""
    upload = _own(services, caller, upload_id)
    workshop = services.workshop
    try:
        finished = workshop.uploads.finish(upload.id)
    except OffsetError as error:
        raise _conflict(error) from error
    except PictureError as error:
        return UploadFinished(photo_id=None, job_id=None, problem=str(error))
    job = workshop.arrivals.add([finished.path]) if finished.path else None
    return UploadFinished(photo_id=finished.photo_id, job_id=job.id if job else None, problem=None)


@router.delete("/{upload_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_upload(services: Served, caller: Editor, upload_id: str) -> None:
    """Throw away what was sent of a photo."""
    services.workshop.uploads.delete(_own(services, caller, upload_id).id)


def _own(services: Services, caller: Caller, upload_id: str) -> Upload:
    """The upload, which is nobody else's."""
    upload = services.workshop.uploads.get(upload_id)
    if upload.by != caller.name and caller.role is not Role.OWNER:
        raise NotFoundError(f"There is no upload {upload_id}")
    return upload


def _conflict(error: OffsetError) -> HTTPException:
    return HTTPException(
        HTTPStatus.CONFLICT, str(error), headers={"Upload-Offset": str(error.offset)}
    )
