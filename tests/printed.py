"""All that a story prints, and a way to compare it that forgives line breaks and the kinds of spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.story import Story


def figures(story: Story) -> Iterator[str]:
    """Every figure as it is printed: of cards, of cells, of totals."""
    for block in story.blocks:
        for card in block.cards:
            yield from (card.text, card.change)
        for table in block.tables:
            for row in (*table.rows, *((table.total,) if table.total else ())):
                for cell in row.cells:
                    yield from (cell.text, cell.change)


def sentences(story: Story) -> Iterator[str]:
    """Every sentence that the reader has to see."""
    yield from (story.name, story.title)
    for block in story.blocks:
        yield from (block.title, *block.lead, *block.bullets, *block.notes)
        yield from (chart.title for chart in block.charts)
        yield from (row.name for table in block.tables for row in table.rows)


def squeezed(text: str) -> str:
    """Without spaces, hyphens and soft hyphens: what a line break may change."""
    return re.sub("[\\s\u00a0\u202f\u00ad\u2010-]|[\x00-\x1f]", "", text)
