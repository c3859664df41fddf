"""The blocks of the document: which, in which order, and their words. A row each; a press on the pencil opens the words beside the page."""

from __future__ import annotations

import streamlit as st

from data.desk import commentary, outlines
from data.desk.commentary import Comment
from data.errors import Problem
from pages.ui import memory, show, store
from pages.ui.language import current, t
from pages.ui.report import making
from pages.ui.report.making import Asked
from pages.ui.view import View
from reports.blocks import kinds
from reports.story import Block, Story

_SAID, _OPEN = "report_said", "report_open"


def draw(view: View, asked: Asked, made: Story) -> None:
    """The list of all blocks: those of the document first, in its order."""
    memory.tell(_SAID)
    present = {block.key: block for block in made.blocks}
    rest = [key for key in kinds() if key not in asked.blocks]
    with st.container(gap="xxsmall", key="outline"):
        for place, key in enumerate((*asked.blocks, *rest)):
            _row(view, asked, key, place, present.get(key))
    if asked.blocks != making.usual(view, asked.template):
        st.button(t("Back to the template's blocks"), type="tertiary", icon=":material/undo:", on_click=_choose, args=(view, asked, ()))
    opened = memory.take(_OPEN)
    if opened in present:
        _edit(view, asked, present[opened])


def _row(view: View, asked: Asked, key: str, place: int, block: Block | None) -> None:
    chosen = key in asked.blocks
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        name = f"outline_{view.client.slug}_{asked.template}_{key}_{chosen}"
        st.checkbox(_named(key, block, chosen), value=chosen, key=name, on_change=_turn, args=(view, asked, key), width="stretch")
        if block is not None:
            st.button(
                "", icon=":material/edit:", type="tertiary", key=f"words_{key}", help=t("Edit the words"), on_click=_open, args=(key,)
            )
        if chosen:
            up, down = max(place - 1, 0), min(place + 1, len(asked.blocks) - 1)
            st.button("", icon=":material/arrow_upward:", type="tertiary", key=f"up_{key}", help=t("Earlier"), disabled=place == up,
                      on_click=_move, args=(view, asked, key, up))
            st.button("", icon=":material/arrow_downward:", type="tertiary", key=f"down_{key}", help=t("Later"), disabled=place == down,
                      on_click=_move, args=(view, asked, key, down))


def _named(key: str, block: Block | None, chosen: bool) -> str:
    """The block's name, and what is to be known about it."""
    title = show.marked(t(kinds()[key].title))
    if block is None:
        return f"{title} :gray[· {show.marked(t('nothing to show'))}]" if chosen else title
    if block.stale:
        return f"{title} :orange-badge[{show.marked(t('figures have changed'))}]"
    return f"{title} :blue-badge[{show.marked(t('edited'))}]" if edited(block) else title


def edited(block: Block) -> bool:
    """Whether somebody has written in the place of the draft."""
    return block.lead != block.draft or block.title != block.drafted


def _turn(view: View, asked: Asked, key: str) -> None:
    """Take a block in, at the end, or out."""
    kept = tuple(one for one in asked.blocks if one != key)
    _choose(view, asked, kept if key in asked.blocks else (*kept, key))


def _move(view: View, asked: Asked, key: str, place: int) -> None:
    kept = [one for one in asked.blocks if one != key]
    _choose(view, asked, (*kept[:place], key, *kept[place:]))


def _choose(view: View, asked: Asked, blocks: tuple[str, ...]) -> None:
    chosen = () if blocks == making.usual(view, asked.template) else blocks
    outlines.put(store.agency(), view.client.slug, asked.template, chosen)


# ------------------------------------------------------------------------------------------------------------------- words


def _open(key: str) -> None:
    memory.keep(_OPEN, key)


def _edit(view: View, asked: Asked, block: Block) -> None:
    st.dialog(t(kinds()[block.key].title), width="medium", position="right", icon=":material/edit_note:")(_form)(view, asked, block)


def _form(view: View, asked: Asked, block: Block) -> None:
    if block.stale:
        st.warning(t("The figures under this text have changed since it was written. Read it again and save it, or take the draft."))
    title = st.text_input(t("Headline"), value=block.title, key=f"title_{block.key}")
    text = st.text_area(t("Commentary, a paragraph a line"), value="\n".join(block.lead), height=260, key=f"text_{block.key}")
    with st.container(horizontal=True):
        if st.button(t("Save"), type="primary", key="words_save"):
            _save(view, asked, block, title, text)
        if edited(block) and st.button(t("Draft again"), icon=":material/restart_alt:", key="words_draft"):
            commentary.remove(store.agency(), view.client.slug, _comment(asked, block, "", ""))
            memory.keep(_SAID, t("The draft stands again."))
            st.rerun()
    if edited(block):
        show.caption(t("The draft from the figures:"))
        for line in (block.drafted, *block.draft):
            show.caption(line)
    _before(view, asked, block)


def _save(view: View, asked: Asked, block: Block, title: str, text: str) -> None:
    headline = "" if title.strip() == block.drafted else title
    try:
        commentary.put(store.agency(), view.client.slug, _comment(asked, block, headline, text))
    except Problem as problem:
        show.problem(problem)
        return
    memory.keep(_SAID, t("Saved."))
    st.rerun()


def _comment(asked: Asked, block: Block, title: str, text: str) -> Comment:
    return Comment(asked.template, block.key, asked.since, asked.until, asked.language, text, block.digest, title)


def _before(view: View, asked: Asked, block: Block) -> None:
    """Who wrote it, and when."""
    found = next(
        (one for one in commentary.of(store.agency(), view.client.slug, asked.since, asked.until)
         if (one.template, one.block, one.language) == (asked.template, block.key, asked.language)), None,
    )
    if found is not None and found.at is not None:
        day = current().day(found.at.date())
        show.caption(t("Written by {who}, {day}.", who=found.who, day=day) if found.who else t("Written on {day}.", day=day))
