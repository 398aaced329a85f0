"""Prices of AWS, and what photos cost by them."""

from __future__ import annotations

from typing import Any, cast

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.pipeline.cloud_cost import PRICES, bill, calls_for, cost, cost_of_pairs, kept_for

_NOT_ASKED = {"FacesKept", "GBKept", "GBLogged", "GBSeconds"}
_UNITS = {"ReadRequestUnits", "WriteRequestUnits"}
_EVENTS = {"EventBridge.Events", "Lambda.Calls"}
"""What is paid for and no operation of a service."""

COUNTS = st.floats(0, 1e9)


@given(st.sampled_from(sorted(PRICES)), COUNTS, COUNTS)
def test_more_costs_more_and_each_of_it_less(what: str, few: float, more: float) -> None:
    """A price grows with how much there is of it, and never faster."""
    price = PRICES[what]

    together, apart = price.of(few + more), price.of(few) + price.of(more)

    assert price.of(few) <= together
    assert together < apart or together == pytest.approx(apart)


def test_tiers_are_taken_one_after_the_other() -> None:
    """Two million calls are a million at each of the first two prices."""
    assert cost({"Rekognition.IndexFaces": 2e6}) == pytest.approx(1_000 + 800)


def test_what_is_free_is_not_on_the_bill() -> None:
    """Nor is what was never asked for; the dearest comes first."""
    counts = {
        "S3.DeleteObject": 5.0,
        "S3.PutObject": 2.0,
        "SQS.SendMessage": 0.0,
        "Rekognition.IndexFaces": 1.0,
    }

    assert [charge.what for charge in bill(counts)] == ["Rekognition.IndexFaces", "S3.PutObject"]


def test_comparing_every_pair_is_what_nobody_should_do() -> None:
    """A thousand photos are half a million pairs."""
    assert cost_of_pairs(1_000) == pytest.approx(499.5)
    assert cost(calls_for(1_000, findings=True)) < 6


def test_everything_that_is_counted_has_a_price() -> None:
    """An estimate leaves nothing out, and labels and text come on top."""
    assert calls_for(1, findings=True).keys() | kept_for(1).keys() <= PRICES.keys()
    faces_alone, everything = calls_for(1), calls_for(1, findings=True)
    assert all(count <= everything[what] for what, count in faces_alone.items())


def test_names_are_those_that_a_library_hears() -> None:
    """What is paid by the request is an operation that its service has, by the name of botocore."""
    session: Any = cast("Any", botocore.session).get_session()
    for what in PRICES.keys() - _EVENTS:
        service, _, name = what.partition(".")
        if name not in _NOT_ASKED | _UNITS:
            assert name in session.get_service_model(service.lower()).operation_names, what
