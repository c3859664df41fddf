"""The parts of the Channels page: headline and cards, the table with its way down to campaigns, the map of shares, the course."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics import judging
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer, efficiency
from metrics.sentences.answer import Line
from pages.ui import address, asking, bubbles, control, course, figures, receipt, share_map, show, shown
from pages.ui.language import current, t
from pages.ui.view import View

CARDS = ("spend", "visits", "conversions", "cpa", "revenue", "drr", "romi", "cr", "cost_per_visit", "bounce_rate")
MOST_CARDS = 6
TABLE = ("spend", "visits", "users", "cr", "conversions", "cpa", "orders", "revenue", "drr", "roas", "romi")
RESULTS = ("conversions", "revenue")
MOST_CAMPAIGNS = 200
MANY, TALL = 18, 760
"""A table with more rows scrolls inside its frame, which is so many pixels tall."""


def asked(view: View) -> Result:
    """The one answer that headline, cards, table and map are drawn from."""
    return asking.ask(view, judging.needs(shown.seen(view, (*TABLE, *CARDS))), ("channel",))


def over_time(view: View, step: str) -> Result:
    """The same metrics by day, week or month: the cards' lines and the chart."""
    return asking.ask(view, _drawn(asked(view)), (step,))


def _drawn(result: Result) -> tuple[str, ...]:
    """Cards worth the room: what has a value, but never without the first three."""
    known = answer.known(result, CARDS)
    return tuple(metric for metric in CARDS if metric in result.total and (metric in known or metric in CARDS[:3]))[:MOST_CARDS]


def headline(result: Result) -> None:
    """The answer in a sentence, and what was asked."""
    words, measure = current(), _measure(result)
    found = efficiency.paid(answer.lines(result, "channel", words), measure)
    show.heading(efficiency.headline(found, result, measure, words), t("Which channels earn their cost?"))
    mixed = answer.mixed(result)
    if mixed:
        st.warning(show.marked(words.note(mixed)), icon=":material/currency_exchange:")


def cards(view: View, result: Result, over: Result) -> None:
    """The totals; a press opens the receipt."""
    words = current()
    pressed = figures.cards(shown.cards(result, _drawn(result), over, words), key="cards")
    if pressed:
        receipt.open(view, result, pressed, answer.total(result, words))


def table(view: View, result: Result) -> None:
    """All channels; or, when one is opened, its campaigns."""
    words = current()
    opened = _opened(result)
    if not opened:
        _table(view, result, "channel", t("Channel"), "table")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(t("All channels"), icon=":material/arrow_back:", type="tertiary", on_click=_open, args=("",))
        show.section(f"{opened.name} · {words.t('campaigns')}")
    inside = asking.ask(view, judging.needs(shown.seen(view, TABLE)), ("campaign",), (("channel", (opened.key,)),), MOST_CAMPAIGNS)
    _table(view, inside, "campaign", t("Campaign"), f"campaigns_{opened.key}", open_rows=False)


def _opened(result: Result) -> Line | None:
    """The channel that is opened, if it is there."""
    key = control.free("open")
    return next((line for line in answer.lines(result, "channel", current()) if line.key == key and answer.opens(line)), None)


def _open(key: str) -> None:
    address.put("open", key)


def _table(view: View, result: Result, dimension: str, name: str, key: str, open_rows: bool = True) -> None:
    words = current()
    metrics = answer.known(result, TABLE)
    pressed = figures.table(
        name, shown.columns(metrics, words), shown.rows(result, dimension, metrics, words, open_rows), shown.total(result, metrics, words),
        key=key, height=TALL if len(result.frame) > MANY else 0, caption=name,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _not_shown(shown.seen(view, TABLE), metrics)
        header, rows = shown.sheet(result, dimension, metrics, words)
        show.download(f"{view.client.slug}_{dimension}_{view.since}_{view.until}", header, lambda: rows, key=f"csv_{key}")
    if pressed and pressed.column:
        receipt.open(view, result, pressed.column, _line(result, dimension, pressed.row))
    elif pressed:
        _open(pressed.row)
        st.rerun()


def _not_shown(wanted: Sequence[str], metrics: Sequence[str]) -> None:
    """Columns that nothing is known of are named instead of drawn empty."""
    left_out = [metric for metric in wanted if metric not in metrics]
    if left_out:
        show.caption(t("No data for: {metrics}", metrics=", ".join(t(METRICS[metric].title) for metric in left_out)))
    st.space("stretch")


def _line(result: Result, dimension: str, key: str) -> Line:
    words = current()
    return next((line for line in answer.lines(result, dimension, words) if line.key == key), answer.total(result, words))


def charts(view: View, result: Result, over: Result, step: str) -> None:
    """The map of shares beside the course; the course alone where there is nothing to map."""
    if not efficiency.paid(answer.lines(result, "channel", current()), _measure(result)):
        _trend(view, over, step)
        show.caption(t("The map of shares appears when spend and results of these days are loaded."))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _share(result)
    with right:
        _trend(view, over, step)


def _share(result: Result) -> None:
    """Share of spend against share of result."""
    words = current()
    help = t("Paid channels only. On the dotted line a channel brings as much as it costs.")
    show.section(t("Share of spend against share of result"), help)
    measure = _choice([metric for metric in RESULTS if result.total.get(metric)])
    found = efficiency.paid(answer.lines(result, "channel", words), measure)
    title = t("Share of revenue") if measure == "revenue" else t("Share of conversions")
    st.plotly_chart(
        share_map.draw(bubbles.bubbles(found, result, measure, words), words, title), key="map", config={"displayModeBar": False},
        alt=t("Share of spend against share of result"),
    )


def _choice(choices: Sequence[str]) -> str:
    """Conversions or revenue, where both are known."""
    if len(choices) < 2:
        return choices[0] if choices else RESULTS[0]
    return control.switch("result", t("Result"), {metric: t(METRICS[metric].title) for metric in choices}, choices[0])


def _measure(result: Result) -> str:
    return next((metric for metric in RESULTS if result.total.get(metric)), RESULTS[0])


def _trend(view: View, over: Result, step: str) -> None:
    """The course of one metric."""
    show.section(t("How it went"))
    metric = course.controls(view, answer.known(over, over.query.metrics) or over.query.metrics)
    course.draw(view, over, metric, step)
