"""The glossary, drawn: metrics by section, found by a word, each with everything the registry knows about it."""

from __future__ import annotations

import streamlit as st

from data.text import languages, words
from metrics.registry import METRICS, MODELLED, MODELS, SECTIONS, aggregation
from metrics.rows import Metric, Modelled
from metrics.sentences import spelled
from pages.ui import address, show
from pages.ui.language import current, t

AGGREGATIONS = {
    "S": "Adds up over days, channels and everything else.",
    "R": "A ratio of sums: of several rows it is counted anew from their sums, never averaged.",
    "N": "Does not add up: for every period and slice it is counted anew.",
}
KINDS = {
    **AGGREGATIONS,
    "T": "A stock: of several days or months the last value counts.",
    "M": "Given by a model; reckoned anew for every slice.",
}
BETTER = {"up": "more is better", "down": "less is better", "neutral": "neither more nor less is better by itself"}


def search() -> str:
    """The box to search with; the word is kept in the address."""
    key = address.free("find")
    found: str = st.text_input(
        t("Find"), key=key, placeholder=t("Find: CPA, conversion, margin…"), type="search", live=True, label_visibility="collapsed",
        width=420,
    )
    address.keep("find", *([found] if found else []))
    return found.strip()


def listing(wanted: str, currency: str) -> None:
    """All metrics that the word names or describes, under their sections. A single one is opened."""
    every: list[Metric | Modelled] = [*METRICS.values(), *MODELLED.values()]
    found = [metric for metric in every if matches(metric, wanted)]
    if not found:
        show.text(t("No figure is called that. Try another word, or a part of one."))
    for section, title in SECTIONS.items():
        own = [metric for metric in found if metric.section == section]
        if own:
            show.section(t(title))
            with st.container(gap="xxsmall"):
                for metric in own:
                    _folded(metric, currency, opened=len(found) == 1)


def _folded(metric: Metric | Modelled, currency: str, opened: bool) -> None:
    with st.expander(f"**{show.marked(t(metric.title))}** · {show.marked(t(metric.meaning))}", expanded=opened):
        if isinstance(metric, Modelled):
            modelled(metric)
        else:
            entry(metric, currency)


def modelled(figure: Modelled) -> None:
    """One figure that a method gives: what it is, where it is asked for, what it needs."""
    show.pairs({
        t("Formula"): t(figure.formula),
        t("What moves it"): t(figure.levers),
        t("How it is misread"): t(figure.misreading),
        t("Edge cases"): t(figure.edge),
        t("Direction"): t(BETTER[figure.better]),
        t("Adding up"): t(KINDS[figure.kind]),
        t("For"): ", ".join(t(MODELS[model]) for model in figure.models),
        t("Needs"): t(figure.needs),
        **({t("Asked for by"): f"vitrina.py {figure.where}"} if figure.where else {}),
    })


def entry(metric: Metric, currency: str) -> None:
    """One metric: what it is, how it is reckoned, what moves it, how it is misread."""
    show.pairs({
        t("Formula"): spelled.in_words(metric, current()),
        t("Example"): spelled.example(metric, current(), currency),
        t("What moves it"): t(metric.levers),
        t("How it is misread"): t(metric.misreading),
        t("Edge cases"): t(metric.edge),
        t("Direction"): t(BETTER[metric.better]),
        t("Adding up"): t(AGGREGATIONS[aggregation(metric)]),
        t("For"): ", ".join(t(MODELS[model]) for model in metric.models),
        **({t("Source"): t(metric.cite)} if metric.cite else {}),
    })


def matches(metric: Metric | Modelled, wanted: str) -> bool:
    """A word is looked for in the key, and in the title and the meaning in every language. All words must be found."""
    said = " ".join((metric.key, *(words(code).t(text) for code in languages() for text in (metric.title, metric.meaning)))).lower()
    return all(word in said for word in wanted.lower().split())
