"""One figure of the tree by itself: how it came about, who moves it, what it has been, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from data.tables import ATTRIBUTIONS
from data.text import DASH, MINUS, Words
from metrics.drivers import TREES
from metrics.readings.drivers import DriversReading, Node
from metrics.registry import METRICS
from metrics.sentences.forms import figure
from pages.ui import listing, show
from pages.ui.economics import boxes
from pages.ui.language import current, t
from pages.ui.receipt import VAT
from pages.ui.view import View

GLOSSARY: Mapping[str, str] = {
    **{one.key: one.metric for make in TREES.values() for one in make().drivers if one.metric},
    "visits": "visits",
    "cr": "cr_order",
    "aov": "aov",
    "orders": "orders",
    "leads": "conversions",
    "clicks": "clicks",
    "win": "win_rate",
}
"""Node → the metric of the glossary that explains it."""


def open(view: View, found: DriversReading, key: str, plan: Mapping[str, float]) -> None:
    """Open it beside the page."""
    node = next((one for one in found.nodes if one.key == key), None)
    if node is not None:
        drawer = st.dialog(t("Where this figure comes from"), width="medium", position="right", icon=":material/receipt_long:")
        drawer(_draw)(view, found, node, plan)


def _draw(view: View, found: DriversReading, node: Node, plan: Mapping[str, float]) -> None:
    say = current()
    st.metric(show.marked(t(node.name)), figure(node.value, node.unit, found.currency, say))
    metric = METRICS.get(GLOSSARY.get(node.key, ""))
    if metric is not None:
        show.caption(t(metric.meaning))
    show.pairs(told(view, found, node, plan, say))
    show.notes(found.notes)
    if metric is not None:
        st.page_link(
            listing.file_of("glossary"),
            label=t("In the glossary"),
            icon=":material/menu_book:",
            query_params={"find": metric.key, "client": view.client.slug, "lang": say.language},
        )


def told(view: View, found: DriversReading, node: Node, plan: Mapping[str, float], say: Words) -> dict[str, str]:
    """Everything that is known of it, as names and values."""
    nodes, back = {one.key: one for one in found.nodes}, found.backing
    reach = next((one for one in found.levers if one.key == node.key), None)
    low, high = (figure(value, node.unit, found.currency, say) for value in ((reach.low, reach.high) if reach else (None, None)))
    planned = plan.get(boxes.PLANNED.get(node.key, ""))
    change = boxes.moved(node, nodes, say)[0]
    before = figure(node.before, node.unit, found.currency, say)
    facts = {
        say.t("Formula"): _joined(node, lambda one: say.t(one.name), nodes),
        say.t("With values"): _joined(node, lambda one: figure(one.value, one.unit, found.currency, say), nodes),
        say.t("Month"): say.month(found.month),
        say.t("A year before"): f"{before} ({change})" if change else before,
        say.t("Plan"): "" if planned is None else figure(planned, node.unit, found.currency, say),
        say.t("Its own range"): f"{low} {DASH} {high}" if reach and reach.low is not None else "",
        say.t("Who moves it"): say.t(node.owner) if node.owner else "",
        say.t("By what"): say.t(node.levers) if node.levers else "",
        say.t("Client"): view.name,
        say.t("Accounts"): ", ".join(back.accounts),
        say.t("Attribution"): next((say.t(one.title) for one in ATTRIBUTIONS if one.key == back.attribution), ""),
        say.t("Money"): f"{found.currency}, {say.t(VAT.get(back.vat, back.vat))}" if back.vat else found.currency,
        say.t("Store version"): str(back.version) if back.version else "",
    }
    return {name: value for name, value in facts.items() if value}


def _joined(node: Node, said: Callable[[Node], str], nodes: Mapping[str, Node]) -> str:
    """The formula with something in the place of each key."""
    return " ".join(f"{sign.replace('-', MINUS)} {said(nodes[key])}".strip() for sign, key in boxes.parts(node))
