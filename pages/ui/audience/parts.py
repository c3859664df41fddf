"""The ways to part an audience, and the segments of one of them, judged against the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.text import Words
from metrics.readings import newness, segments
from metrics.readings.segments import KPIS, Segment, Sums
from metrics.registry import DIMENSIONS, METRICS
from metrics.result import Result
from metrics.top import OTHER
from pages.ui import asking, reading
from pages.ui.language import current
from pages.ui.view import View

NEWNESS = "newness"
PARTS: Mapping[str, str] = {NEWNESS: "New and returning"} | {
    key: DIMENSIONS[key].title for key in ("device", "city", "landing", "age", "sex", "country", "os", "browser")
}
BRINGS: Mapping[str, str] = {
    NEWNESS: "Single visits are needed: a log of Metrica with the fields of new visitors.",
    "device": "A log of Metrica has it, and so has any report of Metrica or Google Analytics with a column for the device.",
    "city": "A log of Metrica has it, and so has any report of Metrica or Google Analytics with a column for the city.",
    "country": "A log of Metrica has it, and so has any report of Metrica or Google Analytics with a column for the country.",
    "landing": "A log of Metrica has it, and so has a report by landing page of Metrica or Google Analytics.",
    "age": "Metrica’s logs do not hold it. Export Metrica’s report “Age”, or the demographic details of Google Analytics.",
    "sex": "Metrica’s logs do not hold it. Export Metrica’s report “Gender”, or the demographic details of Google Analytics.",
    "os": "A log of Metrica has it.",
    "browser": "A log of Metrica has it.",
}
MOST = 200
"""Segments that are asked for; the others are one row, which is not judged."""


@dataclass(frozen=True)
class Part:
    """One way to part the audience. `result` is the answer the figures come from; None where they come from single visits (`sql`)."""

    key: str
    segments: tuple[Segment, ...]
    names: Mapping[str, str]
    result: Result | None
    sql: str = ""

    @property
    def known(self) -> bool:
        """Whether anything that is loaded tells the segments apart."""
        return any(one.key and one.visits for one in self.segments)

    def name(self, key: str) -> str:
        return self.names.get(key, key)


def total(view: View) -> Result:
    """All visits together."""
    return asking.ask(view, ("visits", *KPIS))


def offered(whole: Result) -> tuple[str, ...]:
    """The figures to judge by that have a value; conversion first."""
    return tuple(key for key in KPIS if whole.total.get(key) is not None)


def part(view: View, whole: Result, key: str, kpi: str) -> Part:
    """The segments of one part on one figure."""
    if key == NEWNESS:
        found = reading.read(view, newness.read, view.since, view.until)
        return _judged(key, found.rows, whole, kpi, {one: current().t(title) for one, title in newness.TITLES.items()}, None, found.sql)
    result = asking.ask(view, ("visits", *KPIS), (key,), top=MOST)
    rows = segments.rows_of(result, key)
    names = {one: current().t(result.title(key, one)) for one in rows}
    return _judged(key, rows, whole, kpi, paths(names) if key == "landing" else names, result)


def paths(names: Mapping[str, str]) -> dict[str, str]:
    """Pages without their host, where all of them have the same one."""
    hosts = {key.partition("/")[0] for key in names if key not in ("", OTHER)}
    return {key: name if key in ("", OTHER) or len(hosts) > 1 else f"/{key.partition('/')[2]}" for key, name in names.items()}


def _judged(
    key: str, rows: Mapping[str, Sums], whole: Result, kpi: str, names: Mapping[str, str], result: Result | None, sql: str = ""
) -> Part:
    return Part(key, segments.compare(rows, segments.total_of(whole), kpi), names, result, sql)


def headline(found: Part, kpi: str, said: Sequence[str], words: Words) -> str:
    """The page's answer in one sentence. `said` are the two values in words."""
    strongest = segments.strongest(found.segments)
    if not found.known:
        return words.t("{part}: nothing loaded tells it", part=words.t(PARTS[found.key]))
    if strongest is None:
        return words.t("{part}: no segment differs from the rest by more than chance", part=words.t(PARTS[found.key]))
    metric = words.t(METRICS[kpi].title)
    return words.t(
        "{name}: {value} against {rest} for the rest · {metric}", name=found.name(strongest.key), value=said[0], rest=said[1], metric=metric
    )
