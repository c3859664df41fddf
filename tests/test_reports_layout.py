"""A document is laid out for its reader: small channels stand together and add up, sources have names, sparse blocks share a slide."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pptx import Presentation

from data.text import words
from metrics.result import Receipt
from reports import pptx, sources
from reports.blocks import channels
from reports.story import Block, Column, Row, Table
from reports.tables import said
from tests.small_store import SEARCH, VK, YANDEX, loaded, spend, visits
from tests.story_sample import told
from tests.test_reports_story import context

FREE = (
    SEARCH, {"traffic_source": "organic", "engine": "google"}, {"traffic_source": "organic", "engine": "bing"},
    {"traffic_source": "direct"}, {"traffic_source": "email"}, {"traffic_source": "messenger"}, {"traffic_source": "social"},
    {"traffic_source": "referral"},
    {"traffic_source": "recommend"}, {"traffic_source": "internal"}, {"traffic_source": "qr"},
)


def many_channels(folder: Path) -> Any:
    """A client with two paid channels and many free ones, the later ones smaller."""
    days = [date(2026, 2, 1) + timedelta(days=step) for step in range(59)]
    span = days[0], days[-1]
    rows = [(day, 100 * place + n, origin) for day in days for place, origin in enumerate((YANDEX, VK, *FREE)) for n in range(14 - place)]
    return loaded(folder, visits(rows, span), spend([(day, origin, 900) for day in days for origin in (YANDEX, VK)], span))


def test_small_channels_stand_in_one_row_that_is_exact(tmp_path: Path) -> None:
    found = context(many_channels(tmp_path), compare="previous")
    block = channels.make(found)
    assert block is not None
    [table] = block.tables
    assert len(table.rows) == channels.MOST and table.rows[-1].name.startswith("Other channels: ")
    place = [column.key for column in table.columns].index("visits")
    values = [row.cells[place].value or 0.0 for row in table.rows]
    whole = found.ask(("visits",), ("channel",)).frame["visits"]
    assert sum(values) == whole.sum() == found.totals.total["visits"]
    assert values[-1] == sum(sorted(whole)[: len(whole) - channels.MOST + 1])
    assert {"Yandex Direct", "VK Ads"} <= {row.name for row in table.rows}, "what costs money is never folded"


def test_a_change_within_noise_is_not_printed_in_the_table(tmp_path: Path) -> None:
    block = channels.make(context(many_channels(tmp_path), compare="previous"))
    assert block is not None
    rates = [cell for row in block.tables[0].rows for cell, column in zip(row.cells, block.tables[0].columns, strict=True) if cell.change]
    assert all(cell.value is not None for cell in rates)
    quiet = [cell.change for row in block.tables[0].rows[-2:] for cell in row.cells[2:]]
    assert not any(quiet)


@pytest.mark.parametrize(("language", "wanted"), [("en", "Yandex.Metrica, counter 1001"), ("ru", "Яндекс Метрика, счётчик 1001")])
def test_sources_are_called_by_their_services(language: str, wanted: str) -> None:
    loads = [("1001", "metrica_logs"), ("shop-ads", "direct_wizard"), ("shop-a", "cost_sheet"), ("shop-b", "cost_sheet")]
    receipt = SimpleNamespace(
        loads=tuple(SimpleNamespace(account=account, source=source) for account, source in loads),
        accounts={"visits": ("1001",), "spend": ("shop-ads", "shop-a", "shop-b")},
    )
    say = words(language)
    shown = sources.named(cast(Receipt, receipt), [account for account, _ in loads], say)
    sheet = say.t("Cost sheet")
    assert shown == (wanted, say.t("Yandex Direct"), f"{sheet} (shop-a)", f"{sheet} (shop-b)")


def small(key: str, title: str) -> Block:
    rows = (Row("Бесплатная доставка", (said("29 окт 2026"),)),)
    return Block(key, key, title, ("Одна фраза.",), tables=(Table("Что сделали", (Column("since", "С какого дня", "text"),), rows),))


def made(*blocks: Block) -> Any:
    return Presentation(io.BytesIO(pptx.write(replace(told("ru"), blocks=blocks)))).slides


def test_two_blocks_with_little_to_say_share_a_slide() -> None:
    slides = made(small("unusual", "Необычное: одно"), small("actions", "Сделано: одна задача"))
    [slide] = list(slides)[1:]
    assert slide.shapes.title.text_frame.text == "Необычное: одно"
    assert [shape.text_frame.text for shape in slide.shapes if shape.name == "Heading"] == ["Сделано: одна задача"]
    assert sum(shape.has_table for shape in slide.shapes) == 2


def test_a_block_with_charts_keeps_its_slide() -> None:
    slides = made(small("actions", "Сделано: одна задача"), told("ru").block("course"))
    assert len(list(slides)) > 2 and not [shape for slide in slides for shape in slide.shapes if shape.name == "Heading"]
