"""A client whose clock is wrong learns the time from the server."""

from __future__ import annotations

import pytest
from rekognition_clients import Client

pytestmark = [pytest.mark.weights, pytest.mark.photos, pytest.mark.clients]


def test_a_client_whose_clock_is_wrong_is_answered(late_client: Client) -> None:
    """The refusal has the date, by which the SDK signs anew."""
    answer = late_client.call("ListCollections")

    assert "CollectionIds" in answer
