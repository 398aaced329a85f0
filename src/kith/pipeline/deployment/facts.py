"""What is known of a deployment: the names and addresses that Terraform tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from kith.domain.errors import NotFoundError, SettingError, UsageError

FILE: Final = "deployment.json"
"""In the folder of a deployment: what Terraform told when it was done last. So nobody else needs
Terraform, or its state."""

_STATE: Final = "terraform.tfstate"
"""Terraform's, unless it keeps its state elsewhere."""

_ENGINE: Final = "rekognition"
_MARK: Final = "originals_bucket"
"""An output that every deployment has."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A library on AWS.

    Attributes:
        region: that everything is in; empty where the folder does not tell it.
        album_url: address of the album.
        originals: bucket of photos as they came.
        derived: bucket of what is made of them.
        table: of the catalog, in DynamoDB.
        collection: of faces, with Rekognition; empty for another engine.
        key_prefix: beginning of the keys that are photos; may be empty.
        photos_url: the queue of photos.
        failed_url: its dead-letter queue.
        undelivered_url: of events that did not come as far.
        functions: full names of the functions, by what they do.
        user_pool: of the accounts.
        topic: that tells who appears.
    """

    region: str
    album_url: str
    originals: str
    derived: str
    table: str
    collection: str
    key_prefix: str
    photos_url: str
    failed_url: str
    undelivered_url: str
    functions: Mapping[str, str]
    user_pool: str
    topic: str

    @property
    def photos(self) -> str:
        """The address below which everything is a photo."""
        return f"s3://{self.originals}/{self.key_prefix}".rstrip("/")

    @property
    def account(self) -> str:
        """The number of its account, by the queue's URL; empty where that does not tell it."""
        number = self.photos_url.rpartition("/")[0].rpartition("/")[2]
        return number if number.isdecimal() else ""

    def environment(self) -> dict[str, str]:
        """The same as the functions are told it, each empty if there is none of it.

        See infra/terraform/README.md.
        """
        return {
            "KITH_ENGINE": _ENGINE if self.collection else "local",
            "KITH_TABLE": self.table,
            "KITH_COLLECTION": self.collection,
            "KITH_ORIGINALS_BUCKET": self.originals,
            "KITH_DERIVED_BUCKET": self.derived,
            "KITH_QUEUE_URL": self.photos_url,
            "KITH_KEY_PREFIX": self.key_prefix,
            "KITH_PUBLIC_URL": self.album_url,
            "KITH_TOPIC_ARN": self.topic,
        }


def deployment_of(outputs: Mapping[str, Any]) -> Deployment:
    """What Terraform's outputs, by name, say of a deployment.

    They are those of infra/terraform, one by one or together as one output of any name.

    Raises:
        SettingError: they are not of a deployment of Kith.
    """
    told = _together(outputs)
    try:
        queues: dict[str, str] = told["queue_urls"]
        login: dict[str, str] = told.get("login") or {}
        topics: dict[str, str] = told.get("topic_arns") or {}
        return Deployment(
            region=outputs.get("region") or _region_of(queues["photos"]),
            album_url=told.get("album_url") or "",
            originals=told[_MARK],
            derived=told["derived_bucket"],
            table=told["catalog_table"],
            collection=told.get("collection_id") or "",
            key_prefix=outputs.get("key_prefix") or "",
            photos_url=queues["photos"],
            failed_url=queues["failed"],
            undelivered_url=queues["undelivered"],
            functions=told.get("functions") or {},
            user_pool=login.get("user_pool_id") or "",
            topic=topics.get("notices") or "",
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SettingError(
            f"Terraform's outputs lack {error}", "Give its outputs as docs/deploy-aws.md does."
        ) from error


def read_outputs(folder: Path) -> Mapping[str, Any] | None:
    """The outputs that were noted in a folder; nothing if none were.

    Raises:
        SettingError: the note cannot be read.
    """
    path = folder / FILE
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise SettingError(
            f"{path} cannot be read ({error})", "Delete it: `kith aws deploy` writes it anew."
        ) from error
    if not isinstance(told, dict):
        raise SettingError(f"{path} holds no outputs", "Delete it, and deploy once more.")
    return cast("dict[str, Any]", told)


def is_outdated(folder: Path) -> bool:
    """Whether Terraform was at work in a folder since its outputs were noted there."""
    state, note = folder / _STATE, folder / FILE
    return state.exists() and note.exists() and state.stat().st_mtime > note.stat().st_mtime


def note_outputs(folder: Path, outputs: Mapping[str, Any]) -> None:
    """Note the outputs in a folder."""
    part = folder / f".{FILE}.part"
    part.write_text(json.dumps(outputs, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(folder / FILE)


def forget_outputs(folder: Path) -> None:
    """Take the note away."""
    (folder / FILE).unlink(missing_ok=True)


def require_home(folder: Path, account: str, region: str) -> None:
    """Raise unless a folder's deployment, if there is one, is in this account and region.

    Looked for elsewhere, nothing of it is there: Terraform would take it for gone, forget it, and
    make another one.

    Args:
        folder: the deployment's.
        account: whose keys are used.
        region: that is asked for; empty where the configuration itself says it.

    Raises:
        UsageError: it is elsewhere.
    """
    if (outputs := read_outputs(folder)) is None:
        return
    there = deployment_of(outputs)
    for what, home, asked in (
        ("account", there.account, account),
        ("region", there.region, region),
    ):
        if home and asked and home != asked:
            raise UsageError(
                f"The deployment in {folder} is in the {what} {home}, and not in {asked}",
                "Use keys and region of that one, or name another folder: --dir.",
            )


def no_deployment(folder: Path) -> NotFoundError:
    """What is said where there is none."""
    return NotFoundError(
        f"There is no deployment in {folder}",
        "Make one: kith aws deploy. Or name its folder: --dir.",
    )


def _together(outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    if _MARK in outputs:
        return outputs
    for value in outputs.values():
        if isinstance(value, dict) and _MARK in value:
            return cast("dict[str, Any]", value)
    return {}


def _region_of(queue_url: str) -> str:
    """As in ``https://sqs.eu-west-1.amazonaws.com/123456789012/kith-photos``; else empty."""
    host = queue_url.partition("://")[2].partition("/")[0]
    parts = host.split(".")
    return parts[1] if parts[0] == "sqs" and "amazonaws" in parts[2:3] else ""
