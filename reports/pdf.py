"""The story as a PDF: set by Typst from a fixed layout, charts as vectors, text as text. Needs no browser and no network."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from data.text import Words, words
from reports.drawing import draw
from reports.drawing.sheet import Look, clean, wide
from reports.exporting import Export
from reports.office import cleaned
from reports.opening import cover_of, opening
from reports.palette import Palette, printed
from reports.story import Block, Chart, Figure, Row, Story, Table, plain

LAYOUT = Path(__file__).with_name("pdf.typ")
ROOM = 487.0
"""Width of what is printed on an A4 page. Unit: points."""
BODY, SMALLEST, INSET = 8.5, 6.0, 8.5
SHORT, LONGEST = 11, 160
"""Rows of a table that is not cut, and letters of its longest cell."""
WORD = 0.25
"""Share of the width that a word takes before it is broken."""
SPARSE, WIDE = 0.5, 0.62
"""A table that needs less than the first share of the width takes the second one only: its figures stay near to their names."""
FAMILIES = ("Inter", "Segoe UI", "Helvetica Neue", "Arial", "PT Sans", "Noto Sans", "Liberation Sans", "DejaVu Sans", "Libertinus Serif")
"""The first that the machine has is used; the last one comes with Typst. All have Cyrillic."""
SIGNS = "DejaVu Sans Mono"
"""Comes with Typst and has the signs of currencies."""
FIGURES = ("count", "money", "share", "multiple", "number", "seconds")


def write(story: Story) -> bytes:
    """Raises what Typst raises: the layout is ours, so that is a fault of ours."""
    story, family = cleaned(story), _family()
    told = _Telling(words(story.language), story.currency, printed(story.theme.accent), family, _receipts(story)).story(story)
    made: bytes = typst.compile(LAYOUT.read_bytes(), format="pdf", sys_inputs={"story": json.dumps(told, ensure_ascii=False)})
    return made


@cache
def _family() -> str:
    there = set(typst.Fonts().families())
    return next(family for family in FAMILIES if family in there)


def _receipts(story: Story) -> frozenset[str]:
    """Codes of figures that some table explains under that very name."""
    shown = {card.code for block in story.blocks for card in block.cards}
    return frozenset(row.name for block in story.blocks for table in block.tables for row in table.rows if row.name in shown)


class _Telling:
    """Turns a story into the values that the layout reads."""

    def __init__(self, say: Words, currency: str, palette: Palette, family: str, receipts: frozenset[str]) -> None:
        self.say, self.currency, self.palette, self.receipts = say, currency, palette, receipts
        self.look = Look(ROOM, 8.0, family, palette)
        self.labelled: set[str] = set()

    def story(self, story: Story) -> dict[str, Any]:
        say, colours = self.say, self.palette
        begin, cover = opening(story), cover_of(story)
        shown = [block for block in story.blocks if block.kind != "cover"]
        sources = say.t("Sources: {sources}", sources="; ".join(story.sources)) if story.sources else ""
        made = say.t("Made on {day}", day=story.made.date())
        return {
            "language": story.language,
            "name": story.name,
            "title": story.title,
            "subtitle": begin.subtitle,
            "author": story.theme.agency,
            "period": begin.period,
            "running": begin.running,
            "compared": begin.compared,
            "made": _parts(story.made),
            "contents": say.t("Contents"),
            "logo": _logo(story.theme.logo),
            "footer": sources or begin.running,
            "imprint": [part for part in (story.theme.agency, made, sources) if part],
            "look": {
                "fonts": [self.look.family, SIGNS],
                "accent": colours.accent,
                "ink": colours.ink,
                "soft": colours.soft,
                "grid": colours.grid,
                "axis": colours.axis,
                "good": colours.good,
                "bad": colours.bad,
            },
            "cover": self.block(replace(cover, lead=begin.lead)) if cover else None,
            "first": [self.block(block) for block in shown[:1] if block.kind == "summary"],
            "blocks": [self.block(block) for block in shown if block is not shown[0] or block.kind != "summary"],
        }

    def block(self, block: Block) -> dict[str, Any]:
        return {
            "title": block.title,
            "lead": block.lead,
            "bullets": block.bullets,
            "notes": block.notes,
            "cards": [self.card(card) for card in block.cards],
            "charts": [self.chart(chart) for chart in block.charts],
            "tables": [self.table(table) for table in block.tables if table.rows],
        }

    def card(self, card: Figure) -> dict[str, Any]:
        judged = {"good": self.say.t("better"), "bad": self.say.t("worse")}.get(card.tone, "") if card.change else ""
        change = f"{card.change}, {judged}" if judged else card.change
        target = f"receipt-{card.code}" if card.code in self.receipts else ""
        return {
            "title": card.title,
            "text": card.text,
            "was": card.was,
            "code": card.code,
            "target": target,
            "change": change,
            "tone": _tone(card.tone),
        }

    def chart(self, chart: Chart) -> dict[str, Any]:
        sheet, said = draw(chart, self.look, self.say, self.currency), chart.alt or chart.title
        return {
            "title": chart.title,
            "note": chart.note,
            "empty": self.say.t("No data for the period"),
            "alt": said,
            "svg": sheet.shapes(said) if sheet else "",
            "height": sheet.height if sheet else 0,
            "words": plain(sheet.words if sheet else ()),
        }

    def table(self, table: Table) -> dict[str, Any]:
        size, widths = _fitted(table)
        return {
            "name": table.name,
            "size": size,
            "short": _short(table),
            "widths": widths,
            "breaks": max(_longest(table)) * size > ROOM * WORD,
            "figures": [False, *(_holds(table, place) for place, _ in enumerate(table.columns))],
            "titles": ["", *(column.title for column in table.columns)],
            "rows": [self.row(row) for row in table.rows],
            "total": self.row(table.total) if table.total else None,
        }

    def row(self, row: Row) -> dict[str, Any]:
        """NB: a label may stand only once in a document."""
        label = f"receipt-{row.name}" if row.name in self.receipts and row.name not in self.labelled else ""
        self.labelled.add(row.name)
        cells = [{"text": cell.text, "change": cell.change, "tone": _tone(cell.tone)} for cell in row.cells]
        return {"name": row.name, "label": label, "cells": cells}


def _holds(table: Table, place: int) -> bool:
    """Whether a column holds figures, be it of mixed units."""
    return table.columns[place].unit in FIGURES or any(row.cells[place].value is not None for row in table.rows if place < len(row.cells))


def _short(table: Table) -> bool:
    """Whether a table surely stands on half a page, so that it need not be cut."""
    longest = max((len(text) for row in table.rows for text in (row.name, *(cell.text for cell in row.cells))), default=0)
    return len(table.rows) <= SHORT and longest <= LONGEST


def _fitted(table: Table) -> tuple[float, list[float]]:
    """Size of the words and widths of the columns, in points: figures never break, words share what is left."""
    size = BODY
    while size > SMALLEST and ROOM - sum(_figures(table, size)) < _wanted(table, size):
        size -= 0.5
    figures = [0.0, *_figures(table, size)]
    worded = [weight * size for weight in _weights(table)]
    least = [min(one * size, ROOM * WORD) for one in _longest(table)]
    rest = max(ROOM - sum(figures) - sum(least), 0.0)
    spare = [max(0.0, wish - low) for wish, low in zip(worded, least, strict=True)]
    given = min(1.0, rest / (sum(spare) or 1.0))
    shares = [low + part * given for low, part in zip(least, spare, strict=True)]
    across = ROOM if sum(figures) + sum(worded) > ROOM * SPARSE else ROOM * WIDE
    shares = [share * max(1.0, (across - sum(figures)) / sum(shares)) for share in shares]
    widths = [fixed or share for fixed, share in zip(figures, shares, strict=True)]
    scale = min(1.0, ROOM / sum(widths))
    return size, [round(width * scale, 1) for width in widths]


def _figures(table: Table, size: float) -> list[float]:
    """Width of each column of figures; 0 for words."""
    widths: list[float] = []
    for place, column in enumerate(table.columns):
        cells = [row.cells[place] for row in (*table.rows, *([table.total] if table.total else []))]
        inside = max((max(wide(cell.text, size), wide(cell.change, size * 0.85)) for cell in cells), default=0.0)
        head = max((wide(word, size * 1.25) for word in column.title.split()), default=0.0)
        widths.append(max(inside * 1.05, head) + INSET if _holds(table, place) else 0.0)
    return widths


def _weights(table: Table) -> list[float]:
    """How much room columns of words deserve: the square root of what they have to say; 0 for figures."""
    told = [[row.name for row in table.rows]]
    told += [
        [row.cells[place].text for row in table.rows] if not _holds(table, place) else [] for place, _ in enumerate(table.columns)
    ]
    heads = ["", *(column.title for column in table.columns)]
    return [_weight(texts, head) if place == 0 or texts else 0.0 for place, (texts, head) in enumerate(zip(told, heads, strict=True))]


def _longest(table: Table) -> list[float]:
    """The longest word of each column of words, in letters' sizes, with its margins; 0 for figures."""
    found = [_word([*(row.name for row in table.rows)])]
    for place, column in enumerate(table.columns):
        cells = [row.cells[place].text for row in table.rows]
        found.append(0.0 if _holds(table, place) else _word([*cells, *(f"{word}  " for word in column.title.split(" "))]))
    return found


def _word(texts: list[str]) -> float:
    return max((wide(word, 1) for text in texts for word in text.split(" ")), default=1.0) + 1.5


def _weight(texts: list[str], head: str) -> float:
    said = max((wide(text, 1) for text in texts), default=1.0)
    return max(_word([*texts, head]), min(said + 1.5, math.sqrt(said) * 4))


def _wanted(table: Table, size: float) -> float:
    """Least room for the columns of words: their longest words, and a name in a few lines."""
    return sum(min(weight * size, ROOM * 0.17) for weight in _weights(table))


def _tone(tone: str) -> str:
    return tone if tone in ("good", "bad") else "flat"


def _parts(made: datetime) -> dict[str, int]:
    return {"year": made.year, "month": made.month, "day": made.day, "hour": made.hour, "minute": made.minute, "second": made.second}


def _logo(logo: bytes | None) -> str:
    """The picture inside a drawing that keeps its shape; nothing where the bytes are no PNG or JPEG."""
    if not logo:
        return ""
    kind = "png" if logo.startswith(b"\x89PNG") else "jpeg" if logo.startswith(b"\xff\xd8") else ""
    picture = f"data:image/{kind};base64,{b64encode(logo).decode()}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 44" width="200" height="44">'
        f'<image href="{clean(picture)}" width="200" height="44" preserveAspectRatio="xMinYMid meet"/></svg>'
        if kind
        else ""
    )


EXPORT = Export("pdf", "pdf", "application/pdf", write)
