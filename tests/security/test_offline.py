"""Without a network everything works: every page opens, every document is written, and nobody even tries to reach another host."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import listing
from reports.exporters import exporters
from tests import little_shop
from tests.story_sample import told

pytestmark = pytest.mark.promise("R32")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        until = date(2026, 3, 29)
        little_shop.load(little_shop.write(tmp_path_factory.mktemp("files"), until - timedelta(days=40), until))
    return home


@pytest.fixture
def alone(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A machine whose cable is pulled out. Yields what was tried all the same."""
    tried: list[str] = []

    def refused(*given: object, **more: object) -> None:
        tried.append(str(given[1:] or given))
        raise OSError("there is no network")

    monkeypatch.setenv("VITRINA_HOME", str(shop))
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused, raising=False)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refused)
    yield tried


@pytest.mark.parametrize("page", [one.name for one in listing.listed()])
def test_every_page_opens_without_a_network(page: str, alone: list[str]) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app.context = {"locale": "en-GB", "timezone": "Europe/Moscow"}
    if page != listing.FIRST:
        app.run().switch_page(listing.file_of(page))
    for name, value in {"client": "shop", "period": "custom", "since": "2026-03-02", "until": "2026-03-29"}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception and not app.error and alone == []


@pytest.mark.parametrize("format", sorted(exporters()))
def test_every_document_is_written_without_a_network(format: str, alone: list[str]) -> None:
    assert exporters()[format].write(told("ru")) and alone == []


def test_the_engine_carries_all_that_it_needs(alone: list[str]) -> None:
    """No extension is downloaded: calendars, sorting of Russian words, JSON and Parquet come with it."""
    code = (
        "import duckdb\n"
        "c = duckdb.connect(config={'autoinstall_known_extensions': False, 'autoload_known_extensions': False, "
        "'extension_directory': '/nowhere'})\n"
        "c.execute(\"SELECT TIMESTAMPTZ '2026-03-29 02:30:00+03' AT TIME ZONE 'Europe/Moscow', json('{}'), 'ё' COLLATE ru\").fetchall()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
