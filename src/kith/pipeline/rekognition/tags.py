"""TagResource, UntagResource, ListTagsForResource."""

from __future__ import annotations

from typing import Final

from kith.domain.errors import NotFoundError, UsageError
from kith.pipeline.rekognition.kit import Kit, refuse_collection
from kith.pipeline.rekognition.names import collection_of
from kith.ports.collections import ProtectedCollectionError
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call, Members

_MOST: Final = 200
"""Tags of one collection; the real service's limit."""


def tag_resource(kit: Kit, members: Members, _call: Call) -> Members:
    """Add tags, or give them new values."""
    collection_id = collection_of(members["ResourceArn"])
    try:
        kit.collections.tag(collection_id, members["Tags"], _MOST)
    except NotFoundError:
        refuse_collection(collection_id)
    except ProtectedCollectionError:
        raise
    except UsageError:
        raise RekognitionError(
            Kind.SERVICE_QUOTA_EXCEEDED, f"A resource may have {_MOST} tags"
        ) from None
    return {}


def untag_resource(kit: Kit, members: Members, _call: Call) -> Members:
    """Take tags away."""
    collection_id = collection_of(members["ResourceArn"])
    try:
        kit.collections.untag(collection_id, members["TagKeys"])
    except NotFoundError:
        refuse_collection(collection_id)
    return {}


def list_tags(kit: Kit, members: Members, _call: Call) -> Members:
    """The tags of a collection."""
    collection_id = collection_of(members["ResourceArn"])
    try:
        return {"Tags": kit.collections.tags(collection_id)}
    except NotFoundError:
        refuse_collection(collection_id)
