"""Every figure of every document is what `ask` answers (or the method that makes it), and every format prints that very figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from data.desk.actions import Action
from data.desk.plans import Target
from data.desk.written import Desk
from data.tables import ORDERS
from data.text import words
from data.warehouse import Warehouse
from metrics.ask import ask
from metrics.query import Query
from metrics.readings import lifetime, outcomes, pace, stage, unusual
from metrics.readings.subject import Subject, main_metrics
from metrics.registry import METRICS
from metrics.result import Result
from metrics.scope import Settings
from reports import templates
from reports.build import build
from reports.context import Context, end_of, month_of
from reports.exporters import exporters
from reports.story import Block, Story
from tests import long_shop, read_back
from tests.printed import squeezed
from tests.read_back import Place
from tests.small_store import YANDEX, batch, loaded, spend, visits
from tests.test_reports_story import FACTS

DAYS = {
    "week": (date(2026, 3, 23), date(2026, 3, 29)), "month": (date(2026, 3, 1), date(2026, 3, 31)),
    "quarter": (date(2026, 1, 1), date(2026, 3, 31)),
}
PLANNED = (
    *(Target(date(2026, month, 1), "revenue", 500_000.0 + month) for month in (1, 2, 3)),
    Target(date(2026, 2, 1), "cpa", 700.0), Target(date(2026, 3, 1), "drr", 0.3), Target(date(2026, 3, 1), "spend", 200_000.0),
    Target(date(2026, 4, 1), "spend", 250_000.0), Target(date(2026, 4, 1), "revenue", 900_000.0),
    Target(date(2026, 4, 1), "spend", 90_000.0, "vk_ads"),
)
ACTED = (
    Action("New ads", "Olga", date(2026, 4, 10), "cpa", "", -0.1, id=1),
    Action("More budget for VK", "Paul", date(2026, 3, 4), "visits", "vk_ads", 0.8, "done", date(2026, 3, 4), id=2),
)
DESK = Desk(PLANNED, ACTED)
KINDS = ("long", "bought")


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Warehouse]:
    """Two invented shops: one whose VK Ads break in March, told by daily totals; one with visits and with orders of known customers."""
    folder = tmp_path_factory.mktemp("figures")
    return {
        "long": long_shop.store(folder / "long", vk_breaks=date(2026, 3, 4), days=500), "bought": _bought(folder / "bought"),
    }


def _bought(folder: Path) -> Warehouse:
    since, until = date(2025, 1, 1), date(2026, 3, 31)
    days = [since + timedelta(days=step) for step in range((until - since).days + 1)]
    orders = [
        {"day": at, "order_id": f"{at}-{n}", "customer": f"{at.year}-{at.month - (n == 3 and at.month > 1)}-{at.day * 2 + n}",
         "revenue": 1000 + 10 * at.month, "currency": "RUB", "status": "paid", "origin": YANDEX}
        for at in days for n in range(4)
    ]
    return loaded(
        folder, visits([(at, n, YANDEX) for at in days for n in range(12)], (since, until)),
        spend([(at, YANDEX, 1500 + at.day) for at in days], (since, until)), batch(ORDERS, orders, (since, until)),
    )


class Asked:
    """The same questions asked anew, past the document: from the store, one by one, with no memory in between."""

    def __init__(self, store: Warehouse, template: str) -> None:
        self.store, self.template = store, template
        self.since, self.until = DAYS[template]
        self.subject, self.settings = Subject.of(FACTS), Settings.of("RUB", FACTS, store.version())
        self.compare = templates.comparison(self.since, self.until)

    def result(self, metrics: tuple[str, ...], since: date, until: date, by: tuple[str, ...] = (), compare: str = "") -> Result:
        query = Query(metrics, since, until, by=by, compare=compare, goals=self.subject.goals, counter=self.subject.counter)
        return ask(query, self.store.run, self.settings)

    def total(self, metric: str, since: date | None = None, until: date | None = None) -> float | None:
        return self.result((metric,), since or self.since, until or self.until).total[metric]

    def by_channel(self, metric: str, since: date | None = None, until: date | None = None) -> dict[str, float | None]:
        """Shape: the channel's title in English -> its value. Asked with spend, so that Direct stands as it does in tables."""
        metrics = tuple(dict.fromkeys((metric, "spend", "visits")))
        found = self.result(metrics, since or self.since, until or self.until, by=("channel",))
        named = zip(found.frame["channel"], found.frame[metric], strict=True)
        return {found.title("channel", key): None if value != value else float(value) for key, value in named}

    @property
    def before(self) -> tuple[date, date]:
        found = self.result(("visits",), self.since, self.until, compare=self.compare).compared
        assert found is not None
        return found


def context(store: Warehouse, template: str, language: str = "en") -> Context:
    asked = Asked(store, template)
    return Context(
        store.run, asked.settings, asked.subject, "shop", "Shop", FACTS, DESK, words(language), asked.since, asked.until, asked.compare,
        date(2026, 4, 2), template,
    )


@pytest.fixture(scope="module")
def told(shops: dict[str, Warehouse]) -> Callable[..., Story]:
    """Documents, each made once."""

    @cache
    def made(kind: str, template: str, language: str = "en") -> Story:
        return build(context(shops[kind], template, language), templates.template(template, "shop"))

    return made


# --------------------------------------------------------------------------------------- what each figure of a block should be

Wanted = Iterator[tuple[Place, float | None]]


def cards(block: Block, asked: Asked) -> Wanted:
    """Every card of a metric is its total."""
    for card in block.cards:
        if card.metric in METRICS:
            yield (block.title, "card", card.code, 0, 0), asked.total(card.metric)


def course(block: Block, asked: Asked) -> Wanted:
    """Twelve months or six weeks, each asked alone, with the year before and the plan."""
    monday = asked.until - timedelta(days=asked.until.weekday())
    for chart in block.charts:
        metric = next(one for one in METRICS.values() if chart.title.startswith(one.title)).key
        for line, series in enumerate(chart.series):
            for at, _ in enumerate(series.values):
                first = month_of(asked.until, len(series.values) - 1 - at)
                days = (first, min(end_of(first), asked.until))
                if asked.template == "week":
                    first = monday - timedelta(weeks=len(series.values) - 1 - at)
                    days = (first, first + timedelta(days=6))
                yield (block.title, "chart", chart.title, line, at), _on_course(metric, series.role, days, asked)


def _on_course(metric: str, role: str, days: tuple[date, date], asked: Asked) -> float | None:
    if role == "plan":
        return next((one.value for one in PLANNED if (one.metric, one.month, one.channel) == (metric, days[0], "")), None)
    if role == "year":
        back = [at - timedelta(days=364) for at in days]
        days = (back[0], back[1]) if asked.template == "week" else (month_of(days[0], 12), end_of(month_of(days[0], 12)))
    first = long_shop.UNTIL - timedelta(days=499) if asked.store.folder.name == "long" else date(2025, 1, 1)
    if days[1] < first or (days[0] < first and metric == "revenue"):
        return None  # not loaded, or not whole; a ratio takes the days that it has
    return asked.total(metric, *days)


def why(block: Block, asked: Asked) -> Wanted:
    """Both levels of every channel, and the change between them; the steps of the picture are those of the table."""
    [card], [table], [chart] = block.cards, block.tables, block.charts
    now, before = (_split(card.metric, *days, asked) for days in ((asked.since, asked.until), asked.before))
    whole = asked.total(card.metric), asked.total(card.metric, *asked.before)
    named = {row.name for row in table.rows}
    parts = []
    for line, row in enumerate(table.rows):
        rest = [name for name in {*now, *before} if name not in named]
        names = rest if row.name == "all others" else [row.name]
        after, then = (sum(level.get(name) or 0.0 for name in names) for level in (now, before))
        parts.append(after - then)
        yield (block.title, "table", table.name, line, 0), then
        yield (block.title, "table", table.name, line, 1), after
    last = len(table.rows)
    yield (block.title, "table", table.name, last, 0), whole[1]
    yield (block.title, "table", table.name, last, 1), whole[0]
    printed = [row.cells[2].value or 0.0 for row in table.rows]
    # NB: parts are rounded so that they add up as they are printed; each is within a unit of what it is.
    assert all(abs(one - other) <= 1.0 for one, other in zip(printed, parts, strict=True))
    assert sum(printed) == round(whole[0] or 0.0) - round(whole[1] or 0.0) == table.total.cells[2].value  # type: ignore[union-attr]
    yield from ((((block.title, "table", table.name, line, 2)), value) for line, value in enumerate([*printed, sum(printed)]))
    for place in range(3, len(table.columns)):
        causes = [row.cells[place].value or 0.0 for row in table.rows]
        for line, row in enumerate(read_back.rows(table)):
            yield (block.title, "table", table.name, line, place), sum(causes) or None if row is table.total else row.cells[place].value
    for row in read_back.rows(table):
        assert sum(cell.value or 0.0 for cell in row.cells[3:]) == pytest.approx(row.cells[2].value), "causes add up to the part"
    steps = [whole[1], *printed, whole[0]]
    yield from (((block.title, "chart", chart.title, 0, at), value) for at, value in enumerate(steps))


def _split(metric: str, since: date, until: date, asked: Asked) -> dict[str, float | None]:
    """By channel as the explanation has it: without spend, so that Direct is not put together."""
    found = asked.result((metric, "visits"), since, until, by=("channel",))
    return {found.title("channel", key): float(value) for key, value in zip(found.frame["channel"], found.frame[metric], strict=True)}


def channels(block: Block, asked: Asked) -> Wanted:
    """Each metric by channel, asked alone."""
    [table] = block.tables
    for place, column in enumerate(table.columns):
        values = asked.by_channel(column.key)
        for line, row in enumerate(table.rows):
            yield (block.title, "table", table.name, line, place), values[row.name]
        yield (block.title, "table", table.name, len(table.rows), place), asked.total(column.key)
    for chart in block.charts:
        yield from (_paid(chart, block, asked) if chart.kind == "map" else _bars(chart, block, asked))


def _paid(chart: Any, block: Block, asked: Asked) -> Wanted:
    spent, earned = asked.by_channel("spend"), asked.by_channel("revenue")
    for line, values in enumerate((spent, earned)):
        whole = sum(values[name] or 0.0 for name in chart.labels)
        for at, name in enumerate(chart.labels):
            yield (block.title, "chart", chart.title, line, at), (values[name] or 0.0) / whole
    yield from (((block.title, "chart", chart.title, 2, at), spent[name]) for at, name in enumerate(chart.labels))


def _bars(chart: Any, block: Block, asked: Asked) -> Wanted:
    for line, days in enumerate(((asked.since, asked.until), asked.before)):
        values = asked.by_channel("revenue", *days)
        yield from (((block.title, "chart", chart.title, line, at), values.get(name)) for at, name in enumerate(chart.labels))


def kpi(block: Block, asked: Asked) -> Wanted:
    """The plan as it was typed, the fact as it is asked; what is projected is what the method projects."""
    for table in block.tables:
        month = next(one for one in (1, 2, 3) if words("en").month(date(2026, one, 1)) in table.name)
        first = date(2026, month, 1)
        until = min(asked.until, end_of(first))
        lines = {line.title: line for line in pace.read(asked.store.run, asked.settings, asked.subject, first, until, PLANNED).lines
                 if line.plan is not None and not line.channel}
        for at, row in enumerate(table.rows):
            line = lines[row.name]
            plan = next(one.value for one in PLANNED if (one.metric, one.month, one.channel) == (line.metric, first, ""))
            fact = asked.total(line.metric, first, until)
            assert plan
            kept = None if fact is None else fact / plan if line.budget or METRICS[line.metric].better != "down" else plan / fact
            values = {"Plan": plan, "Fact": fact, "Plan kept": kept, "Plan to date": line.to_date, "By the end": line.expected}
            for place, column in enumerate(table.columns):
                yield (block.title, "table", table.name, at, place), values.get(column.key)
    for chart in block.charts:
        found = pace.read(asked.store.run, asked.settings, asked.subject, asked.until.replace(day=1), asked.until, PLANNED).lines
        index = {line.title: line.index for line in found if line.plan is not None and not line.channel}
        yield from (((block.title, "chart", chart.title, 0, at), index[name]) for at, name in enumerate(chart.labels))


def plan(block: Block, asked: Asked) -> Wanted:
    """Targets as typed, beside the last month as asked."""
    ahead = asked.until.replace(day=1) if asked.template == "week" else date(2026, 4, 1)
    for table in block.tables:
        if table.columns[0].key != "plan":
            yield from ((place, None) for place, _ in _cells(block, table))
            continue
        for at, row in enumerate(table.rows):
            metric = next(one for one in METRICS.values() if one.title == row.name)
            typed = next(one.value for one in PLANNED if (one.metric, one.month, one.channel) == (metric.key, ahead, ""))
            fact = asked.total(metric.key, date(2026, 3, 1), asked.until)
            assert typed
            values = (typed, fact, None if fact is None else typed - fact if metric.unit == "share" else typed / fact - 1)
            yield from (((block.title, "table", table.name, at, place), values[place]) for place in range(len(table.columns)))


def actions(block: Block, asked: Asked) -> Wanted:
    """The fact is the channel's, asked over the days of the action; what would have come is the method's."""
    [table] = block.tables
    [one] = [action for action in ACTED if action.state == "done"]
    assert one.since is not None
    judged = outcomes.read(asked.store.run, asked.settings, asked.subject, long_shop.UNTIL, [one])[0]
    assert judged.until is not None
    fact = asked.by_channel("visits", one.since, judged.until).get("VK Ads")
    for place, column in enumerate(table.columns):
        yield (block.title, "table", table.name, 0, place), {"fact": fact, "without": judged.expected}.get(column.key)


def strange(block: Block, asked: Asked) -> Wanted:
    """What stands out is what the method finds."""
    [table] = block.tables
    found = unusual.read(asked.store.run, asked.settings, asked.subject, asked.until, metrics=main_metrics(asked.subject)).findings
    for at, row in enumerate(table.rows):
        one = next(one for one in found if (one.channel_title, one.value) == (row.name, row.cells[2].value))
        values = (None, None, one.value, one.expected, one.money)
        yield from (((block.title, "table", table.name, at, place), value) for place, value in enumerate(values))


def economics(block: Block, asked: Asked) -> Wanted:
    """Customers as the method counts them; a document shows no figure of its own."""
    found = lifetime.read(asked.store.run, asked.settings, FACTS, asked.until, lifetime.Asked(with_models=False))
    whole = found.economics[0]
    paid = float(whole.payback.month) if whole.payback and whole.payback.month else None
    shown = {"cac": whole.cac, "ltv": whole.value, "ratio": whole.ratio, "payback": paid}
    yield from (((block.title, "card", card.code, 0, 0), shown[card.metric]) for card in block.cards)
    [table] = block.tables
    lines = {words("en").t(line.title): line for line in found.economics[::-1] if line.cohort is None}
    for at, row in enumerate(read_back.rows(table)):
        line = whole if row is table.total else lines[row.name]
        values = (line.customers, line.cac, line.so_far, line.value, line.ratio, None, None)
        yield from (((block.title, "table", table.name, at, place), value) for place, value in enumerate(values))
    for chart in block.charts:
        assert found.curve is not None
        for at, _ in enumerate(chart.labels):
            yield (block.title, "chart", chart.title, 0, at), found.curve.projected[at]
            yield (block.title, "chart", chart.title, 1, at), whole.cac


def life_cycle(block: Block, asked: Asked) -> Wanted:
    """Demand of every month as it is asked; without its season as the method has it."""
    view = stage.read(asked.store.run, asked.settings, FACTS, asked.until)
    metric = "orders" if view.what == "orders" else "conversions"
    for chart in block.charts:
        history = view.history[-len(chart.labels) :]
        for at, one in enumerate(history):
            yield (block.title, "chart", chart.title, 0, at), asked.total(metric, one.month, end_of(one.month))
            if len(chart.series) > 1:
                yield (block.title, "chart", chart.title, 1, at), one.adjusted


def _cells(block: Block, table: Any) -> Iterator[tuple[Place, float | None]]:
    for at, row in enumerate(read_back.rows(table)):
        yield from (((block.title, "table", table.name, at, place), cell.value) for place, cell in enumerate(row.cells))


def said(block: Block, asked: Asked) -> Wanted:
    """Tables of words have no numbers."""
    yield from ((place, None) for table in block.tables for place, _ in _cells(block, table))


RULES: dict[str, Callable[[Block, Asked], Wanted]] = {
    "course": course, "why": why, "channels": channels, "kpi": kpi, "plan": plan, "actions": actions, "unusual": strange,
    "economics": economics, "life_cycle": life_cycle, "definitions": said, "receipts": said,
}


@pytest.mark.parametrize("template", DAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_of_cards_tables_and_charts_is_what_is_answered(shops: Any, told: Any, kind: str, template: str) -> None:
    story, asked = told(kind, template), Asked(shops[kind], template)
    wanted: dict[Place, float | None] = {}
    for block in story.blocks:
        wanted |= dict(cards(block, asked))
        if block.key in RULES:
            wanted |= dict(RULES[block.key](block, asked))
    there = {place: value for place, value, _ in read_back.figures(story)}
    assert set(there) - set(wanted) == set(), "figures that nothing was asked for"
    off = {
        place: (value, wanted[place]) for place, value in there.items()
        if (value is None) != (wanted[place] is None) or (value is not None and value != pytest.approx(wanted[place], rel=1e-9, abs=1e-9))
    }
    assert off == {}
    assert sum(value is not None for value in there.values()) > 50


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("template", DAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_format_prints_every_figure_of_the_story(told: Any, kind: str, template: str, language: str) -> None:
    story = told(kind, template, language)
    for form in read_back.READERS:
        made = exporters()[form].write(story)
        assert read_back.differences(form, made, story) == [], form
        if form == "pdf":
            there = read_back.printed(made)
            assert all(squeezed(text) in there for block in story.blocks for text in read_back.written_on_charts(block))


@pytest.mark.parametrize("form", read_back.READERS)
@pytest.mark.parametrize("what", ["card", "table", "chart"])
def test_a_single_figure_that_a_format_shows_otherwise_is_found(told: Any, form: str, what: str) -> None:
    story = told("long", "month")
    made = exporters()[form].write(_falsified(story, what))
    found = read_back.differences(form, made, story)
    if what == "chart" and form in ("md", "pdf"):
        assert found == []
    else:
        assert found and all(place[1] == what for place, _, _ in found), "one figure was changed on its way into the file"


def _falsified(story: Story, what: str) -> Story:
    """The same document with one figure a little off, as a faulty exporter would show it."""
    block = story.block("course" if what == "card" else "channels")
    if what == "card":
        card = replace(block.cards[0], value=(block.cards[0].value or 0.0) * 1.01, text=f"1{block.cards[0].text}")
        other = replace(block, cards=(card, *block.cards[1:]))
    elif what == "table":
        row = block.tables[0].rows[1]
        cell = replace(row.cells[0], value=(row.cells[0].value or 0.0) + 100.0, text=f"1{row.cells[0].text}")
        rows = (block.tables[0].rows[0], replace(row, cells=(cell, *row.cells[1:])), *block.tables[0].rows[2:])
        table = replace(block.tables[0], rows=rows)
        other = replace(block, tables=(table,))
    else:
        series = block.charts[-1].series[0]
        values = ((series.values[0] or 0.0) * 1.01, *series.values[1:])
        chart = replace(block.charts[-1], series=(replace(series, values=values), *block.charts[-1].series[1:]))
        other = replace(block, charts=(*block.charts[:-1], chart))
    return replace(story, blocks=tuple(other if one is block else one for one in story.blocks))
