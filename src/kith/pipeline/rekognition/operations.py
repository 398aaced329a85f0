"""All operations by name, ready for the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kith.pipeline.rekognition.collections import (
    create_collection,
    delete_collection,
    describe_collection,
    list_collections,
)
from kith.pipeline.rekognition.faces import delete_faces, index_faces, list_faces
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.labels import detect_labels
from kith.pipeline.rekognition.pictures import compare_faces, detect_faces
from kith.pipeline.rekognition.refusing import Answering, operation_of
from kith.pipeline.rekognition.search import search_faces, search_faces_by_image
from kith.pipeline.rekognition.search_users import search_users, search_users_by_image
from kith.pipeline.rekognition.tags import list_tags, tag_resource, untag_resource
from kith.pipeline.rekognition.text import detect_text
from kith.pipeline.rekognition.users import (
    associate_faces,
    create_user,
    delete_user,
    disassociate_faces,
    list_users,
)
from kith.rekognition.interface import Operations

_ANSWERING: Final[Mapping[str, Answering]] = {
    "CreateCollection": create_collection,
    "ListCollections": list_collections,
    "DescribeCollection": describe_collection,
    "DeleteCollection": delete_collection,
    "IndexFaces": index_faces,
    "ListFaces": list_faces,
    "DeleteFaces": delete_faces,
    "SearchFaces": search_faces,
    "SearchFacesByImage": search_faces_by_image,
    "CompareFaces": compare_faces,
    "DetectFaces": detect_faces,
    "DetectLabels": detect_labels,
    "DetectText": detect_text,
    "CreateUser": create_user,
    "DeleteUser": delete_user,
    "ListUsers": list_users,
    "AssociateFaces": associate_faces,
    "DisassociateFaces": disassociate_faces,
    "SearchUsers": search_users,
    "SearchUsersByImage": search_users_by_image,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags,
}

SUPPORTED: Final = frozenset(_ANSWERING)
"""The names of the operations that are answered."""


def operations_over(kit: Kit) -> Operations:
    """The operations that these ports can answer."""
    return {name: operation_of(kit, answering) for name, answering in _ANSWERING.items()}
