"""Asking nothing twice: what one document, or one screen, is made of is asked by many readings, and partly the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from data.written import Gathered

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from data.written import Meant
    from metrics.statements import Run

Answer = TypeVar("Answer")


class Once:
    """Brings answers like the run that it stands before, each from the engine once. NB: for as long as one version of a store is read."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._kept: dict[Hashable, Any] = {}

    def __call__(self, template: ir.Table | Gathered, meant: Meant = ()) -> pd.DataFrame:
        asked = template if isinstance(template, Gathered) else template.op()
        found: pd.DataFrame = self.kept((asked, tuple(meant)), lambda: self.run(template, meant))
        # NB: a copy, because readings may change the frame that they are handed.
        return found.copy()

    def kept(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """What was made under this key before, else what is made now."""
        if key not in self._kept:
            self._kept[key] = make()
        found: Answer = self._kept[key]
        return found


def once(run: Run, key: Hashable, make: Callable[[], Answer]) -> Answer:
    """What the run has kept under a key, where it keeps anything; else made anew."""
    return run.kept(key, make) if isinstance(run, Once) else make()
