"""A library on AWS, for whoever owns it: found by the folder that Terraform worked in."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kith.compose.cloud import Cloud
from kith.domain.errors import SettingError
from kith.pipeline.deployment.facts import (
    Deployment,
    deployment_of,
    is_outdated,
    no_deployment,
    note_outputs,
    read_outputs,
)

if TYPE_CHECKING:
    from kith.adapters.aws_account import Caller
    from kith.pipeline.deployment.standing import Instruments, Reading
    from kith.ports.backlog import Backlog
    from kith.ports.infrastructure import Infrastructure
    from kith.ports.sources import PhotoSource
    from kith.ports.storage import RemoteStorage

_REGION = "AWS_DEFAULT_REGION"
"""What boto3 goes by, wherever it makes a client."""


@contextmanager
def open_infrastructure(folder: Path) -> Generator[Infrastructure]:
    """Terraform in a folder; what was planned and not carried out is forgotten in the end.

    Raises:
        SettingError: it is not installed.
    """
    from kith.adapters.infrastructure.terraform import Terraform

    with closing(Terraform(folder)) as terraform:
        yield terraform


def caller(region: str) -> Caller:
    """Whose keys are used.

    Raises:
        SettingError: there are none, AWS does not take them, or boto3 is not installed.
    """
    from kith.adapters.aws_account import who_asks

    return who_asks(region)


def usual_region() -> str:
    """The region that AWS's own settings name; empty if they name none."""
    from kith.adapters.aws_account import usual_region as found

    return found()


def find_deployment(folder: Path) -> Deployment:
    """The deployment whose folder this is.

    It is known from the note in the folder; where somebody used Terraform himself since, Terraform
    is asked, and the note written.

    Raises:
        NotFoundError: there is none.
        SettingError: what is there is none of Kith.
    """
    outputs = read_outputs(folder)
    if outputs is None or is_outdated(folder):
        outputs = _asked(folder, outputs)
        note_outputs(folder, outputs)
    return deployment_of(outputs)


def _asked(folder: Path, noted: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What Terraform tells; where it is not installed, what was noted before."""
    if not any(folder.glob("*.tf")):
        raise no_deployment(folder)
    try:
        with open_infrastructure(folder) as infrastructure:
            outputs = infrastructure.outputs()
    except SettingError:
        if noted is None:
            raise
        return noted
    if not outputs:
        raise no_deployment(folder)
    return outputs


@contextmanager
def open_cloud(deployment: Deployment) -> Generator[Cloud]:
    """The parts of a library on AWS.

    Raises:
        SettingError: it has no engine that is known here, or boto3 is not installed.
    """
    with in_region(deployment.region):
        cloud = Cloud({**os.environ, **deployment.environment()})
        try:
            yield cloud
        finally:
            cloud.close()


@contextmanager
def open_backlog(deployment: Deployment) -> Generator[Backlog]:
    """The queues of a library on AWS."""
    from kith.adapters.aws import client_of
    from kith.adapters.queue.backlog import Queues, SqsBacklog

    queues = Queues(deployment.photos_url, deployment.failed_url, deployment.undelivered_url)
    with closing(client_of("sqs", region=deployment.region)) as client:
        yield SqsBacklog(client, queues)


@contextmanager
def open_instruments(deployment: Deployment, reading: Reading) -> Generator[Instruments]:
    """Where it is looked at how a library on AWS fares.

    Args:
        deployment: which.
        reading: tells of what photos an announcement is.
    """
    from kith.adapters.aws import client_of
    from kith.adapters.monitoring.cloudwatch import CloudWatch
    from kith.pipeline.deployment.standing import Instruments

    region = deployment.region
    with (
        open_cloud(deployment) as cloud,
        open_backlog(deployment) as backlog,
        closing(client_of("cloudwatch", region=region)) as metrics,
        closing(client_of("logs", region=region)) as logs,
    ):
        yield Instruments(
            backlog=backlog,
            monitoring=CloudWatch(metrics, logs),
            source=cloud.source,
            catalog=cloud.catalog,
            functions=deployment.functions,
            reading=reading,
        )


@contextmanager
def open_inventory(deployment: Deployment) -> Generator[PhotoSource]:
    """The photos of a library on AWS, listed by S3 Inventory."""
    from kith.adapters.storage.s3 import S3Service
    from kith.adapters.storage.s3.inventory import S3Inventory

    service = S3Service(region=deployment.region)
    with closing(S3Inventory(service.client, deployment.photos)) as source:
        yield source


@contextmanager
def open_meeting(address: str) -> Generator[RemoteStorage]:
    """Where libraries meet that leave decisions for each other: a part of a bucket.

    Raises:
        UsageError: it is no address in S3.
        SettingError: boto3 is not installed, or cannot work with what it found.
    """
    from kith.adapters.storage.s3 import S3Service, S3Storage, address_parts

    bucket, prefix = address_parts(address.rstrip("/"))
    with closing(S3Service().client()) as client:
        yield S3Storage(client, bucket, prefix)


@contextmanager
def in_region(region: str) -> Generator[None]:
    """Have clients of AWS be made for this region, whichever else the environment names.

    Where empty, it stays what it is. To be entered before other threads make clients.

    Raises:
        SettingError: neither is there one, or boto3 is not installed.
    """
    before, usual = os.environ.get(_REGION), usual_region()
    if not (region or usual):
        raise SettingError("It is not known in which region of AWS it is", f"Set {_REGION}.")
    os.environ[_REGION] = region or usual
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_REGION, None)
        else:
            os.environ[_REGION] = before
