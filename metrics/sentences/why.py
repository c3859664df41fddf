"""Why a figure moved, in two or three sentences: how much, mostly because of what, and what of it is only noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.text import Words
from metrics import why
from metrics.ask import EMPTY
from metrics.readings.parts import Driver, Part
from metrics.readings.why import WhyReading
from metrics.registry import METRICS
from metrics.sentences.forms import figure, joined, percent, points, signed
from metrics.stats import Word

MOST, ENOUGH, NOTABLE = 3, 0.7, 0.25
"""Parts named at most; share of the change that is explanation enough; share from which a part in the other direction is named."""
HALF, WHOLE = 0.4, 1.5
"""Share of a part from which, and up to which, one of its children stands for it."""

CAUSES: Mapping[str, str] = {
    why.VOLUME: "Volume",
    why.MIX: "Mix",
    why.RATE: "Yield",
    why.PRICE: "Amount",
    "spend": "Advertising spend",
    why.APPEARED: "Appeared",
    why.DISAPPEARED: "Disappeared",
    why.UNSPLIT: "Not split",
}
_SHARES: Mapping[str, str] = {
    "visits": "share of visits",
    "reaches": "share of conversions",
    "orders": "share of orders",
    "revenue": "share of revenue",
    "cost": "share of spend",
    "clicks": "share of clicks",
    "impressions": "share of impressions",
}
HEADS: Mapping[Word, str] = {
    Word.GREW: "{metric} grew by {change} to {now} (was {before}).",
    Word.FELL: "{metric} fell by {change} to {now} (was {before}).",
    Word.NOISE: "{metric}: {now} against {before}, within noise.",
    Word.TOO_FEW: "{metric}: {now} against {before}; too few events to call it a change.",
}


def sentences(reading: WhyReading, say: Words) -> str:
    """The whole summary."""
    if reading.note or reading.change is None:
        return f"{head(reading, say)} {say.note(reading.note) if reading.note else ''}".strip()
    return joined((head(reading, say), *_reasons(reading, say)))


def head(reading: WhyReading, say: Words) -> str:
    """How much it moved."""
    now, before = (figure(value, reading.unit, reading.currency, say) for value in (reading.after, reading.before))
    if reading.change is None:
        alone = reading.after is not None and reading.before is None
        text = "{metric}: {now}; nothing to compare with." if alone else "{metric}: {now}; before: {before}."
        return say.t(text, metric=reading.title, now=now, before=before)
    moved = points(abs(reading.change), say) if reading.unit == "share" or reading.relative is None else percent(reading.relative, say)
    if reading.relative is None and reading.unit != "share":
        moved = figure(abs(reading.change), reading.unit, reading.currency, say)
    return say.t(HEADS[reading.word], metric=reading.title, change=moved, now=now, before=before)


def _reasons(reading: WhyReading, say: Words) -> list[str]:
    change = reading.change or 0.0
    real = [part for part in reading.parts if part.real and part.printed]
    along = _main([part for part in real if part.amount * change > 0], change)
    against = [part for part in real if part.amount * change < 0 and abs(part.amount) >= NOTABLE * abs(change)][:MOST]
    if not along and not against:
        return _spread(reading, say)
    moved = reading.word in (Word.GREW, Word.FELL)
    texts = []
    if along:
        texts.append(say.t("Mostly: {parts}." if moved else "Beyond noise: {parts}.", parts=_clauses(along, reading, say)))
    if against:
        texts.append(say.t("In the other direction: {parts}.", parts=_clauses(against, reading, say)))
    rest = [part for part in reading.parts if part not in along and part not in against]
    return [*texts, _rest(rest, reading, say)]


def _main(parts: Sequence[Part], change: float) -> list[Part]:
    named: list[Part] = []
    for part in parts[:MOST]:
        if named and sum(one.amount for one in named) / change >= ENOUGH:
            break
        named.append(part)
    return named


def _spread(reading: WhyReading, say: Words) -> list[str]:
    if not reading.parts or reading.word not in (Word.GREW, Word.FELL):
        return [say.t("No part of the change is beyond noise.")] if reading.parts else []
    part = reading.parts[0]
    text = "The change is spread over many parts, none beyond noise by itself; the largest: {part}."
    return [say.t(text, part=clause(part, reading, say))]


def _rest(rest: Sequence[Part], reading: WhyReading, say: Words) -> str:
    if not any(part.printed for part in rest):
        return ""
    if not any(part.real for part in rest):
        return say.t("The rest is within noise.")
    amount = _part(sum(part.printed for part in rest), reading, say)
    return say.t("All the rest together: {amount}.", amount=amount)


def _clauses(parts: Sequence[Part], reading: WhyReading, say: Words) -> str:
    return "; ".join(clause(part, reading, say) for part in parts)


def clause(part: Part, reading: WhyReading, say: Words) -> str:
    """What one segment did, without a full stop."""
    facts = {"segment": part.title, "amount": _part(part.printed, reading, say)}
    if part.main_cause == why.APPEARED:
        return say.t("new: {segment} ({amount})", **facts)
    if part.main_cause == why.DISAPPEARED:
        return say.t("gone: {segment} ({amount})", **facts)
    inside = _inside(part, reading, say)
    return say.t("{segment} ({amount}): {how}", **facts, how=_how(part, reading, say)) + inside


def _inside(part: Part, reading: WhyReading, say: Words) -> str:
    """The one child that made most of the part, where there are several."""
    if len(part.children) < 2:
        return ""
    child = part.children[0]
    if child.title == EMPTY or not WHOLE >= child.amount / part.amount >= HALF:
        return ""
    text = ", above all new: {segment} ({amount})" if child.main_cause == why.APPEARED else ", above all {segment} ({amount})"
    return say.t(text, segment=child.title, amount=_part(child.printed, reading, say))


def _how(part: Part, reading: WhyReading, say: Words) -> str:
    if not METRICS[reading.metric].under:
        return _drivers(part.drivers, reading, say) or _from_to(
            reading.title, reading.unit, part.before, part.after, reading, say, lower=True
        )
    if part.main_cause == why.MIX:
        share = _from_to(_share_of(reading), "share", part.share_before, part.share_after, reading, say)
        if not part.after and METRICS[reading.metric].formula.measures == ("cost",):
            return say.t("{share}, and it costs nothing", share=share)
        own = figure(part.after, reading.unit, reading.currency, say)
        return say.t("{share}, and its own figure is {own}", share=share, own=own)
    own = _from_to("its own figure", reading.unit, part.before, part.after, reading, say)
    drivers = _drivers(part.drivers, reading, say)
    return f"{own} ({drivers})" if drivers else own


def _drivers(drivers: Sequence[Driver], reading: WhyReading, say: Words) -> str:
    """The one or two figures that made most of the part."""
    total = sum(driver.amount for driver in drivers)
    along = sorted((driver for driver in drivers if driver.amount * total > 0), key=lambda driver: -abs(driver.amount))
    named = [driver for driver in along[:2] if abs(driver.amount) >= 0.3 * abs(along[0].amount)]
    return ", ".join(_from_to(one.title, one.unit, one.before, one.after, reading, say, lower=True) for one in named)


def _from_to(title: str, unit: str, before: float | None, after: float | None, reading: WhyReading, say: Words, lower: bool = False) -> str:
    said = say.t(title)
    said = said[0].lower() + said[1:] if lower and not said[:2].isupper() else said
    old, new = (figure(value, unit, reading.currency, say) for value in (before, after))
    return f"{said} {old} → {new}"


def _part(printed: float, reading: WhyReading, say: Words) -> str:
    return signed(printed, reading.unit, reading.currency, say, reading.digits)


def _share_of(reading: WhyReading) -> str:
    divisor = METRICS[reading.metric].divisor
    measures = divisor.measures if divisor else ()
    return _SHARES.get(measures[0], "share of the total") if len(measures) == 1 else "share of the total"
