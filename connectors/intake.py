"""From a handful of files to batches, the same for every door: sort, resolve what the files leave open, read.

    handful = intake.sort(paths)                      what was understood, grouped into series, and what was refused
    resolved = intake.resolve(series, known)          answers, and the questions that are still open
    batches = intake.read(resolved)                   for warehouse.load or warehouse.prepare
    workspace.remember(…, resolved.memory)            for the account's next file

An answer comes from, in this order: what is stated now, what the file says, what was remembered for the account, and settings of the
client that hold for everything (its time zone). Its currency is only offered: a sheet in another one looks the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from connectors import Answers, Source, Understood, understand, vat
from connectors.buyers import SALT
from connectors.files import Head
from connectors.values import span
from data import zones
from data.batches import Batch, Note
from data.desk.marks import Mark
from data.errors import Ask, MissingAnswer, Problem

_OF_THE_FILE = frozenset(("account", "period", "goal", "step", "phrase"))
"""Options that belong to a file and are not remembered for its account."""
_OF_THE_SHAPE = frozenset(("as", "columns"))
"""Options that belong to a header and are remembered for files that have the same one, never for an account."""


@dataclass(frozen=True)
class Refused:
    """A file that was not understood, and why."""

    name: str
    problem: Problem


@dataclass(frozen=True)
class Series:
    """Files that are one export and are read together; most often one file. `facts` is what they say, `asks` what they leave open."""

    source: Source
    heads: tuple[Head, ...]
    facts: Answers
    asks: tuple[Ask, ...]
    notes: tuple[Note, ...] = ()
    shape: str = ""

    @property
    def name(self) -> str:
        return " + ".join(head.name for head in self.heads)


@dataclass(frozen=True)
class Handful:
    """What became of the files somebody gave: each is in a series or refused."""

    series: tuple[Series, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class Known:
    """What is settled outside the files: options stated now, answers remembered by (source, account) and by the shape of a sheet, the
    client's own settings. `salt` is the client's secret for hashing customers; it is never shown."""

    stated: Answers = field(default_factory=dict)
    remembered: Mapping[tuple[str, str], Answers] = field(default_factory=dict)
    timezone: str = ""
    currency: str = ""
    shapes: Mapping[str, Answers] = field(default_factory=dict)
    salt: str = field(default="", repr=False)

    def after(self, resolved: Resolved) -> Known:
        """The same once this series is loaded, so that the next file of its account or its shape does not ask again."""
        key, shape = (resolved.series.source.name, resolved.account), resolved.series.shape
        shapes = {**self.shapes, shape: resolved.shape_memory} if shape else self.shapes
        return replace(self, remembered={**self.remembered, key: {**self.remembered.get(key, {}), **resolved.memory}}, shapes=shapes)


@dataclass(frozen=True)
class Resolved:
    """A series with its answers. `missing` are the questions that nobody has answered; `inherited` the options taken from the client."""

    series: Series
    answers: Answers
    missing: tuple[Ask, ...] = ()
    inherited: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()
    salt: str = field(default="", repr=False)

    @property
    def account(self) -> str:
        return self.answers.get("account", "")

    @property
    def memory(self) -> Answers:
        """What to remember for the account: answers to its questions, not what the file says itself nor what the client's settings say."""
        asked = {ask.option for ask in self.series.asks} - _OF_THE_FILE - _OF_THE_SHAPE - self.inherited
        return {option: answer for option, answer in self.answers.items() if option in asked}

    @property
    def shape_memory(self) -> Answers:
        """What to remember for files with the same header: the account too, but not what belongs to this file alone."""
        asked = {ask.option for ask in self.series.asks} - (_OF_THE_FILE - {"account"}) - self.inherited
        return {option: answer for option, answer in self.answers.items() if option in asked}


# ------------------------------------------------------------------------------------------------------------- sorting


def sort(paths: Sequence[Path], names: Mapping[Path, str] | None = None, source: str = "") -> Handful:
    """Understand each file, or say why not. `names` are what people call the files where the path does not say (uploads)."""
    understood: list[Understood] = []
    refused: list[Refused] = []
    for path in paths:
        name = (names or {}).get(path, path.name)
        try:
            understood.append(understand(path, name, source))
        except Problem as problem:
            refused.append(Refused(name, problem))
    groups: dict[object, list[Understood]] = {}
    for place, one in enumerate(understood):
        alone = not one.says.series
        groups.setdefault(place if alone else (one.source.name, one.says.facts.get("account", ""), one.says.series), []).append(one)
    return Handful(tuple(_series(group) for group in groups.values()), tuple(refused))


def _series(group: Sequence[Understood]) -> Series:
    heads: list[Head] = []
    notes: list[Note] = []
    for one in group:
        same = next((head for head in heads if head.size == one.head.size and head.digest == one.head.digest), None)
        if same:
            text = "{name} is the same file as {first} and is read once."
            notes.append(Note("repeated", text, {"name": one.head.name, "first": same.name}))
        else:
            heads.append(one.head)
    asks = {ask.option: ask for one in reversed(group) for ask in one.says.asks}
    says = group[0].says
    return Series(group[0].source, tuple(heads), says.facts, tuple(asks.values()), tuple(notes), says.shape)


# ----------------------------------------------------------------------------------------------------------- resolving


def resolve(series: Series, known: Known) -> Resolved:
    """Answer what can be answered, and then what those answers open. Raises Problem when an answer is not one: no such time zone,
    currency, choice, period, column."""
    resolved = _resolve(series, known)
    if series.source.more is None:
        return resolved
    answered: Answers | None = None
    while answered != resolved.answers:
        answered = resolved.answers
        more = series.source.more(series.heads[0], answered)
        resolved = _resolve(replace(series, facts={**series.facts, **more.facts}, asks=(*series.asks, *more.asks)), known)
    return resolved


def _resolve(series: Series, known: Known) -> Resolved:
    shape = known.shapes.get(series.shape, {})
    account = known.stated.get("account") or series.facts.get("account") or shape.get("account", "")
    remembered = {**(known.remembered.get((series.source.name, account), {}) if account else {}), **shape}
    answers = {**series.facts, **({"account": account} if account else {})}
    missing: list[Ask] = []
    inherited = set()
    for option in dict.fromkeys((*series.facts, *(ask.option for ask in series.asks))):
        answer = known.stated.get(option) or series.facts.get(option) or remembered.get(option, "")
        if not answer and option == "timezone" and known.timezone:
            answer = known.timezone
            inherited.add(option)
        if answer:
            answers[option] = _checked(option, answer, series)
    for ask in series.asks:
        if ask.option not in answers:
            missing.append(_offered(ask, series, known))
    notes = (*series.notes, *_said(series, known, answers, inherited))
    return Resolved(series, answers, tuple(missing), frozenset(inherited), notes, known.salt)


def _offered(ask: Ask, series: Series, known: Known) -> Ask:
    """The question with the likeliest answer as its default."""
    if ask.option == "currency" and known.currency:
        return replace(ask, default=known.currency)
    if ask.option == "account" and not series.shape:
        accounts = [account for source, account in known.remembered if source == series.source.name]
        if len(accounts) == 1 and ask.default not in accounts:
            return replace(ask, default=accounts[0])
    return ask


def _said(series: Series, known: Known, answers: Answers, inherited: set[str]) -> list[Note]:
    notes = []
    if "timezone" in inherited:
        notes.append(Note(
            "inherited", "The file does not say its time zone; the client's is taken: {timezone}.", {"timezone": answers["timezone"]}
        ))
    for option, said in series.facts.items():
        if known.stated.get(option) and answers[option] != said:
            notes.append(Note(
                "stated", "The file says {said}; {stated} was stated and is taken ({option}).",
                {"said": said, "stated": answers[option], "option": option},
            ))
    return notes


def _checked(option: str, answer: str, series: Series) -> str:
    """The answer as sources expect it. Raises Problem when it cannot be one."""
    if option == "timezone":
        zones.check(answer)
    elif option == "currency":
        return _currency(answer)
    elif option == "vat":
        vat.basis(answer)
    elif option == "period" and span(answer) is None:
        raise Problem(
            "{answer} is not a period.", "--period", "Give two days, for example 2026-03-01/2026-03-31, or a month.", answer=answer
        )
    choices = next((ask.choices for ask in series.asks if ask.option == option), ())
    if choices and option != "vat" and answer not in choices:
        raise Problem(
            "{answer} is not one of the answers.", "--{option}", "Choose one of: {choices}.",
            answer=answer, option=option, choices=", ".join(choices),
        )
    return answer


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise Problem("{currency} is not a currency code.", "--currency", "Give three letters: RUB, USD, EUR…", currency=code)
    return code.upper()


# -------------------------------------------------------------------------------------------------------------- reading


def read(resolved: Resolved) -> tuple[Batch, ...]:
    """The batches of a series. Raises MissingAnswer while questions are open, BadFile when the files are damaged."""
    if resolved.missing:
        raise MissingAnswer(resolved.missing, "{name}", name=resolved.series.name)
    batches = resolved.series.source.read(resolved.series.heads, {**resolved.answers, SALT: resolved.salt})
    if not batches:
        return ()
    first, *others = batches
    return (replace(first, notes=(*resolved.notes, *first.notes)), *others)


def marks(resolved: Resolved) -> tuple[Mark, ...]:
    """The marks on the time line that a sheet of events holds; none for every other file. Raises as `read` does."""
    if resolved.series.source.marks is None or resolved.missing:
        return ()
    return tuple(resolved.series.source.marks(resolved.series.heads, resolved.answers))


def clashes(batches: Sequence[Batch]) -> tuple[Note, ...]:
    """Notes on files of one handful that hold the same days of the same thing: what is loaded later replaces what was loaded before."""
    found = {}
    for one, other in combinations(batches, 2):
        same = _place(one) == _place(other) and one.origin != other.origin
        if same and one.since <= other.until and other.since <= one.until:
            found[one.origin, other.origin, one.table.name] = Note(
                "clash", "{first} and {second} hold the same days of {table} for {account}; the one loaded last stays.",
                {"first": one.origin, "second": other.origin, "table": one.table.name, "account": one.account},
            )
    return tuple(found.values())


def _place(batch: Batch) -> tuple[str, str, str, str]:
    return batch.table.name, batch.account, batch.attribution, batch.breakdown
