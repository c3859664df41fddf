"""The receipt of a figure: formula with its values, days, filters, files, money, attribution, version, and the query. Copyable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from data.tables import ATTRIBUTIONS
from data.text import Words
from metrics import channels
from metrics.registry import DIMENSIONS, MEASURES, METRICS
from metrics.result import Loaded, Result
from metrics.scope import Settings
from metrics.sentences import answer, spelled
from metrics.sentences.answer import Line
from pages.ui import bar, escape, listing, show
from pages.ui.language import current, t
from pages.ui.loaded import TITLES
from pages.ui.view import View

VAT: Mapping[str, str] = {"net": "net of VAT", "gross": "with VAT"}


def open(view: View, result: Result, metric: str, line: Line) -> None:
    """Open the receipt beside the page."""
    drawer = st.dialog(t("Where this figure comes from"), width="medium", position="right", icon=":material/receipt_long:")
    drawer(_draw)(view, result, metric, line)


def _draw(view: View, result: Result, metric: str, line: Line) -> None:
    words = current()
    facts = told(view, result, metric, line, words)
    title = t(METRICS[metric].title) + (f" · {line.name}" if line.key else "")
    st.metric(escape.markdown(title), answer.speech(metric, result, words).full(line.now.get(metric)))
    show.caption(t(METRICS[metric].meaning))
    show.pairs(facts)
    _files(result, metric, words)
    show.notes(result.notes)
    with st.expander(t("The query"), icon=":material/database:"):
        for statement in result.receipt.sql:
            st.code(statement, language="sql", wrap_lines=True)
    with st.expander(t("Copy as text"), icon=":material/content_copy:"):
        st.code(as_text(view, result, metric, line, words), language=None, wrap_lines=True)
    st.page_link(
        listing.file_of("glossary"), label=t("In the glossary"), icon=":material/menu_book:",
        query_params={"find": metric, "client": view.client.slug, "lang": words.language},
    )


def told(view: View, result: Result, metric: str, line: Line, words: Words) -> dict[str, str]:
    """Everything but the files, as names and values."""
    receipt, row = result.receipt, METRICS[metric]
    margin = Settings.of(view.client.currency, view.client.facts, view.version).margin
    values = {**line.now, **({"margin": margin} if margin is not None else {})}
    filled = spelled.with_values(row, values, words, result.currency)
    value = answer.speech(metric, result, words).full(line.now.get(metric))
    days = next((one.days for one in receipt.lines if one.metric == metric), ())
    facts = {
        words.t("Formula"): spelled.in_words(row, words),
        words.t("With values"): f"{filled} = {value}",
        words.t("Client"): view.name,
        words.t("Dates"): "; ".join(words.period(since, until) for since, until in days),
        words.t("Compared with"): words.period(*result.compared) if result.compared else "",
        words.t("Conversions are"): ", ".join(view.goal_names) or words.t("All goals"),
        words.t("Filters"): "; ".join(_filter(key, values, result, words) for key, values in receipt.filters if key != "goal"),
        words.t("Accounts"): "; ".join(
            f"{words.t(TITLES.get(table, table))}: {', '.join(accounts)}"
            for table, accounts in receipt.accounts.items() if table in tables(metric)
        ),
        words.t("Attribution"): next((words.t(a.title) for a in ATTRIBUTIONS if a.key == receipt.attribution), ""),
        words.t("Money"): f"{receipt.currency}, {words.t(VAT.get(receipt.vat, receipt.vat))}",
        words.t("Channel rules"): words.t(
            "{whose}, edition {code}", whose=words.t(bar.GROUPINGS[result.query.grouping]), code=receipt.rules.rpartition("-")[2]
        ),
        words.t("Sampled"): words.t("yes") if receipt.sampled else words.t("no"),
        words.t("Store version"): str(receipt.version),
    }
    return {name: value for name, value in facts.items() if value}


def _filter(key: str, values: tuple[str, ...], result: Result, words: Words) -> str:
    titles = dict(DIMENSIONS[key].titles) | (dict(channels.titles(result.query.grouping)) if key == "channel" else {})
    return f"{words.t(DIMENSIONS[key].title)}: {', '.join(words.t(titles.get(value, value)) for value in values)}"


def tables(metric: str) -> set[str]:
    """Tables that can give what the metric is made of."""
    return {gives.table for measure in METRICS[metric].measures for gives in MEASURES[measure].gives}


def files(result: Result, metric: str) -> list[Loaded]:
    """The files behind the figure, each once: one export may have filled several tables."""
    once: dict[str, Loaded] = {}
    for load in (load for load in result.receipt.loads if load.table in tables(metric)):
        known = once.setdefault(load.origin, load)
        once[load.origin] = replace(known, since=min(known.since, load.since), until=max(known.until, load.until))
    return list(once.values())


def _files(result: Result, metric: str, words: Words) -> None:
    loads = files(result, metric)
    if loads:
        st.table({
            words.t("File"): [escape.markdown(load.origin) for load in loads],
            words.t("Dates"): [words.period(load.since, load.until) for load in loads],
            words.t("Loaded, UTC"): [f"{words.day(load.loaded_at.date())}, {load.loaded_at:%H:%M}" for load in loads],
        }, border="horizontal", hide_index=True, alt=words.t("Files behind the figure"))


def as_text(view: View, result: Result, metric: str, line: Line, words: Words) -> str:
    """The whole receipt as plain text, the query included."""
    value = answer.speech(metric, result, words).full(line.now.get(metric))
    head = f"{words.t(METRICS[metric].title)}{f' · {line.name}' if line.key else ''}: {value}"
    facts = [f"{name}: {value}" for name, value in told(view, result, metric, line, words).items()]
    loads = [
        f"{words.t('File')}: {load.origin}, {words.period(load.since, load.until)}, {load.loaded_at:%Y-%m-%d %H:%M} UTC"
        for load in files(result, metric)
    ]
    return "\n".join((head, "", *facts, *loads, *(words.note(note) for note in result.notes), "", *result.receipt.sql))
