"""Not answering is an answer: it carries its reason, as a text with facts."""

from __future__ import annotations

from data.batches import Note


def because(text: str, **facts: object) -> Note:
    """Why there is no figure. `text` is an English template filled by `facts`."""
    return Note("abstains", text, facts)
