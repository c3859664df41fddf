"""The formats there are: every module of this folder that defines `EXPORT`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from data.errors import Problem, did_you_mean
from reports.exporting import Export

FOLDER = Path(__file__).parent
_PLAIN = frozenset({"exporters", "exporting"})


@cache
def exporters() -> dict[str, Export]:
    """All formats by name."""
    modules = (module for module in iter_modules([str(FOLDER)]) if not module.ispkg and module.name not in _PLAIN)
    found = (getattr(import_module(f"reports.{module.name}"), "EXPORT", None) for module in modules if _exports(module.name))
    return {one.format: one for one in found if isinstance(one, Export)}


def exporter(name: str) -> Export:
    """Raises Problem for a format that there is not."""
    known = exporters()
    if name not in known:
        near = did_you_mean(name, known)
        fix = "Did you mean {near}?" if near else "Choose from: {known}."
        raise Problem("There is no format {name}.", "--format", fix, name=name, near=near, known=", ".join(known))
    return known[name]


def _exports(name: str) -> bool:
    """Whether the file defines an export: others are not imported for nothing."""
    return "\nEXPORT = " in (FOLDER / f"{name}.py").read_text(encoding="utf-8")
