"""The page about AWS says what a deployment costs, as the program does."""

from __future__ import annotations

import cost_table


def test_the_page_has_the_present_costs() -> None:
    """docs/deploy-aws.md holds what is worked out; `just docs` writes it."""
    page = cost_table.PAGE.read_text(encoding="utf-8")

    assert "<!-- costs -->" in page
    assert cost_table.written(page) == page
