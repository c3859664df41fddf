"""`python -m tests.pictures FOLDER`: every page as a picture, in every language, light and dark, small and large, to be looked at.

The dashboard runs over VITRINA_HOME (the demo, most likely) and over an empty home.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from data import settings
from pages.ui import listing
from tests import browser

SIZES = {"small": (1366, 768), "large": (1920, 1080)}
LANGUAGES = {"en": "en-GB", "ru": "ru-RU"}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with browser.browser() as chromium, tempfile.TemporaryDirectory() as nothing:
        for name, home in (("full", settings.home()), ("empty", Path(nothing))):
            with browser.app(home) as address:
                _take(chromium, address, folder, name)


def _take(chromium: Browser, address: str, folder: Path, name: str) -> None:
    for page, language, scheme, size in product(listing.listed(), LANGUAGES, ("light", "dark"), SIZES):
        viewer = browser.open_page(chromium, LANGUAGES[language], scheme, SIZES[size])
        viewer.goto(f"{address}/{'' if page.name == listing.FIRST else page.name}", wait_until="commit")
        browser.settle(viewer)
        viewer.screenshot(path=folder / f"{page.name}-{name}-{language}-{scheme}-{size}.png")
        viewer.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "pictures"))
