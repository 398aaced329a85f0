"""Turning, scaling and moving a face so that its landmarks lie where they are wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kith.engine.pixels import Pixels

Points = NDArray[np.float64]
"""Count x 2, x before y, in pixels; the center of the first pixel is (0.5, 0.5)."""


@dataclass(frozen=True, slots=True)
class Similarity2D:
    """A rotation, one scale and a shift: ``target = matrix @ source + shift``."""

    matrix: NDArray[np.float64]
    shift: NDArray[np.float64]

    @property
    def scale(self) -> float:
        """Target pixels per source pixel."""
        return float(np.hypot(self.matrix[0, 0], self.matrix[1, 0]))

    def apply(self, points: Points) -> Points:
        """Where source points land."""
        return points @ self.matrix.T + self.shift

    def inverse(self) -> Similarity2D:
        """From the target back to the source."""
        back = np.asarray(np.linalg.inv(self.matrix), dtype=np.float64)
        return Similarity2D(back, -back @ self.shift)


def fit_similarity(source: Points, target: Points) -> Similarity2D:
    """The rotation, scale and shift that bring points nearest to others, by least squares.

    In the plane this is linear. Points that all coincide are only shifted.

    Source: S. Umeyama, "Least-squares estimation of transformation parameters between two point
    patterns", 1991, without reflection.
    """
    center_s, center_t = source.mean(axis=0), target.mean(axis=0)
    s, t = source - center_s, target - center_t
    spread = float(np.sum(s * s))
    if spread == 0:
        return Similarity2D(np.eye(2), center_t - center_s)
    along = float(np.sum(s * t)) / spread
    across = float(np.sum(s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0])) / spread
    matrix = np.array([[along, -across], [across, along]])
    return Similarity2D(matrix, center_t - matrix @ center_s)


def cut_chip(pixels: Pixels, to_chip: Similarity2D, size: int) -> Pixels:
    """A square of ``size`` pixels cut by a similarity; beyond the edge its last pixel repeats.

    A picture larger than the chip needs is averaged over whole blocks first, so that no detail
    aliases; the rest is bilinear.
    """
    back = to_chip.inverse()
    around = back.apply(np.array([[0, 0], [size, 0], [0, size], [size, size]], dtype=np.float64))
    region, corner = _region(pixels, around)
    block = max(1, int(1 / max(to_chip.scale, 1e-6)))
    if block > 1:
        region = _blocks(region, block)
    x, y = _grid(back, size)
    return _bilinear(region, (x - corner[0]) / block - 0.5, (y - corner[1]) / block - 0.5)


def _region(pixels: Pixels, around: Points) -> tuple[Pixels, NDArray[np.intp]]:
    """The part of the picture that holds these points, at least one pixel, and its corner."""
    height, width, _ = pixels.shape
    limit = np.array([width, height])
    low = np.clip(np.floor(around.min(axis=0)) - 2, 0, limit - 1).astype(np.intp)
    high = np.clip(np.ceil(around.max(axis=0)) + 2, low + 1, limit).astype(np.intp)
    return pixels[low[1] : high[1], low[0] : high[0]], low


def _blocks(region: Pixels, block: int) -> Pixels:
    """The means of ``block`` x ``block`` pixels; the last row and column repeat to fill blocks."""
    height, width, _ = region.shape
    padded = np.pad(region, ((0, -height % block), (0, -width % block), (0, 0)), mode="edge")
    rows = sum(padded[offset::block].astype(np.uint32) for offset in range(block))
    sums = sum(np.asarray(rows)[:, offset::block] for offset in range(block))
    return ((np.asarray(sums) + block**2 // 2) // block**2).astype(np.uint8)


def _grid(back: Similarity2D, size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel center of the chip lies in the picture."""
    centers = np.arange(size) + 0.5
    (a, b), (c, d) = back.matrix
    x = a * centers + b * centers[:, np.newaxis] + back.shift[0]
    y = c * centers + d * centers[:, np.newaxis] + back.shift[1]
    return x.astype(np.float32), y.astype(np.float32)


def _bilinear(pixels: Pixels, x: NDArray[np.float32], y: NDArray[np.float32]) -> Pixels:
    """Samples between four neighbors; indexes are of pixel centers."""
    height, width, _ = pixels.shape
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    left, top = x.astype(np.int32), y.astype(np.int32)
    right, down = left < width - 1, (top < height - 1) * width
    dx, dy = (x - np.floor(x))[..., np.newaxis], (y - np.floor(y))[..., np.newaxis]
    corner = top * width + left
    flat = pixels.reshape(-1, 3)
    # Taking from rows is faster than indexing by row and column.
    upper = _between(flat, corner, corner + right, dx)
    lower = _between(flat, corner + down, corner + down + right, dx)
    return (upper + (lower - upper) * dy + 0.5).astype(np.uint8)


def _between(
    flat: Pixels, near: NDArray[np.int32], far: NDArray[np.int32], part: NDArray[np.float32]
) -> NDArray[np.float32]:
    one = flat.take(near, axis=0).astype(np.float32)
    other = flat.take(far, axis=0).astype(np.float32)
    return np.add(one, (other - one) * part, dtype=np.float32)
