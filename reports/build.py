"""Making a document: blocks in the template's order, the words that people have edited, and the checks that add footnotes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from data import clock
from data.desk.commentary import Comment
from reports import preflight
from reports.blocks import kinds
from reports.context import Context
from reports.sources import named
from reports.story import Block, Story, Theme, plain
from reports.templates import Template
from reports.titles import subtitle, title

ACCENT = Theme().accent


def build(context: Context, template: Template) -> Story:
    """The document as it stands now, checked: amber checks have put their footnotes under the blocks that they are about."""
    made = (kinds()[key].make(context) for key in template.blocks)
    blocks = tuple(_finished(block, template, context) for block in made if block is not None)
    checks = preflight.read(context, blocks)
    look = context.desk.look
    agency = str(context.facts.get("agency") or "")
    return Story(
        client=context.client, name=context.name, title=title(context), subtitle=subtitle(context), template=template.key,
        language=context.say.language, currency=context.totals.currency, since=context.since, until=context.until,
        made=clock.now().replace(microsecond=0), version=context.settings.version, blocks=preflight.footnoted(blocks, checks),
        compared=context.totals.compared, theme=Theme(look.accent or ACCENT, look.logo, agency), sources=_sources(context), checks=checks,
    )


def _finished(block: Block, template: Template, context: Context) -> Block:
    """The block with its receipts in the speaker's notes, and with edited words in the place of the drafted ones."""
    found = replace(block, draft=block.lead, drafted=block.title, digest=digest(block), speaker=(*block.speaker, *_codes(block)))
    edit = comment_on(block.key, template.key, context)
    if edit is None:
        return found
    return replace(
        found, title=edit.title or found.title, lead=edit.paragraphs or found.lead, stale=edit.digest != found.digest
    )


def comment_on(block: str, template: str, context: Context) -> Comment | None:
    """What somebody wrote in the place of a block's draft, for this period and language."""
    key = (template, block, context.since, context.until, context.say.language)
    found = (one for one in context.desk.comments if (one.template, one.block, one.since, one.until, one.language) == key)
    return next(found, None)


def digest(block: Block) -> str:
    """Sixteen characters that change with any figure of the block as it is printed."""
    figures = [(card.metric, card.text, card.change, card.was) for card in block.cards]
    charts = [(series.name, series.texts or series.values) for chart in block.charts for series in chart.series]
    rows = [plain(row) for table in block.tables for row in (*table.rows, *((table.total,) if table.total else ()))]
    text = json.dumps(plain([figures, charts, rows, block.draft or block.lead]), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _codes(block: Block) -> tuple[str, ...]:
    return tuple(f"{card.code} · {card.title}: {card.receipt}" for card in block.cards if card.receipt)


_GIVES = {
    "visits": "Visits", "traffic": "Visits", "audience": "Visits", "conversions": "Conversions", "orders": "Orders", "spend": "Spend",
}
"""What the accounts of a table give, in a word."""


def _sources(context: Context) -> tuple[str, ...]:
    """Accounts behind the main figures, by what they give: `Visits, orders: Yandex.Metrica, counter 45231030`."""
    gives: dict[str, list[str]] = {}
    for table, accounts in context.totals.receipt.accounts.items():
        for account in accounts:
            gives.setdefault(account, []).append(context.say.t(_GIVES.get(table, table)))
    by_what: dict[str, list[str]] = {}
    for account, told in gives.items():
        by_what.setdefault(", ".join(dict.fromkeys(told)).capitalize(), []).append(account)
    receipt, say = context.totals.receipt, context.say
    return tuple(f"{what}: {', '.join(named(receipt, accounts, say))}" for what, accounts in by_what.items())
