"""The cover: whose document, about which days, set against which."""

from __future__ import annotations

from reports.context import Context
from reports.story import Block
from reports.titles import compared_with, subtitle, title

TITLE = "Cover"


def make(context: Context) -> Block:
    lead = [subtitle(context), compared_with(context)]
    manager = str(context.facts.get("manager") or "")
    if manager:
        lead.append(context.say.t("Account manager: {name}", name=context.say.written(manager)))
    return Block("cover", "cover", title(context), tuple(filter(None, lead)), speaker=_opening(context))


def _opening(context: Context) -> tuple[str, ...]:
    say = context.say
    return (say.t("First what the period brought, then why, then what we propose. Every figure has its code in the appendix."),)
