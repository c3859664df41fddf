"""What an exporter is: a format, and the function that writes a story in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.story import Story


@dataclass(frozen=True)
class Export:
    """One format of the client's documents. A module of this folder that defines `EXPORT` is found by listing the folder.

    `extension` comes without a dot; `mime` is what a browser is told.
    """

    format: str
    extension: str
    mime: str
    write: Callable[[Story], bytes]
