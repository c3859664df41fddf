"""Channels as bubbles of the map of shares, with what the pointer says. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from data.text import Words
from metrics.result import Result
from metrics.sentences import answer
from metrics.sentences.efficiency import Paid
from pages.ui.share_map import Bubble


def bubbles(found: Sequence[Paid], asked: Result, result: str, words: Words) -> list[Bubble]:
    """Shape: as given."""
    return [Bubble(one.line.name, one.spend_share, one.result_share, one.tone, _spoken(one, asked, result, words)) for one in found]


def _spoken(one: Paid, asked: Result, result: str, words: Words) -> tuple[str, ...]:
    money, events = (answer.speech(metric, asked, words) for metric in ("spend", result))
    verdict = {
        "good": words.t("cheaper than average"), "bad": words.t("dearer than average"), "flat": words.t("within noise of the average"),
    }
    return (
        words.t("Spend: {value} ({share})", value=money.full(one.line.now.get("spend")), share=words.share(one.spend_share, 0)),
        words.t("Result: {value} ({share})", value=events.full(one.line.now.get(result)), share=words.share(one.result_share, 0)),
        verdict[one.tone],
    )
