"""Linear formulas over measures: the only arithmetic the registry may write. Evaluated from the registry, never from a person's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

SETTINGS = ("margin",)
"""Factors that come from the client's settings."""

_TERM = re.compile(r"\s*(?P<sign>[+-]?)\s*(?P<factors>[a-z0-9_.]+(?:\s*\*\s*[a-z0-9_.]+)*)")


@dataclass(frozen=True)
class Term:
    """`factor` times, where `setting` is named, that setting, times the measure."""

    factor: float
    measure: str
    setting: str = ""


@dataclass(frozen=True)
class Formula:
    """A sum of terms. `100 * clicks - margin * revenue` is two."""

    text: str
    terms: tuple[Term, ...]

    @staticmethod
    @cache
    def of(text: str) -> Formula:
        """Raises ValueError where the text is not linear: only + and -, and numbers or settings as factors."""
        terms: list[Term] = []
        place = 0
        while place < len(text.rstrip()):
            match = _TERM.match(text, place)
            if not match or (terms and not match["sign"]):
                raise ValueError(f"not a linear formula: {text!r}")
            terms.append(_term(match["sign"], match["factors"], text))
            place = match.end()
        if not terms:
            raise ValueError("an empty formula")
        return Formula(text, tuple(terms))

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.measure for term in self.terms))

    def value(self, measure: Callable[[str], Any], settings: Mapping[str, float]) -> Any:
        """The sum, with `measure` giving a number or an array of numbers for each name."""
        parts = [measure(term.measure) * (term.factor * settings.get(term.setting, 1.0)) for term in self.terms]
        return reduce(lambda one, other: one + other, parts)


def _term(sign: str, factors: str, text: str) -> Term:
    factor, measures, setting = (-1.0 if sign == "-" else 1.0), [], ""
    for word in (word.strip() for word in factors.split("*")):
        if word[0].isdigit():
            factor *= float(word)
        elif word in SETTINGS:
            setting = word
        else:
            measures.append(word)
    if len(measures) != 1:
        raise ValueError(f"a term needs exactly one measure: {text!r}")
    return Term(factor, measures[0], setting)
