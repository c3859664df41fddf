"""Which blocks a document has, by its period and the client's business model; and which days it takes when nobody says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from data.errors import Problem, did_you_mean
from reports.blocks import kinds
from reports.context import end_of, month_of

PATH = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Template:
    """A document's plan. `title` is English; `blocks` are keys of kinds, in order."""

    key: str
    title: str
    blocks: tuple[str, ...]


@cache
def _book() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    return tuple(_book())


def template(key: str, model: str = "") -> Template:
    """Raises Problem for an unknown template."""
    if key not in _book():
        near = did_you_mean(key, names())
        fix = "Did you mean {near}?" if near else "Choose one of: {known}."
        raise Problem("There is no template {name}.", "--template", fix, name=key, near=near, known=", ".join(names()))
    found = _book()[key]
    return Template(key, str(found["title"]), tuple(found.get(model, found["every"])))


def chosen(found: Template, blocks: tuple[str, ...]) -> Template:
    """The template with only these blocks, in this order. Raises Problem for a block that there is not."""
    for block in blocks:
        if block not in kinds():
            near = did_you_mean(block, kinds())
            fix = "Did you mean {near}?" if near else "Choose from: {known}."
            raise Problem("There is no block {name}.", "--blocks", fix, name=block, near=near, known=", ".join(kinds()))
    return Template(found.key, found.title, blocks)


def days(key: str, last: date) -> tuple[date, date]:
    """The last whole week (Monday to Sunday), month or quarter that is over by `last`."""
    if key == "week":
        until = last - timedelta(days=(last.weekday() + 1) % 7)
        return until - timedelta(days=6), until
    until = last if last == end_of(last) else last.replace(day=1) - timedelta(days=1)
    if key == "quarter":
        while until.month % 3:
            until = until.replace(day=1) - timedelta(days=1)
        return month_of(until, 2), until
    return until.replace(day=1), until


def comparison(since: date, until: date) -> str:
    """What a period is set against: whole months against as many months before, anything else against as many days."""
    if since.day != 1 or until != end_of(until):
        return "previous"
    months = (until.year - since.year) * 12 + until.month - since.month + 1
    return f"{month_of(since, months).isoformat()}/{(since - timedelta(days=1)).isoformat()}"
