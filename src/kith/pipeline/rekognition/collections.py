"""CreateCollection, ListCollections, DescribeCollection, DeleteCollection."""

from __future__ import annotations

from typing import Final

from kith.domain.errors import NotFoundError
from kith.pipeline.rekognition.kit import Kit, refuse_collection
from kith.pipeline.rekognition.names import arn_of, short_arn_of
from kith.pipeline.rekognition.pages import page_of, whole
from kith.ports.collections import AlreadyThereError
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call, Members

_PAGE: Final = 4096
"""Collections on a page where the request does not say; the most that it can ask for."""


def create_collection(kit: Kit, members: Members, call: Call) -> Members:
    """Make an empty collection."""
    collection_id = members["CollectionId"]
    try:
        kit.collections.create(collection_id, members.get("Tags", {}))
    except AlreadyThereError:
        raise RekognitionError(
            Kind.RESOURCE_ALREADY_EXISTS, f"The collection id: {collection_id} already exists"
        ) from None
    return {
        "StatusCode": 200,
        "CollectionArn": short_arn_of(collection_id, call),
        "FaceModelVersion": kit.collections.model_version,
    }


def list_collections(kit: Kit, members: Members, _call: Call) -> Members:
    """The collections, in the order in which they were made."""
    page, more = page_of(
        members,
        ("ListCollections",),
        _PAGE,
        lambda after, size: kit.collections.page(whole(after), size),
        lambda listed: str(listed.number),
    )
    return {
        "CollectionIds": [listed.id for listed in page],
        "FaceModelVersions": [listed.model_version for listed in page],
        **more,
    }


def describe_collection(kit: Kit, members: Members, call: Call) -> Members:
    """What is known of a collection."""
    try:
        facts = kit.collections.describe(members["CollectionId"])
    except NotFoundError:
        refuse_collection(members["CollectionId"])
    return {
        "FaceCount": facts.face_count,
        "UserCount": facts.user_count,
        "FaceModelVersion": facts.model_version,
        "CollectionARN": arn_of(facts.id, call),
        "CreationTimestamp": facts.created_at,
    }


def delete_collection(kit: Kit, members: Members, _call: Call) -> Members:
    """Delete a collection with all that is in it."""
    try:
        kit.collections.delete(members["CollectionId"])
    except NotFoundError:
        refuse_collection(members["CollectionId"])
    return {"StatusCode": 200}
