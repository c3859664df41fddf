"""Every model a column: conversions, value, CPA or ROMI of every channel, with the range over the models, and what would be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from data.text import DASH, MINUS, NBSP
from metrics.attribution import HEADS, MODELS
from metrics.readings.attribution import AttributionReading, Line
from metrics.stats import ENOUGH
from pages.ui import control, figures, show
from pages.ui.figures import Cell, Column, Row
from pages.ui.language import current, t

SHOWN: Mapping[str, str] = {"conversions": "Conversions", "value": "Value", "cpa": "CPA", "romi": "ROMI"}
MANY, TALL, MOST = 18, 640, 60
SMALL = 1000
"""Conversions under which their fractions are worth a digit."""
Write = Callable[[float | None], str]


def draw(found: AttributionReading) -> None:
    """The table and the choice of what it shows."""
    shown = _shown(found)
    what = shown[0]
    if len(shown) > 1:
        what = control.switch("models_show", t("Shown"), {key: t(SHOWN[key]) for key in shown}, what)
    write = _write(what, found)
    lines = [line for line in found.lines if what in ("conversions", "value") or line.verdict is not None][:MOST]
    columns = [
        *(Column(model, t(HEADS[model]), t(MODELS[model])) for model in found.spoken),
        Column("range", t("From – to"), t("Over all models.")),
    ]
    rows = [_row(line, what, found, write) for line in lines]
    figures.table(
        t(found.by.capitalize()),
        columns,
        rows,
        _total(what, found, write),
        key=f"credit_{found.by}_{what}",
        order=figures.AS_GIVEN,
        height=TALL if len(rows) > MANY else 0,
        caption=t("Attribution models side by side"),
    )
    if any(line.depends for line in lines):
        show.caption(t("≠ marks where the decision depends on the model; the colour says what each one would decide."))


def _shown(found: AttributionReading) -> list[str]:
    """What can be shown: value where there is any, cost where something is paid for, return where the margin is known."""
    wanted = {
        "conversions": True,
        "value": found.value > 0,
        "cpa": any(line.cpa for line in found.lines),
        "romi": any(line.romi for line in found.lines),
    }
    return [key for key, there in wanted.items() if there]


def _write(what: str, found: AttributionReading) -> Write:
    say = current()
    if what == "conversions":
        return lambda value: say.number(value, 1 if found.conversions < SMALL else 0)
    if what == "romi":
        return lambda value: DASH if value is None else say.share(value)
    return lambda value: DASH if value is None else say.money(value, found.currency, 0)


def _row(line: Line, what: str, found: AttributionReading, write: Write) -> Row:
    given: Mapping[str, float | None] = {"conversions": line.conversions, "value": line.value, "cpa": line.cpa, "romi": line.romi}[what]
    cells = [_cell(line, model, given.get(model), write) for model in found.spoken]
    ends = _ends(given.values())
    return Row(line.name, _named(line), (*cells, Cell(between(ends, write), ends[1] - ends[0] if ends else None)))


def _cell(line: Line, model: str, value: float | None, write: Write) -> Cell:
    """A figure under one model. Coloured only where models disagree: then the colour says what this one would decide."""
    tone = "flat" if not line.depends else "good" if line.good.get(model) else "bad"
    return Cell(DASH, absent=True) if value is None else Cell(write(value), value, tone=tone)


def _total(what: str, found: AttributionReading, write: Write) -> Row | None:
    """Credit of every model adds up to the same."""
    whole = {"conversions": found.conversions, "value": found.value}.get(what)
    if whole is None:
        return None
    return Row("", t("Total"), (*(Cell(write(whole), whole) for _ in found.spoken), Cell("")))


def _named(line: Line) -> str:
    """The name, marked where the decision depends on the model."""
    return f"{t(line.title)} ≠" if line.depends else t(line.title)


def _ends(values: Iterable[float | None]) -> tuple[float, float] | None:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else None


def between(ends: tuple[float, float] | None, write: Write) -> str:
    """`940 – 1 147 ₽`, one figure where both ends read alike."""
    if ends is None:
        return DASH
    low, high = map(write, ends)
    if MINUS in low:
        return t("{low} to {high}", low=low, high=high)
    return low if low == high else f"{low} {DASH} {high}".replace(" ", NBSP)


# ----------------------------------------------------------------------------------------------------------------- decision


def decided(line: Line, found: AttributionReading, romi: bool) -> tuple[Cell, ...]:
    """What the models say of a paid channel: ranges of cost and return, the verdict, and which models stand apart."""
    say = current()
    money, share = _write("cpa", found), _write("romi", found)
    most = _ends(line.romi.values())
    returns = (Cell(between(most, share), most[1] if most else None),) if romi else ()
    return (
        Cell(say.money(line.spend, found.currency), line.spend),
        Cell(between(_ends(line.cpa.values()), money), min((cost for cost in line.cpa.values() if cost is not None), default=None)),
        *returns,
        _verdict(line),
    )


def _verdict(line: Line) -> Cell:
    say = current()
    said = say.note(line.verdict) if line.verdict else ""
    if not line.depends and line.high < ENOUGH:
        return Cell(said.rstrip("."), None, t("too few conversions to be sure"))
    if not line.depends:
        return Cell(said.rstrip("."), tone="good" if all(line.good.values()) else "bad")
    good = [model for model, worth in line.good.items() if worth]
    bad = [model for model, worth in line.good.items() if not worth]
    if len(good) <= len(bad):
        return Cell(said.rstrip("."), None, t("worth it only under: {models}", models=_listed(good)))
    return Cell(said.rstrip("."), None, t("not worth it only under: {models}", models=_listed(bad)))


def _listed(models: Iterable[str]) -> str:
    return ", ".join(t(HEADS[model]) for model in models)
