"""An unmodified boto3, over loopback."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError
from rekognition_wire import ANYWHERE, CREATED, READER, Echo, Running, running

from kith.rekognition.wire import Wire

MakeWire = Callable[..., Wire]


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    """What boto3 calls an error."""
    return cast(Any, error.value.response)["Error"]["Code"]


def test_an_answer_is_read(rekognition: Running) -> None:
    """Times as times, and who answered."""
    answer = rekognition.client().describe_collection(CollectionId="x")

    assert answer["CreationTimestamp"].astimezone(UTC) == CREATED
    assert answer["CollectionARN"].split(":")[3] == "eu-west-3"
    metadata = answer["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]
    assert len(metadata["RequestId"]) == 36
    assert metadata["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.1"
    assert "date" in metadata["HTTPHeaders"]
    assert "content-encoding" not in metadata["HTTPHeaders"]


def test_the_environment_alone_points_a_program_here(
    rekognition: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unmodified program needs no word about us."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_REKOGNITION", str(rekognition.address))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", READER.key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", READER.secret)
    session: Any = boto3.Session(region_name="us-east-1")
    client = session.client("rekognition")

    assert client.list_collections()["CollectionIds"] == ["one", "two", "three"]


@pytest.mark.parametrize("size", [1, 200_000, 5_242_880])
def test_a_picture_arrives_whole(rekognition: Running, size: int) -> None:
    """Up to the limit of the service."""
    picture = hashlib.shake_128(b"x").digest(size)

    answer = rekognition.client().index_faces(CollectionId="x", Image={"Bytes": picture})

    assert answer["FaceModelVersion"] == hashlib.sha256(picture).hexdigest()


def test_a_picture_that_is_too_large_is_a_validation_error(rekognition: Running) -> None:
    """As the service's model says."""
    with pytest.raises(ClientError) as error:
        rekognition.client().detect_faces(Image={"Bytes": bytes(5_242_881)})

    assert code(error) == "ValidationException"


def test_a_request_that_is_too_large_is_answered(rekognition: Running) -> None:
    """Though the client is still sending when it is clear that it is; the connection serves on."""
    client = rekognition.client(max_pool_connections=1)

    for size in (11_000_000, 40_000_000):
        with pytest.raises(ClientError) as error:
            client.detect_faces(Image={"Bytes": bytes(size)})
        assert code(error) == "RequestEntityTooLargeException"
    assert client.list_collections()["CollectionIds"]


def test_errors_of_the_model_are_exceptions_of_the_client(rekognition: Running) -> None:
    """As programs catch them."""
    client = rekognition.client()

    with pytest.raises(client.exceptions.ResourceNotFoundException) as error:
        client.describe_collection(CollectionId="absent")

    assert error.value.response["Error"]["Message"] == "The collection id: absent does not exist"


@pytest.mark.parametrize(
    ("method", "arguments", "name"),
    [
        ("describe_collection", {"CollectionId": "a b"}, "ValidationException"),
        ("recognize_celebrities", {"Image": {"Bytes": b"x"}}, "UnknownOperationException"),
        ("create_user", {"CollectionId": "a", "UserId": "b"}, "AccessDeniedException"),
    ],
)
def test_other_errors_have_their_names(
    rekognition: Running, method: str, arguments: Any, name: str
) -> None:
    """Those of the layer before the operations."""
    with pytest.raises(ClientError) as error:
        getattr(rekognition.client(READER), method)(**arguments)

    assert code(error) == name


def test_an_error_of_ours_is_one_that_clients_repeat(rekognition: Running, echo: Echo) -> None:
    """With status 500, and the service's name for it."""
    client = rekognition.client()

    with pytest.raises(client.exceptions.InternalServerError) as error:
        client.list_users(CollectionId="a")

    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "secret" not in str(error.value)
    assert echo.calls == []


def test_paginators_come_to_an_end(rekognition: Running, echo: Echo) -> None:
    """The last page has no token."""
    pages = (
        rekognition.client()
        .get_paginator("list_collections")
        .paginate(PaginationConfig={"PageSize": 2})
    )

    assert pages.build_full_result()["CollectionIds"] == ["one", "two", "three"]
    assert [members.get("NextToken") for members, _ in echo.calls] == [None, "2"]


@pytest.mark.parametrize(
    "waiter", ["project_version_running", "project_version_training_completed"]
)
def test_waiters_end(rekognition: Running, waiter: str) -> None:
    """What they wait for is not supported, and they say so instead of waiting on."""
    with pytest.raises(WaiterError, match="DescribeProjectVersions is not supported"):
        rekognition.client().get_waiter(waiter).wait(ProjectArn=f"arn:aws:rekognition:{'x' * 9}")


def test_many_threads_asking_the_same_at_once_are_answered(rekognition: Running) -> None:
    """boto3 signs alike what is alike, within one second; that is no replay."""
    client = rekognition.client()

    with ThreadPoolExecutor(16) as threads:
        asked = [threads.submit(client.list_collections) for _ in range(64)]
        answers: list[Any] = [one.result() for one in asked]

    assert all(answer["CollectionIds"] for answer in answers)
    assert len({answer["ResponseMetadata"]["RequestId"] for answer in answers}) == 64


def test_overload_is_throttled_and_clients_come_again(make_wire: MakeWire, echo: Echo) -> None:
    """What can neither be worked on nor wait is told so; SDKs repeat it by themselves."""
    with (
        running(make_wire(), monitor=ANYWHERE, workers=2, waiting=6) as server,
        ThreadPoolExecutor(9) as threads,
    ):
        client = server.client()
        held = [
            threads.submit(client.delete_user, CollectionId="a", UserId=f"u{number}")
            for number in range(8)
        ]
        while server.monitored("/readyz")[0] == 200:
            pass  # until the last of them has arrived

        with pytest.raises(client.exceptions.ThrottlingException):
            client.list_collections()
        patient = server.client(retries={"mode": "standard", "total_max_attempts": 10})
        again = threads.submit(patient.list_collections)
        echo.gate.set()

        assert all(one.result(30)["ResponseMetadata"] for one in held)
        assert again.result(30)["CollectionIds"]
