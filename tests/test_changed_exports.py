"""An export that is not what it was yesterday: a column that came, went, was renamed or holds something else; days that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import intake
from data.batches import Batch
from data.errors import Problem
from data.text import words
from data.warehouse import Warehouse

HEAD = "Дата;Источник;Канал;Расход;Клики\n"
ROWS = "".join(f"{day:02d}.03.2026;vk;cpc;{100 + day};{day}\n" for day in range(1, 29))
COST = sum(100 + day for day in range(1, 29))
STATED = {"timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "account": "vk"}


def read(folder: Path, text: str, encoding: str = "utf-8") -> tuple[Batch, ...]:
    path = folder / "costs.csv"
    path.write_bytes(text.encode(encoding))
    [series] = intake.sort([path]).series
    return tuple(intake.read(intake.resolve(series, intake.Known(stated=STATED))))


def told(batches: tuple[Batch, ...]) -> str:
    return " ".join(words("en").note(note) for batch in batches for note in batch.notes)


def cost(folder: Path, batches: tuple[Batch, ...]) -> tuple[int, int]:
    """Shape: (sum of costs, sum of clicks) in a store that has loaded them."""
    store = Warehouse(folder / "store")
    store.load(list(batches))
    [row] = store.arrow("SELECT sum(cost)::INT AS cost, sum(clicks)::INT AS clicks FROM spend").to_pylist()
    return row["cost"], row["clicks"]


@pytest.mark.promise("R15")
def test_a_new_column_is_named_and_changes_nothing(tmp_path: Path) -> None:
    batches = read(tmp_path, HEAD.replace("\n", ";Охват\n") + ROWS.replace("\n", ";9\n"))
    assert "Охват" in told(batches) and cost(tmp_path, batches) == (COST, 406)


@pytest.mark.promise("R15")
@pytest.mark.parametrize("change", ["missing", "renamed", "retyped"])
def test_a_column_of_money_that_is_not_what_it_was_is_a_question_or_a_refusal_and_never_a_zero(change: str, tmp_path: Path) -> None:
    without = "".join(";".join(line.split(";")[:3] + line.split(";")[4:]) + "\n" for line in (HEAD + ROWS).splitlines())
    text = {
        "missing": without, "renamed": HEAD.replace("Расход", "Трата денег") + ROWS, "retyped": HEAD + ROWS.replace(";1", ";сто "),
    }[change]
    with pytest.raises(Problem) as caught:
        read(tmp_path, text)
    said = " ".join(words("en").problem(caught.value))
    assert {"missing": "--columns", "renamed": "cost=Трата денег", "retyped": "сто"}[change] in said and "costs.csv" in said


@pytest.mark.promise("R15")
def test_columns_in_another_order_are_the_same_columns(tmp_path: Path) -> None:
    turned = "".join(";".join(reversed(line.split(";"))) + "\n" for line in (HEAD + ROWS).splitlines())
    assert cost(tmp_path, read(tmp_path, turned)) == (COST, 406)


@pytest.mark.promise("R19")
@pytest.mark.parametrize("day", ["30.02.2026", "01.03.2099", "01.01.1970", "2026-13-01", "31.04.2026", "00.03.2026", "45000000", "вчера"])
def test_a_day_that_cannot_be_is_counted_and_shown_and_the_rest_loads(day: str, tmp_path: Path) -> None:
    batches = read(tmp_path, f"{HEAD}{ROWS}{day};vk;cpc;50000;9\n")
    assert "1 of 29" in told(batches) and "line 30" in told(batches).lower()
    assert cost(tmp_path, batches) == (COST, 406)


@pytest.mark.promise("R19")
def test_a_day_written_the_other_way_round_is_read_only_where_it_can_be_one_day_alone(tmp_path: Path) -> None:
    assert cost(tmp_path, read(tmp_path, f"{HEAD}{ROWS}03/28/2026;vk;cpc;5;1\n")) == (COST + 5, 407)


@pytest.mark.promise("R17")
@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_sheet_is_the_same_in_every_encoding_with_every_mark_and_its_total_is_no_day(encoding: str, mark: str, tmp_path: Path) -> None:
    text = f"Отчёт по расходам\n\n{HEAD}{ROWS}Итого;;;{COST};406\n".replace(";", mark)
    assert cost(tmp_path, read(tmp_path, text, encoding)) == (COST, 406)
