"""The search among vectors is exact, and its file can be trusted or is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kith.engine.codes import CodedQueries, encode
from kith.engine.pixels import Vectors
from kith.engine.scan import DamagedVectorsError, Neighbors, cosines_with
from kith.engine.vector_file import Source, UnusableFileError, read_index, write_index
from kith.engine.vectors import VectorIndex

SOURCE = Source("library", "open 1.0", 32)


@st.composite
def vector_sets(draw: st.DrawFn) -> Vectors:
    """Unit vectors as faces have them: crowds, copies, near copies, and lopsided ones."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dimensions = draw(st.sampled_from([1, 2, 3, 31, 64, 128, 256]))
    count = draw(st.integers(1, 300))
    people = random.standard_normal((draw(st.integers(1, 20)), dimensions))
    spread = draw(st.sampled_from([0.0, 1e-4, 0.1, 1.0, 10.0]))
    rows = people[random.integers(0, len(people), count)]
    rows = rows + spread * random.standard_normal((count, dimensions))
    if draw(st.booleans()):
        rows = rows**5  # a few large elements make coarse codes
    return _unit(rows)


@given(
    vectors=vector_sets(),
    min_cosine=st.sampled_from([-1.0, -0.2, 0.0, 0.3, 0.6, 0.95, 1.0]),
    limit=st.sampled_from([1, 2, 7, 50, 1000]),
    removed=st.sets(st.integers(0, 299), max_size=100),
)
@settings(deadline=None)
def test_search_is_brute_force(
    vectors: Vectors, min_cosine: float, limit: int, removed: set[int]
) -> None:
    """A search answers as comparing with every vector that was not removed."""
    index, keys = VectorIndex(vectors.shape[1]), _keys(len(vectors))
    index.add(_numbers(len(vectors)), keys, vectors)
    gone = np.array(sorted(removed), np.int64)
    index.remove(gone)
    queries = vectors[:40]

    found = index.search(queries, min_cosine=min_cosine, limit=limit)

    for query, neighbors in zip(queries, found, strict=True):
        expected = _brute_force(vectors, keys, query, min_cosine, gone)
        assert neighbors.numbers.tolist() == expected[:limit]
        assert (
            neighbors.cosines.tolist()
            == [cosines_with(query, vectors)[n] for n in expected][:limit]
        )


@pytest.mark.parametrize("limit", [1, 100, 20_000])
def test_many_candidates(limit: int) -> None:
    """A search over several segments that gathers more candidates than it keeps loses none."""
    random = np.random.default_rng(7)
    vectors = _unit(random.standard_normal((100_000, 8)))
    index, keys = VectorIndex(8), _keys(len(vectors))
    for part in np.array_split(_numbers(len(vectors)), 7):
        index.add(part, keys[part], vectors[part])

    (found,) = index.search(vectors[5:6], min_cosine=-1.0, limit=limit)

    none = np.zeros(0, np.int64)
    assert found.numbers.tolist() == _brute_force(vectors, keys, vectors[5], -1.0, none)[:limit]


@given(vectors=vector_sets())
@settings(deadline=None)
def test_error_bound(vectors: Vectors) -> None:
    """The product of two codes is never further from the cosine than their errors say."""
    codes, queries = encode(vectors), CodedQueries(vectors[:20])

    approximate = queries.dots(codes.values) * np.outer(codes.scales, queries.scales)

    exact = vectors.astype(np.float64) @ vectors[:20].astype(np.float64).T
    bound = np.outer(codes.errors, queries.reach) + queries.spread
    assert np.all(np.abs(exact - approximate) <= bound)


def test_products_do_not_overflow() -> None:
    """The products of codes are exact at the ends of their range, for any length."""
    for dimensions in (1, 63, 64, 65, 512, 2048):
        vectors = _unit(np.array([[1.0] * dimensions, [-1.0] * dimensions]))
        queries = CodedQueries(vectors)

        dots = queries.dots(encode(vectors).values)

        assert dots.tolist() == [
            [127 * 127 * dimensions, -127 * 127 * dimensions],
            [-127 * 127 * dimensions, 127 * 127 * dimensions],
        ]


@pytest.mark.parametrize("row", [[0.0, 0.0], [2.0, 0.0], [np.nan, 1.0], [np.inf, 0.0]])
def test_only_unit_vectors(row: list[float]) -> None:
    """A vector that is not of length 1 is refused, for the bound would not hold."""
    with pytest.raises(ValueError, match="length 1"):
        VectorIndex(2).add(_numbers(1), _keys(1), np.array([row], np.float32))


def test_numbers_ascend() -> None:
    """Numbers that do not ascend are refused, for rows are found by them."""
    index, vectors = VectorIndex(4), _unit(np.eye(4))
    index.add(_numbers(4), _keys(4), vectors)

    with pytest.raises(ValueError, match="ascend"):
        index.add(np.array([3], np.int64), _keys(1), vectors[:1])


def test_removing_gives_room_back() -> None:
    """Removing most of the vectors, twice, leaves the others, and their search exact."""
    random = np.random.default_rng(3)
    vectors, keys = _unit(random.standard_normal((40_000, 16))), _keys(40_000)
    index, gone = VectorIndex(16), np.arange(0, 40_000, dtype=np.int64)[100:39_900]
    index.add(_numbers(40_000), keys, vectors)

    assert index.remove(gone) == len(gone)
    assert index.remove(gone) == 0

    assert len(index) == 200
    assert sum(len(rows) for _, rows in index.living()) == 200
    assert sum(len(segment) for segment, _ in index.living()) == 200
    (found,) = index.search(vectors[:1], min_cosine=-1.0, limit=500)
    assert found.numbers.tolist() == _brute_force(vectors, keys, vectors[0], -1.0, gone)


def test_empty_index() -> None:
    """An index without vectors finds nothing."""
    (found,) = VectorIndex(4).search(_unit(np.eye(4))[:1], min_cosine=-1.0, limit=5)

    assert len(found.numbers) == 0


# -- the file --------------------------------------------------------------------------------------


@pytest.fixture
def filled() -> VectorIndex:
    """An index of 500 vectors, of which one was removed."""
    index = VectorIndex(32)
    vectors = _unit(np.random.default_rng(5).standard_normal((500, 32)))
    index.add(_numbers(500), _keys(500), vectors)
    index.remove(np.array([17], np.int64))
    return index


def test_file_round_trip(filled: VectorIndex, tmp_path: Path) -> None:
    """An index that was written and read answers as before, and can still be changed."""
    write_index(tmp_path / "index", filled, SOURCE, 42)

    index, version = read_index(tmp_path / "index", SOURCE)

    assert (version, len(index)) == (42, 499)
    assert _answers(index) == _answers(filled)
    for one in (index, filled):
        one.remove(np.array([3, 17, 400], np.int64))
        one.add(np.array([900], np.int64), _keys(1), _unit(np.ones((1, 32))))
    assert len(index) == 498
    assert _answers(index) == _answers(filled)


def test_removed_vectors_are_not_written(tmp_path: Path) -> None:
    """The file holds no trace of a vector that was removed."""
    index = VectorIndex(32)
    vectors = _unit(np.random.default_rng(5).standard_normal((5, 32)))
    index.add(_numbers(5), _keys(5), vectors)
    index.remove(np.array([2], np.int64))

    write_index(tmp_path / "index", index, SOURCE, 1)

    content = (tmp_path / "index").read_bytes()
    assert vectors[1].tobytes() in content
    assert vectors[2].tobytes() not in content
    assert encode(vectors).values[2].tobytes() not in content


def test_empty_file_round_trip(tmp_path: Path) -> None:
    """An empty index can be written and read."""
    write_index(tmp_path / "index", VectorIndex(32), SOURCE, 1)

    assert len(read_index(tmp_path / "index", SOURCE)[0]) == 0


@pytest.mark.parametrize(
    "other",
    [
        Source("other", "open 1.0", 32),
        Source("library", "open 1.1", 32),
        Source("library", "open 1.0", 64),
    ],
)
def test_file_of_something_else(filled: VectorIndex, tmp_path: Path, other: Source) -> None:
    """A file of another collection, pack or length of vectors is refused."""
    write_index(tmp_path / "index", filled, other if other.dimensions == 32 else SOURCE, 1)

    with pytest.raises(UnusableFileError):
        read_index(tmp_path / "index", SOURCE if other.dimensions == 32 else other)


@given(part=st.floats(0, 1, exclude_max=True))
@settings(deadline=None)
def test_file_cut_short(tmp_path_factory: pytest.TempPathFactory, part: float) -> None:
    """A file that was cut anywhere is refused."""
    path = _written(tmp_path_factory)
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])

    with pytest.raises(UnusableFileError):
        read_index(path, SOURCE)


@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
@settings(deadline=None)
def test_file_with_a_flipped_byte(
    tmp_path_factory: pytest.TempPathFactory, place: float, bits: int
) -> None:
    """A changed byte is noticed when the file is read, or when it would change an answer."""
    path = _written(tmp_path_factory)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= bits
    path.write_bytes(content)

    try:
        index, _ = read_index(path, SOURCE)
        numbers, cosines = _answers(index)
    except (UnusableFileError, DamagedVectorsError):
        return
    expected_numbers, expected_cosines = _answers(_small())
    assert sorted(numbers) == sorted(expected_numbers)
    assert np.abs(np.sort(cosines) - np.sort(expected_cosines)).max() < 0.05


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is refused like a damaged one."""
    with pytest.raises(UnusableFileError):
        read_index(tmp_path / "index", SOURCE)


def test_failed_write_leaves_the_old_file(filled: VectorIndex, tmp_path: Path) -> None:
    """Where writing fails, the earlier file is still there and nothing half-written."""
    path = tmp_path / "index"
    write_index(path, filled, SOURCE, 1)

    with pytest.raises(TypeError):
        write_index(path, filled, SOURCE, object())  # pyright: ignore[reportArgumentType]

    assert read_index(path, SOURCE)[1] == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["index"]


# -- helpers ---------------------------------------------------------------------------------------


def _unit(rows: NDArray[np.floating]) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.where(lengths > 0, rows, 1.0)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _numbers(count: int) -> NDArray[np.int64]:
    return np.arange(count, dtype=np.int64)


def _keys(count: int) -> NDArray[np.uint64]:
    """Keys that are not in the order of the numbers and differ in either half."""
    random = np.random.default_rng(count)
    halves = random.permutation(count).astype(np.uint64)
    return np.stack([halves // np.uint64(3), halves], axis=1)


def _brute_force(
    vectors: Vectors,
    keys: NDArray[np.uint64],
    query: NDArray[np.float32],
    min_cosine: float,
    gone: NDArray[np.int64],
) -> list[int]:
    cosines = cosines_with(query, vectors)
    order = np.lexsort((keys[:, 1], keys[:, 0], -cosines))
    left = order[(cosines[order] >= min_cosine) & ~np.isin(order, gone)]
    return left.tolist()


def _answers(index: VectorIndex) -> tuple[list[int], list[float]]:
    queries = _unit(np.random.default_rng(6).standard_normal((3, 32)))
    found: list[Neighbors] = index.search(queries, min_cosine=-1.0, limit=1000)
    return (
        [number for one in found for number in one.numbers.tolist()],
        [cosine for one in found for cosine in one.cosines.tolist()],
    )


def _small() -> VectorIndex:
    index = VectorIndex(32)
    vectors = _unit(np.random.default_rng(8).standard_normal((40, 32)))
    index.add(_numbers(40), _keys(40), vectors)
    return index


def _written(folders: pytest.TempPathFactory) -> Path:
    path = folders.mktemp("file") / "index"
    write_index(path, _small(), SOURCE, 1)
    return path
