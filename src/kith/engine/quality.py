"""How well a face can be recognized, from its chip, its landmarks and the detector's confidence."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import Pose, Quality
from kith.engine.pixels import Pixels

QUALITY_CHIP: Final = 64
"""Pixels of the square aligned chip that brightness and sharpness are measured on."""

_HEAD: Final = np.array(
    [(-0.5, 0.0, 0.0), (0.5, 0.0, 0.0), (0.0, 0.56, 0.46), (-0.4, 1.04, 0.08), (0.4, 1.04, 0.08)]
)
"""Eyes, nose tip and mouth corners of a head that looks at the camera, in distances between the
eyes: right, down and toward the camera. Right and down are the mean of 102 frontal portraits;
depths are an average adult's: the nose tip lies 29 mm, the mouth's corners 5 mm before the eyes,
which are 63 mm apart. Source: N. Dodgson, "Variation and extrema of human interpupillary distance",
2004; L. Farkas, "Anthropometry of the Head and Face", 1994."""

_FIT: Final = np.asarray(np.linalg.pinv(_HEAD - _HEAD.mean(axis=0)), dtype=np.float64)
"""What gives the head's axes, multiplied with where its points are seen."""

_LUMA: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Source: ITU-R BT.601."""

_SHARP: Final = 14.0
"""Mean strength of the Laplacian, in levels of 255, at which sharpness is 63 %."""

_SURE: Final = 95.0
"""Percent. The detector's confidence in an easy face."""

_LARGE: Final = 96.0
"""Pixels. Faces beyond this shorter side are recognized no better."""


def pose_of(points: NDArray[np.floating]) -> Pose:
    """The head's pose from five landmarks in pixels (5 x 2).

    Yaw is positive where the face turns to the picture's right, pitch where it looks up, roll where
    the head leans clockwise; within 90 degrees of straight (roll: 180).

    Source: D. DeMenthon, L. Davis, "Model-based object pose in 25 lines of code", 1995: the first,
    scaled orthographic step; its two rows are made orthonormal in the least squares' sense.
    """
    across = points[1] - points[0]
    roll = math.atan2(float(across[1]), float(across[0]))
    level = np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
    seen = (points - points.mean(axis=0)) @ level
    left, _, right = np.linalg.svd((_FIT @ seen).T, full_matrices=False)
    rightward, downward = left @ right
    # The third of the head's axes is where the nose points.
    forward = np.cross(rightward, downward)[2]
    yaw = math.atan2(float(rightward[2]), float(forward))
    pitch = math.asin(max(-1.0, min(1.0, -float(downward[2]))))
    return Pose(yaw=math.degrees(yaw), pitch=math.degrees(pitch), roll=math.degrees(roll))


def quality_of(chip: Pixels, pixels: float, pose: Pose, confidence: float) -> Quality:
    """Brightness, sharpness, size and one figure over all.

    Overall grows with size, sharpness and confidence, and falls as the face turns away from the
    camera; roll does not count, for alignment undoes it.

    Args:
        chip: the aligned face, ``QUALITY_CHIP`` pixels. One that was enlarged shows less detail,
            and so is less sharp, as it should be.
        pixels: the shorter side of the face's box in the original.
        pose: of the head.
        confidence: the detector's, percent.
    """
    luma = chip.astype(np.float32) @ _LUMA
    sharpness = 100 * (1 - math.exp(-_detail(luma) / _SHARP))
    return Quality(
        brightness=min(100.0, float(luma.mean()) / 2.55),
        sharpness=sharpness,
        pixels=pixels,
        overall=_overall(pixels, sharpness, pose, confidence),
    )


def _detail(luma: NDArray[np.float32]) -> float:
    """The root mean square of the Laplacian over the chip's inner part, which shows only face."""
    quarter = len(luma) // 8
    inner = luma[quarter:-quarter, quarter:-quarter]
    middle = inner[1:-1, 1:-1]
    around = inner[:-2, 1:-1] + inner[2:, 1:-1] + inner[1:-1, :-2] + inner[1:-1, 2:]
    return float(np.sqrt(np.mean((around - 4 * middle) ** 2)))


def _overall(pixels: float, sharpness: float, pose: Pose, confidence: float) -> float:
    """The product of factors between 0 and 1, percent, so that the weakest bounds the whole.

    Size and sharpness say much of the same, so both enter with roots. Of one person's pictures the
    detector's confidence tells best which will be hard to recognize (measured on LFW, where all
    faces are of one size); it moves between 70 and 95 %, so its fourth power is taken.
    """
    size = min(1.0, max(0.0, pixels) / _LARGE)
    sure = min(1.0, confidence / _SURE)
    frontal = max(0.0, math.cos(math.radians(pose.yaw)))
    level = max(0.0, math.cos(math.radians(pose.pitch)))
    return 100 * math.sqrt(size * math.sqrt(sharpness / 100)) * sure**4 * frontal * level
