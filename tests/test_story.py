"""A story written down comes back the same: what was sent reopens as sent."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from reports.story import Block, Cell, Chart, Column, Figure, Row, Series, Story, Table, Theme, plain, story

_numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
_texts = st.text(max_size=12)
_figures = st.builds(Figure, code=_texts, metric=_texts, title=_texts, value=_numbers, text=_texts, unit=_texts, receipt=_texts)
_series = st.builds(Series, _texts, st.lists(_numbers, max_size=3).map(tuple), st.just("now"), st.lists(_texts, max_size=2).map(tuple))
_charts = st.builds(Chart, st.just("line"), _texts, st.tuples(_texts), st.lists(_series, max_size=2).map(tuple), _texts, _texts)
_rows = st.builds(Row, _texts, st.lists(st.builds(Cell, _numbers, _texts), max_size=2).map(tuple))
_columns = st.tuples(st.builds(Column, _texts, _texts, _texts))
_tables = st.builds(Table, _texts, _columns, st.lists(_rows, max_size=2).map(tuple), st.none() | _rows)
_blocks = st.builds(
    Block, _texts, _texts, _texts, st.lists(_texts, max_size=2).map(tuple), st.lists(_figures, max_size=2).map(tuple),
    st.lists(_charts, max_size=1).map(tuple), st.lists(_tables, max_size=1).map(tuple), stale=st.booleans(),
)
_days = st.tuples(st.dates(), st.dates())
_stories = st.builds(
    Story, _texts, _texts, _texts, _texts, _texts, st.sampled_from(["ru", "en"]), st.just("RUB"), st.dates(), st.dates(),
    st.datetimes(timezones=st.just(UTC)), st.integers(), st.lists(_blocks, max_size=2).map(tuple), st.none() | _days,
    st.builds(Theme, _texts, st.none() | st.binary(max_size=8), _texts), st.lists(_texts, max_size=2).map(tuple),
)


@given(_stories)
def test_what_is_written_comes_back(told: Story) -> None:
    assert story(json.loads(json.dumps(plain(told)))) == told


def test_a_field_that_a_later_release_adds_is_no_obstacle() -> None:
    told = Story("c", "C", "t", "", "month", "ru", "RUB", date(2026, 3, 1), date(2026, 3, 31), datetime(2026, 4, 1, tzinfo=UTC), 3, ())
    assert story(plain(told) | {"mood": "cheerful"}) == told
