"""The PDF says what the story says, in both alphabets, and nothing in a story is read as an instruction to the typesetter."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from data.text import words
from reports.pdf import EXPORT
from reports.story import Block, Cell, Column, Figure, Row, Story, Table, Theme
from tests.printed import figures, sentences, squeezed
from tests.story_sample import silent, told

TYPESETTING = (
    r'#panic("read") $x$ \ [b] @label `code` ```raw``` *bold* _it_ = head - list / term: <tag> ~ // c /* c */ "q" #{1+1} https://a.b'
)


def opened(story: Story) -> PdfReader:
    return PdfReader(BytesIO(EXPORT.write(story)))


def text(reader: PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_figure_and_every_sentence_can_be_read_out_of_it(language: str) -> None:
    story = told(language)
    there = text(opened(story))
    assert [one for one in {*figures(story), *sentences(story)} if squeezed(one) not in there] == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_words_of_charts_are_text_too(language: str) -> None:
    story = told(language)
    there = text(opened(story))
    waterfall = story.block("why").charts[0]
    assert [one for one in (*waterfall.labels, *waterfall.series[0].texts) if squeezed(one) not in there] == []


def test_what_the_presenter_is_told_stays_out() -> None:
    assert squeezed("Здороваемся") not in text(opened(told("ru")))


def test_long_tables_go_on_over_pages_under_the_same_head() -> None:
    block = told("en").block("campaigns")
    long = replace(block, tables=(replace(block.tables[0], rows=block.tables[0].rows * 3),))
    pages = [squeezed(page.extract_text()) for page in opened(replace(told("en"), blocks=(long,))).pages]
    campaigns = [page for page in pages if squeezed("Saint Petersburg and region") in page]
    assert len(campaigns) > 2
    assert all(squeezed("Pages per visit") in page for page in campaigns)


def test_pages_are_numbered_and_say_days_and_sources() -> None:
    story, reader = told("en"), opened(told("en"))
    assert 7 <= len(reader.pages) <= 12
    for number, page in enumerate(reader.pages[1:], 2):
        there = squeezed(page.extract_text())
        assert squeezed(f"{number} / {len(reader.pages)}") in there
        assert squeezed("1–31 Mar 2026") in there
        assert squeezed(story.sources[0]) in there


def test_no_text_of_a_story_is_read_as_markup() -> None:
    said = TYPESETTING
    table = Table(said, (Column("k", said, "text"), Column("m", said, "money")), (Row(said, (Cell(None, said), Cell(1.0, said, said))),))
    block = Block(
        said, "kpi", said, (said,), (Figure(said, "m", said, 1.0, said, "money", said, "good", said, said),), (), (table,), (said,), (said,)
    )
    story = replace(told("ru"), name=said, title=said, subtitle=said, blocks=(block,), sources=(said,), theme=Theme("#107060", None, said))
    there = text(opened(story))
    assert there.count(squeezed(said)) >= 12


def test_codes_lead_to_their_receipts() -> None:
    receipts = Table("Receipts", (Column("f", "Formula", "text"),), tuple(Row(f"S-{place}", (Cell(None, "a / b"),)) for place in (1, 2, 2)))
    story = replace(told("en"), blocks=(told("en").block("summary"), Block("receipts", "appendix", "Receipts", tables=(receipts,))))
    links = [one.get_object() for page in opened(story).pages for one in page.get("/Annots", ())]
    assert sum(one["/Subtype"] == "/Link" for one in links) >= 2 + 2


def test_a_story_without_data_is_a_document_that_says_so() -> None:
    there = text(opened(silent("ru")))
    assert squeezed("За период данных нет") in there


@pytest.mark.parametrize("logo", [b"", b"GIF89a", b"<svg onload=x>", None])
def test_a_logo_that_is_no_picture_is_left_out(logo: bytes | None) -> None:
    assert len(opened(replace(silent("ru"), theme=Theme("no colour", logo))).pages) >= 2


def test_the_same_story_gives_the_same_file() -> None:
    assert EXPORT.write(told("ru")) == EXPORT.write(told("ru"))


def test_it_says_whose_it_is_and_in_what_language() -> None:
    reader = opened(told("ru"))
    assert reader.metadata is not None and "Северная сосна" in str(reader.metadata.title)
    assert str(reader.root_object["/Lang"]) == "ru"


def test_the_cover_says_nothing_twice() -> None:
    story = told("en")
    days = words("en").period(story.since, story.until)
    story = replace(story, title=f"Month of {days}", subtitle=f"{story.name} · {days}")
    cover = squeezed(opened(story).pages[0].extract_text())
    assert cover.count(squeezed(days)) == 1
    assert cover.count(squeezed(story.name)) == 1
