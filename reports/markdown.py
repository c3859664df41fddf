"""A document as Markdown: minutes of a meeting, a message, a page of a wiki."""

from __future__ import annotations

import re

from reports.exporting import Export
from reports.office import cleaned
from reports.story import Block, Figure, Row, Story, Table

_BREAKS = re.compile(r"[\r\n\t]+")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def write(story: Story) -> bytes:
    story = cleaned(story)
    parts = [f"# {escaped(story.title)}", escaped(story.subtitle), *(_block(block) for block in story.blocks if block.kind != "cover")]
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return _MARKUP.sub(r"\\\1", _BREAKS.sub(" ", text).strip())


def _block(block: Block) -> str:
    parts = [f"## {escaped(block.title)}", *map(escaped, block.lead)]
    if block.cards:
        parts.append("\n".join(map(_figure, block.cards)))
    parts += [_table(table) for table in block.tables]
    if block.bullets:
        parts.append("\n".join(f"- {escaped(one)}" for one in block.bullets))
    if block.notes:
        parts.append("\n".join(f"> {escaped(note)}  " for note in block.notes).rstrip())
    return "\n\n".join(parts)


def _figure(card: Figure) -> str:
    beside = ", ".join(filter(None, (card.change, card.was)))
    code = f" · {card.code}" if card.code else ""
    return f"- **{escaped(card.title)}**: {escaped(card.text)}{f' ({escaped(beside)})' if beside else ''}{code}"


def _table(table: Table) -> str:
    """A table whose figures stand to the right; one of words has a column of names alone to the left."""
    rule = ["---", *("---" if column.unit == "text" else "---:" for column in table.columns)]
    lines = [["", *(escaped(column.title) for column in table.columns)], rule, *map(_row, table.rows)]
    if table.total is not None:
        lines.append([f"**{text}**" if text else "" for text in _row(table.total)])
    return f"**{escaped(table.name)}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(row: Row) -> list[str]:
    return [escaped(row.name), *(escaped(f"{cell.text} ({cell.change})" if cell.change else cell.text) for cell in row.cells)]


EXPORT = Export("md", "md", "text/markdown", write)
