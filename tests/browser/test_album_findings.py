"""What photos show besides faces, and being told of new ones."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest
from browsing import Served, Visit, profile, serving, visiting
from playwright.sync_api import Browser, expect

from kith.compose import open_records
from kith.config import Settings
from kith.domain.face import Point
from kith.domain.findings import PhotoFindings
from kith.domain.label import Label, SeenLabels
from kith.domain.photo import PhotoId
from kith.domain.text import ReadText, TextLine, TextWord

CORNERS = (Point(0.1, 0.1), Point(0.9, 0.1), Point(0.9, 0.3), Point(0.1, 0.3))


@pytest.fixture(scope="module")
def shown(own_library: Path, weights: Path) -> PhotoId:
    """A photo that shows a hot dog, with a line of text; the library knows it."""
    settings = Settings(library=own_library, models=weights)
    with open_records(settings, writing=True) as records:
        photo_id = min(photo.id for photo in records.catalog.photos(None))
        words = tuple(TextWord(word, 99.0, CORNERS) for word in ("Gate", "12"))
        labels = (Label("Food", 95.0), Label("Hot Dog", 91.0, parents=("Food",)))
        text = ReadText((TextLine("Gate 12", 99.0, CORNERS, words),), "test")
        records.findings.keep([PhotoFindings(photo_id, SeenLabels(labels, "test"), text)])
    return photo_id


@pytest.fixture(scope="module")
def served(own_library: Path, shown: PhotoId, weights: Path) -> Generator[Served]:
    """An album whose photos were looked at, and which can tell its log of new ones."""
    assert shown
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KITH_NOTIFY", json.dumps({"channel": {"diary": {"kind": "log"}}}))
        with serving(own_library, weights) as running:
            yield running


@pytest.fixture
def visit(browser: Browser, served: Served) -> Generator[Visit]:
    """The owner, who may read and write the clipboard."""
    with (
        profile(browser, permissions=["clipboard-read", "clipboard-write"]) as context,
        visiting(context, served.url) as opened,
    ):
        yield opened


def test_labels_lead_to_the_photos_that_show_the_same(visit: Visit, shown: PhotoId) -> None:
    """What a photo shows is told beside it; each leads to all photos that show it."""
    page = visit.page
    visit.go(f"/photos/{shown}")
    page.keyboard.press("i")
    about = page.get_by_role("complementary", name="Information")
    expect(about.get_by_role("link", name="Food")).to_be_visible()

    about.get_by_role("link", name="Hot Dog").click()

    expect(page.get_by_role("heading", name="1 photo", exact=True)).to_be_visible()
    expect(page.locator(f'[data-photo="{shown}"]')).to_be_visible()


def test_text_can_be_copied(visit: Visit, shown: PhotoId) -> None:
    """What is written in a photo is told beside it, and copied with one click."""
    page = visit.page
    visit.go(f"/photos/{shown}")
    page.keyboard.press("i")
    expect(page.get_by_text("Gate 12", exact=True)).to_be_visible()

    page.get_by_role("button", name="Copy the text").click()

    expect(page.get_by_role("status").get_by_text("The text is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Gate 12"


def test_labels_are_completed_in_the_search_field(visit: Visit) -> None:
    """Who begins to type what a photo shows is offered it."""
    page = visit.page
    visit.go("/")
    page.get_by_role("combobox", name="Search photos").fill("label:ho")

    page.get_by_role("option", name="Hot Dog").click()

    expect(page.get_by_role("combobox", name="Search photos")).to_have_value('label:"Hot Dog" ')


def test_rules_are_made_and_removed(visit: Visit) -> None:
    """An owner says what is worth telling, tries the channel, and takes the rule back."""
    page = visit.page
    visit.go("/settings")
    page.get_by_role("button", name="Add a rule").click()
    form = page.get_by_role("dialog", name="Tell me when")
    form.get_by_role("combobox", name="When").select_option("A photo shows this")
    form.get_by_label("Who or what").fill("dog")
    form.get_by_role("button", name="Add the rule").click()
    remove = page.get_by_role("button", name="Remove the rule dog")
    expect(remove).to_be_visible()
    assert visit.overhang() == 0

    page.get_by_role("button", name="Send a test message through diary").click()
    expect(page.get_by_role("status").get_by_text("diary")).to_be_visible()

    remove.click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(remove).to_have_count(0)
    assert visit.barriers() == []
