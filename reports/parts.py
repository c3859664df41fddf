"""The figures of a document's tables and charts, each under a key that finds it again in a later version of the document. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data.text import Words, words
from metrics.registry import METRICS
from reports.story import Block, Chart, Figure, Story, Table

Key = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A table or a chart as a list of figures. `kind` and its place in the block make it the same one in another version."""

    block: str
    kind: str
    place: int
    name: str
    figures: dict[Key, Figure]

    @property
    def key(self) -> tuple[str, str, int]:
        return self.block, self.kind, self.place


def parts(story: Story) -> Iterator[Part]:
    """Tables and charts in their order. NB: the appendix says when data came, which is no figure of the client's."""
    say = words(story.language)
    for block in story.blocks:
        if block.kind != "appendix":
            titled = {say.t(metric.title): key for key, metric in METRICS.items()}
            main = next((card.metric for card in block.cards), "")
            for place, table in enumerate(block.tables):
                yield Part(block.key, "table", place, table.name, dict(_of_table(table, titled, main)))
            for place, chart in enumerate(block.charts):
                yield Part(block.key, "chart", place, chart.title, dict(_of_chart(chart, block, titled, say)))


def _of_table(table: Table, titled: dict[str, str], main: str) -> Iterator[tuple[Key, Figure]]:
    """Every cell; the metric is that of the column, else of the row, else the block's first one."""
    seen: dict[str, int] = {}
    for row in (*table.rows, *((table.total,) if table.total else ())):
        seen[row.name] = seen.get(row.name, 0) + 1
        for column, cell in zip(table.columns, row.cells, strict=False):
            metric = column.key if column.key in METRICS else titled.get(row.name, main)
            title = f"{row.name} · {column.title}"
            yield (column.key, row.name, str(seen[row.name])), Figure(
                "", metric, title, cell.value, cell.text, cell.unit or ("number" if column.unit == "text" else column.unit),
            )


def _of_chart(chart: Chart, block: Block, titled: dict[str, str], say: Words) -> Iterator[tuple[Key, Figure]]:
    """Every value of every series; the metric is the one that the chart is called by."""
    named = next((key for title, key in titled.items() if chart.title.startswith(title)), "")
    metric = named or next((card.metric for card in block.cards), "")
    for place, series in enumerate(chart.series):
        for at, (label, value) in enumerate(zip(chart.labels, series.values, strict=True)):
            text = series.texts[at] if at < len(series.texts) else "" if value is None else say.number(value)
            yield (series.role, str(place), label), Figure("", metric, f"{label} · {series.name}", value, text, chart.unit)
