"""Which figures of an answer have really moved, a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import Words
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.answer import Line
from metrics.sentences.forms import percent, points
from metrics.sentences.why import HEADS
from metrics.stats import Word


def moves(result: Result, line: Line, metrics: Sequence[str], say: Words) -> tuple[str, ...]:
    """A sentence per figure beyond noise, then one that names those within it."""
    known = [metric for metric in metrics if line.change(metric, say).text not in ("", say.t("unchanged"))]
    verdicts = {metric: line.verdict(metric) for metric in known}
    real = [metric for metric in known if (found := verdicts[metric]) is not None and found.word in (Word.GREW, Word.FELL)]
    quiet = [metric for metric in known if (found := verdicts[metric]) is not None and found.word is Word.NOISE]
    texts = [move(metric, result, line, say) for metric in real]
    if quiet:
        texts.append(say.t("Within noise: {metrics}.", metrics="; ".join(_quiet(metric, result, line, say) for metric in quiet)))
    return tuple(texts)


def _quiet(metric: str, result: Result, line: Line, say: Words) -> str:
    """A figure that has not moved beyond noise, with both of its values."""
    speech = answer.speech(metric, result, say)
    now, before = (speech.full(one.get(metric)) for one in (line.now, line.before))
    return say.t("{metric} {now} (was {before})", metric=named(metric, say), now=now, before=before)


def move(metric: str, result: Result, line: Line, say: Words, who: str = "", titled: str = "") -> str:
    """How much one figure moved, with its verdict; `who` names the channel it is of, `titled` is how it is called."""
    verdict = line.verdict(metric)
    now, before = line.now.get(metric), line.before.get(metric)
    if verdict is None or now is None or before is None:
        return ""
    speech = answer.speech(metric, result, say)
    name = f"{who}, {named(metric, say)}" if who else titled or say.t(METRICS[metric].title)
    if less_a_day(metric, line):
        a_day = now / result.days[0] / (before / result.days[1]) - 1 if before else 0.0
        text = "{metric}: {now} against {before}; by the day it fell by {change}, as the periods differ in length."
        if a_day > 0:
            text = "{metric}: {now} against {before}; by the day it grew by {change}, as the periods differ in length."
        return say.t(text, metric=name, now=speech.full(now), before=speech.full(before), change=percent(a_day, say))
    share = METRICS[metric].unit == "share"
    change = points(abs(now - before), say) if share or not before else percent(now / before - 1, say)
    return say.t(HEADS[verdict.word], metric=name, change=change, now=speech.full(now), before=speech.full(before))


def less_a_day(metric: str, line: Line) -> bool:
    """Whether a sum moved one way and its daily rate, by which it is judged, the other way: the periods differ in length."""
    verdict, now, before = line.verdict(metric), line.now.get(metric), line.before.get(metric)
    if verdict is None or now is None or before is None or verdict.word not in (Word.GREW, Word.FELL):
        return False
    return (verdict.word is Word.GREW) != (now > before)


def named(metric: str, say: Words) -> str:
    """The metric inside a sentence."""
    title = say.t(METRICS[metric].title)
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
