"""The deck: a slide per block, more where a block has more to say; native charts and tables, speaker notes, the client's colours.

    Block ─► bands (cards, words, charts, tables) ─► pages ─► slides
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from reports.exporting import Export
from reports.office import cleaned
from reports.pptx_charts import Picture
from reports.pptx_deck import BODY, Deck
from reports.pptx_flow import GAP, Band, Beside, Placed, pages
from reports.pptx_tables import Grid, grids, heat, natural
from reports.pptx_text import BODY as BODY_SIZE
from reports.pptx_text import Box
from reports.pptx_words import Cards, Texts, bullets, cards, lead, notes
from reports.story import Block, Chart, Story, Table

_ASIDE = (0.34, 0.5)
"""Share of the width that words beside a chart take, and that many words take."""
_FEW = 0.8
"""Words lower than this stand over a chart instead. Unit: inches."""
_SIZES = ((18, 14), (16, 12.5), (14, 11))
"""Of words and of cells, in points."""
_SHARES = 2.0
"""Tables lower than this share a slide with a chart. Unit: inches."""
_LONG = 3.6
"""Tables up to this height stand in half a slide. Unit: inches."""
_FOOT = 1.3
"""Notes up to this height stand at the foot of the first slide. Unit: inches."""
_HALF = (BODY.w - 0.36) / 2


def write(story: Story) -> bytes:
    """Raises: Problem, where the logo is no picture."""
    told = cleaned(story)
    deck = Deck(told)
    first = next(iter(told.blocks), None)
    opening = first if first is not None and first.kind == "cover" else None
    lines = dict.fromkeys(filter(None, (told.subtitle, *(opening.lead if opening else (deck.say.period(told.since, told.until),)))))
    deck.cover(opening.title if opening else told.title, tuple(lines), _spoken(deck, opening) if opening else ())
    for block in told.blocks:
        if block is not opening:
            _slides(deck, block)
    return deck.saved()


def _slides(deck: Deck, block: Block) -> None:
    foot = notes(deck, block.notes, BODY.w)
    found, noted = _flow(deck, block, foot)
    for number, page in enumerate(found, 1):
        title = block.title if len(found) < 2 else f"{block.title} ({number}/{len(found)})"
        slide = deck.slide(title, _spoken(deck, block) if number == 1 else ())
        for placed in page:
            placed.band.draw(slide, Box(BODY.x, BODY.y + placed.y, BODY.w, placed.height))
        if number == noted:
            foot.draw(slide, Box(BODY.x, BODY.y + BODY.h - foot.least, BODY.w, foot.least))


def _flow(deck: Deck, block: Block, foot: Texts) -> tuple[list[list[Placed]], int]:
    """The slides of a block, and at the foot of which its notes stand: the first, unless they save a slide at the last. 0: nowhere."""
    if not block.notes:
        return pages(_bands(deck, block, BODY.h), BODY.h, BODY.h) or [[]], 0
    if foot.least > _FOOT:
        return pages([*_bands(deck, block, BODY.h), foot], BODY.h, BODY.h), 0
    reserved = foot.least + 0.1
    first = pages(_bands(deck, block, BODY.h - reserved), BODY.h - reserved, BODY.h) or [[]]
    last = pages(_bands(deck, block, BODY.h), BODY.h, BODY.h, reserved) or [[]]
    return (first, 1) if len(first) <= len(last) else (last, len(last))


def _bands(deck: Deck, block: Block, room: float) -> list[Band]:
    """The parts of a block in the largest letters in which they stand on one slide, else in the usual ones."""
    for words, cells in _SIZES:
        found = _parts(deck, block, words, cells)
        if sum(band.least for band in found) + GAP * (len(found) - 1) <= room:
            return found
    return _parts(deck, block, _SIZES[-1][0], None)


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
    rows += _pictures(deck, block, pictures)
    for chart in heats:
        rows += heat(deck, chart, size=cells or _SIZES[-1][1]) or [Picture(deck, chart, BODY.w)]
    rows += _tables(deck, [table for table in block.tables if not _paired(deck, block, pictures) or table is not block.tables[-1]], cells)
    if block.bullets:
        rows.append(bullets(deck, block.bullets, BODY.w, words))
    return rows


def _beside_cards(deck: Deck, block: Block, size: float) -> Beside:
    """One or two cards leave room for the words beside them."""
    share = len(block.cards) * 0.3
    figures = Cards(deck, block.cards, places=len(block.cards))
    return Beside(figures, lead(deck, block.lead, (BODY.w - 2 * GAP) * (1 - share), size), share)


def _tables(deck: Deck, tables: Sequence[Table], cells: float | None) -> list[Band]:
    """Tables one under another; two narrow ones after each other stand side by side."""
    found: list[Band] = []
    left = list(tables)
    while left:
        table = left.pop(0)
        if left and _narrow(deck, table) and _narrow(deck, left[0]):
            found.append(Beside(grids(deck, table, _HALF)[0], grids(deck, left.pop(0), _HALF)[0], 0.5))
        else:
            found += grids(deck, table, size=cells) if cells else _own(deck, table)
    return found


def _narrow(deck: Deck, table: Table) -> bool:
    """Whether half a slide is wide enough for a table, and it is not long."""
    if not table.rows or natural(deck, table) > _HALF:
        return False
    half = grids(deck, table, _HALF)
    return len(half) == 1 and half[0].least <= _LONG


def _own(deck: Deck, table: Table) -> list[Grid]:
    """A table that takes a slide of its own is written as large as it stands there."""
    usual = grids(deck, table, size=_SIZES[-1][1])
    if len(usual) != 1 or usual[0].least < _SHARES:
        return usual
    larger = (grids(deck, table, size=cells) for _, cells in _SIZES)
    return next((found for found in larger if found[0].least <= BODY.h), usual)


def _aside(deck: Deck, block: Block, pictures: Sequence[Chart], heats: Sequence[Chart]) -> Beside | None:
    """A single chart has the words beside it, where they are few enough."""
    if len(pictures) != 1 or heats or block.tables or not (block.lead or block.bullets):
        return None
    wide = sum(one.least for one in (lead(deck, block.lead, BODY.w), bullets(deck, block.bullets, BODY.w)))
    if wide < _FEW:
        return None
    free = BODY.h - (1.8 if block.cards else 0.4)
    for share, size in product(_ASIDE, (BODY_SIZE, 12.5)):
        room = (BODY.w - 2 * GAP) * share
        column = Texts(deck, (*lead(deck, block.lead, room, size).said, *bullets(deck, block.bullets, room, size).said), room)
        if column.least <= free:
            return Beside(column, Picture(deck, pictures[0], BODY.w - 2 * GAP - room), share)
    return None


def _paired(deck: Deck, block: Block, pictures: Sequence[Chart]) -> bool:
    """Whether the only chart stands beside the last table; of several tables the others then stand in pairs."""
    return len(pictures) == 1 and len(block.tables) % 2 == 1 and all(_narrow(deck, table) for table in block.tables)


def _pictures(deck: Deck, block: Block, pictures: Sequence[Chart]) -> list[Band]:
    """Charts in pairs; one that is left over has the whole width, or shares it with a small table."""
    if _paired(deck, block, pictures):
        return [Beside(Picture(deck, pictures[0], _HALF), grids(deck, block.tables[-1], _HALF)[0], 0.5)]
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


