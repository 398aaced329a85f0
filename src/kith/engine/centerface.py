"""Reading CenterFace's answer.

Source: Y. Xu, W. Yan, H. Sun, G. Yang, J. Luo, "CenterFace: Joint Face Detection and Alignment
Using Face as Point", 2019, section 3.
"""

from __future__ import annotations

import numpy as np

from kith.engine.candidates import Candidates
from kith.engine.runtime import Outputs

_STRIDE = 4


def read_centerface(outputs: Outputs, width: int, floor: float) -> Candidates:
    """The faces that CenterFace sees, overlapping ones included.

    Its four outputs lie on one grid: how likely a face is centered in a cell, the logarithm of its
    height and width, the center's offset, and the landmarks as ratios of the box; y before x.

    Args:
        outputs: of a picture whose sides are multiples of 32.
        width: of that picture, pixels; the grid tells it already.
        floor: confidence (0 to 1) below which nothing is returned.
    """
    heat, sizes, offsets, points = (outputs[name][0] for name in ("537", "538", "539", "540"))
    del width
    rows, columns = np.nonzero(heat[0] > floor)
    corners = np.stack([columns, rows], axis=1).astype(np.float32)
    centers = (corners + offsets[::-1, rows, columns].T + 0.5) * _STRIDE
    extents = np.exp(sizes[::-1, rows, columns].T) * _STRIDE
    low = centers - extents / 2
    ratios = points[:, rows, columns].T.reshape(-1, 5, 2)[:, :, ::-1]
    return Candidates(
        boxes=np.concatenate([low, low + extents], axis=1),
        points=low[:, np.newaxis] + ratios * extents[:, np.newaxis],
        confidence=heat[0, rows, columns],
    )
