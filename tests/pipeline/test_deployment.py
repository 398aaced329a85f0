"""A deployment on paper: what it costs, what a plan means, what its folder holds and tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.errors import SettingError, UsageError
from kith.pipeline.cloud_cost import calls_for, cost, kept_for
from kith.pipeline.deployment.changes import expendable, summary, valuable
from kith.pipeline.deployment.costs import estimate, together
from kith.pipeline.deployment.facts import deployment_of, note_outputs, read_outputs
from kith.pipeline.deployment.folder import MODULES, PAGE, read_wishes, write_folder
from kith.ports.infrastructure import Change, Deed, Resource

OUTPUTS: Mapping[str, Any] = {
    "album_url": "https://album.example.org",
    "originals_bucket": "kith-originals-1",
    "derived_bucket": "kith-derived-1",
    "catalog_table": "kith-catalog",
    "collection_id": "kith",
    "queue_urls": {
        "photos": "https://sqs.eu-west-1.amazonaws.com/123456789012/kith-photos",
        "failed": "https://sqs.eu-west-1.amazonaws.com/123456789012/kith-photos-failed",
        "undelivered": "https://sqs.eu-west-1.amazonaws.com/123456789012/kith-undelivered",
    },
    "functions": {"ingest": "kith-ingest"},
    "login": {"user_pool_id": "eu-west-1_abc", "identity_pool_id": None},
    "topic_arns": {"notices": "arn:aws:sns:eu-west-1:123456789012:kith-notices"},
}

WHOLE = "module.kith.module"
BUCKET = Resource(f'{WHOLE}.storage.aws_s3_bucket.this["originals"]', "aws_s3_bucket")
POLICY = Resource(f"{WHOLE}.storage.aws_s3_bucket_policy.this", "aws_s3_bucket_policy")
TABLE = Resource(f"{WHOLE}.tables.aws_dynamodb_table.catalog", "aws_dynamodb_table")
ACCOUNTS = Resource(f"{WHOLE}.auth.aws_cognito_user_pool.this", "aws_cognito_user_pool")
FACES = Resource("module.kith.aws_rekognition_collection.this[0]", "aws_rekognition_collection")
PAGES = Resource(f"{WHOLE}.web.aws_s3_bucket.page", "aws_s3_bucket")
ROLE = Resource(f'{WHOLE}.jobs.module.function["notices"].aws_iam_role.this', "aws_iam_role")
EVERYTHING = (BUCKET, POLICY, TABLE, ACCOUNTS, FACES, PAGES, ROLE)


# -- costs -----------------------------------------------------------------------------------------


@given(photos=st.integers(1, 5_000_000), faces=st.floats(0, 20), findings=st.booleans())
def test_an_estimate_is_the_bill_in_words(photos: int, faces: float, findings: bool) -> None:
    """Nothing of what is counted is left out, or there twice; the dearest comes first."""
    told = estimate(photos, faces, findings=findings)

    counts = calls_for(photos, faces, findings=findings)
    assert together(told.coming) == pytest.approx(cost(counts))
    assert together(told.lying) == pytest.approx(cost(kept_for(photos, faces)))
    for lines in (told.coming, told.lying, told.idle):
        dollars = [line.dollars for line in lines]
        assert dollars == sorted(dollars, reverse=True)
        assert len({line.what for line in lines}) == len(lines)
        assert all(line.source.startswith("https://aws.amazon.com/") for line in lines)


def test_rekognition_is_what_photos_cost_and_comparing_pairs_is_a_hundred_times_that() -> None:
    """For 1,000 photos of two faces: one IndexFaces and two SearchFaces each, a tenth of a cent."""
    told = estimate()

    by_rekognition = [line.dollars for line in told.coming if line.what.startswith("Rekognition")]
    assert sum(by_rekognition) == pytest.approx(3.0)
    assert sum(by_rekognition) > 0.9 * together(told.coming)
    assert told.pairs == pytest.approx(499.5)
    assert together(estimate(findings=True).coming) == pytest.approx(
        2 + together(told.coming), 0.01
    )


def test_a_month_without_photos_costs_the_same_whatever_came_before() -> None:
    """Alarms, an empty queue that is asked, and a function by the clock: below two dollars."""
    assert estimate(1).idle == estimate(1_000_000).idle
    assert 1 < together(estimate().idle) < 2


# -- plans -----------------------------------------------------------------------------------------


def test_a_plan_says_what_holds_something_and_would_go() -> None:
    """A bucket of photos, a catalog, vectors and accounts do; a page and a policy do not."""
    gone = [Change(each, Deed.DESTROY) for each in EVERYTHING]

    found = summary([*gone, Change(ROLE, Deed.MAKE)])

    assert found.deeds == {Deed.DESTROY: 7, Deed.MAKE: 1}
    assert len(found.gone) == 7
    held = (BUCKET, TABLE, ACCOUNTS, FACES)
    assert found.lost == [each.address for each in held]
    assert valuable(EVERYTHING) == [each.address for each in held]
    assert found.modules["jobs"] == 2
    assert not found.is_empty


def test_what_is_replaced_is_lost_and_what_is_changed_is_not() -> None:
    """Another bucket is an empty one."""
    assert summary([Change(BUCKET, Deed.REPLACE)]).lost == [BUCKET.address]
    assert summary([Change(BUCKET, Deed.CHANGE), Change(TABLE, Deed.MAKE)]).lost == []
    assert summary([]).is_empty


def test_what_can_be_made_again_has_nothing_of_what_holds_something() -> None:
    """Nor anything that says how that is kept, such as a bucket's policy."""
    assert expendable(EVERYTHING) == [PAGES.address, ROLE.address]


# -- what Terraform tells --------------------------------------------------------------------------


@pytest.mark.parametrize("outputs", [OUTPUTS, {"kith": OUTPUTS}, {"mine": OUTPUTS, "more": 1}])
def test_a_deployment_is_known_however_outputs_are_arranged(outputs: Mapping[str, Any]) -> None:
    """One by one, or together under any name; the region, where it is not said, by the queue."""
    found = deployment_of(outputs)

    assert (found.region, found.photos) == ("eu-west-1", "s3://kith-originals-1")
    assert found.environment()["KITH_TABLE"] == "kith-catalog"
    assert found.user_pool == "eu-west-1_abc"
    assert deployment_of({**outputs, "region": "x", "key_prefix": "in/"}).photos.endswith("-1/in")


@pytest.mark.parametrize("outputs", [{}, {"kith": {"a": 1}}, {"originals_bucket": "b"}])
def test_outputs_of_something_else_are_refused(outputs: Mapping[str, Any]) -> None:
    """With what they lack."""
    with pytest.raises(SettingError, match="outputs lack"):
        deployment_of(outputs)


def test_outputs_are_noted_for_those_who_have_no_terraform(tmp_path: Path) -> None:
    """As they were; where there are none, none."""
    assert read_outputs(tmp_path / "absent") is None
    note_outputs(tmp_path, OUTPUTS)
    assert read_outputs(tmp_path) == OUTPUTS
    (tmp_path / "deployment.json").write_text("{")
    with pytest.raises(SettingError, match="cannot be read"):
        read_outputs(tmp_path)


# -- the folder ------------------------------------------------------------------------------------


def test_a_folder_has_what_terraform_needs_and_nothing_of_tests(tmp_path: Path) -> None:
    """The modules, the page, and a configuration that names both where they are."""
    folder = tmp_path / "new" / "aws"

    write_folder(folder, {"region": "eu-west-1"})

    assert f'source = "./{MODULES}"' in (folder / "main.tf").read_text()
    assert (folder / MODULES / "modules" / "storage" / "main.tf").is_file()
    assert (folder / PAGE / "index.html").is_file()
    assert not list(folder.rglob("*.tftest.hcl"))
    assert read_wishes(folder) == {"region": "eu-west-1"}


def test_what_somebody_changed_stays_and_what_is_kiths_does_not(tmp_path: Path) -> None:
    """The configuration is written once; modules and page are those of this Kith each time."""
    write_folder(tmp_path, {"region": "eu-west-1"})
    (tmp_path / "main.tf").write_text("# mine")
    (tmp_path / "versions.tf").unlink()
    (tmp_path / MODULES / "old.tf").write_text("# of another version")

    write_folder(tmp_path, {"region": "eu-west-2"})

    assert (tmp_path / "main.tf").read_text() == "# mine"
    assert not (tmp_path / "versions.tf").exists()
    assert not (tmp_path / MODULES / "old.tf").exists()
    assert json.loads((tmp_path / "terraform.tfvars.json").read_text()) == {"region": "eu-west-2"}


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    """It is not known whose they are."""
    (tmp_path / "letter.txt").write_text("Dear")

    with pytest.raises(UsageError, match="holds other things"):
        write_folder(tmp_path, {})
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]
