"""Text from outside stays text: on the page, and in a spreadsheet that would rather compute it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import escape


@pytest.mark.parametrize("hostile", ["=1+1", "+7 999", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")'])
def test_a_cell_is_never_a_formula(hostile: str) -> None:
    assert escape.cell(hostile) == f"'{hostile}"


@given(st.text())
def test_no_text_cell_starts_a_formula(text: str) -> None:
    assert not escape.cell(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_negative_numbers_stay_numbers() -> None:
    lines = escape.sheet(["a", "b"], [["-x", -12.5]], russian=False).decode("utf-8-sig").splitlines()
    assert lines[1] == "'-x,-12.5"


def test_russian_sheets_open_in_russian_excel() -> None:
    made = escape.sheet(["Канал", "CPA"], [["Контекст", 1234.5]], russian=True)
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig").splitlines() == ["Канал;CPA", "Контекст;1234,5"]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20), min_size=1, max_size=4))
def test_what_is_written_is_read_back(texts: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(escape.sheet(texts, [texts], russian=True).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [[escape.cell(text) for text in texts]] * 2


def test_nothing_is_an_empty_cell_and_zero_is_zero() -> None:
    assert escape.sheet(["a", "b", "c"], [[None, float("nan"), 0.0]], russian=False).decode("utf-8-sig").splitlines()[1] == ",,0"


@pytest.mark.parametrize("hostile", ["**bold**", ":red[x]", "[a](http://b)", "$x$", "`code`", "<b>", "# head", "~~x~~", ":material/error:"])
def test_markdown_of_others_is_shown_as_written(hostile: str) -> None:
    said = escape.markdown(hostile)
    assert said.replace("\\", "") == hostile.replace("\\", "")
    assert all(said[place - 1] == "\\" for place, letter in enumerate(said) if letter in "*[]:$`<>#~")
