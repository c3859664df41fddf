"""What a document opens with: whose it is, about which days, against which. Nothing is said twice."""

from __future__ import annotations

from dataclasses import dataclass

from data.text import words
from reports.story import Block, Story


@dataclass(frozen=True)
class Opening:
    """Lines of the cover; empty where the title or another line has said it already. `running` are the days for every other page."""

    subtitle: str
    period: str
    running: str
    compared: str
    lead: tuple[str, ...]


def opening(story: Story) -> Opening:
    say = words(story.language)
    period, cover = say.period(story.since, story.until), cover_of(story)
    lead = tuple(line for line in (cover.lead if cover else ()) if line != story.subtitle and not _known(line, story.name, period))
    subtitle = "" if _known(story.subtitle, story.name, period) else story.subtitle
    against = say.period(*story.compared) if story.compared else ""
    told = any(against in line for line in (subtitle, *lead))
    compared = "" if told or not against else say.t("Compared with {days}", days=against)
    return Opening(subtitle, "" if period in story.title else period, period, compared, lead)


def cover_of(story: Story) -> Block | None:
    return next((block for block in story.blocks if block.kind == "cover"), None)


def _known(line: str, name: str, period: str) -> bool:
    """Whether a line holds nothing but the client's name and the period."""
    return not line.replace(name, "").replace(period, "").strip(" ·,.:–—\u00a0")
