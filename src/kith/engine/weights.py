"""Model files: where they are looked for, whether they are there, and whether they are whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from kith.domain.errors import WeightsMissingError
from kith.engine.labels.pack import LABEL_PACK, load_label_pack
from kith.engine.pack import Weight, load_pack, pack_names


class AnyPack(Protocol):
    """What all packs have: of faces, and of labels."""

    @property
    def name(self) -> str:
        """Its name, as in ``kith models install NAME``."""
        ...

    @property
    def version(self) -> str:
        """Digits and dots."""
        ...

    @property
    def summary(self) -> str:
        """One line for people."""
        ...

    @property
    def licence(self) -> str:
        """Of the weights."""
        ...

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The model files."""
        ...


PackT = TypeVar("PackT", bound=AnyPack)


@dataclass(frozen=True, slots=True)
class ModelFolders:
    """The folders of model files.

    Attributes:
        given: a folder that the user named (``KITH_MODELS``); searched first, never written to.
        cache: the folder for downloaded files; made when first needed.
    """

    given: Path | None
    cache: Path

    @property
    def searched(self) -> tuple[Path, ...]:
        """The folders in the order in which they are searched."""
        return (self.given, self.cache) if self.given else (self.cache,)

    def given_for(self, pack: AnyPack) -> tuple[Path, ...]:
        """Where the user may have put a pack: in the given folder, or in one of its name beside it.

        So one folder with a folder for faces and a folder for labels serves both, when either is
        named.
        """
        if self.given is None:
            return ()
        alone = all(weight.path.startswith(f"{pack.name}/") for weight in pack.weights)
        return (self.given, self.given.parent) if alone else (self.given,)

    def searched_for(self, pack: AnyPack) -> tuple[Path, ...]:
        """The folders that a pack's files are looked for in, in this order."""
        return (*self.given_for(pack), self.cache)


@dataclass(frozen=True, slots=True)
class InstalledPack(Generic[PackT]):
    """A pack, and the folder that holds all its files."""

    pack: PackT
    folder: Path

    def path(self, weight_path: str) -> Path:
        """Where the file of a ``Weight.path`` lies."""
        return self.folder / weight_path


class Condition(Enum):
    """What verifying a model file found."""

    WHOLE = "whole"
    MISSING = "missing"
    CORRUPT = "corrupt"


@dataclass(frozen=True, slots=True)
class FileState:
    """One model file as ``verify`` found it.

    Attributes:
        weight: what the pack says of it.
        path: where it lies, or should.
        condition: whether it is there and has the pinned hash.
    """

    weight: Weight
    path: Path
    condition: Condition


@dataclass(frozen=True, slots=True)
class PackListing:
    """A pack as ``kith models list`` shows it.

    Attributes:
        pack: its description.
        byte_size: length of all its files in bytes.
        folder: where it is installed; ``None`` if it is not.
    """

    pack: AnyPack
    byte_size: int
    folder: Path | None


def any_pack(name: str, folders: ModelFolders) -> AnyPack:
    """The pack of that name, of faces or of labels.

    Raises:
        UnknownPackError: there is none.
        SettingError: its description cannot be understood.
    """
    return load_label_pack() if name == LABEL_PACK else load_pack(name, folders.searched)


def list_packs(folders: ModelFolders) -> tuple[PackListing, ...]:
    """Every pack, built in or described in the folders, by name; looks at sizes only.

    Raises:
        SettingError: a description in the folders cannot be understood.
    """
    names = {*pack_names(folders.searched), LABEL_PACK}
    packs = [any_pack(name, folders) for name in sorted(names)]
    return tuple(
        PackListing(pack, sum(weight.byte_size for weight in pack.weights), _home(pack, folders))
        for pack in packs
    )


def find_pack_files(pack: PackT, folders: ModelFolders) -> InstalledPack[PackT]:
    """The pack in the first folder that holds all its files.

    Only lengths are compared, so that starting costs nothing: hashes are checked when files are
    installed, and by ``verify``. A pack is never put together from two folders, because some models
    find their second file beside the first.

    Raises:
        WeightsMissingError: no folder holds them all; names the files and what to do.
    """
    home = _home(pack, folders)
    if home is None:
        raise missing(pack, folders, "are neither in the folders of models nor downloaded yet")
    return InstalledPack(pack, home)


def verify(pack: AnyPack, folders: ModelFolders) -> Sequence[FileState]:
    """The state of each file of the pack, hashes compared, in the folder that Kith takes it from.

    Where the pack is installed nowhere, that is the first folder with any of its files, or else the
    cache.
    """
    home = _home(pack, folders) or _first_with_any(pack, folders)
    return tuple(_state(weight, home / weight.path) for weight in pack.weights)


def sha256_of(path: Path) -> str:
    """The hash of a file in lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(path: Path, weight: Weight) -> bool:
    """Whether the file is there, with the pinned length and hash."""
    return _has_size(path, weight) and sha256_of(path) == weight.sha256


def missing(pack: AnyPack, folders: ModelFolders, why: str) -> WeightsMissingError:
    """The error for a pack whose files cannot be had; ``why`` completes "The files of pack x …"."""
    target = _first_with_any(pack, folders)
    absent = [weight for weight in pack.weights if not _has_size(target / weight.path, weight)]
    names = ", ".join(weight.path for weight in absent)
    sources = ", ".join(dict.fromkeys(_source(weight) for weight in absent))
    return WeightsMissingError(
        f"The files of pack {pack.name} {why}: {names}",
        f"Run `kith models install {pack.name}` where there is a network, or copy the files from "
        f"{sources} into {target} or into a folder that KITH_MODELS names.",
    )


def _home(pack: AnyPack, folders: ModelFolders) -> Path | None:
    return next(
        (
            folder
            for folder in folders.searched_for(pack)
            if all(_has_size(folder / weight.path, weight) for weight in pack.weights)
        ),
        None,
    )


def _first_with_any(pack: AnyPack, folders: ModelFolders) -> Path:
    return next(
        (
            folder
            for folder in folders.searched_for(pack)
            if any((folder / weight.path).is_file() for weight in pack.weights)
        ),
        folders.cache,
    )


def _state(weight: Weight, path: Path) -> FileState:
    if not path.is_file():
        return FileState(weight, path, Condition.MISSING)
    whole = is_whole(path, weight)
    return FileState(weight, path, Condition.WHOLE if whole else Condition.CORRUPT)


def _has_size(path: Path, weight: Weight) -> bool:
    try:
        return path.is_file() and path.stat().st_size == weight.byte_size
    except OSError:
        return False


def _source(weight: Weight) -> str:
    if weight.url:
        return weight.url
    if weight.package:
        return f"the package {weight.package.requirement} ({weight.package.url})"
    return "where the pack comes from"
