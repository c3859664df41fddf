"""The story as one HTML file that opens from a messenger: no server, nothing loaded from anywhere, prints well.

Charts are drawn twice: as still vector pictures, which print and show wherever scripts are off, and by plotly.js from the installed
package, which is packed into the file and unpacked by the reader's browser when a chart comes into sight. The page may run exactly two
scripts, named by their hashes.
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from data.errors import Problem
from data.text import Words, words
from reports import palette
from reports.drawing.sheet import clean
from reports.exporting import Export
from reports.html_parts import Parts, slug
from reports.office import cleaned
from reports.opening import cover_of, opening
from reports.palette import Palette
from reports.story import Story

HERE = Path(__file__).parent


def write(story: Story) -> bytes:
    """Raises Problem where plotly is not installed whole."""
    return _page(cleaned(story)).encode()


def _page(story: Story) -> str:
    say = words(story.language)
    parts = Parts(say, story.currency, _receipts(story))
    blocks = [block for block in story.blocks if block.kind != "cover"]
    anchors = _anchors([block.key for block in blocks])
    body = "".join(parts.block(block, anchor) for block, anchor in zip(blocks, anchors, strict=True))
    listed = "".join(f'<li><a href="#{anchor}">{clean(block.title)}</a></li>' for block, anchor in zip(blocks, anchors, strict=True))
    script, style = _read("html.js"), _read("html.css")
    title = clean(f"{story.name}: {story.title}")
    drawn = "<figure data-chart" in body
    packed, library = _library() if drawn else ("", "")
    return (
        f'<!doctype html><html lang="{clean(story.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(_hash(script), library)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>{title}</title>'
        f"<style>{_colours(story.theme.accent)}{style}</style></head>"
        f'<body><div class="page">{_cover(story, say, parts)}'
        f"<nav><details open><summary>{clean(say.t('Contents'))}</summary><ol>{listed}</ol></details></nav>"
        f"<main>{body}</main>{_footer(story, say)}</div>"
        + (f'<script type="text/plain" id="plotly">{packed}</script><script>{script}</script>' if drawn else "")
        + "</body></html>"
    )


def _cover(story: Story, say: Words, parts: Parts) -> str:
    first, begin, logo = cover_of(story), opening(story), _logo(story.theme.logo)
    said = (
        f'<img alt="{clean(story.name)}" src="{logo}">' if logo else "",
        f'<p class="client">{clean(story.name)}</p><h1>{clean(story.title)}</h1>',
        f'<p class="subtitle">{clean(begin.subtitle)}</p>' if begin.subtitle else "",
        f'<p class="period">{clean(begin.period)}</p>' if begin.period else "",
        f'<p class="compared">{clean(begin.compared)}</p>' if begin.compared else "",
        parts.texts(begin.lead, "lead"),
        parts.cards(first.cards) + parts.bullets(first.bullets) + parts.texts(first.notes, "notes") if first else "",
    )
    return f'<header class="cover">{"".join(said)}</header>'


def _footer(story: Story, say: Words) -> str:
    sources = say.t("Sources: {sources}", sources="; ".join(story.sources)) if story.sources else ""
    lines = (story.theme.agency, say.t("Made on {day}", day=story.made.date()), say.period(story.since, story.until), sources)
    return f"<footer>{''.join(f'<p>{clean(line)}</p>' for line in lines if line)}</footer>"


def _policy(*hashes: str) -> str:
    """Two scripts by their hashes; styles and pictures from inside the file; nothing else, and nothing from anywhere."""
    scripts = " ".join(f"'{one}'" for one in hashes if one)
    return f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def _hash(script: str) -> str:
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


@cache
def _library() -> tuple[str, str]:
    """plotly.js, packed, and its hash. NB: found, not imported: the drawing library itself is the pages'."""
    found = find_spec("plotly")
    folder = Path(next(iter(found.submodule_search_locations or ()))) if found else Path()
    path = folder / "package_data" / "plotly.min.js"
    if not path.is_file():
        raise Problem("The drawing library plotly.js is not installed.", str(path), "Install what requirements.txt lists.")
    # A script's text has its line ends read as \n, and its hash is taken of that.
    text = path.read_bytes().decode().replace("\r\n", "\n").replace("\r", "\n")
    return b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode(), _hash(text)


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _colours(accent: str) -> str:
    """The style sheet's colours: for paper and by day, and by night on a screen."""
    day = palette.printed(accent)
    night_accent = palette.readable(accent, palette.NIGHT, palette.LEGIBLE)
    night = Palette(
        night_accent,
        "#E7EBF0",
        "#A0ABB7",
        "#2B353F",
        "#54616E",
        palette.NIGHT,
        palette.over(night_accent),
        good="#2FB5A0",
        bad="#EE7F4B",
        plan="#A77BDB",
    )
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(night, palette.NIGHT)}}}}}"
    return f":root{{{_variables(day, palette.WHITE)}}}{dark}"


def _variables(colours: Palette, paper: str) -> str:
    named = {
        "accent": colours.accent,
        "on": colours.on_accent,
        "link": palette.readable(colours.accent, paper, palette.LEGIBLE),
        "ink": colours.ink,
        "soft": colours.soft,
        "grid": colours.grid,
        "axis": colours.axis,
        "paper": colours.paper,
        "before": colours.before,
        "year": colours.year,
        "plan": colours.plan,
        "good": colours.good,
        "bad": colours.bad,
        "flat": colours.flat,
        "pale": palette.mixed(paper, colours.accent, 0.08),
        "mark": palette.mixed(paper, colours.accent, 0.14),
    } | {f"part-{place}": colour for place, colour in enumerate((colours.plan, *colours.parts[1:]), 1)}
    return "".join(f"--{name}:{value};" for name, value in named.items())


def _receipts(story: Story) -> frozenset[str]:
    shown = {card.code for block in story.blocks for card in block.cards}
    return frozenset(row.name for block in story.blocks for table in block.tables for row in table.rows if row.name in shown)


def _anchors(keys: list[str]) -> list[str]:
    """An anchor per block, by its key: the same from one document to the next."""
    found: list[str] = []
    for key in keys:
        anchor = f"block-{slug(key)}"
        found.append(anchor if anchor not in found else f"{anchor}-{len(found)}")
    return found


def _logo(logo: bytes | None) -> str:
    kind = "" if not logo else "png" if logo.startswith(b"\x89PNG") else "jpeg" if logo.startswith(b"\xff\xd8") else ""
    return f"data:image/{kind};base64,{b64encode(logo).decode()}" if logo and kind else ""


EXPORT = Export("html", "html", "text/html", write)
