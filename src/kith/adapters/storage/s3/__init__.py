"""S3, and every store that speaks as it does: objects as storage, as photos, as what others own."""

from kith.adapters.storage.s3.addresses import S3Addresses
from kith.adapters.storage.s3.buckets import S3Buckets
from kith.adapters.storage.s3.client import S3Service
from kith.adapters.storage.s3.depot import S3Depot
from kith.adapters.storage.s3.source import S3Source, address_parts
from kith.adapters.storage.s3.storage import S3Storage

__all__ = [
    "S3Addresses",
    "S3Buckets",
    "S3Depot",
    "S3Service",
    "S3Source",
    "S3Storage",
    "address_parts",
]
