"""Everything that people have written about a client which a document needs, read at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.desk import actions, campaigns, commentary, looks, marks, overrules, plans
from data.desk.actions import Action
from data.desk.campaigns import Match
from data.desk.commentary import Comment
from data.desk.looks import Look
from data.desk.marks import Mark
from data.desk.overrules import Overrule
from data.desk.plans import Target

if TYPE_CHECKING:
    from data.workspace import Workspace


@dataclass(frozen=True)
class Desk:
    """Targets, actions, marks, stages set by hand, matched campaigns, edited words, and the client's look."""

    targets: tuple[Target, ...] = ()
    actions: tuple[Action, ...] = ()
    marks: tuple[Mark, ...] = ()
    overrules: tuple[Overrule, ...] = ()
    matches: tuple[Match, ...] = ()
    comments: tuple[Comment, ...] = ()
    look: Look = field(default_factory=Look)


def of(workspace: Workspace, client: str) -> Desk:
    """All of it, of all times."""
    return Desk(
        plans.of(workspace, client), actions.of(workspace, client), marks.of(workspace, client), overrules.of(workspace, client),
        campaigns.of(workspace, client), commentary.of(workspace, client), looks.of(workspace, client),
    )
