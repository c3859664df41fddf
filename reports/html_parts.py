"""The parts of a block as HTML: cards, tables, charts with their table. Every text of a story goes through `clean`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from data.text import DASH, Words
from reports import html_charts
from reports.drawing import draw
from reports.drawing.sheet import Look, clean
from reports.palette import Palette
from reports.story import Block, Cell, Chart, Column, Figure, Row, Table

FIGURES = ("count", "money", "share", "multiple", "number", "seconds")
SENTENCE = 60
"""Letters from which on a cell needs room."""
LOOK = Look(
    860,
    13,
    "Arial,'Liberation Sans',Roboto,'Segoe UI',sans-serif",
    Palette(
        "var(--accent)",
        "var(--ink)",
        "var(--soft)",
        "var(--grid)",
        "var(--axis)",
        "var(--paper)",
        "var(--on)",
        "var(--before)",
        "var(--year)",
        "var(--plan)",
        "var(--good)",
        "var(--bad)",
        "var(--flat)",
        tuple(f"var(--part-{place})" for place in range(1, 7)),
    ),
)
"""Colours are the style sheet's: the same picture by day, by night and on paper."""


@dataclass
class Parts:
    """Writes the parts of one document. `receipts` are codes that a table of it explains: figures link there."""

    say: Words
    currency: str
    receipts: frozenset[str]
    anchored: set[str] = field(default_factory=set)

    def block(self, block: Block, anchor: str) -> str:
        inside = (
            self.texts(block.lead, "lead"),
            self.cards(block.cards),
            self.bullets(block.bullets),
            *map(self.chart, block.charts),
            *map(self.table, block.tables),
            self.texts(block.notes, "notes"),
        )
        return f'<section id="{anchor}"><h2><a href="#{anchor}">{clean(block.title)}</a></h2>{"".join(inside)}</section>'

    def texts(self, texts: Sequence[str], kind: str) -> str:
        return f'<div class="{kind}">{"".join(f"<p>{clean(one)}</p>" for one in texts)}</div>' if texts else ""

    def bullets(self, texts: Sequence[str]) -> str:
        return f'<ul class="bullets">{"".join(f"<li>{clean(one)}</li>" for one in texts)}</ul>' if texts else ""

    def cards(self, cards: Sequence[Figure]) -> str:
        return f'<dl class="cards">{"".join(map(self._card, cards))}</dl>' if cards else ""

    def _card(self, card: Figure) -> str:
        judged = {"good": self.say.t("better"), "bad": self.say.t("worse")}.get(card.tone, "") if card.change else ""
        change = (
            f'<span class="{_tone(card.tone)}">{clean(card.change)}{", " + clean(judged) if judged else ""}</span> ' if card.change else ""
        )
        against = f'<dd class="against">{change}{clean(card.was)}</dd>' if card.change or card.was else ""
        size = " long" if len(card.text) > 14 else ""
        title = f"<dt><span>{clean(card.title)}</span>{self._code(card)}</dt>"
        return f'<div class="card">{title}<dd class="value{size}">{clean(card.text)}</dd>{against}</div>'

    def _code(self, card: Figure) -> str:
        """The code, which shows how the figure was worked out and leads to its receipt."""
        shown = f'class="code" title="{clean(card.receipt)}"'
        linked = card.code in self.receipts
        return f'<a {shown} href="#{receipt(card.code)}">{clean(card.code)}</a>' if linked else f"<span {shown}>{clean(card.code)}</span>"

    def chart(self, chart: Chart) -> str:
        title = f"<figcaption>{clean(chart.title)}</figcaption>"
        note = f'<p class="note">{clean(chart.note)}</p>' if chart.note else ""
        sheet = draw(chart, LOOK, self.say, self.currency)
        if sheet is None:
            return f'<figure>{title}<p class="empty">{clean(self.say.t("No data for the period"))}</p>{note}</figure>'
        said = chart.alt or chart.title
        told = json.dumps(html_charts.told(chart, LOOK, self.say, self.currency), ensure_ascii=False, separators=(",", ":"))
        return (
            f'<figure data-chart="{chart.kind}">{title}<div class="still">{sheet.svg(said)}</div>'
            f'<div class="live" role="img" aria-label="{clean(said)}"></div><script type="application/json">{inert(told)}</script>{note}'
            f"<details><summary>{clean(self.say.t('Figures of the chart'))}</summary>{self.table(_table(chart))}</details></figure>"
        )

    def table(self, table: Table) -> str:
        if not table.rows:
            return ""
        name = f"<h3>{clean(table.name)}</h3>" if table.name else ""
        kinds = [_kind(table, place) for place in range(len(table.columns))]
        heads = "".join(
            f'<th scope="col" class="{kind}">{clean(column.title)}</th>' for kind, column in zip(kinds, table.columns, strict=True)
        )
        rows = "".join(self._row(row, kinds) for row in table.rows)
        total = f"<tfoot>{self._row(table.total, kinds)}</tfoot>" if table.total else ""
        body = f'<thead><tr><th scope="col"></th>{heads}</tr></thead><tbody>{rows}</tbody>{total}'
        return f'{name}<div class="scroll" tabindex="0" role="region" aria-label="{clean(table.name)}"><table>{body}</table></div>'

    def _row(self, row: Row, kinds: Sequence[str]) -> str:
        anchor = f' id="{receipt(row.name)}"' if row.name in self.receipts - self.anchored else ""
        self.anchored.add(row.name)
        cells = "".join(_cell(cell, kind) for cell, kind in zip(row.cells, kinds, strict=True))
        return f'<tr{anchor}><th scope="row">{clean(row.name)}</th>{cells}</tr>'


def receipt(code: str) -> str:
    """Where a code is explained."""
    return f"receipt-{slug(code)}"


def slug(words: str) -> str:
    return re.sub(r"\W+", "-", words).strip("-")


def inert(told: str) -> str:
    """JSON that no browser takes for markup."""
    return told.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _cell(cell: Cell, kind: str) -> str:
    tone = _tone(cell.tone)
    if not cell.change:
        inside = f'<span class="{tone}">{clean(cell.text)}</span>' if tone else clean(cell.text)
    else:
        inside = f'{clean(cell.text)}<small class="{tone}">{clean(cell.change)}</small>'
    return f'<td class="{kind}">{inside}</td>'


def _table(chart: Chart) -> Table:
    """A chart's values as a table: a row per label."""
    columns = tuple(Column(str(place), series.name, chart.unit or "number") for place, series in enumerate(chart.series))
    texts = [series.texts or tuple(DASH if value is None else f"{value:g}" for value in series.values) for series in chart.series]
    rows = tuple(Row(label, tuple(Cell(None, column[place]) for column in texts)) for place, label in enumerate(chart.labels))
    return Table("", columns, rows)


def _kind(table: Table, place: int) -> str:
    """How a column is set: figures to the right and unbroken, sentences with room for them."""
    if table.columns[place].unit in FIGURES:
        return "figure"
    return "said long" if any(len(row.cells[place].text) > SENTENCE for row in table.rows) else "said"


def _tone(tone: str) -> str:
    return tone if tone in ("good", "bad") else ""
