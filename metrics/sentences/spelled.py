"""A metric's formula spelled out in the reader's words, and with the values in it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from data.text import MINUS, Words
from metrics.formula import SETTINGS, Formula, Term
from metrics.registry import MEASURES
from metrics.rows import Metric
from metrics.sentences.said import Speech

Name = Callable[[str], str]
SETTING_TITLES: Mapping[str, str] = {"margin": "margin"}


def in_words(metric: Metric, words: Words) -> str:
    """`spend ÷ goal reaches`."""
    return _written(metric, lambda key: words.t(MEASURES[key].title), words, {})


def with_values(metric: Metric, values: Mapping[str, float | None], words: Words, currency: str) -> str:
    """`60 000 ₽ ÷ 8`: the same with a number for each measure and setting. `total …` and `average …` name those of relative metrics."""

    def say(key: str) -> str:
        measure = MEASURES[key.split(" ")[-1]]
        return Speech(measure.unit, currency, words).full(values.get(key))

    return _written(metric, say, words, values)


def example(metric: Metric, words: Words, currency: str) -> str:
    """The worked example of the registry: `60 000 ₽ ÷ 8 = 7 500 ₽`."""
    given, result = metric.example
    return f"{with_values(metric, given, words, currency)} = {Speech(metric.unit, currency, words).full(result)}"


def _written(metric: Metric, say: Name, words: Words, values: Mapping[str, float | None]) -> str:
    over = _sum(metric.formula, say, words, values)
    if metric.relative == "share":
        return f"{over} ÷ {words.t('total')} ({_sum(metric.formula, lambda key: say(_of(key, 'total', values)), words, values)})"
    divisor = metric.divisor
    if divisor is None:
        return over
    ratio = f"{_bracketed(over, metric.formula)} ÷ {_bracketed(_sum(divisor, say, words, values), divisor)}"
    if metric.relative != "index":
        return ratio

    def average(key: str) -> str:
        return say(_of(key, "average", values))

    return f"({ratio}) ÷ {words.t('average')} ({_sum(metric.formula, average, words, values)} ÷ {_sum(divisor, average, words, values)})"


def _of(key: str, whole: str, values: Mapping[str, float | None]) -> str:
    return f"{whole} {key}" if f"{whole} {key}" in values else key


def _sum(formula: Formula, say: Name, words: Words, values: Mapping[str, float | None]) -> str:
    parts = [_term(term, say, words, values) for term in formula.terms]
    signs = [f" {MINUS} " if term.factor < 0 else " + " for term in formula.terms]
    first = f"{MINUS}{parts[0]}" if formula.terms[0].factor < 0 else parts[0]
    return first + "".join(sign + part for sign, part in zip(signs[1:], parts[1:], strict=True))


def _term(term: Term, say: Name, words: Words, values: Mapping[str, float | None]) -> str:
    factors = [] if abs(term.factor) == 1 else [words.number(abs(term.factor), 0 if term.factor == int(term.factor) else 2)]
    if term.setting in SETTINGS:
        given = values.get(term.setting)
        factors.append(words.t(SETTING_TITLES[term.setting]) if given is None else words.share(given, 0))
    return " × ".join([*factors, say(term.measure)])


def _bracketed(text: str, formula: Formula) -> str:
    return f"({text})" if len(formula.terms) > 1 else text
