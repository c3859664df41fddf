"""What the figures mean: every metric of the document with its meaning and formula."""

from __future__ import annotations

from metrics.registry import METRICS
from metrics.sentences import spelled
from reports import tables
from reports.context import Context
from reports.story import Block, Row, Table

TITLE = "Definitions"


def make(context: Context) -> Block | None:
    """None while no figure of an answer has been shown above it."""
    say, shown = context.say, context.receipts.metrics
    if not shown:
        return None
    columns = (tables.words("meaning", say.t("Meaning")), tables.words("formula", say.t("Formula")))
    rows = tuple(
        Row(say.t(one.title), (tables.said(say.t(one.meaning)), tables.said(spelled.in_words(one, say))))
        for one in (METRICS[key] for key in METRICS if key in shown)
    )
    return Block("definitions", "appendix", say.t("What the figures mean"), tables=(Table(say.t("Definitions"), columns, rows),))
