"""Whether a request is qualified and how long it waited for an answer is read from a sheet, and never costs an order its row."""

from __future__ import annotations

from datetime import datetime

import pytest

from connectors.order_answers import dealt
from connectors.order_columns import located
from connectors.order_moments import moments

ANSWERS = {"timezone": "Europe/Moscow"}
HEADER = ["Номер заказа", "Дата", "Сумма"]
ASKED = datetime(2026, 3, 2, 10, 0)


def read(header: str, cells: list[object]) -> list[tuple[int | None, int | None]]:
    grid = located([[*HEADER, header], *([f"d{n}", ASKED, 100, cell] for n, cell in enumerate(cells))])
    assert grid is not None
    rows = [(n + 2, row) for n, row in enumerate([f"d{n}", ASKED, 100, cell] for n, cell in enumerate(cells))]
    return dealt(grid, rows, moments(grid, rows, ANSWERS)[0], ANSWERS)


@pytest.mark.parametrize(("header", "cells", "expected"), [
    ("Квалифицирован", ["Да", "нет", "", "1", "0", "Нецелевой", "SQL"], [1, 0, 0, 1, 0, 0, 1]),
    ("Qualified", ["yes", "No", "–"], [1, 0, 0]),
])
def test_what_is_not_denied_is_qualified_and_an_empty_cell_is_a_no(header: str, cells: list[object], expected: list[int]) -> None:
    assert [qualified for qualified, _ in read(header, cells)] == expected


@pytest.mark.parametrize(("header", "cells", "expected"), [
    ("Первый ответ", ["02.03.2026 10:12", "01.03.2026 10:00", "", "02.03.2026", "скоро"], [720, None, None, None, None]),
    ("Время ответа, мин", [9, "1,5", "", "долго"], [540, 90, None, None]),
    ("Время ответа, ч", [2], [7200]),
    ("Время реакции", ["00:12:30", -3], [750, None]),
])
def test_the_wait_is_between_two_moments_or_as_the_sheet_gives_it(header: str, cells: list[object], expected: list[int | None]) -> None:
    assert [waited for _, waited in read(header, cells)] == expected


def test_a_sheet_without_the_columns_says_nothing() -> None:
    assert read("Комментарий", ["да", "нет"]) == [(None, None)] * 2
