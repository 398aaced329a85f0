"""``kith aws``, ``kith push`` and ``kith pull`` over a deployment on an emulator of AWS."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from emulators import REGION, Endpoint
from own_deployments import OwnDeployment, own_deployment
from PIL import Image

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = pytest.mark.emulators


@pytest.fixture
def own(
    moto_endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[OwnDeployment]:
    """A deployment, which the settings name; the region is in its folder alone."""
    for name, value in moto_endpoint.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    folder = tmp_path / "deployment"
    folder.mkdir()
    monkeypatch.setenv("KITH_DEPLOYMENT", str(folder))
    with own_deployment(moto_endpoint, folder) as made:
        yield made


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three pictures, and what is none."""
    folder = tmp_path / "pictures"
    (folder / "sub").mkdir(parents=True)
    for name, color in (("a.jpg", "red"), ("b.png", "green"), ("sub/c.jpg", "blue")):
        Image.new("RGB", (40, 20), color).save(folder / name)
    (folder / "notes.txt").write_text("no picture")
    return folder


def json_of(ask: Ask, *arguments: str | Path) -> Any:
    """The one document that a command prints."""
    answer = ask(*arguments, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


# -- photos ----------------------------------------------------------------------------------------


def test_pictures_go_to_the_deployment(ask: Ask, own: OwnDeployment, pictures: Path) -> None:
    """Planned, sent, and not sent twice; into the bucket that the folder names."""
    planned = json_of(ask, "aws", "upload", pictures, "--plan")
    sent = ask("aws", "upload", pictures)

    assert (len(planned["sent"]), sent.code) == (3, 0)
    assert f"3 files sent to s3://{own.originals}" in sent.out
    again = json_of(ask, "aws", "upload", pictures, "--strict")
    assert (again["sent"], again["unchanged"]) == ([], 3)
    Image.new("RGB", (40, 20), "white").save(pictures / "a.jpg")
    assert ask("aws", "upload", pictures, "--strict").code == 4


def test_photos_that_were_there_are_announced(ask: Ask, own: OwnDeployment) -> None:
    """Each once, in the words of events; called again when all is done, it begins anew."""
    for number in range(3):
        own.put(f"{number}.jpg")
    own.put("notes.txt")

    done = json_of(ask, "aws", "backfill")

    assert (done["photos"], done["others"], done["finished"]) == (3, 1, True)
    told = [json.loads(body)["detail"] for body in own.bodies(own.queues.photos)]
    assert sorted(each["object"]["key"] for each in told) == ["0.jpg", "1.jpg", "2.jpg"]
    assert {each["bucket"]["name"] for each in told} == {own.originals}
    assert "3 photos are announced; 1 other" in ask("aws", "backfill").out


def test_photos_of_an_inventory_are_announced(ask: Ask, own: OwnDeployment) -> None:
    """As the list says, without listing the bucket."""
    data = gzip.compress(f'"{own.originals}","2024/a+b.jpg"\n"{own.originals}","c.txt"\n'.encode())
    own.put("lists/1.csv.gz", data)
    manifest = {
        "sourceBucket": own.originals,
        "destinationBucket": f"arn:aws:s3:::{own.originals}",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key",
        "files": [{"key": "lists/1.csv.gz", "size": len(data)}],
    }
    address = own.put("lists/manifest.json", json.dumps(manifest).encode())

    done = json_of(ask, "aws", "backfill", "--inventory", address)

    assert (done["photos"], done["others"]) == (1, 1)
    (body,) = own.bodies(own.queues.photos)
    assert json.loads(body)["detail"]["object"]["key"] == "2024/a b.jpg"


def test_what_is_no_inventory_is_refused(ask: Ask, own: OwnDeployment) -> None:
    """With what is wrong about it; and nothing is announced."""
    address = own.put("manifest.json", b"{}")

    assert ask("aws", "backfill", "--inventory", address).code == 2
    assert ask("aws", "backfill", "--inventory", f"{address}x").code == 3
    assert own.bodies(own.queues.photos) == []


# -- how it fares ----------------------------------------------------------------------------------


def test_status_tells_what_waits_and_why_something_is_stuck(ask: Ask, own: OwnDeployment) -> None:
    """Photos by their addresses, with a reason each; what is not known is remarked."""
    own.put("there.jpg")
    for key in ("there.jpg", "gone.jpg"):
        own.send(own.queues.failed, own.message(key))
    own.send(own.queues.failed, "nonsense")
    own.send(own.queues.photos, own.message("waits.jpg"))

    told = json_of(ask, "aws", "status")

    assert told["queue"] == {"waiting": 1, "in_flight": 0, "failed": 3, "undelivered": 0}
    reasons = {"".join(each["addresses"]): each["reason"] for each in told["set_aside"]}
    bucket = f"s3://{own.originals}"
    assert reasons[f"{bucket}/gone.jpg"] == "It is not there any more"
    assert "log says nothing" in reasons[f"{bucket}/there.jpg"]
    assert "no event of S3" in reasons[""]
    assert told["functions"] == {"ingest": {"calls": 0, "errors": 0, "throttles": 0}}
    assert told["library"]["photos"] == 0
    assert any("ingest is not there" in remark for remark in told["remarks"])  # its log

    answer = ask("aws", "status", "--strict", "--most", "1")
    assert answer.code == 4
    assert "and 2 more; --most shows more" in answer.out
    assert "kith aws redrive" in answer.out


def test_what_failed_is_tried_again_when_asked(ask: Ask, own: OwnDeployment) -> None:
    """And is stuck no more."""
    own.send(own.queues.failed, own.message("a.jpg"))

    assert json_of(ask, "aws", "redrive") == {"redriven": 1}
    assert own.bodies(own.queues.photos) == [own.message("a.jpg")]
    assert ask("aws", "redrive").out == "Nothing was set aside\n"
    assert ask("aws", "status", "--strict").code == 0


# -- decisions and photos between libraries --------------------------------------------------------


@pytest.mark.weights
@pytest.mark.photos
@pytest.mark.usefixtures("library")
def test_decisions_go_to_a_deployment_and_photos_before_them(ask: Ask, own: OwnDeployment) -> None:
    """They wait there until the photos are taken in; done again, nothing is new."""
    name_somebody(ask, "Anna")

    first, again = json_of(ask, "push", "--photos"), json_of(ask, "push", "--photos")

    assert (first["new"], first["waiting"]) == (1, 1)
    assert (again["new"], again["known"]) == (0, 1)
    assert (len(first["photos"]["sent"]), again["photos"]["sent"]) == (15, [])
    assert again["photos"]["unchanged"] == 15
    assert len(own.clients["s3"].list_objects_v2(Bucket=own.originals)["Contents"]) == 15
    assert "0 new decisions there; 1 were there already" in ask("push").out


@pytest.mark.weights
@pytest.mark.photos
def test_decisions_go_through_a_bucket(
    ask: Ask,
    own: OwnDeployment,
    library: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One library leaves them, another with the same photos takes them over."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    address = f"s3://{own.originals}/family"
    assert ask("pull", address).code == 3
    other = Path(shutil.copytree(library, tmp_path / "other"))
    name_somebody(ask, "Anna")

    assert json_of(ask, "push", address) == {"new": 1, "known": 0, "waiting": 0, "photos": None}
    pulled = ask("pull", address, "--library", other)

    assert "1 new decision; 0 were here already" in pulled.out
    assert "Anna" in ask("people", "list", "--library", other).out
    assert json_of(ask, "pull", address, "--library", other)["new"] == 0
    assert ask("pull", address, "--photos", tmp_path / "photos").code == 2


def name_somebody(ask: Ask, name: str) -> None:
    """Have the library's first person be called so."""
    person = json_of(ask, "people")[0]["person_id"]
    assert ask("people", "name", person, name).code == 0


# -- what cannot be --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["status"], ["redrive"], ["backfill"], ["upload", "."]])
def test_without_a_deployment_there_is_nothing_to_look_at(
    ask: Ask, tmp_path: Path, words: list[str]
) -> None:
    """It says where it looked, and what makes one."""
    answer = ask("aws", *words, "--dir", tmp_path / "absent")

    assert answer.code == 3
    assert f"no deployment in {tmp_path / 'absent'}" in answer.err
    assert "kith aws deploy" in answer.err


def test_a_deployment_that_is_gone_is_told(ask: Ask, own: OwnDeployment) -> None:
    """The folder is there, and what it names is not."""
    own.clients["sqs"].delete_queue(QueueUrl=own.queues.photos)

    answer = ask("aws", "status")

    assert (answer.code, "is not there" in answer.err) == (3, True)


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("words", [["status"], ["redrive"], ["backfill"], ["upload", "."]])
def test_without_the_extra_it_is_named(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """Kith itself is installed without what talks to AWS."""
    monkeypatch.setitem(sys.modules, "boto3", None)  # as Python has it where there is none

    answer = ask("aws", *words)

    assert (answer.code, "pip install 'kith[aws]'" in answer.err) == (2, True)


@pytest.mark.usefixtures("own")
def test_without_keys_it_says_how_to_get_some(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever command it is."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))

    answers = [ask("aws", "status"), ask("aws", "redrive")]

    for answer in answers:
        assert answer.code == 2
        assert "no keys for AWS" in answer.err
        assert "aws sso login" in answer.err
