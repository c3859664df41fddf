"""Rows that cannot be read are named, counted and kept; too many of them refuse the file; nobody's name is kept with them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import commands
from connectors import intake
from connectors.intake import Known
from data import rejected
from data.batches import Batch
from data.errors import BadFile
from data.warehouse import Warehouse

STATED = {"account": "sheet", "vat": "net", "currency": "RUB"}


def costs(folder: Path, good: int, bad: int) -> Path:
    lines = [f"{number % 28 + 1:02d}.03.2026;{number}" for number in range(good)] + [f"32.01.2026;{number}" for number in range(bad)]
    path = folder / "costs.csv"
    path.write_text("\n".join(["Дата;Расход", *lines]) + "\n", encoding="utf-8")
    return path


def read(path: Path, **stated: str) -> tuple[Batch, ...]:
    handful = intake.sort([path])
    assert handful.refused == (), [str(one.problem) for one in handful.refused]
    return intake.read(intake.resolve(handful.series[0], Known(stated={**STATED, **stated})))


@pytest.mark.parametrize(("good", "bad"), [(7, 3), (95, 5), (380, 20)])
@pytest.mark.promise("R19")
def test_a_few_rows_are_left_out_and_kept(tmp_path: Path, good: int, bad: int) -> None:
    [batch] = read(costs(tmp_path, good, bad))
    rows = rejected.among(batch.notes)
    assert [row.line for row in rows] == list(range(good + 2, good + bad + 2))
    assert rows[0].text == "32.01.2026 | 0"
    assert rows[0].reason == "Дата is “32.01.2026”, which is not a day that can be told"
    assert sum(str(note).startswith("Line ") for note in batch.notes) == 3, "the first three are named"
    assert f"Rows that could not be read: {bad} of {good + bad}." in str(batch.notes[3])


@pytest.mark.parametrize(("good", "bad"), [(2, 3), (6, 4), (94, 6), (379, 21)])
def test_too_many_rows_refuse_the_file(tmp_path: Path, good: int, bad: int) -> None:
    with pytest.raises(BadFile, match="rows cannot be read") as caught:
        read(costs(tmp_path, good, bad))
    assert caught.value.facts["count"] == bad


@pytest.mark.promise("R19")
def test_what_could_not_be_read_stays_beside_what_was_loaded_once(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    assert rejected.of(store) == ()
    for _ in range(2):
        store.load(read(costs(tmp_path, 50, 2)))
    [heap] = rejected.of(store)
    assert (heap.account, heap.table, len(heap.rows)) == ("sheet", "spend", 2)
    assert heap.origin.startswith("costs.csv #")


def test_who_somebody_is_does_not_go_into_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    good = "".join(f"{number};01.03.2026;{number}0;Анна Примерова;+79000001122\n" for number in range(1, 9))
    path.write_text("Номер заказа;Дата;Сумма;Клиент;Телефон\n" + good + "9;01.03.2026;сто;Иван Образцов;+79000003344\n", encoding="utf-8")
    store = Warehouse(tmp_path / "store")
    store.load(read(path))
    [heap] = rejected.of(store)
    assert [(row.line, row.text) for row in heap.rows] == [(10, "9 | 01.03.2026 | сто")]


def test_an_order_keeps_its_row_when_only_its_cycle_cannot_be_told(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("Номер сделки;Дата;Сумма;Дата закрытия\n1;01.03.2026;10;скоро\n2;01.03.2026;20;09.03.2026\n", encoding="utf-8")
    [batch] = read(path)
    assert isinstance(batch.rows, pa.Table)
    assert [str(day) for day in batch.rows["closed_day"].to_pylist()] == ["None", "2026-03-09"]
    assert rejected.among(batch.notes) == ()


def test_the_command_line_writes_them_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")

    def run(*words: Any) -> int:
        monkeypatch.setattr("sys.argv", ["vitrina.py", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            commands.main()
        return int(str(left.value.code or 0))

    path = costs(tmp_path, 40, 1)
    path.write_text(path.read_text(encoding="utf-8") + "=1+1;5\n", encoding="utf-8")
    assert run("clients", "add", "tea", "--name", "Tea", "--currency", "RUB", "--timezone", "Europe/Moscow") == 0
    kept = tmp_path / "unread.csv"
    assert run("load", "--client", "tea", "--account", "a", "--vat", "net", "--currency", "RUB", "--rejected", kept, path) == 0
    capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(kept.read_text(encoding="utf-8-sig"))))
    assert [(row["line"], row["row"]) for row in rows] == [("42", "32.01.2026 | 0"), ("43", "'=1+1 | 5")]
