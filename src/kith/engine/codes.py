"""Unit vectors as bytes, with a proven bound on what that costs.

A vector v is stored as ``scale * code``, with codes from -127 to 127, and with ``error``, the
length of what is missing. For two vectors with such codes, by the inequality of Cauchy and Schwarz,

    abs(q.v - q'.v') = abs(q'.(v - v') + (q - q').v) <= length(q') * error(v) + error(q) * length(v)

where the primed vectors are the decoded ones. So a scan over the codes can tell for certain which
vectors cannot reach a cosine, and only the others have to be looked at in full. With 256 dimensions
the bound is about 0.015.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numkong
import numpy as np
from numpy.typing import NDArray

from kith.engine.pixels import Vectors

LONGEST = 1.001
"""Length that a vector may have; 32-bit rounding makes unit vectors a little longer or shorter."""

_ROUNDING = 1e-6
"""Added to every error: more than 32-bit rounding can take from it (256 * 2**-24 / 16)."""

_ROUNDING_64 = 1e-9
"""The same for what is computed from the errors in 64 bits."""

_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Codes:
    """Vectors as bytes.

    Attributes:
        values: count x dimensions, -127 to 127.
        scales: count; what a row is multiplied with.
        errors: count; the length of the difference to the vector, never less than it is.
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float32]
    errors: NDArray[np.float32]


def encode(vectors: Vectors) -> Codes:
    """The codes of unit vectors.

    Raises:
        ValueError: a row is not of length 1, or not finite.
    """
    count, dimensions = vectors.shape
    codes = Codes(
        values=np.empty((count, dimensions), np.int8),
        scales=np.empty((count,), np.float32),
        errors=np.empty((count,), np.float32),
    )
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        _encode_part(vectors[part], codes, part)
    return codes


def _encode_part(vectors: Vectors, codes: Codes, part: slice) -> None:
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < LONGEST - 1):  # not a number compares as false, too
        raise ValueError("embeddings must have length 1")
    scales = np.abs(vectors).max(axis=1) / np.float32(127)
    values = np.rint(vectors / scales[:, None])
    codes.values[part] = values
    codes.scales[part] = scales
    codes.errors[part] = np.linalg.norm(vectors - values * scales[:, None], axis=1) + _ROUNDING


class CodedQueries:
    """Vectors to compare codes with, in the order the processor likes them.

    NumKong's packed product was chosen over simsimd, whose successor it is (same author; simsimd
    gets no releases any more), over faiss (40 MB, and it brings its own BLAS) and over numpy (no
    integer matrix product in SIMD). It runs at the speed of memory; see ``benchmarks/search.py``.

    Attributes:
        scales: count; what products are multiplied with, besides the other code's scale.
        reach: count; what the other code's error counts in the bound.
        spread: count; what the query's own error adds to the bound.
    """

    def __init__(self, vectors: Vectors) -> None:
        codes = encode(vectors)
        errors = codes.errors.astype(np.float64)
        self.scales = codes.scales.astype(np.float64)
        self.reach = LONGEST + errors
        self.spread = LONGEST * errors + _ROUNDING_64
        self._packed = numkong.dots_pack(codes.values)

    def dots(self, values: NDArray[np.int8]) -> NDArray[np.int32]:
        """The products of rows of codes with the queries: count x queries, exact."""
        product = numkong.dots_packed(values, self._packed)
        return np.asarray(cast("Any", product))
