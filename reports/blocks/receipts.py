"""Where the figures come from: what holds for all of them, then under each code its formula with values, source and time."""

from __future__ import annotations

from data.tables import ATTRIBUTIONS
from data.text import DASH, NBSP, Words
from metrics.notes import WHOSE
from metrics.registry import METRICS
from reports import tables
from reports.context import Context
from reports.preflight import goal_names
from reports.receipts import Proof
from reports.story import Block, Row, Table

TITLE = "Receipts"
VAT = {"net": "net of VAT", "gross": "with VAT"}


def make(context: Context) -> Block | None:
    """None while no figure has been shown above it."""
    proofs = context.receipts.proofs
    if not proofs:
        return None
    say = context.say
    columns = (
        tables.words("figure", say.t("Figure")), tables.words("value", say.t("Its value")),
        tables.words("formula", say.t("Formula with values")),
        tables.words("source", say.t("Sources")), tables.words("pulled", say.t("Loaded, UTC")),
    )
    receipts = Table(say.t("Receipts"), columns, tuple(_row(one, say) for one in proofs))
    title = say.t("Where the figures come from")
    return Block("receipts", "appendix", title, (_facts(context),), tables=(receipts,), notes=_notes(context))


def _row(proof: Proof, say: Words) -> Row:
    at = f"{say.day(proof.pulled.date())},{NBSP}{proof.pulled:%H:%M}" if proof.pulled else DASH
    texts = (proof.title, proof.text, proof.worked, proof.source or DASH, at)
    return Row(proof.code, tuple(tables.said(text) for text in texts))


def _facts(context: Context) -> str:
    """What holds for every figure."""
    say, found = context.say, context.totals
    receipt = found.receipt
    facts = {
        "Dates": say.period(found.query.since, found.query.until), "Compared with": say.period(*found.compared) if found.compared else "",
        "Conversions are": _goals(context),
        "Attribution": next((say.t(one.title) for one in ATTRIBUTIONS if one.key == receipt.attribution), ""),
        "Money": f"{receipt.currency}, {say.t(VAT.get(receipt.vat, receipt.vat))}", "Channel rules": _rules(context),
        "Sampled": say.t("yes") if receipt.sampled else say.t("no"), "Store version": str(receipt.version),
    }
    return " ".join(f"{say.t(name)}: {value}." for name, value in facts.items() if value)


def _rules(context: Context) -> str:
    """Whose rules, and the characters that change with every edit of them."""
    grouping, _, edition = context.totals.receipt.rules.partition("-")
    return context.say.t("{whose}, edition {code}", whose=WHOSE.get(grouping, grouping), code=edition)


def _goals(context: Context) -> str:
    """Names of the goals that count, in the reader's language."""
    return ", ".join(goal_names(context, context.subject.goals)) or context.say.t("All goals")


def _notes(context: Context) -> tuple[str, ...]:
    kinds = {"counter", "orders", "margin", "basis"}
    notes = (*context.totals.notes, *context.by_channel.notes, *context.totals.receipt.basis)
    shown = {METRICS[key].title for key in context.receipts.metrics}
    told = [note for note in notes if note.kind in kinds and note.facts.get("metric", "") in {"", *shown}]
    return tuple(dict.fromkeys(map(context.note, told)))
