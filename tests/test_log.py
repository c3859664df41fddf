"""The log: JSON lines that carry ids, name what failed, and hold no secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data import log
from data.secret import HIDDEN, Secret, masked
from data.warehouse import Warehouse
from tests.small_store import YANDEX, day, spend


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A log in a file of its own."""
    path = tmp_path / "vitrina.log"
    monkeypatch.setenv("VITRINA_LOG", str(path))
    level = log.logger.level
    log.start()
    yield path
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one.formatter, log.Lines)]:
        handler.close()
        root.removeHandler(handler)
    log.logger.setLevel(level)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_line_of_a_piece_of_work_carries_its_id(lines: Path) -> None:
    with log.work("run", page="week") as own:
        log.event("asked", seconds=0.5)
    log.event("outside")
    asked, done, outside = read(lines)
    assert (asked["run"], asked["page"], asked["seconds"], asked["level"]) == (own, "week", 0.5, "info")
    assert (done["event"], done["run"]) == ("run done", own) and "run" not in outside


def test_a_line_stays_one_line_whatever_stands_in_it(lines: Path) -> None:
    log.event('two\nlines "quoted"', said='\n{"level": "error"}')
    assert [line["event"] for line in read(lines)] == ['two\nlines "quoted"']


def test_what_failed_is_named_with_its_traceback(lines: Path) -> None:
    with pytest.raises(ValueError), log.work("load"):
        raise ValueError("half a file")
    try:
        raise KeyError("gone")
    except KeyError as error:
        log.event("error", logging.ERROR, error)
    failed, told = read(lines)
    assert failed["event"] == "load failed" and failed["reason"] == "ValueError: half a file"
    assert "Traceback" in told["error"] and "KeyError: 'gone'" in told["error"]


def test_no_secret_is_written(lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIKA_TOKEN", 'y0_from"the environment')
    held = Secret("SMTP_PASSWORD", "met-by-this-process")
    texts = (
        'a y0_from"the environment b', f"a {held.reveal()} b", "Authorization: OAuth y0_AgAAAAB", "postgresql://boss:hunter22@db/desk",
        "GET /share/AbCdEfGhIjKlMnOpQrStUvWx failed", '{"access_token": "ya29.something"}', "password=tr0ub4dor&user=boss",
    )
    for text in texts:
        log.event(text, fact=text)
        try:
            raise RuntimeError(text)
        except RuntimeError as error:
            log.event("error", logging.ERROR, error)
    written = lines.read_text(encoding="utf-8")
    for word in ("y0_", "met-by", "AgAAAAB", "hunter22", "AbCdEfGh", "ya29", "tr0ub4dor"):
        assert word not in written, word
    assert masked("postgresql://boss:hunter22@db/desk") == f"postgresql://boss:{HIDDEN}@db/desk" and "user=boss" in written


def test_a_load_has_the_same_id_in_the_log_and_in_the_ledger(lines: Path, tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "alder")
    store.load([spend([(day(2), YANDEX, 5)], (day(2), day(2)))])
    published = next(line for line in read(lines) if line["event"] == "version published")
    kept = store.sql("SELECT DISTINCT load_id FROM loads")["load_id"].tolist()
    assert [one.rpartition("-")[2] for one in kept] == [published["load"]]
    assert (published["client"], published["version"]) == ("alder", 1)


def test_what_a_child_writes_is_found_under_the_id_of_its_parent(lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with log.work("round") as own:
        monkeypatch.setenv("VITRINA_ROUND", log.inherited(own)["VITRINA_ROUND"])
    log.event("child")
    assert read(lines)[-1]["round"] == own
