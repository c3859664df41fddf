"""The workbook: contents, then a sheet per block with typed cells, totals as formulas and native charts beside the figures they show."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import xlsxwriter

from data.text import words
from reports.blocks import kinds
from reports.exporting import Export
from reports.office import cleaned
from reports.story import Block, Story
from reports.xlsx_sheet import Book, Sheet

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST = 31
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(story: Story) -> bytes:
    """NB: texts stay texts: a campaign named "=1+1" must never become a formula in somebody's office."""
    told = cleaned(story)
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as file:
        book = Book(file, told)
        file.set_properties({"title": told.title, "author": told.theme.agency, "created": told.made.replace(tzinfo=None)})
        blocks = [block for block in told.blocks if block.kind != "cover"]
        names = sheet_names((book.say.t("Contents"), *(_title(told, block) for block in blocks)))
        _contents(book, names, blocks)
        for name, block in zip(names[1:], blocks, strict=True):
            _sheet(book, name, block)
    return kept.getvalue()


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that a spreadsheet accepts: without its signs, at most 31 letters, no two alike whatever their case."""
    found: list[str] = []
    for text in wanted:
        plain = _FORBIDDEN.sub(" ", " ".join(text.split())).strip("' ") or "–"
        plain = "–" if plain.casefold() == "history" else plain
        name, number = _cut(plain, _LONGEST), 1
        while name.casefold() in {one.casefold() for one in found}:
            number += 1
            name = f"{_cut(plain, _LONGEST - len(str(number)) - 1)} {number}"
        found.append(name)
    return found


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…".strip("'")


def _title(story: Story, block: Block) -> str:
    """The name of the block's kind; the sentence of its answer is too long for a tab."""
    kind = kinds().get(block.kind)
    return words(story.language).t(kind.title) if kind else block.title


def _contents(book: Book, names: Sequence[str], blocks: Sequence[Block]) -> None:
    sheet = Sheet.add(book, names[0])
    say, story = book.say, book.story
    sheet.title(f"{story.name} · {story.title}")
    period = say.period(story.since, story.until)
    compared = say.t("compared with {period}", period=say.period(*story.compared)) if story.compared else ""
    for text in (
        story.subtitle,
        ", ".join(filter(None, (period, compared))),
        story.theme.agency,
        say.t("Made on {day}", day=story.made.date()),
    ):
        if text:
            sheet.line(text)
    if story.sources:
        sheet.line(say.t("Sources: {sources}", sources="; ".join(map(say.written, story.sources))))
    sheet.gap()
    sheet.heads((say.t("Sheet"), say.t("What it says")))
    for name, block in zip(names[1:], blocks, strict=True):
        sheet.link(name, block.title)
    sheet.done(freeze=False)


def _sheet(book: Book, name: str, block: Block) -> None:
    sheet = Sheet.add(book, name)
    sheet.title(block.title)
    for text in block.lead:
        sheet.line(text)
    sheet.gap()
    if block.cards:
        sheet.figures(block.cards)
    for table in block.tables:
        sheet.table(table)
    for chart in block.charts:
        sheet.chart(chart)
    for text in block.bullets:
        sheet.line(f"• {text}")
    for text in block.notes:
        sheet.line(text, quiet=True)
    sheet.done(freeze=True)


EXPORT = Export("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write)
