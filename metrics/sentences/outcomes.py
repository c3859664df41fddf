"""What came of what was done: a headline over several actions, and a sentence for each that the figures can judge."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import DASH, Words
from metrics.readings.outcomes import Outcome, Verdict
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences.forms import counted, figure, percent
from metrics.sentences.moves import named

_SAID = {
    Verdict.WORKED: "{what}: worked. {metric}: {fact} where {expected} would have come without it ({effect}).",
    Verdict.NOT: "{what}: did not work. {metric}: {fact}, about as much as without it ({expected}).",
    Verdict.AGAINST: "{what}: went the other way. {metric}: {fact} where {expected} would have come without it ({effect}).",
}


def head(found: Sequence[Outcome], say: Words) -> str:
    """`Of 4 actions 1 worked, 1 did not, 2 cannot be told yet`."""
    worked = sum(one.verdict is Verdict.WORKED for one in found)
    failed = sum(one.verdict in (Verdict.NOT, Verdict.AGAINST) for one in found)
    actions = counted(len(found), "action", "actions", say)
    if not worked and not failed:
        return say.t("Done: {actions}; the effect cannot be told from noise yet", actions=actions)
    facts = {"actions": actions, "worked": worked, "failed": failed, "open": len(found) - worked - failed}
    return say.t("Done: {actions}; worked: {worked}, did not: {failed}, open: {open}", **facts)


def sentence(one: Outcome, say: Words) -> str:
    """One action with its verdict; nothing where there is none."""
    if one.verdict not in _SAID:
        return ""
    unit, metric = METRICS[one.action.metric].unit, say.t(METRICS[one.action.metric].title)
    fact, expected = (figure(value, unit, one.currency, say) for value in (one.fact, one.expected))
    facts = {"what": say.written(one.action.what).rstrip("."), "metric": metric, "fact": fact, "expected": expected}
    return say.t(_SAID[one.verdict], **facts, effect=_signed(one.effect, say))


def expected(one: Outcome, say: Words) -> str:
    """The promised change."""
    return DASH if one.wanted is None else _signed(one.wanted, say)


def band(one: Outcome, say: Words) -> str:
    """What chance alone makes of it."""
    if one.low is None or one.high is None:
        return ""
    low, high = (figure(value, METRICS[one.action.metric].unit, one.currency, say) for value in (one.low, one.high))
    return say.t("from {low} to {high}", low=low, high=high)


def measured(one: Outcome, channels: Result, say: Words) -> str:
    """The metric, with its channel where it is of one."""
    if one.action.metric not in METRICS:
        return DASH
    title = say.t(METRICS[one.action.metric].title)
    return f"{title}, {say.t(channels.title('channel', one.action.channel))}" if one.action.channel else title


def promised(metric: str, change: float | None, say: Words) -> str:
    """What an action that is still to be done is to change."""
    if metric not in METRICS:
        return DASH
    return named(metric, say) if change is None else f"{named(metric, say)} {_signed(change, say)}"


def _signed(change: float | None, say: Words) -> str:
    if change is None:
        return DASH
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{percent(change, say)}"
