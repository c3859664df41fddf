"""A shared document: the page that the HTML exporter writes, and under each block a place to say something. Forms need no scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from data.desk.reactions import LONGEST, LONGEST_NAME, MARKS, Reaction
from data.text import Words, words
from reports.exporters import exporter
from reports.story import Block, Story
from share import guard

TITLES = {"agree": "Agreed", "question": "A question", "disagree": "Not agreed"}
SIGNS = {"agree": "✓", "question": "?", "disagree": "✗"}
_SECTION = re.compile(r'<section\b[^>]*\bid="([^"]+)"[^>]*>.*?(?=</section>)', re.DOTALL)
_QUIET = ("cover",)
_STYLE = """<style>
.said{margin:14px 0 4px;font-size:14px;line-height:1.45}
.said ul{list-style:none;margin:0 0 8px;padding:0}
.said li{padding:6px 10px;margin:0 0 4px;border-left:3px solid #8792a0;background:rgba(128,140,153,.12);white-space:pre-wrap;
 overflow-wrap:anywhere}
.said li.agree{border-color:#14917f}.said li.question{border-color:#8a5cc2}.said li.disagree{border-color:#d1591f}
.said small{opacity:.75;white-space:normal}
.said summary{cursor:pointer;color:#2f74d0;width:max-content;padding:2px 0}
.said form{display:grid;gap:8px;max-width:620px;padding:8px 0}
.said .marks{display:flex;gap:6px;flex-wrap:wrap}
.said label.mark{border:1px solid rgba(128,140,153,.55);border-radius:8px;padding:4px 12px;cursor:pointer}
.said label.mark:has(input:checked){border-color:#2f74d0;box-shadow:inset 0 0 0 1px #2f74d0}
.said label.mark:has(input:focus-visible){outline:2px solid #2f74d0;outline-offset:2px}
.said label.mark input{accent-color:#2f74d0;margin:0 6px 0 0}
.said textarea,.said input[type=text]{font:inherit;color:inherit;background:transparent;border:1px solid rgba(128,140,153,.55);
 border-radius:8px;padding:8px 10px;width:100%;box-sizing:border-box}
.said textarea{min-height:4.5em;resize:vertical}
.said button{font:inherit;font-weight:600;border:0;border-radius:8px;padding:8px 18px;width:max-content;cursor:pointer;color:#fff;
 background:#2f74d0}
.shared{max-width:960px;margin:0 auto;padding:10px 16px;font-size:14px;opacity:.85}
@media print{.said details,.shared{display:none}}
</style>"""


@dataclass(frozen=True)
class Document:
    """A frozen document, drawn up once. `parts` are its pieces; after each but the last one stands what is said about a block."""

    parts: tuple[str, ...]
    blocks: tuple[str, ...]
    language: str
    policy: str

    def with_words(self, said: Sequence[Reaction], until: date, thanked: bool) -> str:
        """The whole page."""
        say = words(self.language)
        made = [self.parts[0]]
        for key, part in zip(self.blocks, self.parts[1:], strict=True):
            made += [_discussion(key, [one for one in said if one.block == key], say), part]
        return _framed("".join(made), _notice(until, thanked, say))


def document(kept: Story) -> Document:
    """Draw up a frozen story for the client: without what is meant for the presenter."""
    html = exporter("html")
    page = html.write(public(kept)).decode("utf-8")
    trusted = guard.scripts(html.write(_bare(kept)).decode("utf-8"))
    parts, keys = _cut(page, [block for block in kept.blocks if block.kind not in _QUIET])
    return Document(tuple(parts), tuple(keys), kept.language, guard.policy(trusted))


def public(kept: Story) -> Story:
    """The story without the speaker's notes, our drafts and our checks."""
    return replace(kept, blocks=tuple(replace(block, speaker=(), draft=(), drafted="", stale=False) for block in kept.blocks), checks=())


def anchor(block: str) -> str:
    """Where in the page a block's comments stand."""
    return f"said-{block}"


def _bare(kept: Story) -> Story:
    """A document without content. NB: only its scripts may run, so what came in with data can never look like one of ours."""
    return replace(kept, name="", title="", subtitle="", blocks=(), sources=(), checks=())


def _cut(page: str, blocks: Sequence[Block]) -> tuple[list[str], list[str]]:
    """The page in pieces, cut at the end of each block's section."""
    parts, keys, last = [], [], 0
    for place, key in _ends(page, {block.key for block in blocks}):
        parts.append(page[last:place])
        keys.append(key)
        last = place
    return [*parts, page[last:]], keys


def _ends(page: str, keys: set[str]) -> Iterator[tuple[int, str]]:
    for found in _SECTION.finditer(page):
        if found[1] in keys:
            yield found.end(), found[1]


def _framed(page: str, notice: str) -> str:
    head, _, rest = page.partition("</head>")
    start = re.search(r"<body[^>]*>", rest)
    assert start is not None
    robots = '<meta name="robots" content="noindex, nofollow, noarchive">'
    return f"{head}{robots}{_STYLE}</head>{rest[: start.end()]}{notice}{rest[start.end() :]}"


def _notice(until: date, thanked: bool, say: Words) -> str:
    text = say.t("You can react and comment under each part; your manager reads it. The link holds until {day}.", day=until)
    thanks = f"<strong>{escape(say.t('Thank you, your manager will read it.'))}</strong> " if thanked else ""
    return f'<p class="shared">{thanks}{escape(text)}</p>'


def _discussion(key: str, said: Sequence[Reaction], say: Words) -> str:
    lines = "".join(_line(one, say) for one in said)
    listed = f"<ul>{lines}</ul>" if lines else ""
    return f'<div class="said" id="{escape(anchor(key))}">{listed}{_form(key, say)}</div>'


def _line(one: Reaction, say: Words) -> str:
    sign = f"{SIGNS[one.mark]} {say.t(TITLES[one.mark])}. " if one.mark in TITLES else ""
    day = say.day(one.at.date()) if one.at else ""
    by = " · ".join(filter(None, (one.name, day)))
    return f'<li class="{escape(one.mark)}">{escape(sign + one.text)}<br><small>{escape(by)}</small></li>'


def _form(key: str, say: Words) -> str:
    marks = "".join(
        f'<label class="mark"><input type="radio" name="mark" value="{mark}">{SIGNS[mark]} {escape(say.t(TITLES[mark]))}</label>'
        for mark in MARKS
    )
    name, comment = escape(say.t("Your name")), escape(say.t("Comment"))
    return (
        f'<details><summary>{escape(say.t("React or comment"))}</summary><form method="post"><input type="hidden" name="block" '
        f'value="{escape(key)}"><div class="marks">{marks}</div><textarea name="text" maxlength="{LONGEST}" placeholder="{comment}" '
        f'aria-label="{comment}"></textarea><input type="text" name="name" maxlength="{LONGEST_NAME}" placeholder="{name}" '
        f'aria-label="{name}" autocomplete="name"><button>{escape(say.t("Send"))}</button></form></details>'
    )
