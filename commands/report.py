"""`report`: the client's document, built once, checked, and written in every format that is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from commands import _asked as asked
from commands import spoken
from data import clock
from data.desk import outlines, written
from data.door import workspace
from data.errors import NotAllowed
from data.roles import Power
from data.text import languages, words
from reports import templates
from reports.blocks import kinds
from reports.build import build
from reports.context import Context
from reports.exporters import exporter, exporters
from reports.story import Check, Story
from reports.templates import Template

LIGHTS = {"green": "✓", "amber": "!", "red": "✗"}


@click.command(name="report")
@asked.client_options
@click.option("--template", "name", default="month", show_default=True, help="week, month or quarter.")
@click.option("--compare", default="", help="previous, weekdays, year, or two days: 2026-01-01/2026-01-31. [default: as much just before]")
@click.option("--blocks", default="", help="Only these blocks, by comma, in this order. [default: those of the template]")
@click.option("--format", "forms", default="", help="Formats, by comma. [default: all there are]")
@click.option("--lang", type=click.Choice(languages()), help="Language of the document. [default: the terminal's]")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("."), show_default=True, help="Folder for the files.")
@click.option("--force", is_flag=True, help="Write it even where a check holds it.")
def command(name: str, compare: str, blocks: str, forms: str, lang: str | None, out: Path, force: bool, **chosen: Any) -> int:
    """Write the client's document: its blocks, its checks, its files. Without days: of the last week, month or quarter that is over.

    \b
    python vitrina.py report --client tea-hedgehog --template month --format pptx,pdf --lang ru --out reports-out
    python vitrina.py report --client tea-hedgehog --template week --format md
    """
    about = asked.About.of(chosen)
    wanted = [exporter(one.strip()) for one in forms.split(",") if one.strip()] or list(exporters().values())
    template = template_of(about, name, tuple(word.strip() for word in blocks.split(",") if word.strip()))
    context = opened(about, template, compare, lang)
    story = build(context, template)
    click.echo(f"{story.subtitle}: {story.title}")
    for check in story.checks:
        _tell(check)
    if story.held and not force:
        click.echo(spoken().t("Held. Mend what is marked ✗, or write it all the same with --force."), err=True)
        return 2
    out.mkdir(parents=True, exist_ok=True)
    for one in wanted:
        path = out / f"{file_name(story)}.{one.extension}"
        path.write_bytes(one.write(story))
        click.echo(spoken().t("{path}, {size} KB", path=str(path), size=max(1, round(path.stat().st_size / 1024))))
    return 0


def template_of(about: asked.About, name: str, named: tuple[str, ...] = ()) -> Template:
    """The template with the named blocks; else with those chosen on the Report page; else with its own."""
    found = templates.template(name, about.subject.model)
    kept = tuple(key for key in outlines.of(about.workspace, about.client.slug, found.key) if key in kinds())
    return templates.chosen(found, named or kept) if named or kept else found


def opened(about: asked.About, template: Template, compare: str, lang: str | None) -> Context:
    """The client and the days of the document."""
    if not workspace().person.may(Power.DOCUMENT):
        raise NotAllowed("Documents are not open to you.", "", "Ask the agency's owner to open them.")
    client, say = about.client, words(lang) if lang else spoken()
    since, until = _days(about, template)
    today = clock.today(client.timezone)
    return Context(
        about.run, about.settings, replace(about.subject, only=()), client.slug, _name(client.name, client.facts, say.russian),
        client.facts,
        written.of(about.workspace, client.slug), say, since, until, compare or templates.comparison(since, until), today, template.key,
        client.timezone,
    )


def _days(about: asked.About, template: Template) -> tuple[Any, Any]:
    """The days that were named; the last whole week, month or quarter where none were."""
    if about.since is None and about.until is None:
        return templates.days(template.key, about.last(("visits", "spend")))
    until = about.until or about.last(("visits", "spend"))
    return about.since or templates.days(template.key, until)[0], until


def _name(name: str, facts: Any, russian: bool) -> str:
    return str(facts.get("name_ru") or name) if russian else name


def _tell(check: Check) -> None:
    click.echo(f"  {LIGHTS[check.light]} {check.said}{f' → {check.fix}' if check.fix else ''}")


def file_name(story: Story) -> str:
    """`tea-hedgehog_month_2026-10_ru`."""
    whole = story.since.day == 1 and templates.comparison(story.since, story.until) != "previous"
    days = f"{story.since:%Y-%m}" if whole and story.template == "month" else f"{story.since}_{story.until}"
    return f"{story.client}_{story.template}_{days}_{story.language}"
