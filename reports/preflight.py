"""Is it safe to send? Checks of a document: green passes, amber adds a footnote by itself, red holds it with the reason and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from data.tables import Note
from data.text import Words
from reports.story import Block

GREEN, AMBER, RED = "green", "amber", "red"


@dataclass(frozen=True)
class Check:
    """One check. `note` says what was found, `fix` what to do about it; `blocks` are those under which an amber one is told."""

    key: str
    light: str
    note: Note
    fix: Note | None = None
    blocks: tuple[str, ...] = ()


def footnoted(blocks: Iterable[Block], checks: Sequence[Check], say: Words) -> tuple[Block, ...]:
    """The blocks with what amber checks have to say about them."""
    amber = [check for check in checks if check.light == AMBER]
    return tuple(
        replace(block, notes=tuple(dict.fromkeys((*block.notes, *(say.note(check.note) for check in amber if block.key in check.blocks)))))
        for block in blocks
    )
