"""The HTML document in a real Chromium: from the disk, with the network off, by day and by night, on a phone and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.html import EXPORT
from tests.printed import squeezed
from tests.story_sample import HOSTILE, told

pytest.importorskip("playwright", reason="playwright is not installed: pip install -r requirements-dev.txt")

from playwright.sync_api import Browser, Page

from tests import browser

pytestmark = browser.NEEDED


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with browser.browser() as one:
        yield one


def offline(started: Browser, path: Path, said: list[str], **how: object) -> Page:
    """The file opened from the disk in a browser that has no network. `said` gathers faults and requests."""
    context = started.new_context(offline=True, **how)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda fault: said.append(str(fault)))
    opened.on("request", lambda request: None if request.url == path.as_uri() else said.append(request.url[:200]))
    opened.goto(path.as_uri())
    return opened


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_disk_with_the_network_off_and_draws_every_chart(
    started: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    story, path, said = told(language), tmp_path / "story.html", list[str]()
    path.write_bytes(EXPORT.write(story))
    opened = offline(started, path, said, color_scheme=scheme)
    count = sum(len(block.charts) for block in story.blocks)
    for place in range(count):
        opened.locator("figure[data-chart]").nth(place).scroll_into_view_if_needed()
        opened.wait_for_function("place => document.querySelectorAll('figure[data-chart]')[place].dataset.drawn", arg=place)
    assert opened.locator(".live .main-svg").count() >= count
    assert said == []
    opened.context.close()


def test_the_pointer_is_told_the_figure_as_printed(started: Browser, tmp_path: Path) -> None:
    story, path, said = told("ru"), tmp_path / "story.html", list[str]()
    path.write_bytes(EXPORT.write(story))
    opened = offline(started, path, said, viewport={"width": 1280, "height": 900})
    figure = opened.locator("figure[data-chart=waterfall]").first
    figure.scroll_into_view_if_needed()
    opened.wait_for_function("() => document.querySelector('figure[data-chart=waterfall]').dataset.drawn")
    box = figure.locator(".live .points .point").nth(2).bounding_box()
    assert box is not None
    opened.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    figure.locator(".hoverlayer .hovertext").wait_for()
    assert squeezed(story.block("why").charts[0].series[0].texts[2]) in squeezed(figure.locator(".hoverlayer").text_content() or "")
    opened.context.close()


def test_on_a_phone_nothing_sticks_out_and_without_scripts_still_pictures_stay(started: Browser, tmp_path: Path) -> None:
    path, said = tmp_path / "story.html", list[str]()
    path.write_bytes(EXPORT.write(told("ru")))
    phone = offline(started, path, said, viewport={"width": 360, "height": 740})
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.context.close()
    plain = offline(started, path, said, java_script_enabled=False)
    assert plain.locator(".still svg").first.is_visible()
    assert not plain.locator(".live").first.is_visible()
    assert HOSTILE.split(" ")[0] in (plain.locator("main").text_content() or "")
    plain.context.close()
    assert said == []
