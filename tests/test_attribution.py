"""Attribution: published cases to the printed digit, invariants on random journeys, and paths built by the engine as by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib.util import find_spec
from itertools import combinations
from math import factorial
from pathlib import Path

import duckdb
import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.testing import assert_allclose

from data.tables import ATTRIBUTION_KEYS, CONVERSIONS, ORDERS, ORIGINS, VISITS
from metrics import attribution
from metrics.attribution import MODELS, Terms, attribute, verdicts
from metrics.credit import journeys, markov, shapley
from metrics.credit.paths import Paths, paths_from_engine, paths_from_lists
from tests.contract_rows import rows_of

TOY = (["S", "A", "D"], ["A", "D"], ["S"], ["E", "S", "A"], ["A", "A", "E"])
TOY_AGES = ([14, 7, 0], [7, 0], [0], [21, 7, 0], [14, 7, 0])
ORDER = ("S", "A", "E", "D")


def toy(nulls: Sequence[float] = (20, 30, 46, 5, 12), value: Sequence[float] | None = None) -> Paths:
    """Toy-5 of the science note: S search, A ads, E e-mail, D direct."""
    return paths_from_lists(TOY, [10, 6, 4, 5, 3], nulls, value, TOY_AGES, ORDER)


TERMS = Terms(insignificant=("D",), direct=("D",), unknown=("D",))


# ------------------------------------------------------------------------------------------------------ published cases


@pytest.mark.parametrize(("model", "expected"), [
    ("first", (14, 9, 5, 0)),
    ("last", (4, 5, 3, 16)),
    ("last_significant", (4, 21, 3, 0)),
    ("last_nondirect", (4, 21, 3, 0)),
    ("linear", (9.0, 10.0, 2.6667, 6.3333)),
    ("position", (9.0, 8.8, 3.2, 7.0)),
    ("time_decay", (6.9670, 9.2198, 2.0989, 9.7143)),
    ("markov", (6.8211, 11.2210, 2.1745, 7.7834)),
    ("shapley_count", (9.0, 9.5, 3.1667, 6.3333)),
])
def test_every_model_gives_the_worked_example(model: str, expected: tuple[float, ...]) -> None:
    credit = attribute(toy(), TERMS).of(model)
    assert credit.conversions is not None
    assert_allclose(credit.conversions, expected, atol=1e-4)


@pytest.mark.parametrize(("order", "nulls", "expected"), [
    (1, (20, 30, 46, 5, 12), (0.5008, 0.8238, 0.1596, 0.5714)),
    (2, (20, 30, 46, 5, 12), (0.5812, 0.8571, 0.2167, 0.5714)),
    (1, (0, 0, 0, 0, 0), (0.6367, 0.8043, 0.2681, 0.5714)),
])
def test_removal_effects_of_the_worked_example(order: int, nulls: tuple[float, ...], expected: tuple[float, ...]) -> None:
    found = markov.removal(toy(nulls), order)
    assert found is not None
    assert_allclose(found.effects, expected, atol=1e-4)
    assert found.probability == pytest.approx(28 / (28 + sum(nulls)))


def test_second_order_credit_of_the_worked_example() -> None:
    found = markov.removal(toy(), 2)
    assert found is not None
    assert_allclose(28 * found.shares(), (7.3088, 10.7794, 2.7255, 7.1863), atol=1e-4)


def test_shapley_by_rate_of_the_worked_example_adds_up_to_the_rate() -> None:
    found = shapley.by_rate(toy())
    assert found is not None
    assert_allclose(found.values, (0.0493, 0.0893, 0.0307, 0.0293), atol=1e-4)
    assert found.values.sum() == pytest.approx(28 / 141)


def test_three_published_paths_with_nulls() -> None:
    """Source: S. Bryl, Marketing multi-channel attribution model based on Markov chains."""
    found = markov.removal(paths_from_lists([["C1", "C2", "C3"], ["C1"], ["C2", "C3"]], [1, 0, 0], [0, 1, 1]))
    assert found is not None
    assert found.probability == pytest.approx(1 / 3)
    assert_allclose(found.effects, (0.5, 1, 1))
    assert_allclose(found.shares(), (0.2, 0.4, 0.4))


def test_three_published_paths_that_all_convert() -> None:
    """Source: the example of the R package pychattr, whose simulation prints 1.991 and 1.009."""
    found = markov.removal(paths_from_lists([list("ABABBA"), list("ABBAA"), list("AA")], [1, 1, 1], [0, 0, 0]))
    assert found is not None
    assert_allclose(found.effects, (1.0, 0.5))
    assert_allclose(3 * found.shares(), (2.0, 1.0))


def test_shapley_values_of_a_published_game() -> None:
    """Source: the coalition table of DP6's Marketing-Attribution-Models."""
    worth = np.array([0, 7, 6, 15, 4, 7, 9, 19], dtype=float)  # bits: organic, Facebook, direct
    assert_allclose(shapley.values_of_game(worth), (7.6667, 8.1667, 3.1667), atol=1e-4)


# ----------------------------------------------------------------------------------------- ten thousand published paths


@pytest.fixture(scope="module")
def published() -> Paths:
    """The data that the package ChannelAttribution carries; read where it is installed, never copied."""
    spec = find_spec("cypack")
    if spec is None or spec.origin is None:
        pytest.skip("the package channelattribution is not installed")
    frame = pd.read_csv(Path(spec.origin).parent / "data" / "Data.csv", sep=";")
    columns = (frame[name].tolist() for name in ("total_conversions", "total_null", "total_conversion_value"))
    return paths_from_lists([path.split(" > ") for path in frame["path"]], *columns)


def credit_of(paths: Paths, model: str) -> dict[str, float]:
    conversions = attribute(paths).of(model).conversions
    assert conversions is not None
    return dict(zip(paths.channels, conversions.tolist(), strict=True))


PUBLISHED = {
    "last": "alpha 8447 eta 4167 iota 3355 lambda 1207 beta 989 theta 653 epsilon 531 kappa 230 zeta 107 gamma 92 delta 5 mi 2",
    "first": "alpha 6308 iota 4606 eta 3164 beta 2831 theta 1606 lambda 902",
    "linear": "alpha 7574.718594 iota 3857.096221 eta 3539.951157 beta 2083.500145 lambda 1035.257572 theta 1022.801394",
    "position": "alpha 7444.8238 iota 3944.9482 eta 3618.7961 beta 1969.7662 theta 1092.7445 lambda 1046.9039 epsilon 301.0502",
    "markov": "alpha 5344.948 iota 3884.615",
    "shapley_count": "alpha 7627.944 eta 3613.656 iota 3505.044 beta 1982.739 theta 1190.963 lambda 987.782",
}


def named(printed: str) -> dict[str, float]:
    words = printed.split()
    return dict(zip(words[::2], map(float, words[1::2]), strict=True))


@pytest.mark.parametrize("model", PUBLISHED)
def test_credit_on_ten_thousand_published_paths(published: Paths, model: str) -> None:
    found = credit_of(published, model)
    assert sum(found.values()) == pytest.approx(19_785)
    for channel, expected in named(PUBLISHED[model]).items():
        assert found[channel] == pytest.approx(expected, abs=1e-5 if model in ("first", "last", "linear") else 1e-3)


def test_totals_of_ten_thousand_published_paths(published: Paths) -> None:
    assert (len(published), len(published.channels)) == (10_000, 12)
    assert (published.conversions.sum(), published.nulls.sum()) == (19_785, 68_602)
    assert published.value.sum() == pytest.approx(74_802.971587, abs=1e-6)


def test_removal_effects_on_ten_thousand_published_paths(published: Paths) -> None:
    found = markov.removal(published)
    assert found is not None
    assert found.probability == pytest.approx(0.2238451, abs=1e-6)
    printed = ("alpha .558399 iota .405835 eta .349026 beta .264039 theta .206010 lambda .134022 epsilon .062639 zeta .039811 "
               "kappa .028663 gamma .017880 delta .000482 mi .000180")
    for channel, effect in named(printed).items():
        assert found.effects[published.channels.index(channel)] == pytest.approx(effect, abs=1e-6)


def test_sampled_shapley_values_come_near_the_exact_ones(published: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = shapley.by_rate(published)
    monkeypatch.setattr(shapley, "EXACT", 5)
    sampled = shapley.by_rate(published)
    assert exact is not None and sampled is not None and sampled.orders > 0 == exact.orders
    assert np.all(np.abs(sampled.values - exact.values) < 4 * sampled.errors + 1e-12)
    assert sampled.values.sum() == pytest.approx(exact.total)


# ------------------------------------------------------------------------------------------------------------ invariants

CHANNELS = ("a", "b", "c", "d", "e")


@some.composite
def journey_sets(draw: some.DrawFn, at_least_nulls: int = 0) -> Paths:
    paths = draw(some.lists(some.lists(some.sampled_from(CHANNELS), min_size=1, max_size=6), min_size=1, max_size=12))
    counts = some.lists(some.integers(0, 9), min_size=len(paths), max_size=len(paths))
    won = draw(counts.filter(any))
    nulls = [n + at_least_nulls for n in draw(counts)]
    ages = [sorted(draw(some.lists(some.integers(0, 400), min_size=len(path), max_size=len(path))), reverse=True) for path in paths]
    value = [n * draw(some.integers(0, 100)) for n in won]
    return paths_from_lists(paths, won, nulls, value, ages, CHANNELS)


@settings(deadline=None, max_examples=60)
@given(journey_sets())
def test_credit_of_every_model_adds_up_to_the_total(paths: Paths) -> None:
    found = attribute(paths)
    assert [credit.model for credit in found.credits] == list(MODELS)
    for credit in found.credits:
        assert (credit.conversions is None) == (credit.value is None)
        if credit.conversions is None or credit.value is None:
            assert credit.why is not None
            continue
        assert credit.conversions.sum() == pytest.approx(paths.conversions.sum(), rel=1e-9)
        assert credit.value.sum() == pytest.approx(paths.value.sum(), rel=1e-9, abs=1e-9)
        assert (credit.conversions >= -1e-9).all()


@settings(deadline=None, max_examples=60)
@given(journey_sets(), some.integers(1, 3))
def test_the_chain_converts_as_often_as_journeys_did(paths: Paths, order: int) -> None:
    found = markov.removal(paths, order)
    assert found is not None
    assert found.probability == pytest.approx(paths.conversions.sum() / paths.journeys.sum(), rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(journey_sets(), some.integers(1, 3))
def test_removal_effects_are_what_deleting_the_channel_does(paths: Paths, order: int) -> None:
    found = markov.removal(paths, order)
    chain = markov.build(paths.take(paths.journeys > 0), order)
    assert found is not None and chain is not None
    for channel in range(len(CHANNELS)):
        kept = ~(chain.members == channel).any(axis=1)
        reduced = np.linalg.solve(np.identity(kept.sum()) - chain.leave[np.ix_(kept, kept)], chain.convert[kept])
        assert found.effects[channel] == pytest.approx(1 - chain.start[kept] @ reduced / found.probability, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(journey_sets())
def test_repeating_a_touch_does_not_change_the_plain_chain(paths: Paths) -> None:
    """Order 1 does not care whether a state may follow itself."""
    said_twice = [[name for name in path for _ in range(2)] for path in as_lists(paths)]
    doubled = paths_from_lists(said_twice, paths.conversions.tolist(), paths.nulls.tolist(), channels=CHANNELS)
    plain, twice = markov.removal(paths), markov.removal(doubled)
    assert plain is not None and twice is not None
    assert_allclose(twice.effects, plain.effects, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(journey_sets())
def test_shapley_by_count_is_the_average_over_all_orders(paths: Paths) -> None:
    worth = np.array([
        paths.conversions[[set(path) <= members for path in as_lists(paths)]].sum()
        for members in ({CHANNELS[bit] for bit in range(5) if mask >> bit & 1} for mask in range(32))
    ])
    assert_allclose(shapley.by_count(paths, paths.conversions), shapley.values_of_game(worth), atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(some.lists(some.integers(-50, 50), min_size=8, max_size=8))
def test_values_of_a_game_follow_the_definition(worth: list[int]) -> None:
    game = np.array([0.0, *worth[1:]])
    for player in range(3):
        others = [p for p in range(3) if p != player]
        expected = sum(
            factorial(size) * factorial(2 - size) / 6 * (game[sum(1 << p for p in (*joined, player))] - game[sum(1 << p for p in joined)])
            for size in range(3) for joined in combinations(others, size)
        )
        assert shapley.values_of_game(game)[player] == pytest.approx(expected)


@settings(deadline=None, max_examples=60)
@given(journey_sets(at_least_nulls=1))
def test_shapley_by_rate_adds_up_to_the_rate_also_when_sampled(paths: Paths) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shapley, "EXACT", 0)
        patch.setattr(shapley, "ROUND", 50)
        patch.setattr(shapley, "ROUNDS", 2)
        sampled = shapley.by_rate(paths)
    exact = shapley.by_rate(paths)
    assert sampled is not None and exact is not None
    assert exact.values.sum() == pytest.approx(exact.total)
    assert sampled.values.sum() == pytest.approx(exact.total)


@settings(deadline=None, max_examples=60)
@given(journey_sets())
def test_grouping_equal_paths_changes_nothing(paths: Paths) -> None:
    spread = [place for place in range(len(paths)) for _ in range(int(paths.journeys[place]))]
    lists, seen = as_lists(paths), Counter[int]()
    won = []
    for place in spread:
        won.append(float(seen[place] < paths.conversions[place]))
        seen[place] += 1
    single = paths_from_lists([lists[place] for place in spread], won, [1 - one for one in won], channels=CHANNELS)
    for model in ("linear", "markov", "shapley_count"):
        whole, parts = attribute(paths).of(model).conversions, attribute(single).of(model).conversions
        assert whole is not None and parts is not None
        assert_allclose(parts, whole, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(journey_sets(), some.floats(0.1, 365))
def test_weights_of_a_rule_add_up_to_one_in_every_path(paths: Paths, half_life: float) -> None:
    decay = attribution.time_decay(paths, half_life)
    assert decay is not None
    for weights in (attribution.first(paths), attribution.last(paths), attribution.linear(paths), attribution.position(paths), decay):
        assert_allclose(np.bincount(paths.owner, weights=weights), 1.0)


def as_lists(paths: Paths) -> list[list[str]]:
    return [[paths.channels[code] for code in paths.codes[paths.starts[place]:paths.starts[place + 1]]] for place in range(len(paths))]


# ------------------------------------------------------------------------------------------------- warnings, abstentions


def test_last_significant_falls_back_to_the_last_touch_and_keeps_to_the_lookback() -> None:
    ages = [[5, 0], [3, 0], [91, 0]]
    paths = paths_from_lists([["A", "D"], ["D", "D"], ["A", "D"]], [1, 1, 1], [0, 0, 0], ages=ages, channels=("A", "D"))
    assert_allclose(attribution.credited(paths, attribution.last_but(paths, ("D",), 90), paths.conversions), (1, 2))


def test_models_that_need_what_is_not_there_say_so() -> None:
    timeless = paths_from_lists(TOY, [10, 6, 4, 5, 3], [0] * 5, channels=ORDER)
    found = attribute(timeless, TERMS)
    for model in ("time_decay", "shapley_rate"):
        credit = found.of(model)
        assert credit.conversions is None and credit.why is not None and str(credit.why)
    assert "warning" in {note.kind for note in found.notes}, "dropped nulls are a warning"


def test_nothing_converted_is_an_answer() -> None:
    found = attribute(paths_from_lists([["A"]], [0], [5]))
    assert all(credit.conversions is None and credit.why is not None for credit in found.credits)
    assert found.table().isna().all().all()
    assert verdicts(found, {"A": 10.0}) == ()


def test_no_journeys_at_all_are_an_answer() -> None:
    assert all(credit.conversions is None for credit in attribute(paths_from_lists([], [], [], channels=("A",))).credits)


def test_looking_two_touches_back_abstains_for_each_of_its_reasons() -> None:
    short = paths_from_lists([["A"], ["A", "B"]], [300, 500], [900, 900])
    thin = toy()
    long_enough = paths_from_lists([["A", "B", "A"], ["B", "A", "B"], ["A"]], [300, 200, 50], [900, 900, 900])
    assert "three touches" in str(attribute(short).of("markov2").why)
    assert "pairs of channels" in str(attribute(thin).of("markov2").why)
    assert attribute(long_enough).of("markov2").conversions is not None


def test_looking_two_touches_back_abstains_where_channels_change_places() -> None:
    lists = [["C", "B", "C"], ["A", "B", "A"], ["A", "C", "A", "A"]]
    paths = paths_from_lists(lists, [600, 800, 0], [100, 100, 800], channels=("A", "B", "C"))
    near, far = markov.removal(paths, 1), markov.removal(paths, 2)
    assert near is not None and near.effects.argmax() == 0
    assert far is not None and far.effects.argmax() == 1
    assert "ranks" in str(attribute(paths).of("markov2").why)


def test_a_channel_that_lowers_the_rate_gets_points_and_no_money() -> None:
    credit = attribute(paths_from_lists([["A"], ["A", "B"]], [50, 1], [50, 99])).of("shapley_rate")
    assert credit.conversions is None and credit.points is not None and (credit.points < 0).any()
    assert credit.why is not None and credit.why.facts["channel"] == "B"


def test_too_many_channels_are_a_reason_not_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"c{number}" for number in range(70)]
    paths = paths_from_lists([names, names[::-1]], [5, 5], [5, 5])
    assert "coarser" in str(attribute(paths).of("shapley_rate").why)
    monkeypatch.setattr(markov, "MOST", 10)
    assert "coarser" in str(attribute(paths).of("markov").why)


def test_unknown_sources_are_warned_about_from_a_quarter() -> None:
    quarter = paths_from_lists([["direct", "a", "a", "a"]], [4], [4])
    more = paths_from_lists([["direct", "a", "a"]], [4], [4])
    assert not any("known source" in note.text for note in attribute(quarter).notes)
    assert any("known source" in note.text for note in attribute(more).notes)


def test_paths_without_their_beginnings_are_warned_about() -> None:
    assert attribution.cut_short(date(2026, 1, 1), date(2026, 4, 1), 90) is None
    short = attribution.cut_short(date(2026, 1, 2), date(2026, 4, 1), 90)
    assert short is not None and short.facts["day"] == date(2026, 1, 2)


def test_visits_that_know_only_a_source_from_the_past_are_warned_about() -> None:
    assert journeys.touch_note({"last", "automatic"}) is None and journeys.touch_note(set()) is None
    note = journeys.touch_note({"last_significant"})
    assert note is not None and note.facts["model"] == "Last significant"
    assert {*journeys.OWN_SOURCE} <= {*ATTRIBUTION_KEYS}


def test_a_verdict_that_flips_is_model_dependent() -> None:
    found = attribute(toy(), TERMS)
    spend = {"S": 900.0, "A": 900.0, "E": 10_000.0, "gone": 50.0}
    said = {verdict.channel: verdict for verdict in verdicts(found, spend, target_cpa=100.0)}
    assert said["S"].depends and said["S"].good["first"] and not said["S"].good["last"]
    assert not said["E"].depends and not any(said["E"].good.values())
    assert said["S"].cpa["first"] == pytest.approx(900 / 14)
    assert not any(said["gone"].good.values()), "a paid channel without a touch is judged too"


def test_with_a_margin_the_verdict_is_the_sign_of_romi() -> None:
    found = attribute(toy(value=[1000, 600, 400, 500, 300]), TERMS)
    verdict, = verdicts(found, {"A": 500.0}, margin=0.5)
    assert verdict.romi["first"] == pytest.approx(900 * 0.5 / 500 - 1)
    assert verdict.good == {model: romi > -1e-9 for model, romi in verdict.romi.items()} and verdict.depends


def test_the_range_of_a_channel_spans_the_models() -> None:
    table = attribute(toy(), TERMS).table()
    assert table.loc["D", "low"] == 0 and table.loc["D", "high"] == 16
    assert np.isnan(table["markov2"]).all(), "an abstaining model is not a zero"


def test_neighbours_of_one_channel_are_written_once_for_reading_only() -> None:
    shown = toy().commonest(2)
    assert shown["path"].tolist() == [("S", "A", "D"), ("A", "D")]
    assert paths_from_lists([["A", "A", "B"], ["A", "B"]], [1, 2], [0, 0]).commonest(5)["conversions"].tolist() == [3.0]


# ----------------------------------------------------------------------------------------------- built inside the engine

START = datetime(2026, 1, 1)
SINCE, UNTIL, LOADED = date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 10)
Touch = tuple[int, int, int]
Ends = dict[tuple[int, int], tuple[int, float]]


Journeys = Counter[tuple[object, ...]]


def by_hand(touches: list[Touch], ends: Ends, lookback: int) -> tuple[Journeys, float, float]:
    """The definition, journey by journey. Answer: (channels, ages or None) -> journeys; unmatched conversions; open journeys."""
    seen: Journeys = Counter()
    unmatched = still_open = 0.0
    back = lookback * 86_400

    def day(second: int) -> date:
        return (START + timedelta(seconds=second)).date()

    for visitor in {who for who, _, _ in touches} | {who for who, _ in ends}:
        mine = sorted((second, channel) for who, second, channel in touches if who == visitor)
        before = -1
        for end in sorted(second for who, second in ends if who == visitor):
            count = ends[visitor, end][0]
            own = [touch for touch in mine if before < touch[0] <= end and touch[0] >= end - back]
            own = own or [touch for touch in mine if touch[0] <= end and touch[0] >= end - back][-1:]
            before = end
            if SINCE <= day(end) <= UNTIL:
                if own:
                    seen[tuple(c for _, c in own), tuple((end - s) // 86_400 for s, _ in own)] += count
                else:
                    unmatched += count
        rest = [touch for touch in mine if touch[0] > before]
        if rest and SINCE <= day(rest[-1][0]) <= UNTIL:
            if day(rest[-1][0]) <= LOADED - timedelta(days=lookback):
                seen[tuple(c for s, c in rest if s >= rest[-1][0] - back), None] += 1
            else:
                still_open += 1
    return seen, unmatched, still_open


HOURS = some.integers(0, 24 * 40)
TOUCHES = some.lists(some.tuples(some.integers(1, 4), HOURS, some.integers(0, 3)), max_size=25, unique_by=lambda touch: touch[:2])
AMOUNTS = some.tuples(some.integers(1, 3), some.integers(0, 9).map(float))
ENDS = some.dictionaries(some.tuples(some.integers(1, 5), HOURS), AMOUNTS, max_size=8)


TOUCH_TYPES = {"visitor": "uint64", "day": "date", "second": "int64", "channel": "int64"}
END_TYPES = {"visitor": "uint64", "day": "date", "second": "int64", "conversions": "int64", "value": "float64"}


@cache
def grouping(lookback: int) -> str:
    touches, ends = ibis.table(TOUCH_TYPES, name="touches"), ibis.table(END_TYPES, name="ends")
    return str(ibis.to_sql(journeys.grouped(touches, ends, SINCE, UNTIL, LOADED, lookback), dialect="duckdb"))


def engine_paths(touches: list[Touch], ends: Ends, lookback: int) -> Paths:
    base = int((START - datetime(1970, 1, 1)).total_seconds())

    def columns(rows: list[tuple[int, ...]], types: dict[str, str]) -> pa.Table:
        full = [(who, (START + timedelta(seconds=second)).date(), base + second, *rest) for who, second, *rest in rows]
        values = (pa.array([row[place] for row in full], ibis.dtype(kind).to_pyarrow()) for place, kind in enumerate(types.values()))
        return pa.table(dict(zip(types, values, strict=True)))

    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("touches", columns([*touches], TOUCH_TYPES))
        connection.register("ends", columns([(who, end, *amounts) for (who, end), amounts in ends.items()], END_TYPES))
        return paths_from_engine(connection.execute(grouping(lookback)).df(), ("0", "1", "2", "3"))


@settings(deadline=None, max_examples=100)
@given(TOUCHES, ENDS, some.sampled_from((1, 5, 20)))
def test_the_engine_groups_journeys_as_the_definition_says(touches: list[Touch], ends: Ends, lookback: int) -> None:
    touches = [(who, hour * 3600, channel) for who, hour, channel in touches]
    ends = {(who, hour * 3600): amounts for (who, hour), amounts in ends.items()}
    expected, unmatched, still_open = by_hand(touches, ends, lookback)
    paths = engine_paths(touches, ends, lookback)
    assert paths.ages is not None
    got: Journeys = Counter()
    for place, names in enumerate(as_lists(paths)):
        codes = tuple(int(name) for name in names)
        ages = tuple(paths.ages[paths.starts[place]:paths.starts[place + 1]].tolist())
        got[codes, ages] += int(paths.conversions[place])
        got[codes, None] += int(paths.nulls[place])
    assert +got == expected
    assert (paths.unmatched, paths.still_open) == (unmatched, still_open)
    worth = sum(value for (_, end), (_, value) in ends.items() if SINCE <= (START + timedelta(seconds=end)).date() <= UNTIL)
    assert paths.value.sum() + paths.unmatched_value == pytest.approx(worth)


def moment(day: int, hour: int) -> dict[str, object]:
    return {"day": date(2026, 3, day), "started_at": datetime(2026, 3, day, hour, 0, 0, 900_000)}


def test_paths_grow_out_of_the_stored_tables() -> None:
    """A visit's own source is preferred to one looked up in the past; an order with a day only counts at the end of the day."""
    channels = ("ads", "direct", "rest")
    visits = rows_of(
        VISITS,
        {"visit": 1, "visitor": 7, "origin_last": 100, "origin_automatic": 100, **moment(1, 10)},
        {"visit": 2, "visitor": 7, "origin_last": 200, "origin_automatic": 100, **moment(4, 10)},
        {"visit": 3, "visitor": 8, "origin_last": 999, **moment(2, 12)},
        {"visit": 4, "visitor": 0, "origin_last": 100, **moment(2, 12)},
    )
    reached = {"visitor": 7, "visit": 2, "day": date(2026, 3, 4), "reached_at": datetime(2026, 3, 4, 10, 5), "value": 15, "reaches": 1}
    reaches = rows_of(CONVERSIONS, {**reached, "ordinal": 1}, {**reached, "ordinal": 2})
    orders = rows_of(
        ORDERS,
        {"order_id": "1", "visitor": 7, "day": date(2026, 3, 4), "orders": 1, "revenue": 100, "refund": 25},
        {"order_id": "2", "visitor": 7, "day": date(2026, 3, 5), "orders": 1, "revenue": 999, "status": "cancelled"},
        {"order_id": "3", "day": date(2026, 3, 6), "orders": 1, "revenue": 40},
    )
    origins = rows_of(ORIGINS, {"origin": 100, "source": "ads"}, {"origin": 200, "source": "direct"})
    listed = ORIGINS.unbound()
    touches = journeys.touchpoints(VISITS.unbound(), listed.select("origin", channel=journeys.coded(listed["source"], channels)), rest=2)
    ends = journeys.reaches(CONVERSIONS.unbound()), journeys.purchases(ORDERS.unbound())
    with duckdb.connect(config={"threads": 1}) as connection:
        for name, rows in (("visits", visits), ("conversions", reaches), ("orders", orders), ("origins", origins)):
            connection.register(name, rows)
        asked = (journeys.grouped(touches, end, date(2026, 3, 1), date(2026, 3, 31), date(2026, 7, 1)) for end in ends)
        by_goal, by_order = (paths_from_engine(connection.execute(ibis.to_sql(one, dialect="duckdb")).df(), channels) for one in asked)
    assert sorted(zip(as_lists(by_goal), by_goal.conversions, by_goal.nulls, strict=True)) == [(["ads", "direct"], 2, 0), (["rest"], 0, 1)]
    assert by_goal.ages is not None and sorted(by_goal.converting.ages.tolist()) == [0, 3] and by_goal.value.sum() == 30
    assert as_lists(by_order.converting) == [["ads", "direct"]] and by_order.value.sum() == 75
    assert (by_order.unmatched, by_order.unmatched_value) == (1, 40), "an unknown visitor has no path, a cancelled order is none"
