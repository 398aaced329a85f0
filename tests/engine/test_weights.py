from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from importlib import resources
from pathlib import Path

import pytest
from http_server import listening
from processes import ended, running

from kith.domain.errors import UnknownPackError, WeightsCorruptError, WeightsMissingError
from kith.engine.download import Progress, Source, download
from kith.engine.install import FALLBACK_NOTICE, ensure_pack, install
from kith.engine.pack import Pack, Weight, load_pack
from kith.engine.weights import Condition, ModelFolders, find_pack_files, list_packs, verify

DATA = bytes(range(256)) * 4096
"""One mebibyte that does not look alike everywhere."""

UNREACHABLE = "http://127.0.0.1:9"
"""Nothing listens on the port "discard"."""


@dataclass
class Site:
    """A web server on the loopback interface, and how it misbehaves.

    Attributes:
        address: where it is, without a final slash.
        files: path -> bytes.
        cut_after: bytes after which an answer breaks off; one answer for each number.
        ranges: whether it answers to ``Range``.
        asked: the path and ``Range`` of each request.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    cut_after: list[int] = field(default_factory=list[int])
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server that serves ``site.files``."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, site)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    with listening(Handler) as site.address:
        yield site


def _answer(request: BaseHTTPRequestHandler, site: Site) -> None:
    path, wanted = request.path.strip("/"), request.headers.get("Range")
    site.asked.append((path, wanted))
    if path not in site.files:
        request.send_error(404)
        return
    body = site.files[path]
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and site.ranges else 0
    if start and start >= len(body):
        request.send_error(416)
        return
    request.send_response(206 if start else 200)
    request.send_header("Content-Length", str(len(body) - start))
    request.end_headers()
    until = start + site.cut_after.pop(0) if site.cut_after else len(body)
    request.wfile.write(body[start:until])


def _source(site: Site) -> Source:
    return Source(f"{site.address}/model.onnx", len(DATA), hashlib.sha256(DATA).hexdigest())


def _weight(path: str, data: bytes, url: str | None = None) -> Weight:
    return Weight(path, len(data), hashlib.sha256(data).hexdigest(), url)


@pytest.fixture
def pack(site: Site) -> Pack:
    """A pack of two small files, which the site serves."""
    site.files |= {"a.onnx": b"first", "b.onnx": b"second"}
    weights = (
        _weight("a.onnx", b"first", f"{site.address}/a.onnx"),
        _weight("sub/b.onnx", b"second", f"{site.address}/b.onnx"),
    )
    return replace(load_pack("open"), weights=weights)


@pytest.fixture
def folders(tmp_path: Path) -> ModelFolders:
    """An empty given folder and a cache that is not there yet."""
    (tmp_path / "given").mkdir()
    return ModelFolders(tmp_path / "given", tmp_path / "cache" / "models")


def _fill(folder: Path, pack: Pack) -> None:
    for weight, data in zip(pack.weights, (b"first", b"second"), strict=True):
        (folder / weight.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / weight.path).write_bytes(data)


def _ignore(progress: Progress) -> None:
    """No one listens."""


def test_a_file_arrives_whole_and_tells_how_far_it_came(site: Site, tmp_path: Path) -> None:
    """The target holds the server's bytes, and progress grows up to their number."""
    site.files["model.onnx"] = DATA
    heard: list[Progress] = []

    download(_source(site), tmp_path / "sub" / "model.onnx", heard.append)

    assert (tmp_path / "sub" / "model.onnx").read_bytes() == DATA
    assert heard[-1] == Progress("model.onnx", len(DATA), len(DATA))
    assert [step.done for step in heard] == sorted(step.done for step in heard)
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["model.onnx"]


def test_a_cut_connection_is_taken_up_where_it_broke(site: Site, tmp_path: Path) -> None:
    """A server that closes in the middle is asked for the rest only."""
    site.files["model.onnx"] = DATA
    site.cut_after = [600_000, 100_000]

    download(_source(site), tmp_path / "model.onnx", _ignore)

    assert (tmp_path / "model.onnx").read_bytes() == DATA
    assert [wanted for _, wanted in site.asked] == [None, "bytes=600000-", "bytes=700000-"]


def test_a_later_call_goes_on_with_what_an_earlier_one_left(site: Site, tmp_path: Path) -> None:
    """A download that failed keeps its part, and the next one fetches the rest."""
    site.files["model.onnx"] = DATA
    site.cut_after = [500_000, 0]

    with pytest.raises(WeightsMissingError, match=r"model\.onnx"):
        download(_source(site), tmp_path / "model.onnx", _ignore)
    assert not (tmp_path / "model.onnx").exists()
    download(_source(site), tmp_path / "model.onnx", _ignore)

    assert (tmp_path / "model.onnx").read_bytes() == DATA
    assert site.asked[-1][1] == "bytes=500000-"


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("length", [1000, len(DATA), len(DATA) + 1])
def test_the_part_of_another_file_is_replaced(
    site: Site, tmp_path: Path, length: int, ranges: bool
) -> None:
    """A part that does not lead to the pinned hash is fetched anew, ranges or not."""
    site.files["model.onnx"] = DATA
    site.ranges = ranges
    (tmp_path / "model.onnx.part").write_bytes(b"x" * length)

    download(_source(site), tmp_path / "model.onnx", _ignore)

    assert (tmp_path / "model.onnx").read_bytes() == DATA


def test_other_bytes_are_refused(site: Site, tmp_path: Path) -> None:
    """A file of the right length with another hash leaves nothing behind."""
    site.files["model.onnx"] = DATA[::-1]

    with pytest.raises(WeightsCorruptError, match="hash"):
        download(_source(site), tmp_path / "model.onnx", _ignore)

    assert list(tmp_path.iterdir()) == []


def test_a_server_that_sends_too_much_is_stopped(site: Site, tmp_path: Path) -> None:
    """Not more than the pinned length is ever written, whatever the server claims."""
    site.files["model.onnx"] = DATA * 8
    heard: list[Progress] = []

    with pytest.raises(WeightsCorruptError, match="longer"):
        download(_source(site), tmp_path / "model.onnx", heard.append)

    assert all(step.done <= len(DATA) for step in heard)
    assert list(tmp_path.iterdir()) == []


def test_a_shorter_file_is_not_the_file(site: Site, tmp_path: Path) -> None:
    """A server that has less than the pinned length does not have the file."""
    site.files["model.onnx"] = DATA[:1000]

    with pytest.raises(WeightsMissingError, match=r"model\.onnx"):
        download(_source(site), tmp_path / "model.onnx", _ignore)

    assert not (tmp_path / "model.onnx").exists()


def test_an_absent_file_is_named(site: Site, tmp_path: Path) -> None:
    """404 is an error that says the address and the status."""
    with pytest.raises(WeightsMissingError, match=r"model\.onnx.*404"):
        download(_source(site), tmp_path / "model.onnx", _ignore)


@pytest.mark.parametrize("address", [UNREACHABLE, "http://host.invalid", "nonsense", "http://["])
def test_without_a_network_the_address_is_named(tmp_path: Path, address: str) -> None:
    """What cannot be reached is an error that says what was asked for."""
    with pytest.raises(WeightsMissingError) as caught:
        download(Source(f"{address}/m.onnx", 5, "0"), tmp_path / "m.onnx", _ignore)

    assert f"{address}/m.onnx" in str(caught.value)


def test_the_given_folder_comes_before_the_cache(pack: Pack, folders: ModelFolders) -> None:
    """Where both folders hold the pack, the one that the user named wins."""
    _fill(folders.cache, pack)
    assert find_pack_files(pack, folders).folder == folders.cache

    _fill(folders.searched[0], pack)

    assert find_pack_files(pack, folders).path("a.onnx") == folders.searched[0] / "a.onnx"


def test_a_pack_comes_from_one_folder(pack: Pack, folders: ModelFolders) -> None:
    """Half of a pack here and half there is not a pack: some files must lie side by side."""
    _fill(folders.searched[0], pack)
    _fill(folders.cache, pack)
    (folders.searched[0] / "sub" / "b.onnx").unlink()
    (folders.cache / "a.onnx").unlink()

    with pytest.raises(WeightsMissingError):
        find_pack_files(pack, folders)


def test_what_is_missing_is_named_with_its_address(pack: Pack, folders: ModelFolders) -> None:
    """The error names the files that are not there, where they come from and where they go."""
    _fill(folders.cache, pack)
    (folders.cache / "sub" / "b.onnx").write_bytes(b"short")

    with pytest.raises(WeightsMissingError) as caught:
        find_pack_files(pack, folders)

    assert "sub/b.onnx" in caught.value.message
    assert "a.onnx" not in caught.value.message
    assert str(pack.weights[1].url) in caught.value.advice
    assert str(folders.cache) in caught.value.advice


def test_verify_tells_whole_missing_and_corrupt_apart(pack: Pack, folders: ModelFolders) -> None:
    """A file of the right length and the wrong hash is corrupt, and installing mends it."""
    states = {state.condition for state in verify(pack, folders)}
    assert states == {Condition.MISSING}

    install(pack, folders, _ignore)
    (folders.cache / "a.onnx").write_bytes(b"tsrif")
    assert [state.condition for state in verify(pack, folders)] == [
        Condition.CORRUPT,
        Condition.WHOLE,
    ]

    install(pack, folders, _ignore)
    assert {state.condition for state in verify(pack, folders)} == {Condition.WHOLE}


def test_every_pack_is_listed(folders: ModelFolders) -> None:
    """The list has all built-in packs; one that is not installed has no folder."""
    listed = {listing.pack.name: listing for listing in list_packs(folders)}

    assert {"open", "dlib"} <= listed.keys()
    assert listed["open"].byte_size == 232589 + 350427 + 2213628
    assert listed["open"].folder is None


@pytest.mark.weights
def test_the_given_folder_is_enough_for_the_default_pack(weights: Path, tmp_path: Path) -> None:
    """A folder with the published files serves pack ``open``, and they have their hashes."""
    folders = ModelFolders(weights, tmp_path)

    states = verify(load_pack("open"), folders)

    assert {state.condition for state in states} == {Condition.WHOLE}
    assert install(load_pack("open"), folders, _ignore).folder == weights
    assert list_packs(folders)[-1].folder == weights


def test_the_cache_is_filled_and_the_given_folder_is_not(
    site: Site, pack: Pack, folders: ModelFolders
) -> None:
    """Downloads go to the cache; a second call finds everything and asks no one."""
    installed = install(pack, folders, _ignore)
    asked = len(site.asked)
    install(pack, folders, _ignore)

    assert installed.path("sub/b.onnx").read_bytes() == b"second"
    assert list(folders.searched[0].iterdir()) == []
    assert len(site.asked) == asked == 2


def test_two_processes_install_at_once(site: Site, pack: Pack, folders: ModelFolders) -> None:
    """Both end with whole files, and nothing is fetched twice."""
    site.files["a.onnx"] = DATA * 8
    weights = (_weight("a.onnx", DATA * 8, f"{site.address}/a.onnx"), *pack.weights[1:])
    folders.cache.mkdir(parents=True)
    (folders.cache / "own.toml").write_text(_described("own", weights))
    program = (
        "import sys; from pathlib import Path\n"
        "from kith.engine.install import install\n"
        "from kith.engine.pack import load_pack\n"
        "from kith.engine.weights import ModelFolders\n"
        "cache = Path(sys.argv[1])\n"
        "install(load_pack('own', [cache]), ModelFolders(None, cache), lambda _: None)\n"
    )
    command = (sys.executable, "-c", program, folders.cache)

    with running(*command) as one, running(*command) as other:
        told = [ended(one), ended(other)]
    assert [one.returncode, other.returncode] == [0, 0], told
    assert (folders.cache / "a.onnx").read_bytes() == DATA * 8
    assert sorted(path for path, _ in site.asked) == ["a.onnx", "b.onnx"]


def test_a_cache_that_cannot_be_written_is_named(pack: Pack, folders: ModelFolders) -> None:
    """A file where the cache should be is an error of ours that names it."""
    folders.cache.parent.write_bytes(b"")

    with pytest.raises(WeightsMissingError, match="cannot be written"):
        install(pack, folders, _ignore)


def test_the_fallback_is_used_and_said(pack: Pack, folders: ModelFolders) -> None:
    """Without a choice and without the default pack, the fallback serves, with one line."""
    _describe(folders, "open", _unreachable("o.onnx"))
    _describe(folders, "dlib", pack.weights)
    said: list[str] = []

    installed = ensure_pack(None, folders, _ignore, said.append)

    assert installed.pack.name == "dlib"
    assert said == [FALLBACK_NOTICE]


def test_the_default_is_used_silently_where_it_can_be_had(
    pack: Pack, folders: ModelFolders
) -> None:
    """Without a choice, the default pack serves and nothing is said."""
    _describe(folders, "open", pack.weights)
    said: list[str] = []

    assert ensure_pack(None, folders, _ignore, said.append).pack.name == "open"
    assert said == []


def test_a_choice_is_never_replaced(pack: Pack, folders: ModelFolders) -> None:
    """Who chose a pack gets it or an error, even where the fallback lies at hand."""
    _describe(folders, "open", _unreachable("o.onnx"))
    _describe(folders, "dlib", pack.weights)
    said: list[str] = []

    with pytest.raises(WeightsMissingError, match="pack open"):
        ensure_pack("open", folders, _ignore, said.append)
    with pytest.raises(UnknownPackError):
        ensure_pack("opne", folders, _ignore, said.append)

    assert said == []


def test_without_any_pack_both_are_named(folders: ModelFolders) -> None:
    """Where neither can be had, the error names the files of both."""
    _describe(folders, "open", _unreachable("o.onnx"))
    _describe(folders, "dlib", _unreachable("d.onnx"))

    with pytest.raises(WeightsMissingError, match=r"o\.onnx.*d\.onnx"):
        ensure_pack(None, folders, _ignore, lambda _: None)


def _unreachable(path: str) -> tuple[Weight, ...]:
    return (_weight(path, b"far away", f"{UNREACHABLE}/{path}"),)


def _describe(folders: ModelFolders, name: str, weights: tuple[Weight, ...]) -> None:
    (folders.searched[0] / f"{name}.toml").write_text(_described(name, weights))


def _described(name: str, weights: tuple[Weight, ...]) -> str:
    """A pack like ``open`` with another name and other files."""
    built_in = (resources.files("kith.engine") / "packs" / "open.toml").read_text()
    head = built_in.partition("[[weights]]")[0].replace('name = "open"', f'name = "{name}"')
    return head + "".join(
        f'[[weights]]\npath = "{weight.path}"\nbyte_size = {weight.byte_size}\n'
        f'sha256 = "{weight.sha256}"\nurl = "{weight.url}"\n'
        for weight in weights
    )
