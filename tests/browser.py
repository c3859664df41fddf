"""The real dashboard in a real Chromium: starting both, and waiting for what a person would wait for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
)
PATIENCE = 60_000
"""Unit: milliseconds. How long a browser may wait for a text before the test fails; nothing waits when the text is there."""


def chromium() -> str | None:
    """Where the browser is; None when there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(
        chromium() is None and os.environ.get("VITRINA_BROWSER") != "required",
        reason="there is no Chromium here; .ci/chromium installs it, and VITRINA_BROWSER=required makes this a failure",
    ),
]
"""Marks of a test that needs the browser."""


@contextmanager
def app(home: Path, *options: str) -> Iterator[str]:
    """Run the dashboard over a home folder on a port of its own, with more options of the server. Yields its address."""
    port = _free_port()
    log = home / "app.log"
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port), "--server.address", "127.0.0.1",
               "--server.headless", "true", *options]
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"VITRINA_HOME": str(home)}, stdout=said, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def browser() -> Iterator[Browser]:
    """One Chromium; take a context of it per viewer."""
    with sync_playwright() as playwright:
        started = _launch(playwright)
        try:
            yield started
        finally:
            started.close()


def open_page(browser: Browser, language: str = "ru-RU", scheme: str = "light", size: tuple[int, int] = (1366, 768)) -> Page:
    """A fresh viewer: own session, own language, own light."""
    context = browser.new_context(
        locale=language, timezone_id="Europe/Moscow", color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": size[0], "height": size[1]},
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def settle(page: Page) -> None:
    """Wait until the app has said that its run is over and every chart is drawn."""
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
    page.wait_for_function("() => document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
    page.wait_for_function("() => [...document.querySelectorAll('.stPlotlyChart')].every(one => one.querySelector('.main-svg'))")


def _launch(playwright: Playwright) -> Browser:
    """NB: never a browser that playwright may have fetched for itself: what is tested is what `.ci/chromium` installs."""
    path = chromium()
    if path is None:
        raise RuntimeError("there is no Chromium on the PATH; .ci/chromium installs it")
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the dashboard did not start:\n{log.read_text(encoding='utf-8')}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the dashboard did not answer:\n{log.read_text(encoding='utf-8')}")
