"""Whatever a spreadsheet does to a file, the same cells come out; and a damaged file is a Problem, never a crash and never a silence."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import files, intake, workbooks
from connectors.files import peek, table, unread
from connectors.grid import is_total, label, locate
from connectors.values import currency, durations, numbers, plain, span, spans
from data.errors import BadFile, Problem
from tests.stored import SAMPLES

ROWS = [["Дата", "Название", "Расход, ₽"], ["01.03.2026", "«весна», часть 1; начало", "1234,5"], ["02.03.2026", "лето", "0,25"]]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def comma_separated(rows: list[list[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def written(folder: Path, content: bytes | str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --------------------------------------------------------------------------------------------------- encodings, shapes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le"])
@pytest.mark.promise("R17")
def test_the_same_cells_come_out_of_every_encoding_and_delimiter(delimiter: str, encoding: str, tmp_path: Path) -> None:
    rows = [[cell.replace("₽", "руб.") for cell in row] for row in ROWS] if encoding == "cp1251" else ROWS
    head = peek(written(tmp_path, comma_separated(rows, delimiter).encode(encoding)))
    assert [row for row in table(head) if row] == rows
    assert [list(row) for row in head.rows if row] == rows


def test_a_comma_is_the_decimal_mark_where_semicolons_divide_as_well(tmp_path: Path) -> None:
    head = peek(written(tmp_path, "Дата;Расход, ₽;Отказы, %\n01.03.2026;1,5;2,5\n02.03.2026;3,5;4,5\n"))
    assert head.delimiter == ";"


def test_quotation_marks_are_data_in_a_log_and_enclose_cells_in_a_sheet(tmp_path: Path) -> None:
    log = peek(written(tmp_path, 'ym:s:visitID\tym:s:startURL\n1\t"open\n2\t"a"\n3\tb"\n', "a.tsv"))
    assert [row[1] for row in table(log)[1:4]] == ['"open', '"a"', 'b"']
    sheet = peek(written(tmp_path, 'name\tcost\n"two\nlines"\t5\n', "b.tsv"))
    assert table(sheet)[1] == ["two\nlines", "5"]


@pytest.mark.promise("R17")
def test_latin_pages_before_the_first_russian_letter_do_not_hide_the_encoding(tmp_path: Path) -> None:
    text = "date,campaign,cost\n" + "2026-03-01,spring,5\n" * 20_000 + "2026-03-02,лето,7\n"
    for encoding in ("utf-8", "cp1251"):
        assert table(peek(written(tmp_path, text.encode(encoding))))[-1] == ["2026-03-02", "лето", "7"]


def test_a_packed_file_is_read_as_what_is_inside(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(comma_separated(ROWS, ";").encode()), "file.csv.gz")
    assert table(peek(path)) == ROWS


def workbook(path: Path, sheets: dict[str, list[list[Any]]], hidden: str = "") -> Path:
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, datetime.combine(cell, time()), day)
                else:
                    sheet.write(line, column, cell)
        if name == hidden:
            sheet.hide()
    book.close()
    return path


def test_a_workbook_gives_its_first_filled_visible_sheet_and_names_the_others(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {"Пусто": [], "Данные": [["a", "b"], [1.5, date(2026, 3, 1)]], "Ещё": [["c"]], "Тайный": [["d"]]}
    head = peek(workbook(tmp_path / "book.xlsx", sheets, hidden="Тайный"))
    assert table(head) == [["a", "b"], [1.5, date(2026, 3, 1)]]
    assert [str(note) for note in unread(head)] == ["Only the first filled sheet is read; these are not: Ещё"]


def test_a_header_is_found_under_a_preamble_and_beside_another_table() -> None:
    rows = [["Отчёт"], [], ["Сводка", "", "Дата", "Расход без НДС, ₽", "Ставка", "", "x"], ["", "", "d", "c", "r", "", "y"]]
    grid = locate(rows, {"day": ("дата",), "cost": ("расход",)}, lambda places: len(places) == 2)
    assert grid is not None
    assert (grid.cell(grid.rows[0], "day"), grid.cell(grid.rows[0], "cost"), grid.others, grid.first) == ("d", "c", ("Ставка",), 4)
    assert grid.beside
    assert (grid.labels["cost"].currency, grid.labels["cost"].vat) == ("RUB", "net")


@pytest.mark.parametrize(("text", "expected"), [
    ("Итого", True), ("ИТОГО:", True), ("Всего за март", True), ("Total: Account", True), ("Grand total", True),
    ("Итоговая распродажа", False), ("Totally new", False), ("Весна итого", False),
])
@pytest.mark.promise("R17")
def test_a_total_is_known_by_its_first_word(text: str, expected: bool) -> None:
    assert is_total(text) is expected


def test_of_two_amounts_the_one_without_vat_is_taken() -> None:
    rows = [["Дата", "Расход с НДС", "Расход без НДС"], ["d", "122", "100"]]
    grid = locate(rows, {"day": ("дата",), "cost": ("расход",)}, lambda places: len(places) == 2)
    assert grid is not None and grid.cell(grid.rows[0], "cost") == "100"
    assert label("Расход, ₽").name == label("РАСХОД (руб.)").name == "расход"


# ------------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.promise("R16")
def test_numbers_are_exact_or_reported() -> None:
    cells = [
        "1 234,5", "12,50", "—", "1\u00a0234\u202f567,89", "−3", "(4,5)", "1e5", "двенадцать", "12,5 %", "0", "1 234,50 ₽", "", 5.25, True,
    ]
    found = numbers(cells)
    assert [str(value) for value in found.values] == [
        "1234.5", "12.50", "None", "1234567.89", "-3", "-4.5", "None", "None", "None", "0", "1234.50", "None", "5.25", "None",
    ]
    assert found.wrong == {6, 7, 8, 13}


@pytest.mark.promise("R16")
def test_the_whole_column_decides_what_a_comma_is() -> None:
    assert numbers(["1,234", "5.5"]).values == (Decimal(1234), Decimal("5.5"))
    assert numbers(["1,234", "5,5"]).values == (Decimal("1.234"), Decimal("5.5"))
    assert numbers(["1,234", "56"]).wrong == {0}
    assert numbers(["1,234", "56"], elsewhere=",").values == (Decimal("1.234"), Decimal(56))
    assert numbers(["1,234", "56"], whole=True).values == (Decimal(1234), Decimal(56))
    assert numbers(["12,5", "1.5", "1,234"]).wrong == {2}
    assert numbers(["1,234,567", "12,34,567.8"]).values == (Decimal(1234567), Decimal("1234567.8"))
    assert numbers(["1.5"], whole=True).wrong == {0}
    assert numbers(["12,5 %", "0.5%"], percent=True).values == (Decimal("0.125"), Decimal("0.005"))


STYLES = [(" ", ","), ("\u00a0", ","), (",", "."), ("", "."), (".", ",")]


@given(st.lists(st.decimals(-10**9, 10**9, places=2), min_size=2), st.sampled_from(STYLES))
@quick
@pytest.mark.promise("R16")
def test_a_column_written_in_any_house_style_reads_back_exactly(values: list[Decimal], style: tuple[str, str]) -> None:
    thousands, mark = style
    cells = [f"{value:,.2f}".replace(",", "T").replace(".", mark).replace("T", thousands) for value in values]
    found = numbers(cells)
    assert not found.wrong
    assert list(found.values) == values


@given(st.lists(st.text(alphabet="0123456789.,- %₽$€()eE руб", max_size=9)))
@quick
@pytest.mark.promise("R16")
def test_no_cell_is_both_read_and_wrong_and_none_crashes(cells: list[str]) -> None:
    for found in (numbers(cells), numbers(cells, whole=True), numbers(cells, percent=True), durations(cells)):
        assert len(found.values) == len(cells)
        assert all(found.values[place] is None for place in found.wrong)


@pytest.mark.promise("R16")
def test_ids_keep_every_digit() -> None:
    assert plain("18446744073709551615") == "18446744073709551615"
    assert plain(706027591.0) == "706027591"
    assert plain("007") == "007"
    assert [plain(cell) for cell in ("7,06E+08", 1e17, float("nan"))] == [None] * 3


def test_a_currency_is_known_by_sign_or_word() -> None:
    texts = ("Расход, ₽", "Cost (USD)", "Сумма, руб.", "US$1.92", "1 234 р.", "Стоимость", "Clicks", "CPC")
    assert [currency(text) for text in texts] == ["RUB", "USD", "RUB", "USD", "RUB", "", "", ""]


# ---------------------------------------------------------------------------------------------------------------- days


@pytest.mark.parametrize("text", [
    "2026-03-05", "05.03.2026", "5.3.2026", "5.3.26", "20260305", "2026/03/05", "05-03-2026", "2026-03-05 00:00:00", "2026-03-05T12:30:00Z",
    "5 марта 2026 г.", "5 мар 2026", "March 5, 2026", "Thu, 5 Mar 2026",
])
def test_a_day_in_any_of_the_usual_spellings(text: str) -> None:
    assert span(text) == (date(2026, 3, 5), date(2026, 3, 5))


@pytest.mark.parametrize("text", [
    "2026-03-01/2026-03-31", "01.03.2026 - 31.03.2026", "01.03.2026–31.03.2026", "01.03.2026-31.03.2026", "с 01.03.2026 по 31.03.2026",
    "март 2026", "Март 2026 г.", "2026-03", "03.2026", "Mar 2026",
])
def test_a_month_in_any_of_the_usual_spellings(text: str) -> None:
    assert span(text) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize("text", [
    "30.02.2026", "2026-13-01", "01.01.1970", "29 сентября", "итого", "0", "12.9999", "31.03.2026 - 01.03.2026", "01/02/2026", "5", "2026",
])
@pytest.mark.promise("R19")
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    assert span(text) is None


@pytest.mark.promise("R19")
def test_the_whole_column_decides_which_number_is_the_month() -> None:
    assert spans(["03/04/2026", "13/04/2026"]).values[0] == (date(2026, 4, 3), date(2026, 4, 3))
    assert spans(["03/04/2026", "04/13/2026"]).values[0] == (date(2026, 3, 4), date(2026, 3, 4))
    assert spans(["03/04/2026", "05/06/2026"]).wrong == {0, 1}
    assert spans(["13/04/2026", "04/13/2026", "03/04/2026"]).wrong == {0, 1, 2}


def test_days_of_a_workbook_are_days() -> None:
    cells = [date(2026, 3, 1), datetime(2026, 3, 1, 12), 46082.0, 20260301.0]
    assert spans(cells).values == ((date(2026, 3, 1), date(2026, 3, 1)),) * 4
    assert spans([5.0, 46082.5, True, float("inf"), -1e300]).wrong == {0, 1, 2, 3, 4}


@given(st.lists(st.one_of(st.text(alphabet="0123456789./- мартjan", max_size=14), st.floats(), st.booleans(), st.none())))
@quick
def test_no_text_crashes_the_calendar(cells: list[Any]) -> None:
    found = spans(cells)
    assert all(value is None or value[0] <= value[1] for value in found.values)


def test_durations_as_sources_write_them() -> None:
    cells = ["00:08:45", "2:05", "1m 05s", "3 м 50 c", "1 ч 2 мин", "12,5", 7.0, timedelta(hours=30), time(0, 1, 5), "-"]
    assert [int(value) if value else None for value in durations(cells).values] == [525, 125, 65, 230, 3720, 12, 7, 108000, 65, None]
    assert durations(["долго"]).wrong == {0}


# -------------------------------------------------------------------------------------------------------------- damage


def test_a_missing_file_and_a_folder_are_explained(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadFile, match="cannot be opened"):
            peek(path)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n  \n", b"\x00" * 100])
def test_nothing_is_called_empty(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="empty"):
        peek(written(tmp_path, content))


NO_TABLES = {
    "PNG picture": b"\x89PNG\r\n\x1a\n",
    "PDF document": b"%PDF-1.7",
    "binary": b"a,b\x00\x01\x02\n" * 9,
    "archive is damaged": gzip.compress(bytes(range(256)) * 9)[:90],
    "damaged character": "a,b\n1,2\n".encode("utf-16")[:-1],
}


@pytest.mark.parametrize("what", NO_TABLES)
def test_what_is_no_table_is_named(what: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=what):
        peek(written(tmp_path, NO_TABLES[what]))


def test_a_table_too_large_for_memory_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_TEXT_BYTES", 1000)
    monkeypatch.setattr(workbooks, "MOST_BYTES", 1000)
    text = "Дата;Источник;Расход\n" + "01.03.2026;vk;5\n" * 100
    packed = written(tmp_path, gzip.compress(text.encode()), "file.gz")
    refused = intake.sort([written(tmp_path, text), packed, workbook(tmp_path / "b.xlsx", {"A": [["a"]]})]).refused
    assert [one.problem.what for one in refused] == ["The file is too large for a report: {size} MB."] * 3


def test_a_small_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED_BYTES", 100_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 200_000)
    with pytest.raises(BadFile, match="too large"):
        peek(path)


@pytest.mark.parametrize("cell", ["XFD1048576", "B999999999", "A5000001"])
def test_a_space_typed_far_away_from_the_table_is_refused_and_does_not_eat_the_memory(cell: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", {"A": [["Дата", "Расход"], ["01.03.2026", 5], ["far", ""]]})
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b'"A3"' in parts[sheet]
    parts[sheet] = parts[sheet].replace(b'"A3"', f'"{cell}"'.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(BadFile, match="far away from the table"):
        peek(path)


def test_an_old_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="old format") as caught:
        peek(written(tmp_path, workbooks.OLE + bytes(2000)))
    assert "save it as XLSX" in caught.value.fix


HEALTHY = [path for path in sorted(SAMPLES.glob("*/*/*")) if path.name != "expected.json" and path.stat().st_size < 7000]


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_damaged_file_is_a_problem_or_still_right_but_never_a_crash(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes are flipped, cut out, doubled or appended; everything up to the batches runs."""
    content = bytearray(data.draw(st.sampled_from(HEALTHY)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        size = data.draw(st.integers(1, 40))
        new = data.draw(st.sampled_from([b"", b"\x00", b'"', b"\n", b"\t", b",;", b"\xff\xfe", b"-1", b"#", b"9" * 30, b"\xd0"]))
        content[place : place + size] = new * data.draw(st.integers(1, 3))
    path = written(tmp_path, bytes(content), "damaged")
    handful = intake.sort([path])
    assert len(handful.series) + len(handful.refused) == 1
    for refused in handful.refused:
        assert all(str(refused.problem).splitlines()) and refused.problem.fix
    stated = {"timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "account": "1", "period": "2026-03-01/2026-03-31"}
    for series in handful.series:
        try:
            resolved = intake.resolve(series, intake.Known(stated=stated))
            assert intake.read(resolved)
        except Problem as problem:
            assert str(problem)
