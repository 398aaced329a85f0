"""The AWS CLI as a script uses it: exit codes, queries, pages, files."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest
from rekognition_clients import AwsCli
from rekognition_story import Keys, Pictures

from kith.rekognition_server.serve import Address

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.clients]

ABSENT = "An error occurred (ResourceNotFoundException) when calling the ListFaces operation: "


@pytest.fixture(scope="module")
def aws(awscli: Path, server: Address, keys: Keys, pictures: Pictures) -> Generator[AwsCli]:
    """The program, and a collection with two people."""
    aws = AwsCli(awscli, server, keys.writer)
    aws.call("CreateCollection", CollectionId="cli")
    for name in ("001-neutral.jpg", "003-neutral.jpg", "both.jpg"):
        image = pictures.object(name)
        aws.call("IndexFaces", CollectionId="cli", Image=image, ExternalImageId=name)
    yield aws
    aws.call("DeleteCollection", CollectionId="cli")


def test_what_fails_has_an_exit_code(aws: AwsCli) -> None:
    """And its error on standard error, where a script finds it."""
    ended = aws.run("list-faces", "--collection-id", "absent")

    assert ended.returncode in {254, 255}
    assert ABSENT + "The collection id: absent does not exist" in ended.stderr
    assert ended.stdout == ""


def test_what_is_asked_for_is_printed_alone(aws: AwsCli, pictures: Pictures) -> None:
    """A picture as a file, a query, and text for the shell."""
    picture = pictures.folder / "001-smiling.jpg"
    collection = ("--collection-id", "cli", "--image-bytes", f"fileb://{picture}")
    query = ("--query", "FaceMatches[].Face.ExternalImageId", "--output", "text")

    ended = aws.run("search-faces-by-image", *collection, *query)

    assert ended.returncode == 0, ended.stderr
    assert set(ended.stdout.split()) == {"001-neutral.jpg", "both.jpg"}


def test_a_request_may_lie_in_a_file(aws: AwsCli, pictures: Pictures, tmp_path: Path) -> None:
    """As ``--generate-cli-skeleton`` makes it, and in the CLI's own shorthand."""
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"Image": pictures.object("both.jpg"), "Attributes": ["ALL"]}))
    shorthand = f"S3Object={{Bucket={pictures.folder.name},Name=both.jpg}}"
    short = ("--image", shorthand, "--attributes", "ALL")

    first, second = (
        aws.run("detect-faces", *arguments)
        for arguments in (("--cli-input-json", request.as_uri()), short)
    )

    assert len(json.loads(first.stdout)["FaceDetails"]) == 2
    assert first.stdout == second.stdout


def test_pages_are_turned_until_enough_is_there(aws: AwsCli) -> None:
    """And from there on the next time."""
    ask = ("list-faces", "--collection-id", "cli", "--page-size", "1", "--max-items")

    first = json.loads(aws.run(*ask, "2").stdout)
    rest = json.loads(aws.run(*ask, "9", "--starting-token", first["NextToken"]).stdout)

    found = [face["ExternalImageId"] for page in (first, rest) for face in page["Faces"]]
    assert found == ["001-neutral.jpg", "003-neutral.jpg", "both.jpg", "both.jpg"]
    assert "NextToken" not in rest
