"""Figures, changes and counted nouns inside sentences."""

from __future__ import annotations

from collections.abc import Iterable

from data.text import DASH, NBSP, Words


def figure(value: float | None, unit: str, currency: str, say: Words) -> str:
    """A value by its unit, with as many digits as it carries."""
    if value is None:
        return DASH
    match unit:
        case "money":
            return say.money(value, currency)
        case "share":
            return say.share(value, 0 if value == 0 or abs(value) >= 0.995 else 1 if abs(value) >= 0.1 else 2)
        case "multiple":
            return say.multiple(value)
        case "seconds":
            return say.seconds(value)
        case _:
            whole = unit == "count" or value == int(value) or abs(value) >= 1000
            return say.number(value, 0 if whole else 2)


def signed(value: float | None, unit: str, currency: str, say: Words, digits: int | None = None) -> str:
    """A difference with its sign; shares in points. `digits` are those of the money it is a part of."""
    if value is None:
        return DASH
    plus = "+" if value > 0 else ""
    if unit == "share":
        return f"{plus}{points(value, say)}"
    return f"{plus}{say.money(value, currency, digits) if unit == 'money' else figure(value, unit, currency, say)}"


def points(value: float, say: Words) -> str:
    return f"{say.number(value * 100, 2 if abs(value) < 0.01 else 1)}{NBSP}{say.t('pp')}"


def percent(value: float | None, say: Words) -> str:
    """A relative change without its sign."""
    return DASH if value is None else say.share(abs(value), 0 if abs(value) >= 0.1 else 1)


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after another; one that ends with an abbreviation has no second full stop."""
    return " ".join(sentence.replace("..", ".") for sentence in sentences if sentence)


def counted(number: int, one: str, many: str, say: Words) -> str:
    """`1 day`, `2 days`; Russian takes the form that the number wants: `1 день`, `2 дня`, `5 дней`.

    `one` and `many` are English; the translation of `many` holds the Russian forms for 1, 2 and 5, parted by bars.
    """
    if not say.russian:
        return f"{say.number(number)}{NBSP}{one if number == 1 else many}"
    forms = say.t(many).split("|")
    tens, ones = abs(number) % 100, abs(number) % 10
    place = 2 if 10 < tens < 20 or ones == 0 or ones > 4 else 0 if ones == 1 else 1
    return f"{say.number(number)}{NBSP}{forms[min(place, len(forms) - 1)]}"


def likely(chance: float, say: Words) -> str:
    """A probability in whole percent; what is not certain is never said to be."""
    if chance < 0.005:
        return say.t("under {share}", share=say.share(0.01, 0))
    if 0.995 <= chance < 1:
        return say.t("over {share}", share=say.share(0.99, 0))
    return say.share(chance, 0)
