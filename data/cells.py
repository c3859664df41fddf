"""Texts as cells of a spreadsheet: shown as they stand, never computed."""

from __future__ import annotations

import re
from typing import TypeVar

Cell = TypeVar("Cell")
_FORMULA = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠\t\r\n]")
"""NB: wide signs are signs to some spreadsheets, and what nobody sees in front of a sign is dropped by others."""


def harmless(cell: Cell) -> Cell | str:
    """The cell, with an apostrophe before a text that a spreadsheet would compute. Numbers stay numbers, negative ones too.

    NB: a return alone would end the row in a file whose rows end with a new line, and what follows it would begin one.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if _FORMULA.match(text) else text
