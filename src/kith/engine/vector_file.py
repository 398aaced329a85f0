"""A vector index in a file: memory-mapped, checked, and thrown away at the least doubt.

The file is a copy of what the database holds; deleting it costs a second at the next start. It is
raw arrays behind a header of one page, in the machine's byte order::

    "KITHVEC1", length and CRC-32 of the description, the description (JSON), zeros up to 4096
    numbers, keys, scales, errors, codes, vectors: each begins at a multiple of 64

The description has a CRC-32 of everything but the vectors: those are only read where a search
needs them, and are checked against their codes then (``DamagedVectorsError``).
"""

from __future__ import annotations

import json
import os
import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from kith.engine.scan import Segment
from kith.engine.vectors import VectorIndex

_MAGIC = b"KITHVEC1"
_PREFIX = struct.Struct("<8sII")
_PAGE = 4096
_ALIGNMENT = 64
_ABANDONED_SECONDS = 600.0
"""Age at which a half-written file of a killed process is swept away; writing takes seconds."""

_UNCHECKED = "vectors"


class UnusableFileError(Exception):
    """The file is missing, damaged, or a copy of something else."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an index file is a copy of.

    Attributes:
        collection: the collection's id.
        pack: name and version of the model pack.
        dimensions: of the vectors.
    """

    collection: str
    pack: str
    dimensions: int


def write_index(path: Path, index: VectorIndex, source: Source, version: int) -> None:
    """Keep an index in a file; a reader sees the old file or the new one, never a part.

    Args:
        path: the file; its folder exists.
        index: what to keep; what was removed from it is left out.
        source: what it is a copy of.
        version: the collection's version that was copied.

    Raises:
        OSError: it cannot be written; then an earlier file is still there.
    """
    _sweep(path)
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _write(file, index, source, version)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read_index(path: Path, source: Source) -> tuple[VectorIndex, int]:
    """The index in a file, memory-mapped, and the version it has.

    Raises:
        UnusableFileError: the file is missing, damaged, or a copy of something else.
    """
    try:
        with path.open("rb") as file:
            description = _read_description(file.read(_PAGE))
        _check_source(description, source)
        arrays = _map(path, int(description["count"]), source.dimensions)
        if _checksums(arrays) != description["checksums"]:
            raise UnusableFileError(f"{path} has been changed")
        arrays["errors"] = arrays["errors"].copy()  # where removed rows are marked
        index = VectorIndex(source.dimensions, Segment(**arrays))
        return index, int(description["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableFileError(f"{path} cannot be used: {error}") from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an array lies in the file."""

    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def end(self) -> int:
        return self.offset + self.row_size * self.shape[0]

    @property
    def row_size(self) -> int:
        return self.dtype.itemsize * int(np.prod(self.shape[1:]))


def _layout(count: int, dimensions: int) -> Mapping[str, _Place]:
    columns: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
        "numbers": (np.int64, ()),
        "keys": (np.uint64, (2,)),
        "scales": (np.float32, ()),
        "errors": (np.float32, ()),
        "codes": (np.int8, (dimensions,)),
        "vectors": (np.float32, (dimensions,)),
    }
    places: dict[str, _Place] = {}
    offset = _PAGE
    for name, (kind, row) in columns.items():
        places[name] = _Place(offset, np.dtype(kind), (count, *row))
        offset = -(-places[name].end // _ALIGNMENT) * _ALIGNMENT
    return places


def _write(file: BinaryIO, index: VectorIndex, source: Source, version: int) -> None:
    living = index.living()
    count = sum(len(rows) for _, rows in living)
    layout = _layout(count, source.dimensions)
    checksums = dict.fromkeys(layout, 0)
    start = 0
    for segment, rows in living:
        part = segment.part(rows)
        for name, place in layout.items():
            data = np.ascontiguousarray(getattr(part, name), place.dtype).tobytes()
            checksums[name] = zlib.crc32(data, checksums[name])
            file.seek(place.offset + start * place.row_size)
            file.write(data)
        start += len(rows)
    file.truncate(layout[_UNCHECKED].end)
    del checksums[_UNCHECKED]
    file.seek(0)
    file.write(
        _description(
            **asdict(source),
            version=version,
            count=count,
            checksums=checksums,
            byte_order=sys.byteorder,
        )
    )


def _description(**facts: object) -> bytes:
    text = json.dumps(facts).encode()
    return (_PREFIX.pack(_MAGIC, len(text), zlib.crc32(text)) + text).ljust(_PAGE, b"\0")


def _read_description(page: bytes) -> dict[str, Any]:
    if len(page) < _PAGE:
        raise UnusableFileError("the file is cut short")
    magic, size, checksum = _PREFIX.unpack_from(page)
    text = page[_PREFIX.size : _PREFIX.size + size]
    if magic != _MAGIC or zlib.crc32(text) != checksum:
        raise UnusableFileError("the file is no index, or its header is damaged")
    return json.loads(text)


def _check_source(description: Mapping[str, Any], source: Source) -> None:
    expected = {**asdict(source), "byte_order": sys.byteorder}
    if any(description[name] != value for name, value in expected.items()):
        raise UnusableFileError("the file is a copy of something else")


def _map(path: Path, count: int, dimensions: int) -> dict[str, NDArray[Any]]:
    layout = _layout(count, dimensions)
    if path.stat().st_size != layout[_UNCHECKED].end:
        raise UnusableFileError("the file has another length than its header says")
    raw: NDArray[np.uint8] = np.asarray(np.memmap(path, np.uint8, "r"))
    return {
        name: raw[place.offset : place.end].view(place.dtype).reshape(place.shape)
        for name, place in layout.items()
    }


def _checksums(arrays: Mapping[str, NDArray[Any]]) -> dict[str, int]:
    return {name: zlib.crc32(array.data) for name, array in arrays.items() if name != _UNCHECKED}


def _sweep(path: Path) -> None:
    """Delete what killed processes left half-written."""
    for partial in path.parent.glob(f"{path.name}.*.new"):
        with suppress(OSError):
            if time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS:
                partial.unlink()
