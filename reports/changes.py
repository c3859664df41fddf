"""What has changed since a document was sent: figures that differ, and how much of it is new data and how much a new rule. Pure.

    as sent ─(rules)─► today's rules on the data of then ─(data)─► today
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose

from metrics import reloads
from metrics.registry import MEASURES, METRICS
from metrics.reloads import Book
from reports.story import Figure, Story

RULES, LATE, LOADED = "a rule was changed", "late conversions", "data was loaded again"
CARRIED, OUTCOMES = ("visits", "spend"), ("conversions", "orders", "revenue")
Key = tuple[str, str]


@dataclass(frozen=True)
class Difference:
    """A figure that is not what it was. `rules` and `data` are the parts of the change that came from either, and add up to it; both are
    None where the store of then is gone. `reasons` are of RULES, LATE and LOADED."""

    was: Figure
    now: Figure
    rules: float | None
    data: float | None
    reasons: tuple[str, ...]

    @property
    def change(self) -> float:
        return (self.now.value or 0.0) - (self.was.value or 0.0)


@dataclass(frozen=True)
class Changes:
    """All that differs. `gone` are figures that the document has no more; `words` the blocks whose text has been written anew."""

    figures: tuple[Difference, ...]
    gone: tuple[Figure, ...]
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.figures or self.gone or self.words)


def read(sent: Story, then: Story | None, now: Story, before: Book, after: Book) -> Changes:
    """`then` is the document by today's rules from the data of when it was sent; `before` and `after` are the ledgers of both times."""
    old, new = _figures(sent), _figures(now)
    between = _figures(then) if then is not None else {}
    late = _only_outcomes(between or old, new)
    found = (
        _difference(was, between.get(key) if then is not None else None, new[key], late, before, after)
        for key, was in old.items() if key in new and _differ(was, new[key])
    )
    gone = tuple(figure for key, figure in old.items() if key not in new)
    return Changes(tuple(found), gone, _words(sent, now))


def _difference(was: Figure, then: Figure | None, now: Figure, late: bool, before: Book, after: Book) -> Difference:
    data_reason = LATE if late or _expected(was.metric, before, after) else LOADED
    if then is None or then.value is None or was.value is None or now.value is None:
        return Difference(was, now, None, None, (data_reason,))
    rules, data = then.value - was.value, now.value - then.value
    scale = max(abs(was.value), abs(now.value))
    reasons = [(RULES, rules), (data_reason, data)]
    return Difference(was, now, rules, data, tuple(reason for reason, part in reasons if not _nothing(part, scale)))


def _only_outcomes(then: Mapping[Key, Figure], now: Mapping[Key, Figure]) -> bool:
    """Whether visits and spend stand as they stood and no result became less: people have ordered after all."""
    old, new = _by_metric(then), _by_metric(now)
    known = [metric for metric in CARRIED if metric in old and metric in new]
    same = bool(known) and all(not _differ(old[metric], new[metric]) for metric in known)
    return same and all((new[one].value or 0.0) >= (old[one].value or 0.0) for one in OUTCOMES if one in old and one in new)


def _expected(metric: str, before: Book, after: Book) -> bool:
    """Whether all that was loaded again for a figure were days that the source had still been changing."""
    if metric not in METRICS:
        return False
    tables = {gives.table for measure in METRICS[metric].measures for gives in MEASURES[measure].gives}
    return reloads.were_provisional(before, reloads.anew(before, after, tables))


def _words(sent: Story, now: Story) -> tuple[str, ...]:
    """Blocks that somebody has edited since."""
    old = {block.key: block for block in sent.blocks}
    edited = (block for block in now.blocks if block.key in old and block.lead != block.draft)
    return tuple(block.key for block in edited if block.lead != old[block.key].lead)


def _figures(story: Story) -> dict[Key, Figure]:
    """The cards of a document, each figure once."""
    found: dict[Key, Figure] = {}
    for block in story.blocks:
        for card in block.cards:
            found.setdefault((card.metric, card.title), card)
    return found


def _by_metric(figures: Mapping[Key, Figure]) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for (metric, _), figure in figures.items():
        found.setdefault(metric, figure)
    return found


def _differ(was: Figure, now: Figure) -> bool:
    if was.value is None or now.value is None:
        return was.value is not now.value
    return not isclose(was.value, now.value, rel_tol=1e-9, abs_tol=1e-9)


def _nothing(part: float, scale: float) -> bool:
    return abs(part) <= 1e-9 * max(scale, 1.0)
