"""Who recognizes on AWS: Amazon Rekognition, or Kith's own engine in a container image.

Kith's own keeps faces in a PostgreSQL database, for vectors must be searched together and DynamoDB
cannot; its models lie in the image, see infra/container/Dockerfile.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from kith.domain.errors import SettingError

if TYPE_CHECKING:
    from kith.compose.cloud import Cloud
    from kith.domain.findings import Versions
    from kith.pipeline.library import Upkeep
    from kith.pipeline.migration.ordered import OrderedSearches
    from kith.ports.recognition import FaceCollection, Recognizer

REKOGNITION: Final = "rekognition"
"""Amazon's. Findings say that they were found by this, for no answer names its version before it
is asked for."""

LOCAL: Final = "local"
"""Kith's own."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What recognizes.

    Attributes:
        name: of what found the faces: a pack's, or ``REKOGNITION``.
        collection: the faces, searchable.
        recognizer: answers about single pictures.
        upkeep: how the faces are looked after.
        versions: of the labels and text that photos are looked at for.
        ordered: a quick search for grouping all faces anew, where there is one.
    """

    name: str
    collection: FaceCollection
    recognizer: Recognizer
    upkeep: Upkeep
    versions: Versions
    ordered: OrderedSearches | None = None


@contextmanager
def open_recognition(cloud: Cloud) -> Generator[Recognition]:
    """What ``KITH_ENGINE`` names.

    Raises:
        SettingError: there is none of that name, or what it needs is not named.
        ModelError: its models are not in the image.
    """
    engine = cloud.setting("ENGINE") or REKOGNITION
    if engine == REKOGNITION:
        yield _rekognition(cloud)
    elif engine == LOCAL:
        with _own(cloud) as recognition:
            yield recognition
    else:
        raise SettingError(
            f"KITH_ENGINE is {engine!r}, which there is not", "Set it to rekognition or local."
        )


def _rekognition(cloud: Cloud) -> Recognition:
    from kith.adapters.recognition.rekognition import (
        RekognitionFaceCollection,
        RekognitionRecognizer,
    )
    from kith.adapters.recognition.rekognition.client import rekognition_client
    from kith.domain.findings import Versions

    client, settings = cloud.client(rekognition_client()), cloud.settings
    return Recognition(
        name=REKOGNITION,
        collection=RekognitionFaceCollection(client, cloud.named("COLLECTION")),
        recognizer=RekognitionRecognizer(client),
        upkeep=CloudUpkeep(),
        versions=Versions(
            labels=None if settings.labels == "off" else REKOGNITION,
            text=None if settings.text == "off" else REKOGNITION,
        ),
    )


@contextmanager
def _own(cloud: Cloud) -> Generator[Recognition]:
    from kith.adapters.recognition.local import LocalFaceCollection, pinned_pack
    from kith.compose.ears import DEAF
    from kith.compose.findings import looked_for
    from kith.compose.library import LocalUpkeep
    from kith.compose.places import LIBRARY, open_engine, open_recognizer_over
    from kith.database.open import open_database

    settings = cloud.settings
    database = open_database(settings.database or _address(cloud))
    try:
        engine = open_engine(settings, DEAF, pinned_pack(database, LIBRARY))
        collection = LocalFaceCollection(
            engine, database, collection_id=LIBRARY, index_folder=settings.library / "index"
        )
        yield Recognition(
            name=engine.pack.name,
            collection=collection,
            recognizer=open_recognizer_over(settings, engine),
            upkeep=LocalUpkeep(database, collection),
            versions=looked_for(settings)[0],
            ordered=collection.in_order,
        )
        collection.close()
    finally:
        database.close()


def _address(cloud: Cloud) -> str:
    """The database's address, out of the secret that Terraform names."""
    from kith.adapters.aws import client_of

    which = cloud.named("DATABASE_SECRET")
    client = cloud.client(client_of("secretsmanager"))
    return address_in(client.get_secret_value(SecretId=which)["SecretString"])


def address_in(secret: str) -> str:
    """The address of a PostgreSQL database that a secret holds.

    Args:
        secret: the address itself, or what RDS writes into the secrets that it manages: JSON with
            ``username``, ``password``, ``host``, and maybe ``port`` and ``dbname``.

    Raises:
        SettingError: it is neither.
    """
    if "://" in secret:
        return secret.strip()
    try:
        told = cast("dict[str, str | int]", json.loads(secret))
        who = f"{quote(str(told['username']), safe='')}:{quote(str(told['password']), safe='')}"
        where = f"{told['host']}:{told.get('port', 5432)}/{told.get('dbname', 'postgres')}"
    except (ValueError, KeyError, TypeError) as error:
        raise SettingError(
            "The secret of KITH_DATABASE_SECRET names no database",
            "Let it be an address that begins with postgresql://, or a secret that RDS manages.",
        ) from error
    return f"postgresql://{who}@{where}"


class CloudUpkeep:
    """How a library on AWS looks after itself: AWS does."""

    def damages(self) -> tuple[str, ...]:
        """See ``Upkeep.damages``."""
        return ()

    def rebuild_index(self) -> None:
        """See ``Upkeep.rebuild_index``; the collection is its own index."""

    def scrub(self) -> list[str]:
        """See ``Upkeep.scrub``; what is deleted in DynamoDB is gone, but for its backups."""
        return []
