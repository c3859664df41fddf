"""The plan of a year: how the months keep it, the grid to write it in, a sheet to fill in elsewhere, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from connectors import plan_sheet
from data.desk import plans
from data.desk.history import Change
from data.desk.plans import Target
from data.errors import Problem
from data.text import DASH, languages
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences.said import Speech
from pages.ui import asking, control, marking, memory, plan_chart, plan_grid, show, store
from pages.ui.language import current, t
from pages.ui.plan_grid import Column
from pages.ui.shelf import Shelf
from pages.ui.view import View

_SHOWN = 12
_MORE, _ROUND, _SAID, _SHELF = "plan_more", "plan_round", "plan_said", "plan_shelf"
Channels = Mapping[str, str]


def year_of(view: View, planned: Sequence[Target]) -> None:
    """A year: its months against the plan, and the grid to write the plan in."""
    shown = columns(view, planned)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = _year(view)
        found = months(view, shown, chosen)
        metric = _metric(found)
        marking.button(view)
    _chart(view, found, metric, planned, chosen)
    editor(view, planned, shown, facts_of(found) if found else {}, chosen)


def _year(view: View) -> int:
    """The year to plan: one that is loaded, or the next one."""
    first = view.loaded[0].year if view.loaded else view.today.year
    options = {str(one): str(one) for one in range(first, view.today.year + 2)}
    return int(control.switch("year", t("Year"), options, str(view.today.year)))


def targets(view: View) -> tuple[Target, ...]:
    """Every target of the client."""
    return plans.of(store.agency(), view.client.slug)


def channels(view: View) -> Channels:
    """Shape: key → English title, of every channel that ever brought or cost anything."""
    return asking.channels(view.client, view.store, view.grouping, view.loaded) if view.loaded else {}


def columns(view: View, found: Sequence[Target]) -> tuple[Column, ...]:
    """The columns of the grid: those with targets, and those somebody has just asked for."""
    more = tuple(memory.kept(_MORE, {}).get(view.client.slug, ()))
    return plan_grid.columns(found, str(view.client.facts.get("model", "")), more)


# ---------------------------------------------------------------------------------------------------------------- the chart


def months(view: View, shown: Sequence[Column], chosen: int) -> Result | None:
    """The year and the one before by month, of the metrics that are planned as a whole."""
    wanted = tuple(dict.fromkeys(column.metric for column in shown if not column.channel))
    if not wanted or view.loaded is None:
        return None
    since, until = max(date(chosen - 1, 1, 1), view.loaded[0]), min(date(chosen, 12, 31), view.loaded[1])
    if since > until:
        return None
    # NB: a plan is for the client as a whole; filters of the bar would set a part against it.
    whole = replace(view, since=since, until=until, compare="", only=(), only_names=())
    return asking.ask(whole, wanted, ("month",))


def _metric(found: Result | None) -> str:
    """Which of the planned metrics is drawn."""
    if found is None:
        return ""
    metrics = found.query.metrics
    chosen = control.pick("planned", t("Metric"), {key: t(METRICS[key].title) for key in metrics}, metrics[0], width=220)
    return chosen if chosen in metrics else metrics[0]


def _chart(view: View, found: Result | None, metric: str, planned: Sequence[Target], chosen: int) -> None:
    """How the months of the year keep the plan of one metric."""
    if found is None:
        return show.caption(t("Nothing is loaded for this year and the one before: there is nothing to set the plan against."))
    speech = Speech(METRICS[metric].unit, found.currency, current())
    facts, plan = facts_of(found), {target.month: target.value for target in planned if target.metric == metric and not target.channel}
    drawn = [
        plan_chart.Month(
            month, facts.get((month, metric)), plan.get(month), facts.get((month.replace(year=chosen - 1), metric)),
            open=month <= found.query.until < _last(month),
        )
        for month in plan_grid.months(chosen)
    ]
    alt = t("{metric} by month against the plan", metric=t(METRICS[metric].title))
    told = marking.of(view, date(chosen, 1, 1), date(chosen, 12, 31))
    if all(one.fact is None and one.plan is None and one.before is None for one in drawn):
        return show.caption(t("Nothing is loaded for this year and the one before: there is nothing to set the plan against."))
    drawing = plan_chart.draw(drawn, current(), speech.full, speech.tick, notes=told)
    st.plotly_chart(drawing, key="plan_chart", config={"displayModeBar": False}, alt=alt)
    show.caption(t("Bars: fact; violet ticks: plan; thin line: a year ago. A hollow bar is a month that is not over."))
    marking.under(view, told)
    return None


def facts_of(found: Result) -> dict[tuple[date, str], float]:
    """Shape: (first day of the month, metric) → value; without the months that have none."""
    rows = found.frame.to_dict("records")
    values = {(row["month"].date(), metric): row[metric] for row in rows for metric in found.query.metrics}
    return {key: float(value) for key, value in values.items() if value is not None and value == value}


def _last(month: date) -> date:
    return (pd.Timestamp(month) + pd.offsets.MonthEnd(0)).date()


# ----------------------------------------------------------------------------------------------------------------- the grid


def editor(view: View, planned: Sequence[Target], shown: Sequence[Column], facts: Mapping[tuple[date, str], float], chosen: int) -> None:
    """The plan, to be written. Nothing is kept before Save is pressed."""
    names, grid = channels(view), plan_grid.grid(planned, shown, chosen)
    memory.tell(_SAID)
    key = f"plan_{view.client.slug}_{chosen}_{memory.kept(_ROUND, 0)}"
    edited = st.data_editor(
        grid.reset_index(),
        key=key,
        hide_index=True,
        num_rows="fixed",
        height="content",
        placeholder="",
        alt=t("The plan of the year"),
        column_config=_config(view, shown, names),
    )
    moved = plan_grid.moved(grid, edited.set_index("month"), shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("Save"), type="primary", disabled=not moved, on_click=_save, args=(view, moved))
        _add(view, shown, names)
        _fill(view, grid, facts, shown)
        _sheet(view, grid, shown, names, chosen)
    if moved:
        show.caption(t("Changed cells, not saved yet: {count}", count=current().number(len(moved))))


def _config(view: View, shown: Sequence[Column], names: Channels) -> dict[str, Any]:
    heads = {column.key: plan_grid.heading(column, current(), view.client.currency, names) for column in shown}
    pattern = "MMM YYYY" if not current().russian else "MM.YYYY"
    config: dict[str, Any] = {
        "month": st.column_config.DateColumn(t("Month"), format=pattern, disabled=True, width="small", pinned=True)
    }
    for column in shown:
        config[column.key] = st.column_config.NumberColumn(heads[column.key], min_value=0.0, format="localized", help=_help(column))
    return config


def _help(column: Column) -> str:
    better = {
        "up": t("Higher is better: the plan is the least it should be."),
        "down": t("Lower is better: the plan is the most it should be."),
    }
    return better.get(METRICS[column.metric].better, t("A budget: to be spent, neither more nor less."))


def _save(view: View, moved: Sequence[Target]) -> None:
    try:
        plans.put(store.agency(), view.client.slug, moved)
    except Problem as problem:
        memory.keep(_SAID, problem)
        return
    memory.keep(_ROUND, memory.kept(_ROUND, 0) + 1)
    memory.keep(_SAID, t("Saved. Targets changed: {count}", count=current().number(len(moved))))


def _add(view: View, shown: Sequence[Column], names: Channels) -> None:
    """One more column: a metric, of one channel or of all."""
    with st.popover(t("Add a column"), icon=":material/add:"):
        metric = st.selectbox(
            t("Metric"),
            [key for key in METRICS if METRICS[key].unit in ("count", "money", "share", "multiple")],
            format_func=control.titled({key: one.title for key, one in METRICS.items()}),
            key="plan_metric",
        )
        whole = ""
        channel = st.selectbox(
            t("Channel"), [whole, *names], format_func=control.titled(names, t("All channels")), key="plan_channel"
        )
        column = Column(metric, channel)
        st.button(t("Add"), disabled=column in shown, on_click=_added, args=(view.client.slug, column))


def _added(client: str, column: Column) -> None:
    more: dict[str, tuple[Column, ...]] = memory.kept(_MORE, {})
    memory.keep(_MORE, more | {client: (*more.get(client, ()), column)})


def _fill(view: View, grid: pd.DataFrame, facts: Mapping[tuple[date, str], float], shown: Sequence[Column]) -> None:
    """Empty cells from last year's months."""
    with st.popover(t("Fill from last year"), icon=":material/history:"):
        growth = st.number_input(t("Growth over last year, %"), value=10.0, min_value=-90.0, max_value=900.0, step=5.0, key="plan_growth")
        found = plan_grid.from_last_year(grid, facts, shown, growth / 100)
        show.caption(t("Fills empty cells of sums only; what is planned stays. Cells: {count}", count=current().number(len(found))))
        st.button(t("Fill and save"), disabled=not found, on_click=_save, args=(view, found))


# ---------------------------------------------------------------------------------------------------------------- the sheet


def _sheet(view: View, grid: pd.DataFrame, shown: Sequence[Column], names: Channels, chosen: int) -> None:
    """The plan as a workbook: to take away, and to bring back filled in."""
    say, currency = current(), view.client.currency
    st.download_button(
        t("Download XLSX"),
        data=lambda: plan_grid.workbook(grid, shown, say, currency, names),
        file_name=f"{view.client.slug}-plan-{chosen}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
    )
    with st.popover(t("Import a sheet"), icon=":material/upload_file:"):
        show.caption(
            t("Months in the first column, a metric in each other one. The easiest way: download the sheet, fill it in, bring it back.")
        )
        upload = st.file_uploader(t("XLSX or CSV"), type=["xlsx", "csv"], key=f"plan_file_{memory.kept(_ROUND, 0)}")
        if upload is not None:
            _preview(view, upload, names)


def _preview(view: View, upload: object, names: Channels) -> None:
    """What the sheet would change, before it does."""
    shelf: Shelf = memory.kept(_SHELF) or Shelf()
    memory.keep(_SHELF, shelf)
    [(path, name)] = shelf.put([upload]).items()  # type: ignore[list-item]
    try:
        found = plan_sheet.read(path, plan_grid.headings(languages(), names), name)
    except Problem as problem:
        return show.problem(problem)
    stands = {(target.month, target.metric, target.channel): target.value for target in targets(view)}
    moved = [target for target in found if target.value != stands.get((target.month, target.metric, target.channel))]
    if not moved:
        return show.caption(t("Everything in the sheet is planned like that already."))
    st.table(
        {
            t("Month"): [current().month(target.month) for target in moved],
            t("Metric"): [show.marked(_titled(target, names)) for target in moved],
            t("Was"): [_said(view, target.metric, stands.get((target.month, target.metric, target.channel))) for target in moved],
            t("Will be"): [_said(view, target.metric, target.value) for target in moved],
        },
        border="horizontal",
        hide_index=True,
        alt=t("What will change"),
    )
    st.button(t("Write {count} targets", count=current().number(len(moved))), type="primary", on_click=_save, args=(view, moved))
    return None


def _titled(target: Target, names: Channels) -> str:
    title = t(METRICS[target.metric].title)
    return title + (plan_sheet.BETWEEN + t(names.get(target.channel, target.channel)) if target.channel else "")


def _said(view: View, metric: str, value: float | None) -> str:
    return DASH if value is None else show.marked(Speech(METRICS[metric].unit, view.client.currency, current()).full(value))


# --------------------------------------------------------------------------------------------------------------- the history


def history(view: View) -> None:
    """Who changed what, newest first."""
    found = [change for change in plans.changes(store.agency(), view.client.slug) if (change.after or change.before)["metric"] in METRICS]
    if not found:
        return
    with st.expander(t("Who changed the plan"), icon=":material/manage_history:"):
        names = channels(view)
        st.table(
            {
                t("When"): [_when(change) for change in found[:_SHOWN]],
                t("Who"): [show.marked(change.who or DASH) for change in found[:_SHOWN]],
                t("Metric"): [show.marked(_of(change, names)) for change in found[:_SHOWN]],
                t("Was"): [_value(view, change, change.before) for change in found[:_SHOWN]],
                t("Is"): [_value(view, change, change.after) for change in found[:_SHOWN]],
            },
            border="horizontal",
            hide_index=True,
            alt=t("Who changed the plan"),
        )
        if len(found) > _SHOWN:
            show.caption(t("Earlier changes: {count}", count=current().number(len(found) - _SHOWN)))


def _when(change: Change) -> str:
    return show.marked(f"{current().day(change.at.date())} {change.at:%H:%M}")


def _of(change: Change, names: Channels) -> str:
    said = change.after or change.before
    month = date.fromisoformat(said["month"])
    return f"{_titled(Target(month, said['metric'], None, said['channel']), names)}, {current().month(month)}"


def _value(view: View, change: Change, side: dict[str, object] | None) -> str:
    return DASH if side is None else _said(view, str(side["metric"]), float(str(side["value"])))
