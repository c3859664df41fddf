"""Everything that pages need, imported before anybody asks: the first viewer of the morning waits for no library."""

from __future__ import annotations

import gc
import importlib
import pkgutil

ROOMS = ("metrics", "pages.ui", "reports")
LATER = ("plotly.graph_objs", "ibis.backends.duckdb", "scipy.stats", "scipy.optimize")
"""What libraries import only when they are first used."""


def up() -> None:
    """Import, then leave what was imported out of every later collection of garbage: it stays for good, and walking it takes longer
    than drawing a page."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            importlib.import_module(found.name)
    for name in LATER:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
