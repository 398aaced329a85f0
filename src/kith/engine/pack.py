"""Model packs: which files recognize faces, how they are fed, and what their cosines mean.

A pack is data, a TOML file: the built-in ones lie in ``kith/engine/packs``, a user's own in the
folder of weights. Every vector records the pack's name and version; vectors of different packs are
never compared.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from kith.domain.errors import SettingError, UnknownPackError

DEFAULT_PACK = "open"
FALLBACK_PACK = "dlib"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file inside an archive of the Python package index.

    Attributes:
        requirement: the pinned package, ``NAME==VERSION``.
        url: where the archive itself can be downloaded.
        byte_size: the archive's length in bytes.
        sha256: the archive's hash in lower-case hex.
        path: where the file lies once the package is installed, from the folder of packages on.
    """

    requirement: str
    url: str
    byte_size: int
    sha256: str
    path: str


@dataclass(frozen=True, slots=True)
class Weight:
    """One model file.

    Attributes:
        path: where it lies below the folder of weights, ``/`` between parts.
        byte_size: its length in bytes.
        sha256: its hash in lower-case hex.
        url: where it can be downloaded; ``None`` if it cannot be on its own.
        package: the Python package that holds it, if one does.
    """

    path: str
    byte_size: int
    sha256: str
    url: str | None
    package: PackageFile | None = None


@dataclass(frozen=True, slots=True)
class Detector:
    """The model that finds faces.

    Attributes:
        kind: its family, which decides how its outputs are read.
        file: its model file, a ``Weight.path``.
        min_confidence: percent below which a face is dropped.
    """

    kind: Literal["yunet", "centerface"]
    file: str
    min_confidence: float


@dataclass(frozen=True, slots=True)
class View:
    """One way to cut a face: its points enlarged about their middle, then moved down.

    Attributes:
        scale: 1 leaves the points where they are; above 1 the face is larger in the crop.
        down: how far the points move, as a part of the crop's side; negative is up.
    """

    scale: float
    down: float


@dataclass(frozen=True, slots=True)
class Embedder:
    """The model that turns an aligned face into an embedding.

    Attributes:
        file: its model file, a ``Weight.path``.
        dimensions: length of the embedding.
        input_size: pixels of the square crop it takes.
        colors: order of its input's channels.
        mean: subtracted from each channel's value, 0 to 255, before it is scaled.
        scale: what the difference is multiplied with.
        points: where the five landmarks go, as (x, y) in the unit square, in the order left eye,
            right eye, nose, left mouth corner, right mouth corner.
        mirrored: whether the embedding of the mirrored crop is added.
        views: a face is cut and embedded once for each, and the embeddings are added.
        center: file beside the built-in packs with the mean embedding of many people, which is
            subtracted from every one; empty for none. Written by ``benchmarks/calibrate.py``.
    """

    file: str
    dimensions: int
    input_size: int
    colors: Literal["RGB", "BGR"]
    mean: tuple[float, float, float]
    scale: tuple[float, float, float]
    points: tuple[tuple[float, float], ...]
    mirrored: bool
    views: tuple[View, ...] = (View(1.0, 0.0),)
    center: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """A cosine and its strength: -log10 of the share of different people's pairs that reach it."""

    cosine: float
    strength: float


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the engine needs to know of its models.

    Attributes:
        name: its name, as in ``kith models install NAME``.
        version: digits and dots; changes whenever its vectors would.
        summary: one line for people.
        licence: of the weights.
        weights: the model files.
        detector: finds faces.
        embedder: tells them apart.
        calibration: the measured curve, cosine ascending; see ``benchmarks/calibrate.py``.
    """

    name: str
    version: str
    summary: str
    licence: str
    weights: tuple[Weight, ...]
    detector: Detector
    embedder: Embedder
    calibration: tuple[CalibrationPoint, ...]


def load_pack(name: str, folders: Sequence[Path] = ()) -> Pack:
    """The pack of that name, built in or described by ``NAME.toml`` in one of the folders.

    Raises:
        UnknownPackError: there is none.
        SettingError: its description cannot be understood.
    """
    for folder in folders:
        described = folder / f"{name}.toml"
        if described.is_file():
            return parse_pack(described.read_text(encoding="utf-8"), str(described))
    built_in = resources.files("kith.engine") / "packs" / f"{name}.toml"
    if not built_in.is_file():
        known = ", ".join(pack_names(folders))
        raise UnknownPackError(f"There is no model pack named {name!r}", f"Choose one of: {known}.")
    return parse_pack(built_in.read_text(encoding="utf-8"), f"pack {name}")


def pack_names(folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """The names of all packs, built in and described in the folders, sorted."""
    built_in = (resources.files("kith.engine") / "packs").iterdir()
    names = {Path(entry.name).stem for entry in built_in if entry.name.endswith(".toml")}
    names |= {path.stem for folder in folders for path in folder.glob("*.toml")}
    return tuple(sorted(names))


def parse_pack(text: str, source: str) -> Pack:
    """A pack from its TOML description; ``source`` names it in errors.

    Raises:
        SettingError: the description is not TOML, or lacks something.
    """
    try:
        return _pack(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise SettingError(
            f"The model pack described in {source} cannot be understood ({error})",
            "Compare it with the built-in packs; docs/configuration.md describes every field.",
        ) from error


def _pack(data: Mapping[str, Any]) -> Pack:
    detector, embedder = data["detector"], data["embedder"]
    return Pack(
        name=data["name"],
        version=data["version"],
        summary=data["summary"],
        licence=data["licence"],
        weights=tuple(_weight(entry) for entry in data["weights"]),
        detector=Detector(detector["kind"], detector["file"], float(detector["min_confidence"])),
        embedder=Embedder(
            file=embedder["file"],
            dimensions=embedder["dimensions"],
            input_size=embedder["input_size"],
            colors=embedder["colors"],
            mean=_triple(embedder["mean"]),
            scale=_triple(embedder["scale"]),
            points=tuple((float(x), float(y)) for x, y in embedder["points"]),
            mirrored=embedder["mirrored"],
            views=tuple(
                View(float(scale), float(down)) for scale, down in embedder.get("views", [(1, 0)])
            ),
            center=embedder.get("center", ""),
        ),
        calibration=tuple(
            CalibrationPoint(float(cosine), float(strength))
            for cosine, strength in data["calibration"]
        ),
    )


def _weight(entry: Mapping[str, Any]) -> Weight:
    package = entry.get("package")
    return Weight(
        path=entry["path"],
        byte_size=entry["byte_size"],
        sha256=entry["sha256"],
        url=entry.get("url"),
        package=PackageFile(**package) if package else None,
    )


def _triple(values: Sequence[float]) -> tuple[float, float, float]:
    first, second, third = values
    return float(first), float(second), float(third)
