"""Channel rules: ordered, first match wins, kept as data (channels.toml, sources.toml), evaluated over the distinct origins.

The same rules exist twice: as one expression, for the engine, and as plain Python, for previews and tests. A client's own rules
(`own`) go before the set they extend.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from data.errors import CannotAnswer, did_you_mean
from data.tables import ORIGIN_NAMES

FOLDER = Path(__file__).parent
GROUPINGS = ("agency", "google")
UNASSIGNED = "unassigned"
SITE = "site"
FIELDS = (*ORIGIN_NAMES, SITE)
SEPARATOR = "|"
Condition = str | tuple[str, ...]
Alternative = tuple[tuple[str, Condition], ...]


@dataclass(frozen=True)
class Rule:
    """A channel and the alternatives that give it; all conditions of one alternative must hold."""

    channel: str
    when: tuple[Alternative, ...]
    examples: tuple[tuple[tuple[str, str], ...], ...] = ()
    cite: str = ""


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def rules(grouping: str) -> tuple[Rule, ...]:
    """The shipped rules of a grouping, in order."""
    return tuple(rule(row) for row in _file("channels.toml")[grouping]["rule"])


def rule(row: Mapping[str, Any]) -> Rule:
    """A rule from its TOML. Raises CannotAnswer for an unknown field or list, or a pattern that is not one."""
    when = tuple(_alternative(one) for one in row["when"])
    for field, wanted in (pair for alternative in when for pair in alternative):
        _check(field, wanted)
    return Rule(row["channel"], when, tuple(tuple(example.items()) for example in row.get("examples", ())), row.get("cite", ""))


def _alternative(conditions: Mapping[str, Any]) -> Alternative:
    return tuple((field, tuple(wanted) if isinstance(wanted, list) else wanted) for field, wanted in conditions.items())


def _check(field: str, wanted: Condition) -> None:
    if field not in FIELDS:
        near = did_you_mean(field, FIELDS)
        raise CannotAnswer("A channel rule names an unknown field: {field}.", "channel rules", "Did you mean {near}?" if near else
                           "Fields are: {known}.", field=field, near=near, known=", ".join(FIELDS))
    if isinstance(wanted, str) and wanted.startswith("@") and wanted[1:] not in _named():
        raise CannotAnswer("A channel rule names an unknown list: {name}.", "channel rules", "Lists are: {known}.",
                           name=wanted[1:], known=", ".join(_named()))
    if isinstance(wanted, str) and wanted.startswith("~"):
        try:
            re.compile(wanted[1:])
        except re.error as error:
            raise CannotAnswer("A channel rule has a pattern that cannot be read: {pattern}.", "channel rules", "{error}",
                               pattern=wanted[1:], error=str(error)) from error


@cache
def _named() -> dict[str, Condition]:
    """What "@name" stands for: a tuple of whole values, or a regular expression after a tilde."""
    lists = _file("sources.toml")
    hosts = {f"{name}_hosts": f"~(^|[.])({_any(words)})$" for name, words in lists["hosts"].items()}
    patterns = {name: f"~{pattern}" for name, pattern in lists["patterns"].items()}
    return {**{name: tuple(words) for name, words in lists["names"].items()}, **hosts, **patterns}


def _any(words: Sequence[str]) -> str:
    """NB: special characters go into brackets, because engines disagree about backslashes inside literals."""
    return "|".join("".join(f"[{c}]" if c in ".+*?()|[]{}$" else c for c in word) for word in words)


def _listed(words: tuple[str, ...]) -> str:
    """A list as one text. NB: a long IN is a join of its own to DuckDB, and the rules hold two dozen lists; finding a text is not."""
    return SEPARATOR + SEPARATOR.join(words) + SEPARATOR


def _meant(wanted: Condition) -> Condition:
    """The condition with its name, if it has one, looked up."""
    return _named()[wanted[1:]] if isinstance(wanted, str) and wanted.startswith("@") else wanted


# ------------------------------------------------------------------------------------------------------ what they are called


def titles(grouping: str) -> Mapping[str, str]:
    """Channel keys of a grouping with their English titles, in the order in which they are shown."""
    named: dict[str, str] = _file("channels.toml")[grouping]["titles"]
    return named


def title(grouping: str, key: str) -> str:
    """Title of a channel. A channel that a source or a client made up is called by its key."""
    return titles(grouping).get(key) or key.replace("_", " ").capitalize()


def under(grouping: str) -> Mapping[str, str]:
    """Channels that are parts of another one: part -> whole."""
    return _file("channels.toml")[grouping].get("under") or {}


def named(grouping: str, kind: str) -> tuple[str, ...]:
    """The channels of a kind: `paid` are bought, `unknown` name no source."""
    return tuple(_file("channels.toml")[grouping]["sets"][kind])


def rules_hash(grouping: str, own: tuple[Rule, ...] = ()) -> str:
    """Eight characters that change whenever a rule or a list changes: two screenshots with different rules can be told apart."""
    content = json.dumps([[r.channel, r.when] for r in (*own, *rules(grouping))] + [_named()], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:8]


# ---------------------------------------------------------------------------------------------------------- as one expression


def channel(
    origins: ir.Table, grouping: str, own: tuple[Rule, ...] = (), together: frozenset[str] = frozenset(), only: frozenset[str] = frozenset()
) -> ir.StringValue:
    """The channel of each row of ORIGINS. `together` are wholes whose parts are shown as one; with `only`, rules below the last one
    that leads to one of these channels are not looked at."""
    into = {part: whole for part, whole in under(grouping).items() if whole in together}
    every = (*own, *rules(grouping))
    needed = max((place for place, one in enumerate(every, 1) if one.channel in only), default=0) if only else len(every)
    branches = [(_matching(origins, one), into.get(one.channel, one.channel)) for one in every[:needed]]
    decided = ibis.cases(*branches, else_=UNASSIGNED)
    if grouping != "google":
        return decided
    return ibis.ifelse(origins.given_channel != "", origins.given_channel.lower().replace(" ", "_").replace("-", "_"), decided)


def _matching(origins: ir.Table, one: Rule) -> ir.BooleanValue:
    alternatives = []
    for alternative in one.when:
        held = [_holds(_field(origins, field), wanted) for field, wanted in alternative]
        alternatives.append(ibis.and_(*held))
    return ibis.or_(*alternatives)


def _field(origins: ir.Table, field: str) -> ir.StringValue:
    if field == SITE:
        return ibis.ifelse(origins.source != "", origins.source, origins.referrer).lower()
    return origins[field].lower()


def _holds(value: ir.StringValue, wanted: Condition) -> ir.BooleanValue:
    wanted = _meant(wanted)
    if isinstance(wanted, tuple):
        return ibis.literal(_listed(wanted)).contains(ibis.literal(SEPARATOR) + value + SEPARATOR)
    return value.re_search(wanted[1:]) if wanted.startswith("~") else value == wanted


# ------------------------------------------------------------------------------------------------------------ as plain Python


def channel_of(origin: Mapping[str, str], grouping: str, own: tuple[Rule, ...] = ()) -> str:
    """The channel of one origin, by the same rules."""
    given = origin.get("given_channel", "")
    if grouping == "google" and given:
        return given.lower().replace(" ", "_").replace("-", "_")
    found = deciding(origin, grouping, own)
    return found.channel if found else UNASSIGNED


def deciding(origin: Mapping[str, str], grouping: str, own: tuple[Rule, ...] = ()) -> Rule | None:
    """The rule that decides about an origin, or None."""
    return next((one for one in (*own, *rules(grouping)) if _matches(origin, one)), None)


def _matches(origin: Mapping[str, str], one: Rule) -> bool:
    return any(all(_is(_value(origin, field), wanted) for field, wanted in alternative) for alternative in one.when)


def _value(origin: Mapping[str, str], field: str) -> str:
    if field == SITE:
        return (origin.get("source") or origin.get("referrer", "")).lower()
    return origin.get(field, "").lower()


def _is(value: str, wanted: Condition) -> bool:
    wanted = _meant(wanted)
    if isinstance(wanted, tuple):
        return f"{SEPARATOR}{value}{SEPARATOR}" in _listed(wanted)
    return re.search(wanted[1:], value) is not None if wanted.startswith("~") else value == wanted
