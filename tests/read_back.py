"""What a document's files show, read back figure by figure: a reader per format.

A place is (block's title, what it is, its name, row, column); what stands there is a text as printed, or a number where the format has
numbers.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
from lxml import html
from pptx import Presentation
from pypdf import PdfReader

from data.text import DASH, words
from reports.pptx_steps import steps
from reports.story import Block, Cell, Chart, Row, Story, Table
from tests.printed import squeezed

Place = tuple[str, str, str, int, int]
Shown = dict[Place, Any]
_PART = re.compile(r" \(\d+/\d+\)$")


def figures(story: Story) -> Iterator[tuple[Place, Any, str]]:
    """Every figure of a story: its place, its number, its text. A value that is not there is a figure too."""
    for block in story.blocks:
        for card in block.cards:
            yield (block.title, "card", card.code, 0, 0), card.value, card.text
        for table in block.tables:
            for line, row in enumerate(rows(table)):
                for column, cell in enumerate(row.cells):
                    yield (block.title, "table", table.name, line, column), cell.value, cell.text
        for chart in block.charts:
            for line, series in enumerate(chart.series):
                for column, value in enumerate(series.values):
                    yield (block.title, "chart", chart.title, line, column), value, (series.texts or ("",) * len(series.values))[column]


def rows(table: Table) -> tuple[Row, ...]:
    return (*table.rows, *((table.total,) if table.total else ()))


def differences(form: str, made: bytes, story: Story) -> list[tuple[Place, Any, Any]]:
    """Figures that a file shows otherwise than the story has them: the place, what should be there, what is."""
    shown = READERS[form](made, story)
    found = []
    for place, value, text in figures(story):
        if place[1] == "chart" and form in ("md", "pdf"):
            continue  # minutes have no pictures; those of a PDF are lines, and what is written on them is compared by its own test
        there = shown.get(place, "nothing")
        if not _same(there, value, text):
            found.append((place, text or value, there))
    return found


def _same(there: Any, value: float | None, text: str) -> bool:
    """A number is compared as a number, a text as a text."""
    if isinstance(there, (int, float)) and value is not None:
        return bool(abs(there - value) <= 1e-6 * max(1.0, abs(value)))
    if there is None or there == "":
        return value is None and squeezed(text) in ("", DASH)
    return squeezed(str(there)) == squeezed(text)


# ---------------------------------------------------------------------------------------------------------------- workbook


def xlsx(made: bytes, story: Story) -> Shown:
    book, found = openpyxl.load_workbook(io.BytesIO(made)), Shown()
    for block in story.blocks:
        sheet = next((one for one in book.worksheets[1:] if one["A1"].value == block.title), None)
        if sheet is None:
            continue
        lines = [list(row) for row in sheet.iter_rows(values_only=True)]
        values = {line[4]: line[1] for line in lines if len(line) > 4}
        found |= {(block.title, "card", card.code, 0, 0): values.get(card.code) for card in block.cards}
        for table in block.tables:
            head = next(at for at, line in enumerate(lines) if line[0] == table.name) + 1
            columns = [lines[head].index(column.title, 1) for column in table.columns]
            for line, _ in enumerate(rows(table), 1):
                for place, column in enumerate(columns):
                    found[block.title, "table", table.name, line - 1, place] = _summed(lines, head, head + line, column)
        for chart in block.charts:
            head = next(at for at, line in enumerate(lines) if line[0] == chart.title) + 1
            for series, one in enumerate(chart.series):
                for column in range(len(one.values)):
                    found[block.title, "chart", chart.title, series, column] = lines[head + 1 + column][1 + series]
    return found


def _summed(lines: list[list[Any]], head: int, line: int, column: int) -> Any:
    """A cell; of a formula what it gives."""
    value = lines[line][column]
    if not str(value).startswith("=SUM("):
        return value
    return sum(above[column] for above in lines[head + 1 : line] if isinstance(above[column], (int, float)))


# -------------------------------------------------------------------------------------------------------------------- deck


def pptx(made: bytes, story: Story) -> Shown:
    found, tables = Shown(), dict[tuple[str, str, str], list[str]]()
    for slide in Presentation(io.BytesIO(made)).slides:
        title = _PART.sub("", slide.shapes.title.text_frame.text) if slide.shapes.title is not None else ""
        block = next((one for one in story.blocks if one.title == title), None)
        if block is None:
            continue
        shapes = list(slide.shapes)
        for at, shape in enumerate(shapes):
            if shape.name == "Heading":
                block = next(one for one in story.blocks if one.title == shape.text_frame.text)
                title = block.title
            elif shape.name.startswith("Card "):
                found[title, "card", shape.name[5:], 0, 0] = shapes[at + 3].text_frame.text
            elif shape.has_table:
                _columns(shape, title, tables)
            elif shape.has_chart:
                chart = next(one for one in block.charts if one.title == shape.name or one.title[:60] == shape.name)
                found |= {(title, "chart", chart.title, line, column): value for line, column, value in _native(shape.chart, chart)}
    for block in story.blocks:
        for table in block.tables:
            for place, column in enumerate(table.columns):
                cells = tables.get((block.title, table.name, column.title), [])
                found |= {(block.title, "table", table.name, line, place): text for line, text in enumerate(cells)}
    return found


def _columns(shape: Any, title: str, tables: dict[tuple[str, str, str], list[str]]) -> None:
    """The cells of a table's part, put after those of the parts before it; a change beside or under a figure is left out."""
    head, *lines = [list(row.cells) for row in shape.table.rows]
    for place, cell in enumerate(head[1:], 1):
        column = tables.setdefault((title, _PART.sub("", shape.name), cell.text), [])
        for line in lines:
            runs = line[place].text_frame.paragraphs[0].runs
            column.append(runs[-1].text if runs else "")


def _native(drawn: Any, chart: Chart) -> Iterator[tuple[int, int, float | None]]:
    series = list(drawn.plots[0].series)
    if chart.kind == "waterfall":
        base, above, below = (one.values for one in series[:3])
        wanted = steps(chart.series[0].values)
        for place, (foot, up, down, step) in enumerate(zip(base, above, below, wanted, strict=True)):
            told = chart.series[0].values[place] or 0.0
            pairs = ((foot, step.base), (up, step.above), (down, step.below))
            alike = all(abs(one - other) < 1e-6 * max(1.0, abs(other)) for one, other in pairs)
            yield 0, place, told if alike else up + down
    elif chart.kind == "map":
        blob = openpyxl.load_workbook(io.BytesIO(drawn.part.chart_workbook.xlsx_part.blob)).active
        lines = list(blob.iter_rows(min_row=2, max_row=1 + len(chart.labels), values_only=True))
        across = [float(one.text) for one in series[0]._element.findall(".//{*}xVal//{*}v")]
        for place, line in enumerate(lines):
            yield from ((0, place, across[place]), (1, place, series[0].values[place]), (2, place, line[3]))
    else:
        for line, one in enumerate(series):
            yield from ((line, place, value) for place, value in enumerate(one.values))


# -------------------------------------------------------------------------------------------------------------------- page


def page(made: bytes, story: Story) -> Shown:
    found, sections = Shown(), html.fromstring(made.decode()).findall(".//section")
    for section, block in zip(sections, [one for one in story.blocks if one.kind != "cover"], strict=True):
        for card in section.findall(".//div[@class='card']"):
            found[block.title, "card", card.find("dt")[-1].text, 0, 0] = card.find("dd[1]").text_content()
        for table, drawn in zip([one for one in block.tables if one.rows], section.findall("./div[@class='scroll']"), strict=True):
            for line, row in enumerate(drawn.findall(".//tr")[1:]):
                for column, cell in enumerate(row.findall("td")):
                    small, text = cell.find("small"), cell.text_content()
                    changed = small.text_content() if small is not None else ""
                    found[block.title, "table", table.name, line, column] = text.removesuffix(changed)
        for chart, figure in zip(block.charts, section.findall("./figure"), strict=True):
            found |= {(block.title, "chart", chart.title, line, at): value for line, at, value in _plotted(figure, chart)}
    return found


def _plotted(figure: Any, chart: Chart) -> Iterator[tuple[int, int, float | None]]:
    """Of a picture what is drawn; and of its table under it what is printed, if the two agree with each other."""
    told = json.loads(figure.find("script").text)["data"]
    printed = [[cell.text_content() for cell in row.findall("td")] for row in figure.findall(".//details//tr")[1:]]
    for line, one in enumerate(chart.series):
        drawn = _drawn(told, chart, line)
        for place, value in enumerate(one.values):
            agrees = not one.texts or squeezed(printed[place][line]) == squeezed(one.texts[place])
            yield line, place, (drawn[place] if drawn is not None else value) if agrees else None if value is not None else 0.0


def _drawn(told: list[Any], chart: Chart, line: int) -> list[float | None] | None:
    if chart.kind == "map":
        return told[0]["x" if line == 0 else "y"] if line < 2 else None
    if chart.kind == "heat":
        return list(told[0]["z"][line])
    if chart.kind == "waterfall":
        wanted = steps(chart.series[0].values)
        tops = [foot + high for foot, high in zip(told[0]["base"], told[0]["y"], strict=True)]
        return [
            value if abs(top - (one.base + one.above)) < 1e-6 * max(1.0, abs(top)) else top
            for value, top, one in zip(chart.series[0].values, tops, wanted, strict=True)
        ]
    lying = told[line].get("orientation") == "h"
    return list(told[line]["x" if lying else "y"])


# ------------------------------------------------------------------------------------------------------- minutes and print


def markdown(made: bytes, story: Story) -> Shown:
    found, parts = Shown(), re.split(r"^## ", made.decode(), flags=re.MULTILINE)[1:]
    for part, block in zip(parts, [one for one in story.blocks if one.kind != "cover"], strict=True):
        lines = part.splitlines()
        for card in block.cards:
            line = next(one for one in lines if one.startswith("- **") and one.endswith(f" · {card.code}"))
            text = line.split("**: ", 1)[1].removesuffix(f" · {card.code}")
            beside = ", ".join(filter(None, (_judged(card.change, card.tone, story), card.was)))
            found[block.title, "card", card.code, 0, 0] = _plain(text).removesuffix(f" ({beside})")
        starts = [at for at, line in enumerate(lines) if re.fullmatch(r"\|( -+:? \|)+", line)]
        for start, table in zip(starts, block.tables, strict=True):
            for at, row in enumerate(rows(table)):
                cells = re.split(r"(?<!\\)\|", lines[start + 1 + at])[2:-1]
                for column, (written, cell) in enumerate(zip(cells, row.cells, strict=True)):
                    text = _plain(written.strip().removeprefix("**").removesuffix("**"))
                    found[block.title, "table", table.name, at, column] = text.removesuffix(f" ({_judged(cell.change, cell.tone, story)})")
    return found


def _judged(change: str, tone: str, story: Story) -> str:
    """A change as minutes have it: better or worse in a word."""
    word = {"good": "better", "bad": "worse"}.get(tone, "") if change else ""
    return f"{change}, {words(story.language).t(word)}" if word else change


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def pdf(made: bytes, story: Story) -> Shown:
    """A row stands there if its name and all its figures follow each other; a card if its code, figure and change do."""
    found, there = Shown(), printed(made)
    wanted = dict[Place, str]()
    for block in story.blocks:
        wanted |= {(block.title, "card", card.code, 0, 0): f"{card.title}{card.code}{card.text}{card.change}" for card in block.cards}
        for table in block.tables:
            wanted |= {(block.title, "table", table.name, line, -1): _whole(row) for line, row in enumerate(rows(table))}
    often = Counter(map(squeezed, wanted.values()))
    kept = {place for place, text in wanted.items() if there.count(squeezed(text)) >= often[squeezed(text)]}
    for place, _, text in figures(story):
        if place in kept or (*place[:4], -1) in kept:
            found[place] = text
    return found


def printed(made: bytes) -> str:
    """All that can be read out of a PDF."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))


def _whole(row: Row) -> str:
    def said(cell: Cell) -> str:
        return f"{cell.text}{cell.change}"

    return row.name + "".join(map(said, row.cells))


def written_on_charts(block: Block) -> Iterator[str]:
    """Figures that every picture has in words: those of steps and of bars that have something to say each."""
    for chart in block.charts:
        if chart.kind == "waterfall" or (chart.kind == "bar" and len(chart.series) == 1):
            yield from chart.series[0].texts


READERS: dict[str, Callable[[bytes, Story], Shown]] = {"xlsx": xlsx, "pptx": pptx, "html": page, "md": markdown, "pdf": pdf}
