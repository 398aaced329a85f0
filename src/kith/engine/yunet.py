"""Reading YuNet's answer.

Source: W. Wu, H. Peng, S. Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023; the decoding
of its anchor-free heads follows the paper's section on inference.
"""

from __future__ import annotations

import numpy as np

from kith.engine.candidates import Candidates
from kith.engine.runtime import Outputs

_STRIDES = (8, 16, 32)


def read_yunet(outputs: Outputs, width: int, floor: float) -> Candidates:
    """The faces that YuNet sees, overlapping ones included.

    Args:
        outputs: of a picture whose sides are multiples of 32.
        width: of that picture, pixels.
        floor: confidence (0 to 1) below which nothing is returned.
    """
    return Candidates.joined([_read_stride(outputs, stride, width, floor) for stride in _STRIDES])


def _read_stride(outputs: Outputs, stride: int, width: int, floor: float) -> Candidates:
    """Each cell of a stride's grid offers one face, relative to the cell's corner."""
    face = outputs[f"cls_{stride}"][0, :, 0]
    there = outputs[f"obj_{stride}"][0, :, 0]
    likely = face * there
    cells = np.flatnonzero(likely > floor * floor)
    if not len(cells):
        return Candidates.none()
    rows, columns = np.divmod(cells, width // stride)
    corners = np.stack([columns, rows], axis=1).astype(np.float32)
    offsets = outputs[f"bbox_{stride}"][0, cells]
    centers = (corners + offsets[:, :2]) * stride
    halves = np.exp(offsets[:, 2:]) * (stride / 2)
    points = outputs[f"kps_{stride}"][0, cells].reshape(-1, 5, 2)
    return Candidates(
        boxes=np.concatenate([centers - halves, centers + halves], axis=1),
        points=(points + corners[:, np.newaxis]) * stride,
        confidence=np.sqrt(likely[cells]),
    )
