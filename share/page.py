"""A shared document: the page that the HTML exporter writes, and under each block a place to say something. Forms need no scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from itertools import pairwise

from data.desk.reactions import LONGEST, LONGEST_NAME, MARKS, Reaction
from data.text import Words, words
from reports.exporters import exporter
from reports.story import Story
from share import guard

TITLES = {"agree": "Agreed", "question": "A question", "disagree": "Not agreed"}
SIGNS = {"agree": "✓", "question": "?", "disagree": "✗"}
_SECTION = re.compile(r"<section\b.*?(?=</section>)", re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_REFERRER = '<meta name="referrer" content="no-referrer">'
_STYLE = """<style>
.talk{margin:20px 0 4px;font-size:15px;line-height:1.45}
.talk ul{list-style:none;margin:0 0 10px;padding:0;max-width:68ch}
.talk li{padding:8px 12px;margin:0 0 6px;border-left:3px solid var(--axis);background:var(--pale);white-space:pre-wrap;
 overflow-wrap:anywhere}
.talk li.agree{border-color:var(--good)}.talk li.question{border-color:var(--plan)}.talk li.disagree{border-color:var(--bad)}
.talk small{color:var(--soft);white-space:normal}
.talk summary{cursor:pointer;color:var(--link);width:max-content;padding:4px 0}
.talk form{display:grid;gap:10px;max-width:620px;padding:10px 0}
.talk .marks{display:flex;gap:8px;flex-wrap:wrap}
.talk label.mark{border:1px solid var(--axis);border-radius:8px;padding:6px 14px;cursor:pointer}
.talk label.mark:has(input:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.talk label.mark:has(input:focus-visible){outline:2px solid var(--link);outline-offset:2px}
.talk label.mark input{accent-color:var(--accent);margin:0 8px 0 0}
.talk textarea,.talk input[type=text]{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--axis);border-radius:8px;
 padding:9px 12px;width:100%}
.talk textarea{min-height:5em;resize:vertical}
.talk button{font:inherit;font-weight:600;border:0;border-radius:8px;padding:9px 20px;width:max-content;cursor:pointer;color:var(--on);
 background:var(--accent)}
.shared{max-width:1180px;margin:0 auto;padding:12px 24px 0;font-size:14px;color:var(--soft)}
.shared strong{color:var(--good)}
@media print{.talk details,.shared{display:none}}
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
    page, trusted = _unpinned(exporter("html").write(public(kept)).decode("utf-8"))
    keys = tuple(block.key for block in kept.blocks if block.kind != "cover")
    return Document(_cut(page, len(keys)), keys, kept.language, guard.policy(trusted))


def public(kept: Story) -> Story:
    """The story without the speaker's notes, our drafts and our checks."""
    return replace(kept, blocks=tuple(replace(block, speaker=(), draft=(), drafted="", stale=False) for block in kept.blocks), checks=())


def anchor(block: str) -> str:
    """Where in the page a block's comments stand."""
    return f"said-{block}"


def _unpinned(page: str) -> tuple[str, tuple[str, ...]]:
    """The page without the policy that it carries for a life on a disk (where no form may be sent), and the scripts that it allows.

    NB: the policy stands before anything that came in with data, so the first one found is ours.
    """
    found = _POLICY.search(page)
    assert found is not None
    rules = dict(rule.strip().split(" ", 1) for rule in found[1].split(";"))
    rest = page[: found.start()] + page[found.end() :]
    return rest.replace(_REFERRER, "", 1), tuple(hash for hash in rules["script-src"].split() if hash.startswith("'sha256-"))


def _cut(page: str, sections: int) -> tuple[str, ...]:
    """The page in pieces, cut at the end of each block's section."""
    places = [0, *(found.end() for found in _SECTION.finditer(page)), len(page)]
    assert len(places) == sections + 2
    return tuple(page[start:end] for start, end in pairwise(places))


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
    return f'<div class="talk" id="{escape(anchor(key))}">{listed}{_form(key, say)}</div>'


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
