"""Where a product stands in its life cycle, in sentences for a client: the stage with its probability, the evidence, what warns ahead."""

from __future__ import annotations

from data.text import DASH, Words
from metrics.readings.stage import StageView
from metrics.sentences.forms import counted, joined, likely

_TREND = {
    (True, True): (
        "The trend of {what}, free of season, is not told from flat: {slope} a month ({low} to {high}); demand is at {peak} of its peak."
    ),
    (True, False): "The trend of {what}, free of season: {slope} a month ({low} to {high}); demand is at {peak} of its peak.",
    (False, True): "The trend of {what} is not told from flat: {slope} a month ({low} to {high}); demand is at {peak} of its peak.",
    (False, False): "The trend of {what}: {slope} a month ({low} to {high}); demand is at {peak} of its peak.",
}
"""By whether the season is taken out, and whether flat lies within the range."""


def head(view: StageView, say: Words) -> str:
    """The stage and how sure it is; why there is none."""
    if view.by_hand is not None:
        return say.t("Life cycle: {stage}, set by the manager.", stage=view.by_hand.stage)
    if view.stage is None:
        return say.note(view.why) if view.why else say.t("The stage is not clear")
    return say.t("Life cycle: {stage}, probability {chance}.", stage=view.stage, chance=likely(view.chances[view.stage], say))


def sentences(view: StageView, say: Words) -> str:
    """The evidence under the stage."""
    return joined((_reason(view, say), _evidence(view, say), _time(view, say), _decline(view, say)))


def _reason(view: StageView, say: Words) -> str:
    return say.t("Reason: {reason}.", reason=say.written(view.by_hand.reason).rstrip(".")) if view.by_hand else ""


def _evidence(view: StageView, say: Words) -> str:
    found = view.evidence
    if found is None:
        return ""
    what = "orders" if view.what == "orders" else "conversions"
    slope, low, high = (_percent(value, say) for value in (found.slope.mid, found.slope.low, found.slope.high))
    peak = say.share(found.to_peak, 0)
    text = _TREND[_season_is_out(view), found.slope.low < 0 < found.slope.high]
    return say.t(text, what=what, slope=slope, low=low, high=high, peak=peak)


def _season_is_out(view: StageView) -> bool:
    """Whether the trend is free of season. NB: a young product has none taken out, and then both courses are one."""
    known = ((month.demand, month.adjusted) for month in view.history)
    return any(demand and adjusted is not None and abs(adjusted / demand - 1) > 1e-9 for demand, adjusted in known)


def _time(view: StageView, say: Words) -> str:
    span = view.time_in_stage
    if span is None or view.by_hand is not None or not round(span.mid):
        return ""
    months = counted(round(span.mid), "month", "months", say)
    ends = f"{round(span.low)}{DASH}{round(span.high)}"
    text = "In this stage for at least {months} ({ends})." if span.at_least else "In this stage for about {months} ({ends})."
    return say.t(text, months=months, ends=ends)


def _decline(view: StageView, say: Words) -> str:
    chance = (view.decline_within or {}).get(6)
    return "" if chance is None else say.t("Chance of decline within half a year: {chance}.", chance=likely(chance, say))


def _percent(value: float, say: Words) -> str:
    return f"{'+' if value > 0 else ''}{say.share(value, 1)}"
