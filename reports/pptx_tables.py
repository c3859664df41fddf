"""Native tables: as wide as the slide, cut by rows and columns where they do not fit, with their head on every slide. Heat maps too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches, Pt

from data.text import NBSP
from reports import palette
from reports.pptx_deck import BODY, Deck
from reports.pptx_flow import Band
from reports.pptx_text import Box, Said, height, put, shortened, width, wrapped, write
from reports.pptx_words import tone_word
from reports.story import Cell, Chart, Column, Row, Table

_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_BARE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own style with neither lines nor fills."""
_PAD, _AIR, _NAME = 0.1, 0.05, 0.28
"""Beside and above a cell's text, and the table's title. Unit: inches."""
_FIGURES, _WORDS, _NAMES = 0.8, 1.3, 2.2
"""The least widths of a column of figures, of words, and of names in a table beside another one. Unit: inches."""
_SMALLER = (10.0, 9.0, 8.0)
"""Letters of tables that have many columns. Unit: points."""
_NAME_ROOM = 2.4
"""What a column of names takes at most while others still have to fit. Unit: inches."""
_HEAD = 2.4
"""Lines that a column's title takes at most, about."""
_LONGEST = 420
"""Letters of a cell; the workbook has the rest."""


@dataclass(frozen=True)
class Face:
    """A cell as it is drawn: its text, under it the change, its colours."""

    text: str
    change: str = ""
    colour: str = ""
    fill: str = ""
    bold: bool = False
    align: str = "left"


@dataclass(frozen=True)
class Grid:
    """Rows of faces under a head. `widths` are inches, `size` is points; `total` closes the last part. Changes stand under their
    figures, or before them where they are `inline`, so that the figures stay in line."""

    deck: Deck
    name: str
    alt: str
    head: tuple[Face, ...]
    rows: tuple[tuple[Face, ...], ...]
    widths: tuple[float, ...]
    total: tuple[Face, ...] = ()
    size: float = 11
    inline: bool = False

    @property
    def least(self) -> float:
        whole = (self.head, *self.rows, *((self.total,) if self.total else ()))
        return (_NAME if self.name else 0.0) + sum(self._high(row) for row in whole)

    @property
    def most(self) -> float:
        return self.least

    def cut(self, room: float, fresh: bool) -> tuple[Band | None, Band | None]:
        """A table that stands on a slide of its own is not cut to fill another."""
        if self.least <= room + 0.01:
            return self, None
        if not fresh and self.least <= BODY.h:
            return None, self
        room -= (_NAME if self.name else 0.0) + self._high(self.head)
        kept = 0
        for row in self.rows:
            room -= self._high(row)
            if room < 0:
                break
            kept += 1
        if len(self.rows) - kept < 5 <= len(self.rows):
            kept = min(kept, (len(self.rows) + 1) // 2)
        if kept < 3 and not fresh:
            return None, self
        kept = max(1, min(kept, len(self.rows) - 1))
        if len(self.rows) < 2:
            return self, None
        return replace(self, rows=self.rows[:kept], total=()), replace(self, rows=self.rows[kept:])

    def draw(self, slide: Any, box: Box) -> None:
        y = box.y
        if self.name:
            name = Said(shortened(self.name, 12, box.w, 1, True), 12, self.deck.colours.ink, bold=True, after=0)
            put(slide, Box(box.x, y, box.w, _NAME), [name], self.deck.language)
            y += _NAME
        rows = (self.head, *self.rows, *((self.total,) if self.total else ()))
        heights = [self._high(row) for row in rows]
        frame = slide.shapes.add_table(
            len(rows), len(self.widths), Inches(box.x), Inches(y), Inches(sum(self.widths)), Inches(sum(heights))
        )
        frame.name = self.name or self.alt[:60]
        frame._element.nvGraphicFramePr.cNvPr.set("descr", self.alt)
        table = frame.table
        table._tbl.tblPr.find(f"{{{_A}}}tableStyleId").text = _BARE
        table.horz_banding = False
        table.last_row = bool(self.total)
        for place, wide in enumerate(self.widths):
            table.columns[place].width = Inches(wide)
        for place, (row, high) in enumerate(zip(rows, heights, strict=True)):
            table.rows[place].height = Inches(high)
            line = "accent" if place == 0 else "total" if self.total and place == len(rows) - 2 else "row"
            for column, face in enumerate(row):
                self._cell(table.cell(place, column), face, line)
                if place == 0:
                    table.cell(place, column).vertical_anchor = MSO_ANCHOR.BOTTOM

    def _high(self, row: Sequence[Face]) -> float:
        lines = max(
            len(wrapped(face.text, self.size, wide - 2 * _PAD, face.bold)) + (1 if face.change and not self.inline else 0)
            for face, wide in zip(row, self.widths, strict=True)
        )
        return height(lines, self.size) + 2 * _AIR

    def _cell(self, cell: Any, face: Face, line: str) -> None:
        cell.margin_left = cell.margin_right = Inches(_PAD)
        cell.margin_top = cell.margin_bottom = Inches(_AIR)
        language, ink = self.deck.language, self.deck.colours.ink
        said = Said(face.text, self.size, face.colour or ink, face.bold, after=0, align=face.align)
        moved = Said(face.change, self.size - 2, face.colour or self.deck.colours.soft, after=0, align=face.align)
        first = cell.text_frame.paragraphs[0]
        if face.change and self.inline:
            write(first, replace(moved, text=f"{face.change}{2 * NBSP}"), language)
        write(first, said, language)
        if face.change and not self.inline:
            write(cell.text_frame.add_paragraph(), moved, language)
        colours = self.deck.colours
        code, points = {"accent": (colours.accent, 1.5), "total": (colours.soft, 1.0), "row": (colours.grid, 0.75)}[line]
        properties = cell._tc.get_or_add_tcPr()
        edge = etree.SubElement(properties, f"{{{_A}}}lnB", w=str(Pt(points)))
        etree.SubElement(etree.SubElement(edge, f"{{{_A}}}solidFill"), f"{{{_A}}}srgbClr", val=code.lstrip("#"))
        if face.fill:
            etree.SubElement(etree.SubElement(properties, f"{{{_A}}}solidFill"), f"{{{_A}}}srgbClr", val=face.fill.lstrip("#"))


def grids(deck: Deck, table: Table, room: float = BODY.w, size: float = 11) -> list[Grid]:
    """A table as one grid, or several where it has more columns than the slide has room for. `size` is the size of its letters."""
    if not table.rows and table.total is None:
        return []
    size, groups = _divided(deck, table, room, size)
    found = []
    for place, group in enumerate(groups, 1):
        name = table.name if len(groups) == 1 else f"{table.name} ({place}/{len(groups)})"
        found.append(_grid(deck, replace(table, name=name), group, room, size))
    return found


def _divided(deck: Deck, table: Table, room: float, size: float) -> tuple[float, list[tuple[int, ...]]]:
    """The letters in which the columns have the room that they need, the largest first; else fewer columns side by side."""
    groups = _groups(table, room)
    for letters in (size, *(one for one in _SMALLER if one < size)):
        if all(_needed(deck, table, group, letters) <= room + 0.01 for group in groups):
            return letters, groups
    most = max(map(len, groups))
    while most > 1 and any(_needed(deck, table, group, _SMALLER[-1]) > room + 0.01 for group in groups):
        most -= 1
        parts = -(-len(table.columns) // most)
        each = -(-len(table.columns) // parts)
        groups = [tuple(range(start, min(start + each, len(table.columns)))) for start in range(0, len(table.columns), each)]
    return _SMALLER[-1], groups


def _needed(deck: Deck, table: Table, group: tuple[int, ...], size: float) -> float:
    """The least width in which no figure wraps and no name is broken to pieces. Unit: inches."""
    texts = _worded(table, group)
    wanted = _wanted(_faces(deck, table, group), texts, size)
    return sum(min(wide, _WORDS) if worded else wide for wide, worded in zip(wanted, texts, strict=True))


def _worded(table: Table, group: tuple[int, ...]) -> tuple[bool, ...]:
    """Which columns hold words: names, and those without figures."""
    return (True, *(table.columns[place].unit == "text" and not _figures(table, place) for place in group))


def least(deck: Deck, table: Table, size: float = 11) -> float:
    """The least width in which a table can be read: figures whole, words in a few lines. Unit: inches."""
    whole = tuple(range(len(table.columns)))
    faces, texts = _faces(deck, table, whole), _worded(table, whole)
    wanted = _wanted(faces, texts, size)
    unbroken = [_unbroken([row[place].text for row in faces], size) for place in range(len(texts))]
    first = min(wanted[0], max(unbroken[0], _NAMES))
    return first + sum(one if worded else wide for wide, one, worded in zip(wanted[1:], unbroken[1:], texts[1:], strict=True))


def natural(deck: Deck, table: Table, size: float = 11) -> float:
    """How wide a table would like to be. Unit: inches."""
    whole = tuple(range(len(table.columns)))
    return sum(_wanted(_faces(deck, table, whole), (False, *_worded(table, whole)[1:]), size))


def _groups(table: Table, room: float) -> list[tuple[int, ...]]:
    """Columns that stand side by side, after the names."""
    found: list[list[int]] = [[]]
    names = min(_NAME_ROOM, max((width(row.name, 11) for row in table.rows), default=0.0) + 2 * _PAD + 0.05)
    left = room - names
    for place, worded in enumerate(_worded(table, tuple(range(len(table.columns))))[1:]):
        needed = _WORDS if worded else _FIGURES + 0.1
        if needed > left and found[-1]:
            found.append([])
            left = room - names
        found[-1].append(place)
        left -= needed
    return [tuple(group) for group in found]


def _grid(deck: Deck, table: Table, group: tuple[int, ...], room: float, size: float) -> Grid:
    faces = _faces(deck, table, group)
    texts = _worded(table, group)
    size = size if len(group) < 9 else min(size, 10)
    beside = _wanted(faces, texts, size, inline=True)
    inline = sum(beside) <= room and any(face.change for row in faces for face in row)
    wanted = beside if inline else _wanted(faces, texts, size)
    least_of = [_unbroken([row[place].text for row in faces], size) for place in range(len(texts))]
    total = faces[-1] if table.total else ()
    rows = faces[1:-1] if table.total else faces[1:]
    return Grid(deck, table.name, table.name, faces[0], tuple(rows), _fitted(wanted, texts, room, least_of), total, size, inline)


def _figures(table: Table, place: int) -> bool:
    """Whether a column of words holds figures of mixed units."""
    return any(place < len(row.cells) and row.cells[place].value is not None for row in table.rows)


def _faces(deck: Deck, table: Table, group: tuple[int, ...]) -> list[tuple[Face, ...]]:
    """Head, rows, total."""
    right = {place: table.columns[place].unit != "text" or _figures(table, place) for place in group}
    soft = deck.colours.soft
    head = (
        Face("", bold=True, colour=soft),
        *(Face(table.columns[place].title, bold=True, colour=soft, align=_side(right[place])) for place in group),
    )
    found = [head, *((Face(_short(row.name)), *(_face(deck, row, place, right[place]) for place in group)) for row in table.rows)]
    if table.total:
        last = (Face(table.total.name), *(_face(deck, table.total, place, right[place]) for place in group))
        found.append(tuple(replace(face, bold=True) for face in last))
    return found


def _face(deck: Deck, row: Row, place: int, right: bool) -> Face:
    cell = row.cells[place] if place < len(row.cells) else Cell(None, "")
    coloured = deck.word(cell.tone) if cell.tone != "flat" else ""
    toned = cell.change and cell.tone != "flat" and cell.value is not None
    change = f"{cell.change} · {tone_word(deck, cell.tone)}" if toned else cell.change
    return Face(_short(cell.text), change, coloured, align=_side(right))


def _side(right: bool) -> str:
    return "right" if right else "left"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _wanted(rows: Sequence[Sequence[Face]], texts: Sequence[bool], size: float = 11, inline: bool = False) -> list[float]:
    """The widths in which nothing wraps, save long words in columns of text and heads."""
    found = []
    for place, worded in enumerate(texts):
        cells = [row[place] for row in rows[1:]]
        shown = (
            [f"{face.text}  {face.change}" for face in cells] if inline else [text for face in cells for text in (face.text, face.change)]
        )
        body = max((width(text, size, True) for text in shown), default=0.0)
        title = rows[0][place].text
        head = max(max(width(word, size, True) for word in title.split(" ")), width(title, size, True) / _HEAD)
        found.append(max(body if not worded else min(body, 6.0), head, _FIGURES - 2 * _PAD) + 2 * _PAD + 0.05)
    return found


def _unbroken(texts: Sequence[str], size: float) -> float:
    """The width in which no word of a column breaks. Unit: inches."""
    return max((width(word, size, True) for text in texts for word in text.split(" ")), default=0.0) + 2 * _PAD + 0.05


def _fitted(wanted: Sequence[float], texts: Sequence[bool], room: float, least_of: Sequence[float]) -> tuple[float, ...]:
    """Exactly as wide as there is room: columns of text give way first, down to their longest word, and take what is left."""
    able = [place for place, worded in enumerate(texts) if worded]
    spare = room - sum(wanted)
    found = list(wanted)
    if spare >= 0:
        evenly = min(spare * 0.6, 0.6 * (len(found) - len(able)))
        for place in range(len(found)):
            if place not in able:
                found[place] += evenly / max(1, len(found) - len(able))
        weights = {place: found[place] for place in able}
        spare = room - sum(found)
    else:
        weights = {place: max(0.0, found[place] - least_of[place]) for place in able}
    whole = sum(weights.values()) or 1.0
    for place in able:
        found[place] += spare * weights[place] / whole
    scale = room / sum(found)
    return tuple(one * scale for one in found) if scale < 0.999 else tuple(found)


def heat(deck: Deck, chart: Chart, room: float = BODY.w, size: float = 11) -> list[Grid]:
    """A heat map as a table whose cells are shaded: the figures stay figures."""
    columns = tuple(Column(str(place), label, chart.unit) for place, label in enumerate(chart.labels))
    rows = tuple(
        Row(one.name, tuple(Cell(value, one.texts[place] if place < len(one.texts) else "") for place, value in enumerate(one.values)))
        for one in chart.series
    )
    table = Table(chart.title, columns, rows)
    values = sorted(value for one in chart.series for value in one.values if value is not None)
    if not values:
        return []
    most = values[-1] if values[-1] != values[0] else values[0] + 1.0
    found = []
    for grid, group in zip(grids(deck, table, room, size), _divided(deck, table, room, size)[1], strict=True):
        shaded = tuple(
            (row[0], *(_shade(deck, face, told.cells[place].value, values[0], most) for face, place in zip(row[1:], group, strict=True)))
            for row, told in zip(grid.rows, rows, strict=True)
        )
        head = (grid.head[0], *(replace(face, align="center") for face in grid.head[1:]))
        found.append(replace(grid, head=head, rows=shaded, alt=chart.alt))
    return found


def _shade(deck: Deck, face: Face, value: float | None, low: float, high: float) -> Face:
    """NB: by the square root, else one large first month leaves all the others white."""
    if value is None:
        return replace(face, text="", align="center")
    fill = tint(deck.colours.accent, 0.06 + 0.84 * ((value - low) / (high - low)) ** 0.5)
    return replace(
        face, fill=fill, align="center", colour=max((deck.colours.ink, palette.WHITE), key=lambda ink: palette.contrast(ink, fill))
    )


def tint(colour: str, strength: float) -> str:
    """The colour mixed into white: 0 is white, 1 the colour itself."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * strength):02X}" for part in parts)
