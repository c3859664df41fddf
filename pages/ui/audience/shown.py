"""Judged segments as cards, as a grid, as points and as rows to take away. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import DASH, MINUS, NBSP, Words
from metrics.readings.segments import Segment, Standing, strongest
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import said
from metrics.sentences.said import Speech
from metrics.top import OTHER
from pages.ui.audience.forest import Point
from pages.ui.audience.parts import PARTS, Part
from pages.ui.explore.export import Export, Field
from pages.ui.explore.grid import Head, Row, Sheet
from pages.ui.explore.lines import SHOWN
from pages.ui.figures import Card, Cell

TONES = {Standing.BETTER: "good", Standing.WORSE: "bad"}
RESULTS = {"cr": "conversions", "cr_order": "orders", "revenue_per_visit": "revenue", "aov": "revenue"}
"""Figures of which the numerator is a result worth a share of its own."""
MOST_POINTS = 14


def card(part: Part, kpi: str, speech: Speech, words: Words) -> Card:
    """One part in brief: its segment that differs most."""
    title, found = words.t(PARTS[part.key]), strongest(part.segments)
    if not part.known:
        return Card(part.key, title, words.t("not loaded"), absent=True, hint=words.t("Press for what brings it."))
    if found is None:
        return Card(part.key, title, words.t("no difference"), absent=True, hint=words.t("No segment differs by more than chance."))
    arrow = "▲" if (found.value or 0.0) > (found.rest or 0.0) else "▼"
    change = f"{arrow} {words.t('against {value}', value=speech.short(found.rest))}"
    hint = f"{part.name(found.key)}: {words.t(str(found.standing))}"
    return Card(part.key, title, speech.short(found.value), change, TONES[found.standing], part.name(found.key), hint=hint)


def sheet(part: Part, kpi: str, whole: Result, speech: Speech, words: Words) -> Sheet:
    """One row per segment, all visits on top."""
    heads = [
        Head("", words.t(PARTS[part.key]), "name"), Head("visits", words.t(METRICS["visits"].title), _pressed(part)),
        Head("share", words.t("Share of visits"), "number"),
        Head(kpi, words.t(METRICS[kpi].title), _pressed(part), words.t(METRICS[kpi].meaning)),
        Head("gap", words.t("Difference"), "number", words.t("And what may be said of it: coloured only beyond chance.")),
    ]
    if kpi in RESULTS:
        heads.append(Head("result", words.t("Share of result"), "number"))
    if METRICS[kpi].unit == "share":
        heads.append(Head("extra", words.t("± to the rest"), "number", words.t(_EXTRA)))
    most = max((one.share or 0.0 for one in part.segments), default=0.0)
    shown = [one for one in part.segments if one.visits][:SHOWN]
    rows = tuple(Row(row_of(one.key), ((part.name(one.key), False),), _cells(one, kpi, speech, most, words)) for one in shown)
    return Sheet(tuple(heads), rows, _total(kpi, whole, speech, words, len(heads)), words.t("Segments against the rest"))


def row_of(key: str) -> str:
    """Id of a segment's row; the row of all visits has none, and a segment may have an empty key."""
    return f"segment {key}"


_EXTRA = "How many more or fewer there are than there would be at the rest’s rate."


def _pressed(part: Part) -> str:
    """Figures of an answer have a receipt; those of single visits have their query under the table."""
    return "figure" if part.result is not None else "number"


def _cells(one: Segment, kpi: str, speech: Speech, most: float, words: Words) -> tuple[Cell, ...]:
    bar = (one.share or 0.0) / most if most else None
    cells = [
        _plain(one.visits, words.number(one.visits)),
        Cell(words.share(one.share), one.share, bar=bar) if one.share is not None else _none(),
        _value(one, speech, words), _gap(one, kpi, words),
    ]
    if kpi in RESULTS:
        cells.append(_plain(one.result_share, words.share(one.result_share)))
    if METRICS[kpi].unit == "share":
        cells.append(_extra(one, words))
    return tuple(cells)


def _value(one: Segment, speech: Speech, words: Words) -> Cell:
    """The figure, and under it the same over all visits outside of the segment."""
    if one.value is None:
        return _none()
    return Cell(speech.short(one.value), one.value, "" if one.rest is None else words.t("the rest {value}", value=speech.short(one.rest)))


def _gap(one: Segment, kpi: str, words: Words) -> Cell:
    """The difference, and under it what may be said of it."""
    word = words.t(str(one.standing))
    if one.key == OTHER or one.value is None or one.rest is None:
        return Cell(DASH if one.key == OTHER else word, absent=True)
    moved = one.value - one.rest if METRICS[kpi].unit == "share" else one.value / one.rest - 1 if one.rest else None
    change = said.change(one.value, one.rest, moved, METRICS[kpi], words)
    return Cell(change.text or DASH, moved, word, TONES.get(one.standing, "flat"))


def _extra(one: Segment, words: Words) -> Cell:
    if one.extra is None or one.key == OTHER or one.standing in (Standing.TOO_FEW, Standing.UNKNOWN):
        return _none()
    sign = "+" if round(one.extra) > 0 else MINUS if round(one.extra) < 0 else ""
    return Cell(f"{sign}{words.number(abs(round(one.extra)))}", one.extra)


def _plain(value: float | None, text: str) -> Cell:
    return _none() if value is None else Cell(text, value)


def _none() -> Cell:
    return Cell(DASH, absent=True)


def _total(kpi: str, whole: Result, speech: Speech, words: Words, columns: int) -> Row:
    visits, value = whole.total.get("visits"), whole.total.get(kpi)
    cells = [Cell(words.number(visits), visits), Cell(words.share(1.0, 0), 1.0), Cell(speech.short(value), value)]
    empty = [Cell("") for _ in range(columns - 1 - len(cells))]
    return Row("", ((words.t("All visits"), False),), (*cells, *empty))


def points(part: Part, speech: Speech, words: Words) -> list[Point]:
    """The largest segments with an interval."""
    known = [one for one in part.segments if one.value is not None and one.range is not None and one.key != OTHER]
    return [
        Point(
            part.name(one.key), one.value or 0.0, one.range.low, one.range.high, TONES.get(one.standing, "flat"),
            (
                f"{speech.full(one.value)} ({speech.full(one.range.low)}{NBSP}– {speech.full(one.range.high)})",
                words.t("the rest {value}", value=speech.full(one.rest)), words.t(str(one.standing)),
                words.t("Visits: {count}", count=words.number(one.visits)),
            ),
        )
        for one in known[:MOST_POINTS] if one.range is not None
    ]


def taken(part: Part, kpi: str, words: Words) -> Export:
    """Every segment with its figures and its verdict."""
    kind = METRICS[kpi].unit
    fields = (
        Field(words.t(PARTS[part.key]), "text"), Field(words.t(METRICS["visits"].title), "count"),
        Field(words.t("Share of visits"), "share"),
        Field(words.t(METRICS[kpi].title), kind), Field(words.t("The rest"), kind), Field(words.t("Verdict"), "text"),
        Field(words.t("Share of result"), "share"),
    )
    rows = (
        (part.name(one.key), one.visits, one.share, one.value, one.rest, words.t(str(one.standing)), one.result_share)
        for one in part.segments if one.visits
    )
    return Export(fields, tuple(rows))


def told(found: Sequence[Segment]) -> bool:
    """Whether many were compared, so that their intervals are wider."""
    return sum(one.standing not in (Standing.TOO_FEW, Standing.UNKNOWN) for one in found) > 2
