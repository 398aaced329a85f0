"""Which faces of a picture are good enough, and which are too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kith.domain.face import FaceDetail


@dataclass(frozen=True, slots=True)
class _Bar:
    """What a face must have.

    Attributes:
        confidence: percent.
        pixels: of the shorter side of its box in the original.
        sharpness: percent.
        brightness: percent.
        turned: degrees that it may be turned away, to a side or up or down.
        overall: percent.
    """

    confidence: float
    pixels: float
    sharpness: float
    brightness: float
    turned: float
    overall: float


_PROFILE: Final = 75
"""Degrees. Beyond, half a face is all there is, and that says more of how it is turned than of
whose it is: in photos of a family, profiles were 11 to 61 % alike to other pictures of the same
person, others' faces up to 67 %. Of 1,784 faces of LFW, nine are turned further."""

_LOW: Final = _Bar(75, 20, 15, 10, _PROFILE, 3)
_BARS: Final[Mapping[str, _Bar]] = {
    "AUTO": _LOW,
    "LOW": _LOW,
    "MEDIUM": _Bar(80, 40, 40, 20, 60, 25),
    "HIGH": _Bar(85, 60, 60, 30, 40, 60),
}
"""Of the faces of Labeled Faces in the Wild, LOW takes 98 %, MEDIUM 93 % and HIGH 75 %."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The faces of a picture, largest first within each part, by their ranks among all.

    Attributes:
        chosen: those that count.
        left: those that do not, with the reasons.
    """

    chosen: Mapping[int, FaceDetail]
    left: Sequence[tuple[FaceDetail, tuple[str, ...]]]


def choose(faces: Sequence[FaceDetail], bar: str, most: int | None = None) -> Choice:
    """Choose among the faces of a picture.

    Of too many, those of low quality are left first, and then the smallest.

    Args:
        faces: largest first.
        bar: of quality: ``NONE``, ``AUTO``, ``LOW``, ``MEDIUM`` or ``HIGH``.
        most: how many are wanted.
    """
    reasons = [shortcomings(face, bar) for face in faces]
    good = [rank for rank, why in enumerate(reasons) if not why]
    good.sort(key=lambda rank: (bool(shortcomings(faces[rank], "AUTO")), rank))
    taken = set(good if most is None else good[:most])
    return Choice(
        {rank: face for rank, face in enumerate(faces) if rank in taken},
        [
            (face, reasons[rank] or ("EXCEEDS_MAX_FACES",))
            for rank, face in enumerate(faces)
            if rank not in taken
        ],
    )


def shortcomings(face: FaceDetail, bar: str) -> tuple[str, ...]:
    """Why a face does not reach a bar of quality, in the service's words."""
    if bar == "NONE":
        return ()
    wanted, quality = _BARS[bar], face.quality
    turned = max(abs(face.pose.yaw), abs(face.pose.pitch))
    checks = {
        "EXTREME_POSE": turned > wanted.turned,
        "LOW_BRIGHTNESS": quality.brightness < wanted.brightness,
        "LOW_SHARPNESS": quality.sharpness < wanted.sharpness,
        "LOW_CONFIDENCE": face.confidence < wanted.confidence,
        "SMALL_BOUNDING_BOX": quality.pixels < wanted.pixels,
        "LOW_FACE_QUALITY": quality.overall < wanted.overall,
    }
    return tuple(reason for reason, fails in checks.items() if fails)
