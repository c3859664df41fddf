"""Channels: what each one costs and brings, and which give more of the result than they take of the spend."""

from __future__ import annotations

from dataclasses import replace

from metrics.judging import needs
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer, efficiency
from metrics.sentences.answer import Line
from metrics.sentences.efficiency import Paid
from metrics.sentences.moves import move
from metrics.stats import Word
from metrics.top import OTHER
from reports import tables
from reports.context import CHANNELS, Context
from reports.story import Block, Chart, Series

TITLE = "Channels"
_ORDERS = ("spend", "visits", "orders", "cr_order", "revenue", "drr", "romi")
_BOTH = ("spend", "visits", "conversions", "cr", "cpa", "orders", "revenue", "romi")
_LEADS = ("spend", "visits", "conversions", "cr", "cpa")
ALIKE = 0.03
"""Conversions this near to the orders are those orders: a column of them says nothing more."""
MOST = 9
"""Rows that are read; smaller channels without spend stand together below them."""
RESULTS = ("revenue", "conversions")


def make(context: Context) -> Block | None:
    say, found = context.say, context.by_channel
    lines = _used(found, context)
    if not lines:
        return None
    measure = _measure(context)
    paid = efficiency.paid(lines, measure)
    metrics = answer.known(found, _metrics(found))
    total = answer.total(found, say)
    table = tables.of_lines(say.t("Channels"), _rows(lines, measure, context), total, metrics, found, say)
    context.receipts.define(*metrics)
    charts = tuple(filter(None, (_map(paid, measure, context), _bars(lines, measure, context))))
    return Block(
        "channels", "channels", efficiency.headline(paid, found, measure, say), _lead(lines, context), charts=charts, tables=(table,),
        notes=_notes(context), speaker=_speaker(paid, context),
    )


def _used(found: Result, context: Context) -> list[Line]:
    """Channels with visits or spend, those that cost most first, all others together last."""
    lines = [line for line in answer.lines(found, "channel", context.say) if line.now.get("visits") or line.now.get("spend")]
    return sorted(lines, key=lambda line: (not answer.opens(line), -(line.now.get("spend") or 0.0), -(line.now.get("visits") or 0.0)))


def _metrics(found: Result) -> tuple[str, ...]:
    """The columns: of a shop whose goal is the order, orders alone."""
    orders, conversions = found.total.get("orders"), found.total.get("conversions") or 0.0
    if not orders:
        return _LEADS
    return _ORDERS if abs(conversions - orders) <= ALIKE * orders else _BOTH


def _rows(lines: list[Line], measure: str, context: Context) -> list[Line]:
    """Channels with spend and the strongest of the others one by one; the rest as one row, asked as a whole, so that it is exact."""
    paid = [line for line in lines if line.now.get("spend") or not answer.opens(line)]
    free = sorted(
        (line for line in lines if line not in paid), key=lambda line: (-(line.now.get(measure) or 0.0), -(line.now.get("visits") or 0.0))
    )
    shown = free[: max(0, MOST - 1 - len(paid))] if len(lines) > MOST else free
    rest = free[len(shown) :]
    if not rest or "channel" in dict(context.subject.only):
        return lines
    only = (*context.subject.only, ("channel", tuple(line.key for line in rest)))
    together = answer.total(context.ask(needs(CHANNELS), only=only), context.say)
    name = context.say.t("Other channels: {n}", n=len(rest))
    return [*paid, *shown, replace(together, key=OTHER, name=name)]


def _measure(context: Context) -> str:
    """What channels are measured by: the figure that the document explains, where channels have it."""
    known = [metric for metric in RESULTS if context.by_channel.total.get(metric)]
    return context.main if context.main in known else known[0] if known else "conversions"


def _lead(lines: list[Line], context: Context) -> tuple[str, ...]:
    """Channels whose price of a result has really moved, the dearest first; or that none has."""
    price, judged = context.efficiency, 0
    said = []
    for line in lines:
        verdict = line.verdict(price)
        if verdict is None or not line.now.get("spend"):
            continue
        judged += 1
        if verdict.word in (Word.GREW, Word.FELL):
            said.append(move(price, context.by_channel, line, context.say, line.name))
    if said or not judged:
        return tuple(said[:3])
    return (context.say.t("{metric}: no channel has moved beyond noise.", metric=METRICS[price].title),)


def _map(paid: list[Paid], measure: str, context: Context) -> Chart | None:
    """Share of spend against share of result, a point per paid channel."""
    if len(paid) < 2:
        return None
    say, result = context.say, context.by_channel
    spends = tuple(answer.speech("spend", result, say).full(one.line.now.get("spend")) for one in paid)
    x = Series(say.t("Share of spend"), tuple(one.spend_share for one in paid), "now", tuple(say.share(one.spend_share, 0) for one in paid))
    title = say.t("Share of revenue") if measure == "revenue" else say.t("Share of conversions")
    y = Series(
        title, tuple(one.result_share for one in paid), "now", tuple(say.share(one.result_share, 0) for one in paid),
        tuple(one.tone for one in paid),
    )
    size = Series(say.t(METRICS["spend"].title), tuple(one.line.now.get("spend") for one in paid), "part", spends)
    names = tuple(one.line.name for one in paid)
    alt = "; ".join(f"{name}: {a} → {b}" for name, a, b in zip(names, x.texts, y.texts, strict=True))
    note = say.t("Paid channels only. On the dotted line a channel brings as much as it costs.")
    return Chart("map", say.t("Share of spend against share of result"), names, (x, y, size), "share", alt, (x.name, y.name), note)


def _bars(lines: list[Line], measure: str, context: Context) -> Chart | None:
    """The result by channel, now and before."""
    shown = sorted((line for line in lines if line.now.get(measure)), key=lambda line: -(line.now[measure] or 0.0))[:8]
    if len(shown) < 2:
        return None
    say, speech = context.say, answer.speech(measure, context.by_channel, context.say)

    def series(name: str, values: tuple[float | None, ...], role: str) -> Series:
        return Series(name, values, role, tuple(map(speech.short, values)))

    now = series(say.t("Now"), tuple(line.now.get(measure) for line in shown), "now")
    before = series(say.t("Before"), tuple(line.before.get(measure) for line in shown), "before")
    drawn = (now, before) if context.by_channel.before is not None else (now,)
    names, unit = tuple(line.name for line in shown), METRICS[measure].unit
    alt = "; ".join(f"{name}: {text}" for name, text in zip(names, now.texts, strict=True))
    return Chart("bar", say.t("{metric} by channel", metric=METRICS[measure].title), names, drawn, unit, alt)


def _notes(context: Context) -> tuple[str, ...]:
    wanted = {"currency", "together", "attribution", "common days"}
    notes = context.by_channel.notes
    found = [context.note(note) for note in notes if note.kind in wanted or (note.kind == "missing" and "n" in note.facts)]
    return tuple(dict.fromkeys(found))


def _speaker(paid: list[Paid], context: Context) -> tuple[str, ...]:
    good, bad = ([one.line.name for one in paid if one.tone == tone] for tone in ("good", "bad"))
    say, said = context.say, []
    if good:
        said.append(say.t("Cheaper than the average beyond chance: {names}.", names=", ".join(good)))
    if bad:
        said.append(say.t("Dearer than the average beyond chance: {names}.", names=", ".join(bad)))
    return tuple(said)
