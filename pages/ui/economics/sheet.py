"""Unit economics: what a customer costs and brings, by channel and by month of the first order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from data.text import DASH, NBSP
from metrics.buying.payback import Payback
from metrics.readings.lifetime import ALL, EconomicsLine, LifetimeReading
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences import paying as worth
from metrics.sentences.answer import Line
from metrics.sentences.said import Speech
from metrics.stats import Interval, Kind, Sample, interval
from pages.ui import asking, control, figures, listing, receipt, show
from pages.ui.economics import life, paying
from pages.ui.figures import Card, Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

ASKED = ("cpa", "aov", "cpa_max", "spend", "conversions", "orders")
SHOWN = ("cpa", "aov", "cpa_max")
PLAIN = ("spend", "conversions", "cr", "cpa", "orders", "aov")
"""What there is to show where nothing is known of customers."""
MANY, TALL = 16, 640
"""A table with more rows scrolls inside its frame, which is so many pixels tall."""
BY: Mapping[str, str] = {"channel": "By channel", "cohort": "By month of the first order"}


def draw(view: View, switch: Callable[[], None]) -> None:
    """The whole part; `switch` draws the choice of parts under the answer."""
    with show.waiting():
        found = life.read(view)
        # NB: the same days as the lifetimes, so that a row is of one period.
        days = replace(view, since=found.since or view.since, until=found.until, compare="")
        by_channel = asking.ask(days, ASKED if found.why is None else PLAIN, ("channel",))
    _headline(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        switch()
        if found.why is None:
            life.pick()
    if found.why is not None:
        _lacking(found)
    else:
        _cards(view, found, by_channel)
    _tables(days, found, by_channel)
    if found.curve is not None and found.curve.value is not None:
        paying.draw(found)
    if view.only:
        show.caption(t("Filters of the bar hold for CPA and the average order only: a customer's life has visits from everywhere."))
    show.notes((*found.notes, *by_channel.notes))


def _headline(found: LifetimeReading) -> None:
    """What a customer brings and costs; or that it is not known, with the reason."""
    question = t("What does a customer cost and bring, and when does it come back?")
    why = found.curve.why if found.curve else None
    if found.headline is not None and why is None:
        return show.heading(current().note(found.headline).rstrip("."), question)
    show.heading(t("What a customer brings is not known yet"), question)
    return show.text(current().note(why)) if why else None


def _lacking(found: LifetimeReading) -> None:
    """Why nothing is known of customers, and what to load."""
    assert found.why is not None
    with st.container(border=True, key="no_customers"):
        show.text(current().note(found.why))
        st.page_link(listing.file_of("data"), label=t("Load files"), icon=":material/arrow_forward:")


# -------------------------------------------------------------------------------------------------------------------- cards


def _cards(view: View, found: LifetimeReading, by_channel: Result) -> None:
    if not found.economics:
        return
    say, whole, margin = current(), found.economics[0], view.client.facts.get("margin")
    money, times = Speech("money", found.currency, say), Speech("multiple", found.currency, say)
    word, tone = worth.verdict(whole, found.basis)
    curve = found.curve
    band = "" if curve is None or curve.low is None else f"{money.full(curve.low)} {DASH} {money.full(curve.high)}"
    aov = by_channel.total.get("aov")
    figures.cards(
        [
            _card("cac", t("CAC"), money.full(whole.cac), whole.cac, _range(worth.cac_range(whole), money)),
            _card("aov", t(METRICS["aov"].title), money.full(aov), aov),
            _card(
                "margin",
                t("Margin"),
                say.share(margin) if margin is not None else t("not set"),
                margin,
                t("set on the Data page") if margin is None else "",
            ),
            _card("ltv", t("LTV, {n} months", n=found.horizon), money.full(whole.value), whole.value, band),
            replace(
                _card("ratio", t("LTV:CAC"), times.full(whole.ratio), whole.ratio, _range(worth.ratio_range(whole), times)),
                change=t(word) if word else "",
                tone=tone,
            ),
            _payback_card(whole, found),
        ],
        key="unit_cards",
    )


def _card(key: str, title: str, value: str, known: object, was: str = "") -> Card:
    return Card(key, title, value if known is not None else t("not known") if key != "margin" else value, was=was, absent=known is None)


def _payback_card(whole: EconomicsLine, found: LifetimeReading) -> Card:
    """The month of payback; what to know of it stands under it, where there is room."""
    paid = whole.payback
    said = [t("by projection")] if paid and paid.month and paid.projected else []
    said += [t("by revenue: the margin is not set")] if found.basis != "margin" else []
    shown = replace(paid, projected=False) if paid else None
    return _card("payback", t("Payback"), worth.paid_back(shown, current()), whole.payback, ", ".join(said))


def _range(found: Interval | None, speech: Speech) -> str:
    """`1 600–1 800 ₽`."""
    return (
        ""
        if found is None or found.high == float("inf")
        else f"{speech.full(found.low)} {DASH} {speech.full(found.high)}".replace(" ", NBSP)
    )


# ------------------------------------------------------------------------------------------------------------------- tables


def _tables(days: View, found: LifetimeReading, by_channel: Result) -> None:
    """By channel, or by month of the first order."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show.section(t("Unit economics"))
        known = found.why is None
        by = control.switch("by", t("By"), {key: t(title) for key, title in BY.items()}, "channel") if known else "channel"
        channels = {line.channel: t(line.title) for line in found.economics if line.cohort is None}
        channel = control.pick("of", t("Channel"), channels, ALL, width=220) if by == "cohort" and channels else ALL
    show.caption(t("{days}; ranges hold nineteen times of twenty.", days=show.dates(days.since, days.until)))
    if by == "cohort":
        return _cohorts(found, channel)
    return _channels(days, found, by_channel)


def _channels(days: View, found: LifetimeReading, by_channel: Result) -> None:
    say = current()
    lines = {line.channel: line for line in found.economics if line.cohort is None}
    rows = {line.key: line for line in answer.lines(by_channel, "channel", say)}
    metrics = answer.known(by_channel, SHOWN if found.why is None else PLAIN)
    order = [*(key for key in lines if key != ALL), *(key for key in rows if key not in lines)]
    columns = [
        *(Column(metric, t(METRICS[metric].title), t(METRICS[metric].meaning)) for metric in metrics),
        *(_columns(found) if lines else ()),
    ]
    drawn = [
        Row(key, rows[key].name if key in rows else t(lines[key].title), _cells(metrics, rows.get(key), lines.get(key), found, by_channel))
        for key in order
    ]
    total = answer.total(by_channel, say)
    top = Row("", t("All channels"), _cells(metrics, total, lines.get(ALL), found, by_channel))
    pressed = figures.table(t("Channel"), columns, drawn, top, key="unit", order=figures.AS_GIVEN, caption=t("Unit economics"))
    _reasons(lines)
    if pressed and pressed.column in metrics:
        receipt.open(days, by_channel, pressed.column, rows.get(pressed.row, total))


def _columns(found: LifetimeReading) -> list[Column]:
    """What lifetimes know of a line."""
    basis = t("Margin, with later orders.") if found.basis == "margin" else t("Revenue: the margin is not set.")
    return [
        Column("customers", t("Customers")),
        Column("cac", t("CAC"), t("Spend of the months over their new customers.")),
        Column("so_far", t("Brought so far"), basis),
        Column("value", t("LTV, {n} months", n=found.horizon), basis),
        Column("ratio", t("LTV:CAC"), t("Over 1 a customer brings more than he costs.")),
        Column("payback", t("Payback"), t("Month of life in which the cost is back; the first one is month 1.")),
        Column("verdict", t("Verdict"), t("Given only where the whole range is on one side of 1."), words=True),
    ]


def _cells(
    metrics: Sequence[str], row: Line | None, line: EconomicsLine | None, found: LifetimeReading, result: Result
) -> tuple[Cell, ...]:
    asked = tuple(_cell(metric, row, result) for metric in metrics)
    if found.why is not None:
        return asked
    return (*asked, *(_life(line, found) if line else tuple(Cell(DASH, absent=True) for _ in _columns(found))))


def _cell(metric: str, row: Line | None, result: Result) -> Cell:
    value = row.now.get(metric) if row else None
    if value is None:
        return Cell(DASH if row is None else answer.absent(result, metric, current()), absent=True)
    speech = answer.speech(metric, result, current())
    return Cell(speech.short(value), value, _range(_noise(metric, row), speech))


def _noise(metric: str, row: Line | None) -> Interval | None:
    """The range of a cost per conversion."""
    spend, count = (row.now.get(key) if row else None for key in ("spend", "conversions"))
    return interval(Sample(spend, count), Kind.COST) if metric == "cpa" and spend and count else None


def _life(line: EconomicsLine, found: LifetimeReading) -> tuple[Cell, ...]:
    say = current()
    money, times = Speech("money", found.currency, say), Speech("multiple", found.currency, say)
    word, tone = worth.verdict(line, found.basis)
    return (
        Cell(say.number(line.customers), line.customers),
        _maybe(line.cac, money, _range(worth.cac_range(line), money)),
        _maybe(line.so_far, money),
        _maybe(line.value, money),
        _maybe(line.ratio, times, _range(worth.ratio_range(line), times)),
        Cell(DASH, absent=True) if _too_young(line) else Cell(worth.paid_back(line.payback, say), _month(line.payback)),
        Cell(t(word) if word else DASH, tone=tone, absent=not word),
    )


def _maybe(value: float | None, speech: Speech, beneath: str = "") -> Cell:
    return Cell(DASH, absent=True) if value is None else Cell(speech.short(value), value, beneath)


def _too_young(line: EconomicsLine) -> bool:
    """Whether its customers have not lived long enough to say that the cost does not come back."""
    return line.payback is None or (line.payback.month is None and line.why is not None)


def _month(found: Payback | None) -> float | None:
    return None if found is None else float(found.month) if found.month else 999.0


def _reasons(lines: Mapping[str, EconomicsLine]) -> None:
    """Why lines have no value, lines with one reason together; why free channels have no cost."""
    together: dict[str, list[str]] = {}
    for line in lines.values():
        if line.why is not None:
            together.setdefault(current().note(line.why), []).append(t(line.title))
    said = [f"{', '.join(names)}: {why}" for why, names in together.items()]
    if any(not line.cac for line in lines.values()):
        said.append(t("A dash under CAC: the channel has no spend."))
    if said:
        st.caption("  \n".join(show.marked(one) for one in said))


def _cohorts(found: LifetimeReading, channel: str) -> None:
    """A row per month of the first order, newest first."""
    lines = [line for line in found.economics if line.channel == channel]
    rows = [
        Row(line.cohort.isoformat(), current().month(line.cohort), _life(line, found))
        for line in reversed(lines)
        if line.cohort is not None
    ]
    top = next((Row("", t("All months"), _life(line, found)) for line in lines if line.cohort is None), None)
    figures.table(
        t("Cohort"),
        _columns(found),
        rows,
        top,
        key=f"cohorts_{channel}",
        order=figures.AS_GIVEN,
        height=TALL if len(rows) > MANY else 0,
        caption=t("Unit economics"),
    )
