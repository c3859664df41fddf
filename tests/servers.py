"""Real dashboards for tests of operations: an agency of three little shops with watermarks in their figures, and servers over it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.crowd import Watermark, mark, until_ready
from data import clock
from tests import little_shop

ROOT = Path(__file__).resolve().parent.parent
SHOPS = ("alder", "birch", "cedar")


def agency(folder: Path) -> tuple[Path, tuple[Watermark, ...]]:
    """A home folder of three clients, whose figures bear a watermark each."""
    home = folder / "home"
    until = clock.today("Europe/Moscow") - timedelta(days=1)
    files = little_shop.write(folder / "files", until - timedelta(days=59), until)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        for slug in SHOPS:
            little_shop.load(files, slug, slug.capitalize())
        return home, mark(home)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dashboard(home: Path, port: int, pages: Path | None = None, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server over a home folder, with the pages of a folder beside its own. Its log is `app.log` of the home folder.

    NB: several servers that stand for each other share the secret that their cookies are signed with, as `deploy/` has it.
    """
    environment = os.environ | {
        "VITRINA_HOME": str(home), "VITRINA_LOG": str(home / "app.log"), "STREAMLIT_SERVER_COOKIE_SECRET": "0123456789abcdef" * 4,
        "VITRINA_TEST_PAGES": str(pages or home / "no-pages"), "STREAMLIT_SERVER_HEADLESS": "true",
    } | more
    command = [sys.executable, "-m", "uvicorn", "tests.fakes.failing:app", "--host", "127.0.0.1", "--port", str(port),
               "--log-level", "warning", "--ws", "websockets-sansio"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_ready(port)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)


def copied(home: Path, folder: Path) -> Path:
    """The agency, to be changed."""
    return Path(shutil.copytree(home, folder / "copy"))
