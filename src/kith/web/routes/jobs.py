"""Jobs: long work in the background."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from kith.domain.errors import ForbiddenError, UsageError
from kith.pipeline.serving.jobs import Job, JobState
from kith.pipeline.serving.work import add_path, regroup_all
from kith.web.access.roles import Editor, Role
from kith.web.services import Served
from kith.web.shapes.asked import Body

router = APIRouter(tags=["jobs"])


class JobItem(BaseModel):
    """A job as it is now."""

    id: str
    kind: str = Field(description="`add`, `uploads` or `regroup`.")
    title: str
    state: JobState
    done: int
    total: int | None
    detail: str = Field(description="What it is at, or why it failed.")
    report: dict[str, Any] | None = Field(description="What came of it.")
    started_at: datetime | None
    ended_at: datetime | None


class JobList(BaseModel):
    """All jobs that are known, newest first."""

    jobs: list[JobItem]


class NewJob(Body):
    """Work to do: `add` a file or folder of this machine, or `regroup` everybody."""

    kind: Literal["add", "regroup"]
    path: Annotated[str, StringConstraints(min_length=1, max_length=4096)] | None = None


@router.get("/jobs")
def get_jobs(services: Served, _caller: Editor) -> JobList:
    """All jobs since the server was started, newest first."""
    return JobList(jobs=[job_item(job) for job in services.workshop.jobs.all()])


@router.get("/jobs/{job_id}")
def get_job(services: Served, _caller: Editor, job_id: str) -> JobItem:
    """One job."""
    return job_item(services.workshop.jobs.get(job_id))


@router.post("/jobs", status_code=202)
def post_job(services: Served, caller: Editor, body: NewJob) -> JobItem:
    """Begin a job. To add what lies on this machine is for its owner."""
    jobs = services.workshop.jobs
    match body.kind, body.path:
        case "add", str(path):
            if caller.role is not Role.OWNER:
                raise ForbiddenError("Only an owner may add folders", "Upload the photos.")
            return job_item(add_path(jobs, _absolute(path), services.workshop.added))
        case "regroup", None:
            return job_item(regroup_all(jobs))
        case _:
            raise UsageError("`add` needs a path, and `regroup` takes none")


@router.post("/jobs/{job_id}/cancel")
def post_cancel(services: Served, _caller: Editor, job_id: str) -> JobItem:
    """Have a job end; what it has done so far stays."""
    return job_item(services.workshop.jobs.cancel(job_id))


def job_item(job: Job) -> JobItem:
    """A job as it is now."""
    return JobItem(
        id=job.id,
        kind=job.kind,
        title=job.title,
        state=job.state,
        done=job.done,
        total=job.total,
        detail=job.detail,
        report=dict(job.report) if job.report is not None else None,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )


def _absolute(path: str) -> Path:
    """The path, if it says where it begins: nobody knows in which folder a server was started."""
    try:
        found = Path(path).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{path!r} begins in nobody's home", "Say the whole path.") from error
    if not found.is_absolute():
        raise UsageError(f"{path!r} is not a whole path", "Begin at the root, or with ~.")
    return found
