"""The base of customers: who is there, how it moved by month, who comes back, what they are worth, and in which segments they are."""

from __future__ import annotations

import streamlit as st

from metrics.customers import ORDER, Flow
from metrics.readings import customers, lifetime
from metrics.readings.customers import CustomersReading, SegmentLine
from metrics.readings.lifetime import LifetimeReading
from metrics.sentences.said import Speech
from pages.ui import brand, curve_chart, figures, flow_chart, heat, reading, show
from pages.ui.figures import Card, Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

MOST = 14
"""Cohorts that are drawn: a year and what came before it."""
TONES = {"at risk": "bad", "churned": "flat"}


def read(view: View) -> CustomersReading:
    """The base as known on the last day of the period, the funnel over its days."""
    return reading.of_facts(view, customers.read, view.since, view.until, grouping=view.grouping, counter=view.counter)


def worth(view: View) -> LifetimeReading:
    """What a customer brings by month of its life."""
    return reading.of_facts(view, lifetime.read, view.until, lifetime.Asked(grouping=view.grouping, counter=view.counter))


def headline(found: CustomersReading) -> None:
    """The answer in a sentence."""
    said = current().note(found.headline) if found.headline else t("The base of customers")
    show.heading(said, t("Who are the customers, do they come back, and what are they worth?"))


def states(found: CustomersReading) -> None:
    """A card per state, and the flows of the months."""
    if found.why is not None:
        return
    words = current()
    cards = [
        Card(
            line.state,
            t(line.title),
            words.number(line.customers),
            words.share(line.share, 0),
            TONES.get(line.state, "flat"),
            t("of all who ever bought"),
        )
        for line in sorted(found.states, key=lambda line: [str(one) for one in ORDER].index(line.state))
    ]
    figures.cards(cards, key="states")
    if found.gap:
        show.caption(t("The usual time between purchases is {days} days; states are counted from it.", days=words.number(found.gap)))
    if found.flows:
        _flows(found.flows)


def _flows(found: tuple[Flow, ...]) -> None:
    show.section(t("How the base moved"), help=t("The base of a month is that of the month before, plus new and won back, less lost."))
    drawn = flow_chart.draw(found, current())
    st.plotly_chart(drawn, key="flows", config={"displayModeBar": False}, alt=t("Customers that came, came back and were lost, by month"))
    last = found[-1]
    facts = {"start": last.start, "new": last.new, "back": last.reactivated, "lost": last.lapsed, "end": last.end}
    show.caption(
        t("Last month: {start} + {new} new + {back} won back − {lost} lost = {end}.", **{k: current().number(v) for k, v in facts.items()})
    )


def retention(found: CustomersReading) -> None:
    """The triangle of cohorts: which share bought again in each month of their life."""
    rows = [row for row in found.retention[-MOST:] if _reached(row.shares[1:])]
    if not rows:
        return
    words = current()
    show.section(
        t("Who comes back"), help=t("Share of a month's new customers who bought in each later month of their life; empty is not yet.")
    )
    names = [words.month(row.cohort) for row in rows]
    shares = [_reached(row.shares[1:]) for row in rows]
    texts = [["" if share is None else words.share(share, 0) for share in row] for row in shares]
    alt = t("Retention of monthly cohorts")
    st.plotly_chart(heat.draw(names, shares, texts, 1, words, ink=brand.ink()), key="retention", config={"displayModeBar": False}, alt=alt)


def _reached(shares: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Without the months that have not come yet."""
    known = [place for place, share in enumerate(shares) if share is not None]
    return shares[: known[-1] + 1] if known else ()


def value(found: LifetimeReading) -> None:
    """The curve of what a customer brings, with its range; or why there is none."""
    if found.headline is None and found.curve is None:
        return
    show.section(t("What a customer brings"))
    if found.headline is not None:
        show.text(current().note(found.headline))
    if found.curve is None:
        return
    speech = Speech("money", found.currency, current())
    drawn = curve_chart.draw(found.curve, found.cohorts, found.horizon, current(), speech.full, speech.tick)
    alt = t("Money a customer has brought by month of its life")
    st.plotly_chart(drawn, key="value", config={"displayModeBar": False}, alt=alt)
    basis = t("margin") if found.basis == "margin" else t("revenue")
    show.caption(t("Unit: {basis} per customer, all purchases so far. Dashed: projected; thin lines: single cohorts.", basis=basis))
    if found.curve.why is not None:
        show.notes([found.curve.why])
    show.notes(found.notes)


def segments(found: CustomersReading, money: bool) -> None:
    """RFM: how recently, how often and, where money is open, for how much."""
    if not found.segments:
        return
    show.section(
        t("Segments by recency, frequency and money"), help=t("The last twelve months; money names no segment, it is shown beside them.")
    )
    columns = [
        Column("customers", t("Customers")),
        Column("share", t("Share")),
        *([Column("amount", t("Money")), Column("money", t("Share of money"))] if money else []),
    ]
    rows = [_segment(line, found, money) for line in found.segments]
    figures.table(t("Segment"), columns, rows, None, "segments", 2, caption=t("Segments"))


def _segment(line: SegmentLine, found: CustomersReading, money: bool) -> Row:
    words, speech = current(), Speech("money", found.currency, current())
    amounts = (
        Cell(speech.short(line.amount), line.amount, bar=line.amount_share),
        Cell(words.share(line.amount_share, 0), line.amount_share),
    )
    return Row(
        line.segment,
        t(line.segment),
        (
            Cell(words.number(line.customers), float(line.customers), bar=line.customer_share),
            Cell(words.share(line.customer_share, 0), line.customer_share),
            *(amounts if money else ()),
        ),
    )
