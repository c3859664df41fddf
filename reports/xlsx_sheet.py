"""One sheet of the workbook, written from top to bottom: lines of words, tables of typed cells, charts beside their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import wrap
from typing import Any, Final

from data.text import DASH, Words, words
from reports import office, palette
from reports.palette import Palette
from reports.story import Cell, Chart, Column, Figure, Row, Story, Table
from reports.xlsx_charts import Place, draw

FONT: Final = "Arial"
_NARROW, _WIDE, _NAMES = 11, 44, 60
_LINE, _UNSET = 110, 8
"""Letters from which on a sentence is broken into lines, and those of a column that nobody has set."""
"""Unit: letters of a column's width."""
_CHART_ROWS = 18


@dataclass(eq=False)
class Book:
    """The workbook and its looks. A format is made once for everything that looks alike."""

    file: Any
    story: Story
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    @cached_property
    def say(self) -> Words:
        return words(self.story.language)

    @cached_property
    def colours(self) -> Palette:
        return palette.printed(self.story.theme.accent)

    def look(self, **wanted: Any) -> Any:
        whole = {"font_name": FONT, "font_size": 10, "valign": "top", **wanted}
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(whole)
        return self._formats[key]

    def word(self, tone: str) -> str:
        return palette.readable(self.colours.tone(tone), palette.WHITE, palette.LEGIBLE)


@dataclass(eq=False)
class Sheet:
    """`row` is where the next line goes."""

    book: Book
    name: str
    sheet: Any
    row: int = 0
    _widths: dict[int, int] = field(default_factory=dict)
    _heads: list[tuple[int, int]] = field(default_factory=list)
    _wrapped: list[tuple[int, int, str]] = field(default_factory=list)
    _said: list[tuple[int, str, bool]] = field(default_factory=list)

    @classmethod
    def add(cls, book: Book, name: str) -> Sheet:
        sheet = book.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return cls(book, name, sheet)

    def title(self, text: str) -> None:
        self.sheet.set_row(self.row, 24)
        self.sheet.write_string(self.row, 0, text, self.book.look(bold=True, font_size=14, font_color=self.book.colours.ink))
        self.row += 1

    def line(self, text: str, quiet: bool = False) -> None:
        look = self.book.look(font_color=self.book.colours.soft, font_size=9) if quiet else self.book.look()
        self.sheet.write_string(self.row, 0, text, look)
        if len(text) > _LINE:
            self._said.append((self.row, text, quiet))
        self.row += 1

    def gap(self) -> None:
        self.row += 1

    def heads(self, texts: Sequence[str], right: Sequence[bool] = ()) -> None:
        colours = self.book.colours
        for place, text in enumerate(texts):
            look = self.book.look(
                bold=True,
                font_color=palette.over(colours.accent),
                bg_color=colours.accent,
                text_wrap=True,
                valign="vcenter",
                align="right" if place < len(right) and right[place] else "left",
            )
            self.sheet.write_string(self.row, place, text, look)
            self._wrapped.append((self.row, place, text))
            self._wide(place, max((len(word) for word in text.split()), default=0) + 3)
        self.row += 1

    def link(self, name: str, text: str) -> None:
        """A row of the contents. The link leads into this file, and nowhere else."""
        quoted = name.replace("'", "''")
        look = self.book.look(font_color=self.book.colours.accent, underline=1)
        self.sheet.write_url(self.row, 0, f"internal:'{quoted}'!A1", look, name)
        self.sheet.write_string(self.row, 1, text, self.book.look())
        self._wide(0, len(name) + 2)
        self._wide(1, 80)
        self.row += 1

    def figures(self, found: Sequence[Figure]) -> None:
        """The cards, a row each."""
        say = self.book.say
        titles = (say.t("Figure"), say.t("Now"), say.t("Change"), say.t("Before"), say.t("Code"), say.t("How it is worked out"))
        self._headed(len(found))
        self.heads(titles, (False, True, True, True))
        for one in found:
            self._text(0, one.title)
            self._number(1, one.value, one.text, one.unit)
            self._text(2, self._moved(one.change, one.tone), one.tone, right=True)
            self._text(3, one.was, right=True)
            self._text(4, one.code)
            self._text(5, one.receipt, widen=False)
            self.row += 1
        self.gap()

    def table(self, table: Table) -> None:
        """Typed cells; a column of changes follows a column that has any; totals of sums are formulas."""
        if not table.rows and table.total is None:
            return
        self._name(table.name)
        places, titles, right = self._columns(table)
        self._headed(len(table.rows))
        self.heads(("", *titles), (False, *right))
        first = self.row
        for row in table.rows:
            self._row(table, row, places)
            self.row += 1
        if table.total:
            self._total(table, table.total, places, first)
            self.row += 1
        self.gap()

    def chart(self, chart: Chart) -> None:
        """The figures of a chart, and the chart beside them, drawn from them."""
        if not chart.labels or not chart.series:
            return
        self._name(chart.title)
        across = chart.kind == "heat"
        names = tuple(one.name for one in chart.series)
        self._headed(len(chart.labels))
        self.heads(("", *(chart.labels if across else names)), (False, *(True for _ in (chart.labels if across else names))))
        first = self.row
        lines = names if across else chart.labels
        for place, name in enumerate(lines):
            self._text(0, name)
            for column in range(len(chart.labels) if across else len(chart.series)):
                one, at = (chart.series[place], column) if across else (chart.series[column], place)
                if at < len(one.values) and one.values[at] is not None:
                    unit = _unit(chart, one.texts[at] if at < len(one.texts) else "", column, self.book)
                    self._number(column + 1, one.values[at], one.texts[at] if at < len(one.texts) else "", unit)
            self.row += 1
        used = len(chart.labels if across else chart.series) + 1
        drawn = draw(self.book, self.sheet, chart, Place(self.name, first - 1, used))
        if drawn:
            self.row = max(self.row, first - 1 + _CHART_ROWS)
        if chart.note:
            self.line(chart.note, quiet=True)
        self.gap()

    def _sentence(self, row: int, text: str, quiet: bool, widths: dict[int, int]) -> None:
        """A long sentence in several lines over the columns under it: in one line it would make the printed page tiny."""
        last, wide = 1, widths.get(0, _UNSET) + widths.get(1, _UNSET)
        while wide < _LINE:
            last += 1
            wide += widths.get(last, _UNSET)
        colours = {"font_color": self.book.colours.soft, "font_size": 9} if quiet else {}
        self.sheet.merge_range(row, 0, row, last, "", self.book.look(text_wrap=True, valign="top", **colours))
        self.sheet.write_string(row, 0, text, self.book.look(text_wrap=True, valign="top", **colours))
        self.sheet.set_row(row, 3 + 12.75 * -(-len(text) // wide))

    def done(self, freeze: bool) -> None:
        """Column widths; the head of the sheet's only long table stays in view, else its title does."""
        widths = {place: min(max(wide, _NARROW), _NAMES if place == 0 else _WIDE) for place, wide in self._widths.items()}
        for place, wide in widths.items():
            self.sheet.set_column(place, place, wide)
        for row, lines in self._tall(widths).items():
            self.sheet.set_row(row, 3 + 12.75 * lines)
        for row, text, quiet in self._said:
            self._sentence(row, text, quiet, widths)
        if freeze:
            longest = max(self._heads, key=lambda head: head[1], default=(0, 0))
            alone = self._heads and (len(self._heads) == 1 or (longest == self._heads[0] and longest[1] > _CHART_ROWS))
            self.sheet.freeze_panes(longest[0] + 1 if alone else 1, 1 if alone else 0)

    def _tall(self, widths: Mapping[int, int]) -> dict[int, int]:
        """Rows of more than one line. NB: only some programs find that out by themselves."""
        found: dict[int, int] = {}
        for row, place, text in self._wrapped:
            lines = len(wrap(text, max(4, round(widths.get(place, _NARROW) * 1.12) - 1)))
            if lines > 1:
                found[row] = max(found.get(row, 1), lines)
        return found

    # ------------------------------------------------------------------------------------------------------------- cells

    def _headed(self, rows: int) -> None:
        self._heads.append((self.row, rows))

    def _name(self, text: str) -> None:
        if text:
            self.sheet.write_string(self.row, 0, text, self.book.look(bold=True, font_size=11))
            self.row += 1

    def _columns(self, table: Table) -> tuple[list[tuple[int, int | None]], list[str], list[bool]]:
        """Where each column and its changes stand on the sheet, with titles and sides."""
        places: list[tuple[int, int | None]] = []
        titles: list[str] = []
        right: list[bool] = []
        for number, column in enumerate(table.columns):
            cells = [row.cells[number] for row in table.rows if number < len(row.cells)]
            figures = column.unit != "text" or any(cell.value is not None for cell in cells)
            places.append((len(titles) + 1, len(titles) + 2 if any(cell.change for cell in cells) else None))
            titles.append(column.title)
            right.append(figures)
            if places[-1][1] is not None:
                titles.append(self.book.say.t("{title}: change", title=column.title))
                right.append(True)
        return places, titles, right

    def _row(self, table: Table, row: Row, places: Sequence[tuple[int, int | None]], bold: bool = False) -> None:
        self._text(0, row.name, bold=bold)
        for column, cell, (place, beside) in zip(table.columns, row.cells, places, strict=False):
            self._cell(place, column, cell, bold)
            if beside is not None:
                self._text(beside, self._moved(cell.change, cell.tone if cell.value is not None else ""), cell.tone, right=True, bold=bold)

    def _cell(self, place: int, column: Column, cell: Cell, bold: bool) -> None:
        if cell.value is None:
            self._text(place, cell.text, cell.tone, right=column.unit != "text", bold=bold)
        else:
            known = cell.unit or column.unit
            unit = known if known != "text" else office.unit(cell.text, self.book.story.currency)
            self._number(place, cell.value, cell.text, unit, bold=bold, tone="flat" if cell.change else cell.tone)

    def _total(self, table: Table, total: Row, places: Sequence[tuple[int, int | None]], first: int) -> None:
        self._row(table, total, places, bold=True)
        for number, (column, cell) in enumerate(zip(table.columns, total.cells, strict=False)):
            added = sum(row.cells[number].value or 0.0 for row in table.rows if number < len(row.cells))
            exact = cell.value is not None and abs(added - cell.value) <= 1e-6 * max(1.0, abs(cell.value))
            if column.key in table.sums and exact and table.rows:
                place = places[number][0]
                letters = _letters(place)
                formula = f"=SUM({letters}{first + 1}:{letters}{self.row})"
                self.sheet.write_formula(self.row, place, formula, self._shown(column.unit, cell.text, True, "flat"), cell.value)

    def _number(self, place: int, value: float | None, text: str, unit: str, *, bold: bool = False, tone: str = "flat") -> None:
        if value is None:
            self._text(place, text or DASH, right=True, bold=bold)
            return
        self.sheet.write_number(self.row, place, office.held(value, unit), self._shown(unit, text, bold, tone))
        self._wide(place, len(text) + 3)

    def _shown(self, unit: str, text: str, bold: bool, tone: str) -> Any:
        language = self.book.story.language
        code = office.written(unit, self.book.story.currency, language, office.digits([text], unit, language)) or "General"
        return self._look(bold, tone, num_format=code, align="right")

    def _text(self, place: int, text: str, tone: str = "flat", *, right: bool = False, bold: bool = False, widen: bool = True) -> None:
        long = len(text) > _WIDE and place > 0 and widen
        self.sheet.write_string(
            self.row,
            place,
            text,
            self._look(
                bold,
                tone,
                align="right" if right else "left",
                text_wrap=long or place == 0,
                **({"indent": 1} if place and not right else {}),
            ),
        )
        if long or place == 0:
            self._wrapped.append((self.row, place, text))
        if widen:
            self._wide(place, len(text) + 2)

    def _look(self, bold: bool, tone: str, **more: Any) -> Any:
        colours = self.book.colours
        edge = {"top": 1, "top_color": colours.soft} if bold else {"bottom": 1, "bottom_color": colours.grid}
        colour = {"font_color": self.book.word(tone)} if tone in ("good", "bad") else {}
        return self.book.look(**edge, **colour, **({"bold": True} if bold else {}), **more)

    def _moved(self, change: str, tone: str) -> str:
        say = self.book.say
        return f"{change} · {say.t('better') if tone == 'good' else say.t('worse')}" if change and tone in ("good", "bad") else change

    def _wide(self, place: int, letters: int) -> None:
        self._widths[place] = max(self._widths.get(place, 0), letters)


def _unit(chart: Chart, text: str, column: int, book: Book) -> str:
    """The sizes of a map's points are in a unit of their own."""
    return office.unit(text, book.story.currency) if chart.kind == "map" and column > 1 and text else chart.unit


def _letters(place: int) -> str:
    found, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found
