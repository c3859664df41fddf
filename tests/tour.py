"""`make pictures`: the pictures of the README, taken from a freshly built demo agency in a real Chromium."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests import browser

FOLDER = browser.ROOT / "docs" / "pictures"
SHOP = "client=tea-hedgehog"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["VITRINA_HOME"] = home
        _demo()
        with browser.browser() as chromium, browser.app(Path(home)) as address:
            for language, locale in (("en", "en-GB"), ("ru", "ru-RU")):
                _take(chromium, f"{address}/?{SHOP}", locale, f"channels-{language}")
            _take(chromium, f"{address}/portfolio", "en-GB", "portfolio-en")
            _take(chromium, f"{address}/week?{SHOP}", "en-GB", "week-en")
            _take(chromium, f"{address}/week?{SHOP}", "ru-RU", "week-ru")
            _take(chromium, f"{address}/economics?{SHOP}", "en-GB", "economics-en")
            _take(chromium, f"{address}/life_cycle?{SHOP}", "en-GB", "life-cycle-en")
            _take(chromium, f"{address}/plan?{SHOP}", "en-GB", "plan-en")
            _take(chromium, f"{address}/explore?{SHOP}", "en-GB", "explore-en")
            _document(chromium, f"{address}/report?{SHOP}&period=last_month", "en-GB", "report-en")
            _take(chromium, f"{address}/data?{SHOP}", "en-GB", "data-en")
            _take(chromium, f"{address}/glossary?{SHOP}", "ru-RU", "glossary-ru")
            _map(chromium, f"{address}/?{SHOP}")


def _demo() -> None:
    from commands.demo import command

    command.main([], standalone_mode=False)


def _open(chromium: Browser, address: str, locale: str) -> Page:
    page = browser.open_page(chromium, locale, size=(1366, 860))
    page.goto(address, wait_until="commit")
    browser.settle(page)
    return page


def _take(chromium: Browser, address: str, locale: str, name: str) -> None:
    page = _open(chromium, address, locale)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.context.close()


def _document(chromium: Browser, address: str, locale: str, name: str) -> None:
    """A page with a document in a frame of its own, of whose loading the app does not tell."""
    page = _open(chromium, address, locale)
    page.frame_locator("iframe").locator("h1").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.context.close()


def _map(chromium: Browser, address: str) -> None:
    """The two charts of Channels, below the table."""
    page = _open(chromium, address, "en-GB")
    chart = page.locator(".stPlotlyChart").first
    chart.scroll_into_view_if_needed()
    browser.settle(page)
    chart.screenshot(path=FOLDER / "map-en.png")
    page.context.close()


if __name__ == "__main__":
    main()
