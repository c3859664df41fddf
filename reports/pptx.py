"""The deck: a slide per block, more where a block has more to say; native charts and tables, speaker notes, the client's colours.

    Block ─► bands (cards, words, charts, tables) ─► pages ─► slides
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.exporting import Export
from reports.office import cleaned
from reports.pptx_charts import Picture
from reports.pptx_deck import BODY, Deck
from reports.pptx_flow import GAP, Band, Beside, Placed, pages
from reports.pptx_tables import Grid, grids, heat, least, natural
from reports.pptx_text import BODY as BODY_SIZE
from reports.pptx_text import Box
from reports.pptx_words import Cards, Heading, Texts, bullets, cards, lead, notes
from reports.story import Block, Chart, Story, Table

_ASIDE = ((0.34, BODY_SIZE), (0.34, 12.5), (0.34, 11.5), (0.42, 12.5), (0.5, BODY_SIZE), (0.5, 12.5))
"""Share of the width that words beside a chart take, and their size; many words take more."""
_FEW = 0.8
"""Words lower than this stand over a chart instead. Unit: inches."""
_SIZES = ((18, 14), (16, 12.5), (14, 11))
"""Of words and of cells, in points."""
_DENSE = (10.5, 10)
"""Cells of a table that would not stand on one slide in larger letters. Unit: points."""
_FINE = ((12.5, 10), (12, 9))
"""The same in an appendix, where one slide is worth more than large letters."""
_SHARES = 2.0
"""Tables lower than this share a slide with a chart. Unit: inches."""
_LONG = 3.6
"""Tables up to this height stand beside something. Unit: inches."""
_FOOT = 1.6
"""Notes up to this height stand at the foot of the first slide. Unit: inches."""
_CLOSE = (12.5, 10)
"""The least sizes of two blocks on one slide."""
_LIGHT = 0.5
"""A block of words that takes less than this share of a slide has the next one below it, where that fits."""
_WIDEST = 0.64
"""Share of the width that a table beside a chart may take."""
_BAR = 0.65
"""What the name of one bar needs beside a table. Unit: inches."""
_BESIDE = (11, 10, 9.5)
"""The letters of such a table, in points."""
_INNER = BODY.w - 2 * GAP
_HALF = _INNER / 2


def write(story: Story) -> bytes:
    """Raises: Problem, where the logo is no picture."""
    told = cleaned(story)
    deck = Deck(told)
    first = next(iter(told.blocks), None)
    opening = first if first is not None and first.kind == "cover" else None
    lines = dict.fromkeys(filter(None, (told.subtitle, *(opening.lead if opening else (deck.say.period(told.since, told.until),)))))
    deck.cover(opening.title if opening else told.title, tuple(lines), _spoken(deck, opening) if opening else ())
    for group in _groups(deck, [block for block in told.blocks if block is not opening]):
        _slides(deck, group)
    return deck.saved()


def _groups(deck: Deck, blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """Blocks that share a slide: two that follow each other, have only words and tables, and fit."""
    found: list[tuple[Block, ...]] = []
    left = list(blocks)
    while left:
        block = left.pop(0)
        found.append((block, left.pop(0)) if left and _together(deck, block, left[0]) else (block,))
    return found


def _together(deck: Deck, block: Block, after: Block) -> bool:
    if any(one.charts or one.cards for one in (block, after)):
        return False
    room = deck.body(block.title).h
    first, both = (_high(_all(deck, group, *_CLOSE)) for group in ((block,), (block, after)))
    foot = notes(deck, (*block.notes, *after.notes), BODY.w).least
    return first <= _LIGHT * room and both + GAP + foot <= room


def _high(bands: Sequence[Band]) -> float:
    return sum(band.least for band in bands) + GAP * (len(bands) - 1)


def _slides(deck: Deck, group: tuple[Block, ...]) -> None:
    block = group[0]
    foot = notes(deck, tuple(dict.fromkeys(note for one in group for note in one.notes)), BODY.w)
    body = deck.body(block.title)
    found, noted = _flow(deck, group, foot, body.h)
    if len(found) > 1:
        body = deck.body(f"{block.title} (9/9)")
        found, noted = _flow(deck, group, foot, body.h)
    for number, page in enumerate(found, 1):
        title = block.title if len(found) < 2 else f"{block.title} ({number}/{len(found)})"
        spoken = tuple(dict.fromkeys(line for one in group for line in _spoken(deck, one)))
        slide = deck.slide(title, spoken if number == 1 else ())
        for placed in page:
            placed.band.draw(slide, Box(body.x, body.y + placed.y, body.w, placed.height))
        if number == noted:
            foot.draw(slide, Box(body.x, body.y + body.h - foot.least, body.w, foot.least))


def _flow(deck: Deck, group: tuple[Block, ...], foot: Texts, room: float) -> tuple[list[list[Placed]], int]:
    """The slides of a block, and at the foot of which its notes stand: the first, unless they save a slide at the last. 0: nowhere."""
    if not foot.said:
        return pages(_bands(deck, group, room), room, room) or [[]], 0
    if foot.least > _FOOT:
        return pages([*_bands(deck, group, room), foot], room, room), 0
    reserved = foot.least + 0.1
    first = pages(_bands(deck, group, room - reserved), room - reserved, room) or [[]]
    last = pages(_bands(deck, group, room), room, room, reserved) or [[]]
    return (first, 1) if len(first) <= len(last) else (last, len(last))


def _bands(deck: Deck, group: tuple[Block, ...], room: float) -> list[Band]:
    """The parts of a slide in the largest letters in which they stand on it, else in the usual ones."""
    small = _FINE if all(one.kind == "appendix" for one in group) else (_CLOSE,) if len(group) > 1 else ()
    for words, cells in (*_SIZES, *small):
        found = _all(deck, group, words, cells)
        if _high(found) <= room:
            return found
    return _all(deck, group, _SIZES[-1][0], None)


def _all(deck: Deck, group: tuple[Block, ...], words: float, cells: float | None) -> list[Band]:
    """The parts of all blocks of a slide; the second one's title stands above its own."""
    found = _parts(deck, group[0], words, cells)
    for block in group[1:]:
        found += [Heading(deck, block.title, BODY.w), *_parts(deck, block, words, cells)]
    return found


def _parts(deck: Deck, block: Block, words: float, cells: float | None) -> list[Band]:
    """Figures first, then what they mean, then the pictures and the tables behind them."""
    alone = not (block.lead or block.charts or block.tables or block.bullets)
    rows: list[Band] = [*cards(deck, block.cards, alone)]
    pictures = [chart for chart in block.charts if chart.kind != "heat"]
    heats = [chart for chart in block.charts if chart.kind == "heat"]
    aside = _aside(deck, block, pictures, heats)
    if aside is not None:
        return [*rows, aside]
    if block.lead and 0 < len(block.cards) < 3:
        rows = [_beside_cards(deck, block, words)]
    elif block.lead:
        rows.append(lead(deck, block.lead, BODY.w, words))
    paired = _paired(deck, block, pictures)
    rows += _pictures(deck, block, pictures, paired)
    for chart in heats:
        rows += heat(deck, chart, size=cells or _SIZES[-1][1]) or [Picture(deck, chart, BODY.w)]
    rows += _tables(deck, block.tables[:-1] if paired else block.tables, cells)
    if block.bullets:
        rows.append(bullets(deck, block.bullets, BODY.w, words))
    return rows


def _beside_cards(deck: Deck, block: Block, size: float) -> Beside:
    """One or two cards leave room for the words beside them."""
    share = len(block.cards) * 0.3
    figures = Cards(deck, block.cards, places=len(block.cards))
    return Beside(figures, lead(deck, block.lead, _INNER * (1 - share), size), share)


def _tables(deck: Deck, tables: Sequence[Table], cells: float | None) -> list[Band]:
    """Tables one under another; a narrow one has the next beside it."""
    found: list[Band] = []
    left = list(tables)
    while left:
        table = left.pop(0)
        share = _beside(deck, table, left[0], cells or _SIZES[-1][1]) if left else 0.0
        if share:
            size = cells or _SIZES[-1][1]
            pair = grids(deck, table, _INNER * share, size)[0], grids(deck, left.pop(0), _INNER * (1 - share), size)[0]
            found.append(Beside(*pair, share))
        else:
            found += grids(deck, table, _room(deck, table), cells) if cells else _own(deck, table)
    return found


def _room(deck: Deck, table: Table) -> float:
    """A table of few narrow columns is not stretched over the slide: a figure stays near to its name."""
    return min(BODY.w, max(natural(deck, table) * 1.7, BODY.w * 0.6))


def _beside(deck: Deck, table: Table, other: Table, size: float) -> float:
    """The share of the width that a table takes beside another one; 0 where they do not stand side by side."""
    if not table.rows or not other.rows:
        return 0.0
    wide, rest = natural(deck, table, size), max(least(deck, other, size), min(natural(deck, other, size), _HALF))
    if wide + rest > _INNER:
        return 0.0
    share = wide / _INNER + (_INNER - wide - rest) / _INNER / 2
    halves = (grids(deck, table, _INNER * share, size), grids(deck, other, _INNER * (1 - share), size))
    return share if all(len(half) == 1 and half[0].least <= _LONG for half in halves) else 0.0


def _own(deck: Deck, table: Table) -> list[Grid]:
    """A table that takes a slide of its own is written as large as it stands there."""
    room = _room(deck, table)
    usual = grids(deck, table, room, _SIZES[-1][1])
    if len(usual) != 1 or usual[0].least < _SHARES:
        return usual
    sizes = (*(cells for _, cells in _SIZES), *_DENSE)
    return next((found for size in sizes if (found := grids(deck, table, room, size))[0].least <= BODY.h), usual)


def _aside(deck: Deck, block: Block, pictures: Sequence[Chart], heats: Sequence[Chart]) -> Beside | None:
    """A single chart has the words beside it, where they are few enough."""
    if len(pictures) != 1 or heats or block.tables or not (block.lead or block.bullets):
        return None
    wide = sum(one.least for one in (lead(deck, block.lead, BODY.w), bullets(deck, block.bullets, BODY.w)))
    if wide < _FEW:
        return None
    free = BODY.h - (1.8 if block.cards else 0.4)
    for share, size in _ASIDE:
        room = _INNER * share
        column = Texts(deck, (*lead(deck, block.lead, room, size).said, *bullets(deck, block.bullets, room, size).said), room)
        if column.least <= free:
            return Beside(column, Picture(deck, pictures[0], _INNER - room), share)
    return None


def _paired(deck: Deck, block: Block, pictures: Sequence[Chart]) -> float:
    """The share of the width that the only chart takes beside the last table; 0 where it does not stand beside it."""
    if len(pictures) != 1 or len(block.tables) % 2 == 0 or not block.tables[-1].rows:
        return 0.0
    wanted = (natural(deck, block.tables[-1], size) / _INNER for size in _BESIDE)
    fits = next((one for one in wanted if one <= _WIDEST), 1.0)
    wide = 0.5 if fits <= 0.5 else _WIDEST
    crowded = pictures[0].kind != "line" and len(pictures[0].labels) * _BAR > _INNER * (1 - wide)
    found = _paired_table(deck, block, 1 - wide) if fits <= _WIDEST and not crowded else []
    return 1 - wide if len(found) == 1 and found[0].least <= _LONG else 0.0


def _paired_table(deck: Deck, block: Block, share: float) -> list[Grid]:
    """The table beside a chart, in the largest letters that its part of the width has room for."""
    room = _INNER * (1 - share)
    size = next((size for size in _BESIDE if natural(deck, block.tables[-1], size) <= room + 0.01), _BESIDE[-1])
    return grids(deck, block.tables[-1], room, size)


def _pictures(deck: Deck, block: Block, pictures: Sequence[Chart], paired: float) -> list[Band]:
    """Charts in pairs; one that is left over has the whole width, or shares it with a small table."""
    if paired:
        table = _paired_table(deck, block, paired)[0]
        return [Beside(Picture(deck, pictures[0], _INNER * paired), table, paired)]
    found: list[Band] = []
    for start in range(0, len(pictures), 2):
        pair = [Picture(deck, chart, _HALF) for chart in pictures[start : start + 2]]
        found.append(Beside(pair[0], pair[1], 0.5) if len(pair) == 2 else Picture(deck, pair[0].chart, BODY.w))
    return found


def _spoken(deck: Deck, block: Block) -> tuple[str, ...]:
    """What the presenter says, and the receipt of every figure under its code."""
    said = list(block.speaker)
    if block.stale:
        said.insert(0, deck.say.t("The words of this slide were edited before its figures changed: check them."))
    for figure in block.cards:
        line = f"{figure.code}: {figure.title} = {figure.text}" + (f" ({figure.receipt})" if figure.receipt else "")
        if not any(figure.code in one and figure.receipt in one for one in said if figure.receipt):
            said.append(line)
    return tuple(said)


EXPORT = Export("pptx", "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", write)


