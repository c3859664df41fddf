"""The minutes of the weekly meeting, on one page: what moved, why, what is unusual, where the month ends, what is done. Markdown. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import DASH, Words
from metrics.readings.outcomes import Outcome
from metrics.readings.pace import PaceReading
from metrics.readings.unusual import UnusualReading
from metrics.readings.why import WhyReading
from metrics.registry import METRICS
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences import pace as pace_said
from metrics.sentences import unusual as unusual_said
from metrics.sentences import why as why_said
from pages.ui import escape


def written(
    name: str, found: Result, metrics: Sequence[str], moved: WhyReading, month: PaceReading | None, strange: UnusualReading,
    done: Sequence[Outcome], say: Words,
) -> str:
    """The page as text."""
    lines = [f"# {escape.markdown(name)}: {say.period(moved.since, moved.until)}", "", *_figures(found, metrics, say), ""]
    lines += [f"## {say.t('Why it moved')}", "", escape.markdown(why_said.sentences(moved, say)), ""]
    lines += [f"## {say.t('Unusual')}", "", escape.markdown(unusual_said.sentences(strange, say)), ""]
    if month is not None:
        lines += [f"## {say.t('The running month')}", "", escape.markdown(pace_said.sentences(month, say)), ""]
    if done:
        lines += [f"## {say.t('What we do')}", "", *_actions(done, say), ""]
    return "\n".join(lines)


def _figures(found: Result, metrics: Sequence[str], say: Words) -> list[str]:
    line = answer.total(found, say)
    rows = [f"| {say.t('Metric')} | {say.t('Now')} | {say.t('Before')} | {say.t('Change')} |", "| --- | ---: | ---: | ---: |"]
    for metric in metrics:
        speech = answer.speech(metric, found, say)
        now, before = speech.full(line.now.get(metric)), speech.full(line.before.get(metric))
        rows.append(f"| {say.t(METRICS[metric].title)} | {now} | {before} | {line.change(metric, say).text or DASH} |")
    return rows


def _actions(done: Sequence[Outcome], say: Words) -> list[str]:
    return [_action(one, say) for one in done]


def _action(one: Outcome, say: Words) -> str:
    action = one.action
    day = action.since if action.state == "done" else action.due
    verdict = say.t(one.verdict) if action.state == "done" else ""
    facts = [say.t(action.state), say.day(day) if day else "", say.written(action.owner), verdict]
    box = "x" if action.state == "done" else " "
    return f"- [{box}] {escape.markdown(say.written(action.what))} ({', '.join(filter(None, facts))})"
