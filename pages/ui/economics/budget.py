"""The next rouble: response curves of the channels where the client's own weeks can carry them, and a better division of the budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data.desk.marks import Mark
from data.text import DASH, NBSP
from metrics.readings.response import ChannelResponse, Check, ResponseReading, read_spend
from metrics.readings.subject import Subject, last_loaded
from metrics.scope import Settings
from metrics.sentences.forms import signed
from metrics.sentences.said import Speech
from metrics.statements import Run
from pages.ui import figures, listing, reading, show, store
from pages.ui.economics import asked, response_chart
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

WORTH = 0.05
"""A shift of less than this of a channel's spend is none."""


def draw(view: View, switch: Callable[[], None]) -> None:
    """The whole part; `switch` draws the choice of parts under the answer."""
    with st.spinner(t("Fitting the curves to all loaded weeks: it takes some seconds, once."), show_time=True):
        found = reading.read(view, curves, store.marks(view.client), about=asked.subject(view))
    show.heading(headline(found, view.client.currency), t("Where does the next rouble work, and should money move?"))
    switch()
    if found is None:
        show.empty(
            t("Nothing is spent, or nothing came of it yet"),
            t("Curves need spend by week, and revenue or conversions of the same weeks."),
            listing.file_of("data"),
            t("Load files"),
        )
        return
    _gate(found)
    _table(found, view.client.currency)


def curves(run: Run, settings: Settings, subject: Subject, marks: Sequence[Mark]) -> ResponseReading | None:
    """Fit the channels to everything that is loaded; None where nothing is spent."""
    last = last_loaded(run, ("spend",))
    return read_spend(run, settings, subject, last, marks) if last else None


def headline(found: ResponseReading | None, currency: str) -> str:
    """Whether money should move."""
    if found is None:
        return t("Where the next rouble works is not known yet")
    if found.reason is not None or found.gain is None:
        return t("No defensible shift of budget")
    unit = "money" if found.result == "revenue" else "count"
    gain, low, high = (signed(value, unit, currency, current()) for value in (found.gain, found.low, found.high))
    text = "The same budget divided better: {gain} of revenue a week ({low} to {high})"
    if unit == "count":
        text = "The same budget divided better: {gain} conversions a week ({low} to {high})"
    return t(text, gain=gain, low=low, high=high)


def _gate(found: ResponseReading) -> None:
    """What the honesty gate has found."""
    failed = [check for check in found.checks if not check.passed]
    with st.container(border=True, key="gate"):
        if found.measured:
            show.text(t("The curves are measured on {weeks} weeks of this client: every check is passed.", weeks=_n(found.weeks)))
        else:
            facts = {"weeks": _n(found.weeks), "passed": _n(len(found.checks) - len(failed)), "all": _n(len(found.checks))}
            show.text(t("Weeks: {weeks}. Checks passed: {passed} of {all}. A curve that the weeks cannot carry is not drawn.", **facts))
        if found.measured and found.reason is not None:
            show.text(_ended(current().note(found.reason)))
        for check in failed:
            if not any(one.title in check.said.facts.values() for one in found.channels):
                show.text(_ended(current().note(check.said)))
        if failed:
            show.caption(_next_step(failed))


def _next_step(failed: Sequence[Check]) -> str:
    """What would let the weeks tell."""
    keys = {check.key for check in failed}
    if keys & {"weeks", "complete"}:
        return t("What helps: load older weeks and those that are missing.")
    if keys & {"movement", "correlation", "inflation"}:
        return t("What helps: move the spend of one channel at a time, by a third or more, for three or four weeks each.")
    return t("What helps: a test with a region or weeks without the channel. It tells what these weeks cannot.")


def reason(one: ChannelResponse, found: ResponseReading) -> str:
    """Why a channel has no curve: its own failed check, else the first one that stops all."""
    failed = [check.said for check in found.checks if not check.passed]
    own = [current().note(note) for note in failed if one.title in note.facts.values()]
    if own:
        return "; ".join(dict.fromkeys(own))
    return t("fitted together with the other channels, which stop it") if failed else ""


def _table(found: ResponseReading, currency: str) -> None:
    """A row per channel: its spend, what the next rouble brings, the shift; or why there is no curve."""
    show.section(t("Channels that cost money"))
    if not found.measured:
        return _without(found, currency)
    rows = [_row(one, found, currency) for one in found.channels]
    figures.table(
        t("Channel"), _columns(found), rows, None, key="response", order=figures.AS_GIVEN, caption=t("Where the next rouble works")
    )
    return _curves(found, currency)


def _curves(found: ResponseReading, currency: str) -> None:
    """A chart per channel, all on one scale of what comes, so that they compare."""
    drawn = [one for one in found.channels if one.points]
    if not drawn:
        return
    money = found.result == "revenue"
    show.section(t("Response curves"), help=t("What a week of steady spend brings, carry-over into later weeks counted in."))
    paid, came = Speech("money", currency, current()), Speech("money" if money else "count", currency, current())
    top = max(point.high for one in drawn for point in one.points)
    columns = st.columns(2, gap="medium")
    for place, one in enumerate(drawn):
        with columns[place % 2]:
            show.text(t(one.title))
            st.plotly_chart(
                response_chart.draw(one, top, paid, came),
                key=f"curve_{one.key}",
                config={"displayModeBar": False},
                alt=t("Response curve of {channel}", channel=t(one.title)),
            )
    text = "Up: revenue a week; across: spend a week." if money else "Up: conversions a week; across: spend a week."
    said = [t(text), t("Filled point: now; hollow point: proposed. Band: 90% of what the weeks, drawn again, make of the curve.")]
    show.caption(" ".join([*said, t("A curve ends where the dearest week was: beyond it nothing is known.")]))


def _without(found: ResponseReading, currency: str) -> None:
    """Channels without a curve: what each costs, and why there is none."""
    speech = Speech("money", currency, current())
    st.table(
        {
            t("Channel"): [show.marked(t(one.title)) for one in found.channels],
            t("Spend a week"): [show.marked(speech.short(one.spend)) for one in found.channels],
            t("Why there is no curve"): [show.marked(reason(one, found)) for one in found.channels],
        },
        border="horizontal",
        hide_index=True,
        alt=t("Why there is no curve"),
    )


def _columns(found: ResponseReading) -> list[Column]:
    spend = Column("spend", t("Spend a week"), t("Mean of the last eight weeks."))
    money = found.result == "revenue"
    return [
        spend,
        Column("mean", t("A rouble has brought") if money else t("A result has cost"), t("On average over all weeks, with its range.")),
        Column("next", t("The next rouble brings") if money else t("The next result costs")),
        *([Column("romi", t("Profit of the next rouble"), t("Margin of what it brings, less the rouble itself."))] if money else []),
        Column("proposed", t("Proposed")),
    ]


def _row(one: ChannelResponse, found: ResponseReading, currency: str) -> Row:
    speech = Speech("money", currency, current())
    spend = Cell(speech.short(one.spend), one.spend)
    money = found.result == "revenue"
    next_one = None if not one.marginal else one.marginal if money else 1 / one.marginal
    romi = (Cell(signed_share(one.romi), one.romi),) if money else ()
    return Row(
        one.key, t(one.title), (spend, _mean(one, money, speech), Cell(speech.full(next_one), next_one), *romi, _proposed(one, speech))
    )


def _mean(one: ChannelResponse, money: bool, speech: Speech) -> Cell:
    ends = sorted(end if money else 1 / end for end in (one.low, one.high) if end)
    return (
        Cell(f"{speech.full(ends[0])} {DASH} {speech.full(ends[1])}".replace(" ", NBSP), ends[0])
        if len(ends) == 2
        else Cell(DASH, absent=True)
    )


def signed_share(value: float | None) -> str:
    return DASH if value is None else f"{'+' if value > 0 else ''}{current().share(value, 0)}"


def _proposed(one: ChannelResponse, speech: Speech) -> Cell:
    if one.proposed is None:
        return Cell(DASH, absent=True)
    if abs(one.proposed - one.spend) <= WORTH * one.spend:
        return Cell(t("as it is"), one.proposed)
    return Cell(speech.short(one.proposed), one.proposed, signed_share(one.proposed / one.spend - 1))


def _n(value: float) -> str:
    return current().number(value)


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
