"""A document as Markdown: minutes of a meeting, a message, a page of a wiki."""

from __future__ import annotations

import re

from data.text import Words, words
from reports.exporting import Export
from reports.office import cleaned
from reports.story import Block, Figure, Row, Story, Table

_BREAKS = re.compile(r"[\r\n\t]+")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def write(story: Story) -> bytes:
    story, say = cleaned(story), words(story.language)
    blocks = (_block(block, say) for block in story.blocks if block.kind != "cover")
    parts = [f"# {escaped(story.title)}", escaped(story.subtitle), *blocks]
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return _MARKUP.sub(r"\\\1", _BREAKS.sub(" ", text).strip())


def _block(block: Block, say: Words) -> str:
    parts = [f"## {escaped(block.title)}", *map(escaped, block.lead)]
    if block.cards:
        parts.append("\n".join(_figure(card, say) for card in block.cards))
    parts += [_table(table, say) for table in block.tables]
    if block.bullets:
        parts.append("\n".join(f"- {escaped(one)}" for one in block.bullets))
    if block.notes:
        parts.append("\n".join(f"> {escaped(note)}  " for note in block.notes).rstrip())
    return "\n\n".join(parts)


def _figure(card: Figure, say: Words) -> str:
    beside = ", ".join(filter(None, (_judged(card.change, card.tone, say), card.was)))
    code = f" · {card.code}" if card.code else ""
    return f"- **{escaped(card.title)}**: {escaped(card.text)}{f' ({escaped(beside)})' if beside else ''}{code}"


def _judged(change: str, tone: str, say: Words) -> str:
    """A change with its tone in a word: Markdown has no colours."""
    return f"{change}, {say.t('better' if tone == 'good' else 'worse')}" if change and tone in ("good", "bad") else change


def _table(table: Table, say: Words) -> str:
    """A table whose figures stand to the right; one of words has a column of names alone to the left."""
    rule = ["---", *("---" if column.unit == "text" else "---:" for column in table.columns)]
    lines = [["", *(escaped(column.title) for column in table.columns)], rule, *(_row(row, say) for row in table.rows)]
    if table.total is not None:
        lines.append([f"**{text}**" if text else "" for text in _row(table.total, say)])
    return f"**{escaped(table.name)}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(row: Row, say: Words) -> list[str]:
    changes = (_judged(cell.change, cell.tone if cell.value is not None else "flat", say) for cell in row.cells)
    cells = (f"{cell.text} ({change})" if change else cell.text for cell, change in zip(row.cells, changes, strict=True))
    return [escaped(row.name), *map(escaped, cells)]


EXPORT = Export("md", "md", "text/markdown", write)
