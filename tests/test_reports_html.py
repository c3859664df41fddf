"""The HTML document says all that the story says, loads nothing, and takes no text for markup. Its charts: test_browser_documents."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reports.html import EXPORT
from reports.story import Block, Cell, Chart, Column, Row, Series, Story, Table, Theme
from tests.printed import figures, sentences, squeezed
from tests.story_sample import silent, told

MARKUP = '"><img src=x onerror=alert(1)></script><script>alert(2)</script><!--'


class _Seen(HTMLParser):
    """Texts and tags of a page; scripts are no text."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags, self.inside = "", list[tuple[str, dict[str, str | None]]](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag if tag in ("script", "style") else self.inside

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        self.text += "" if self.inside else data


def page(story: Story) -> str:
    return EXPORT.write(story).decode()


def seen(story: Story) -> _Seen:
    reader = _Seen()
    reader.feed(page(story))
    return reader


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_figure_and_every_sentence_is_in_the_text(language: str) -> None:
    story = told(language)
    there = squeezed(seen(story).text)
    charted = {text for block in story.blocks for chart in block.charts for series in chart.series for text in series.texts}
    assert [one for one in {*figures(story), *sentences(story), *charted} if squeezed(one) not in there] == []


def test_what_the_presenter_is_told_stays_out() -> None:
    assert "Здороваемся" not in page(told("ru"))


def test_nothing_comes_from_anywhere_and_only_two_scripts_may_run() -> None:
    reader = seen(told("ru"))
    policy = next(str(attrs["content"]) for _, attrs in reader.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("sha256-") == 2 and "unsafe-inline" not in policy.split("style-src")[0] and "http" not in policy
    sources = [
        str(value) for _, attrs in reader.tags for name, value in attrs.items() if name in ("src", "href", "srcset", "data", "action")
    ]
    assert [one for one in sources if not one.startswith(("#", "data:image/"))] == []
    assert not [attrs for _, attrs in reader.tags if any(name.startswith("on") for name in attrs)]


def test_no_text_of_a_story_becomes_markup() -> None:
    said = MARKUP
    chart = Chart("bar", said, (said,), (Series(said, (1.0,), "now", (said,)),), "count", said, note=said)
    table = Table(said, (Column("k", said, "text"),), (Row(said, (Cell(None, said, said),)),))
    block = Block(said, "kpi", said, (said,), told("ru").block("summary").cards, (chart,), (table,), (said,), (said,))
    story = replace(told("ru"), name=said, title=said, subtitle=said, blocks=(block,), sources=(said,), theme=Theme(said, None, said))
    ours, theirs = seen(replace(story, blocks=())), seen(story)
    assert [tag for tag, _ in theirs.tags].count("img") == 0
    assert [tag for tag, _ in theirs.tags].count("script") == 3
    assert not [attrs for _, attrs in (*ours.tags, *theirs.tags) if "onerror" in attrs]
    assert "}body" not in page(replace(story, theme=Theme("red}body{display:none", None, "")))


def test_blocks_have_anchors_that_the_contents_lead_to() -> None:
    reader = seen(told("ru"))
    ids = {attrs.get("id") for _, attrs in reader.tags}
    leads = [str(attrs["href"])[1:] for tag, attrs in reader.tags if tag == "a"]
    assert "block-summary" in leads and set(leads) <= ids


def test_codes_lead_to_their_receipts() -> None:
    receipts = Table("Receipts", (Column("f", "Formula", "text"),), (Row("S-1", (Cell(None, "a / b"),)),))
    story = replace(told("en"), blocks=(*told("en").blocks, Block("receipts", "appendix", "Receipts", tables=(receipts,))))
    html = page(story)
    assert re.search(r'<a class="code" title="[^"]*" href="#receipt-S-1">S-1</a>', html)
    assert html.count('id="receipt-S-1"') == 1


def test_a_document_without_charts_carries_no_script() -> None:
    html = page(silent("ru"))
    assert "<script" not in html and len(html) < 60_000
    assert "За период данных нет" in html


def test_a_few_megabytes_at_most() -> None:
    assert len(EXPORT.write(told("ru"))) < 3_000_000
