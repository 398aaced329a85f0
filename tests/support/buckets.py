"""Buckets of S3 on emulators, empty, each test its own."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from emulators import Endpoint

from kith.adapters.storage.s3 import S3Service, S3Source, S3Storage


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket.

    Attributes:
        emulator: where it is.
        client: of the service, as Kith makes it.
        name: the bucket's.
        environment: in which a program reaches the service.
    """

    emulator: str
    client: Any
    name: str
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its address."""
        return f"s3://{self.name}"

    @property
    def source(self) -> S3Source:
        """The service's objects as photos."""
        return S3Source(lambda: self.client)

    def storage(self, prefix: str = "") -> S3Storage:
        """Its objects below a prefix as storage."""
        return S3Storage(self.client, self.name, prefix)

    def put(self, key: str, data: bytes) -> str:
        """Put an object there; answers its address."""
        self.client.put_object(Bucket=self.name, Key=key, Body=data)
        return f"{self.url}/{key}"

    @contextmanager
    def listing(self, page: int) -> Generator[None]:
        """Meanwhile, the service tells no more than so many objects at once, instead of 1,000."""
        events: Any = self.client.meta.events

        def ask_for_few(params: dict[str, Any], **_: object) -> None:
            params["MaxKeys"] = page

        events.register("before-parameter-build.s3.ListObjectsV2", ask_for_few)
        try:
            yield
        finally:
            events.unregister("before-parameter-build.s3.ListObjectsV2", ask_for_few)

    def keys(self) -> list[str]:
        """What lies in it."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]


@pytest.fixture
def stranger(ministack_endpoint: Endpoint) -> Generator[Any]:
    """Kith's client as a user of MiniStack whom nothing is allowed."""
    iam = ministack_endpoint.client("iam")
    name = f"stranger-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    iam.close()
    own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    with _client_of(ministack_endpoint, own) as client:
        yield client


@contextmanager
def _client_of(endpoint: Endpoint, own: Mapping[str, str] | None = None) -> Generator[Any]:
    """Kith's own client; it finds its service as a program does."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**endpoint.environment(), **(own or {})}.items():
            patch.setenv(name, value)
        client = S3Service().client()
    try:
        yield client
    finally:
        client.close()


def _bucket(client: Any, endpoint: Endpoint) -> Bucket:
    name = f"kith-{uuid.uuid4().hex[:12]}"
    place = {"LocationConstraint": endpoint.settings()["region_name"]}
    client.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return Bucket(endpoint.name, client, name, endpoint.environment())


@pytest.fixture(scope="session")
def moto_s3(moto_endpoint: Endpoint) -> Generator[Any]:
    """Kith's client of moto."""
    with _client_of(moto_endpoint) as client:
        yield client


@pytest.fixture(scope="session")
def ministack_s3(ministack_endpoint: Endpoint) -> Generator[Any]:
    """Kith's client of MiniStack."""
    with _client_of(ministack_endpoint) as client:
        yield client


@pytest.fixture
def moto_bucket(moto_s3: Any, moto_endpoint: Endpoint) -> Bucket:
    """A bucket in moto."""
    return _bucket(moto_s3, moto_endpoint)


@pytest.fixture
def ministack_bucket(ministack_s3: Any, ministack_endpoint: Endpoint) -> Bucket:
    """A bucket in MiniStack."""
    return _bucket(ministack_s3, ministack_endpoint)


@pytest.fixture(params=["moto", "ministack"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    """A bucket in each of the two emulators."""
    return request.getfixturevalue(f"{request.param}_bucket")
