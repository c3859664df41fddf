"""Names of goals that a service gives are kept with the client, unless somebody has named them."""

from __future__ import annotations

from connectors import pulling
from connectors.pulling import Outcome
from pages.ui import store
from pages.ui.view import View


def keep(view: View, outcome: Outcome) -> None:
    """Keep the names that are new."""
    now = store.agency().client(view.client.slug)
    known = dict(now.facts.get("goals", {}))
    if fresh := pulling.fresh_names(outcome, known):
        store.agency().set_facts(now, {"goals": known | fresh})
