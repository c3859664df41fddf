"""Attribution models side by side: what each gives every channel, and where a decision hangs on the choice. Reckoned only when opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from metrics.readings import attribution
from metrics.readings.attribution import Asked, AttributionReading
from pages.ui import address, control, credit_table, figures, reading, show, store
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t
from pages.ui.view import View

NAME = "models"
BY: Mapping[str, str] = {"channel": "By channel", "source": "By source", "campaign": "By campaign"}
ENDS: Mapping[str, str] = {
    "fits": "Conversions: as fits the business",
    "orders": "Conversions are orders",
    "goals": "Conversions are goals",
}
DAYS: Mapping[str, str] = {"year": "The year up to the last day", "period": "The days of the page"}
YEAR = timedelta(days=364)


def section(view: View) -> None:
    """A button while it is closed; the comparison when the address says so."""
    show.section(t("Attribution models side by side"), help=t("None of the models is causal: what is known is the range over all of them."))
    if st.session_state[address.free(NAME)] not in BY:
        address.keep(NAME)
        show.caption(t("Who earned the conversions under every model, and which decisions depend on the choice. Takes some seconds, once."))
        st.button(
            t("Compare the models"), icon=":material/compare_arrows:", on_click=address.put, args=(NAME, "channel"), key="models_open"
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        by = control.switch(NAME, t("By"), {key: t(title) for key, title in BY.items()}, "")
        days = control.pick("models_days", t("Days"), {key: t(title) for key, title in DAYS.items()}, "year", width=250)
        ends = control.pick("models_ends", t("Conversions"), {key: t(title) for key, title in ENDS.items()}, "fits", width=240)
        st.button(t("Close"), icon=":material/close:", type="tertiary", on_click=address.put, args=(NAME, ""), key="models_close")
    with st.spinner(t("Following every journey: it takes some seconds, once."), show_time=True):
        found = read(view, by, days, "" if ends == "fits" else ends)
    _draw(found)


def read(view: View, by: str, days: str, ends: str) -> AttributionReading:
    """The comparison. The bar's goals hold where somebody chose them; else what fits the client."""
    since, until = _days(view, days)
    goals = view.goals if view.goals != store.key_goals(view.client) else ()
    asked = Asked(by, ends, goals, grouping=view.grouping, counter=view.counter)
    return reading.of_facts(view, attribution.read, since, until, asked)


def _days(view: View, chosen: str) -> tuple[date, date]:
    loaded = view.loaded or (view.since, view.until)
    until = min(view.until, loaded[1])
    return (max(until - YEAR, loaded[0]) if chosen == "year" else min(max(view.since, loaded[0]), until)), until


def _draw(found: AttributionReading) -> None:
    say = current()
    if found.why is not None:
        show.text(say.note(found.why))
        return show.notes(found.notes)
    what = t("Orders") if found.ends == "orders" else t("Goal reaches")
    worth = f" ({say.money(found.value, found.currency)})" if found.value else ""
    facts = {"what": what, "n": say.number(found.conversions), "worth": worth, "lost": say.number(found.lost)}
    line = t("{what}: {n}{worth}. Lost journeys: {lost}. Lookback: {days} days.", **facts, days=found.lookback_days)
    if found.headline is not None:
        show.text(say.note(found.headline))
    show.caption(f"{show.dates(found.since, found.until)}. {line}")
    if found.spoken:
        _decisions(found)
        credit_table.draw(found)
    _silent(found)
    _paths(found)
    return show.notes(sorted(found.notes, key=lambda note: note.kind != "warning"))


def _decisions(found: AttributionReading) -> None:
    """Paid channels: the range of cost and return over the models, and whether the decision hangs on the choice."""
    paid = sorted((line for line in found.lines if line.verdict is not None), key=lambda line: -(line.spend or 0.0))
    if not paid:
        return
    romi = any(line.romi for line in paid)
    columns = [
        Column("spend", t("Spend")),
        Column("cpa", t("CPA, from – to")),
        *([Column("romi", t("ROMI, from – to"))] if romi else []),
        Column("verdict", t("Verdict"), t("What each model would decide."), words=True),
    ]
    rows = [Row(line.name, t(line.title), credit_table.decided(line, found, romi)) for line in paid]
    figures.table(
        t(BY_TITLES[found.by]),
        columns,
        rows,
        None,
        key=f"decisions_{found.by}",
        order=figures.AS_GIVEN,
        caption=t("What each model would decide."),
    )
    if found.basis is not None:
        show.caption(current().note(found.basis))


BY_TITLES: Mapping[str, str] = {"channel": "Channel", "source": "Source", "campaign": "Campaign"}


def _silent(found: AttributionReading) -> None:
    """Models that say nothing, with the reason."""
    silent = dict.fromkeys(f"{t(one.title)}: {current().note(one.why)}" for one in found.models if one.why is not None)
    if silent:
        st.caption("  \n".join((show.marked(t("Models that say nothing:")), *map(show.marked, silent))))


def _paths(found: AttributionReading) -> None:
    if not found.paths:
        return
    say = current()
    with st.expander(t("Commonest paths"), icon=":material/route:"):
        columns = [Column("won", t("Conversions")), Column("lost", t("Lost journeys"))]
        rows = [
            Row(
                str(place),
                " → ".join(t(name) for name in one.path),
                (
                    Cell(say.number(one.conversions), one.conversions),
                    Cell(say.number(one.lost), one.lost),
                ),
            )
            for place, one in enumerate(found.paths)
        ]
        figures.table(t("Path"), columns, rows, None, key="paths", order=figures.AS_GIVEN, caption=t("Commonest paths"), wrap=True)
