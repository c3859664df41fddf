"""What has changed since a document was sent: figures that differ, and how much of it is new data and how much a new rule. Pure.

    as sent ─(rules)─► today's rules on the data of then ─(data)─► today
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isclose

from metrics import reloads
from metrics.registry import MEASURES, METRICS
from metrics.reloads import Book
from reports.parts import parts
from reports.story import Figure, Story

RULES, LATE, LOADED = "a rule or the plan was changed", "late conversions", "data was loaded again"
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
class Inside:
    """What differs inside a table or a chart that had `of` figures: those that print otherwise, and how many are gone or new."""

    block: str
    name: str
    of: int
    figures: tuple[Difference, ...]
    gone: int
    new: int


@dataclass(frozen=True)
class Changes:
    """All that differs: `figures` are the main ones, on cards, `inside` those of tables and charts. `gone` are main figures that the
    document has no more; `words` the blocks whose text has been written anew."""

    figures: tuple[Difference, ...]
    gone: tuple[Figure, ...]
    words: tuple[str, ...]
    inside: tuple[Inside, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.figures or self.gone or self.words or self.inside)

    @property
    def every(self) -> tuple[Difference, ...]:
        """All figures that differ, wherever they stand."""
        return (*self.figures, *(one for part in self.inside for one in part.figures))


def read(sent: Story, then: Story | None, now: Story, before: Book, after: Book) -> Changes:
    """`then` is the document by today's rules from the data of when it was sent; `before` and `after` are the ledgers of both times."""
    old, new = _figures(sent), _figures(now)
    between = _figures(then) if then is not None else {}
    late = _only_outcomes(between or old, new) and not _carried_moved(then or sent, now)

    def told(was: Figure, then: Figure | None, now: Figure) -> Difference:
        return _difference(was, then, now, late, before, after)

    found = (told(was, between.get(key), new[key]) for key, was in old.items() if key in new and _differ(was, new[key]))
    gone = tuple(figure for key, figure in old.items() if key not in new)
    return Changes(tuple(found), gone, _words(sent, now), tuple(_inside(sent, then, now, told)))


def _inside(
    sent: Story, then: Story | None, now: Story, told: Callable[[Figure, Figure | None, Figure], Difference]
) -> Iterator[Inside]:
    """Tables and charts of which something is printed otherwise."""
    middle = {part.key: part.figures for part in parts(then)} if then is not None else {}
    new = {part.key: part for part in parts(now)}
    for old in parts(sent):
        if old.key not in new:
            yield Inside(old.block, old.name, len(old.figures), (), len(old.figures), 0)
            continue
        after, between = new[old.key].figures, middle.get(old.key, {})
        differ = tuple(
            told(was, between.get(key), after[key]) for key, was in old.figures.items() if key in after and was.text != after[key].text
        )
        gone, added = len(old.figures.keys() - after.keys()), len(after.keys() - old.figures.keys())
        if differ or gone or added:
            yield Inside(old.block, old.name, len(old.figures), differ, gone, added)


def _difference(was: Figure, then: Figure | None, now: Figure, late: bool, before: Book, after: Book) -> Difference:
    data_reason = LATE if late or _expected(was.metric, before, after) else LOADED
    if then is None or then.value is None or was.value is None or now.value is None:
        by_rule = then is not None and then.text == now.text and then.text != was.text
        return Difference(was, now, None, None, (RULES if by_rule else data_reason,))
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


def _carried_moved(then: Story, now: Story) -> bool:
    """Whether visits or spend stand otherwise in any table or chart."""
    after = {part.key: part.figures for part in parts(now)}
    return any(
        figure.metric in CARRIED and key in after.get(part.key, {}) and _differ(figure, after[part.key][key])
        for part in parts(then) for key, figure in part.figures.items()
    )


def _expected(metric: str, before: Book, after: Book) -> bool:
    """Whether all that was loaded again for a figure were days that the source had still been changing."""
    measures = METRICS[metric].measures if metric in METRICS else tuple(MEASURES)
    tables = {gives.table for measure in measures for gives in MEASURES[measure].gives}
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
