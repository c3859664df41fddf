"""Making the document: from the bar's client and days, the chosen template, blocks and language. Kept until anything changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from data.desk import outlines, written
from data.desk.written import Desk
from data.text import words
from data.warehouse import Warehouse
from pages.ui import reading, store
from pages.ui.view import View
from reports import templates
from reports.blocks import kinds
from reports.build import build
from reports.context import Context
from reports.story import Story
from reports.templates import Template

_MOST = 60


@dataclass(frozen=True)
class Asked:
    """Which document: its template, its days, what they are compared with, its language, its blocks in their order."""

    template: str
    since: date
    until: date
    compare: str
    language: str
    blocks: tuple[str, ...]


def of_view(view: View, template: str, language: str) -> Asked:
    """The document of the bar's days. Whole months are set against whole months when the bar says the previous period."""
    compare = templates.comparison(view.since, view.until) if view.compare == "previous" else view.compare
    return Asked(template, view.since, view.until, compare, language, blocks(view, template))


def blocks(view: View, template: str) -> tuple[str, ...]:
    """Those that were chosen for this client, else the template's."""
    chosen = outlines.of(store.agency(), view.client.slug, template)
    return tuple(key for key in chosen if key in kinds()) or usual(view, template)


def usual(view: View, template: str) -> tuple[str, ...]:
    """The template's own blocks for the client's kind of business."""
    return templates.template(template, str(view.client.facts.get("model", ""))).blocks


def of_sent(sent: Story) -> Asked:
    """The question that a frozen document once was the answer to."""
    compare = f"{sent.compared[0].isoformat()}/{sent.compared[1].isoformat()}" if sent.compared else ""
    keys = tuple(block.key for block in sent.blocks if block.key in kinds())
    return Asked(sent.template, sent.since, sent.until, compare, sent.language, keys)


def story(view: View, asked: Asked, at: Warehouse | None = None) -> Story:
    """The document as it stands now; `at` reads another version of the store. Once per version, question and written words.

    NB: the bar's filters do not hold: a document is about the client as a whole.
    """
    held = (at or view.store).pinned()
    desk = written.of(store.agency(), view.client.slug)
    said = hashlib.sha256(repr((asked, view.today, reading.subject(view), reading.settings(view), view.client.facts, desk)).encode())
    return _made(held.key, held.version(), said.hexdigest(), view, asked, held, desk)


# NB: a resource, not data: a story is plain and never changed, so viewers may share it.
@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _made(folder: str, version: int, said: str, _view: View, _asked: Asked, _held: Warehouse, _desk: Desk) -> Story:
    how = replace(reading.settings(_view), version=version)
    context = Context(
        _held.run, how, replace(reading.subject(_view), only=()), _view.client.slug, store.name(_view.client, _asked.language),
        _view.client.facts, _desk, words(_asked.language), _asked.since, _asked.until, _asked.compare, _view.today, _asked.template,
        _view.client.timezone,
    )
    found = templates.template(_asked.template, str(_view.client.facts.get("model", "")))
    return build(context, Template(found.key, found.title, _asked.blocks))
