"""A folder that serves as buckets: each folder in it is one, and its files are the objects."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from kith.domain.errors import NotFoundError


class BucketFolder:
    """``Buckets`` below a folder. Objects have no versions.

    A link that leads out of its bucket is not followed.

    Args:
        root: the folder with the buckets.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, bucket: str, key: str, version: str | None, most: int, /) -> bytes:
        """See ``Buckets.read``."""
        parts = PurePosixPath(key).parts
        if version or "/".join(parts) != key or {"..", "."} & {bucket, *parts}:
            raise NotFoundError(f"There is no object {key} in the bucket {bucket}")
        try:
            home = (self._root / bucket).resolve(strict=True)
            path = home.joinpath(*parts).resolve(strict=True)
            if home.parent != self._root.resolve() or not path.is_relative_to(home):
                raise NotFoundError(f"There is no object {key} in the bucket {bucket}")
            if not path.is_file():  # a pipe would never end
                raise NotFoundError(f"There is no object {key} in the bucket {bucket}")
            with path.open("rb") as file:
                return file.read(most)
        except (OSError, ValueError) as error:  # ValueError: a NUL
            raise NotFoundError(f"There is no object {key} in the bucket {bucket}") from error
