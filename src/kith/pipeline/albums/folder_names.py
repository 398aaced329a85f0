"""What the albums that folders make are called: by the last parts of their paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TypeAlias

from kith.domain.album import name_key
from kith.domain.names import folded

_Parts: TypeAlias = tuple[str, ...]


def folder_names(paths: Iterable[str], taken: Collection[str] = ()) -> Mapping[str, str]:
    """The name of each folder by its path: as few of the last parts as no other folder ends with.

    Args:
        paths: absolute paths of folders.
        taken: keys of names (``name_key``) that are somebody else's.
    """
    parts_of = {path: _parts(path) for path in paths}
    ends = Counter(parts[start:] for parts in parts_of.values() for start in range(len(parts)))

    def name(parts: _Parts) -> str:
        for start in range(len(parts) - 1, 0, -1):
            shortest = "/".join(parts[start:])
            if ends[parts[start:]] == 1 and name_key(shortest) not in taken:
                return shortest
        return str(PurePath(*parts))

    return {path: name(parts) for path, parts in parts_of.items()}


def folders_called(word: str, paths: Sequence[str]) -> Sequence[str]:
    """The folders whose paths end with these parts: as they are written, else in whatever case."""
    exact = _ending(word, paths, str)
    return exact or _ending(word, paths, folded)


def _ending(word: str, paths: Sequence[str], form: Callable[[str], str]) -> Sequence[str]:
    wanted = tuple(map(form, _parts(word)))
    if not wanted:
        return ()
    return [path for path in paths if tuple(map(form, _parts(path)[-len(wanted) :])) == wanted]


def _parts(path: str) -> _Parts:
    return PurePath(path).parts
