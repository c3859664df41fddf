"""A handful of files becomes one result each; questions are answered in a fixed order; what is refused changes nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from connectors import intake
from connectors.intake import Known
from data.errors import MissingAnswer, Problem
from data.text import words
from data.warehouse import Warehouse
from tests.stored import SAMPLES, stored

LOGS = sorted((SAMPLES / "metrica_logs" / "two_parts").glob("*.tsv"))
GA4 = SAMPLES / "ga4_reports" / "traffic_acquisition" / "download.csv"
DIRECT = SAMPLES / "direct_wizard" / "days" / "report.xlsx"
COSTS = SAMPLES / "cost_sheet" / "three_bad_rows" / "costs.csv"
REFUSED = sorted(path for path in (SAMPLES / "refused").iterdir() if path.name != "expected.json")
EVERYTHING = {"timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "account": "1", "period": "2026-03-01/2026-03-31"}


def series(*paths: Path) -> intake.Series:
    handful = intake.sort(paths)
    assert handful.refused == ()
    [only] = handful.series
    return only


def missing(resolved: intake.Resolved) -> dict[str, str]:
    """Shape: option -> the answer that is offered."""
    return {ask.option: ask.default for ask in resolved.missing}


# ------------------------------------------------------------------------------------------------------------- sorting


def test_a_mixed_handful_gives_one_result_for_each_export() -> None:
    handful = intake.sort([LOGS[1], GA4, SAMPLES / "refused" / "picture.csv", DIRECT, LOGS[0], SAMPLES / "refused" / "empty.csv", COSTS])
    assert [(one.source.name, len(one.heads)) for one in handful.series] == [
        ("metrica_logs", 2), ("ga4_reports", 1), ("direct_wizard", 1), ("cost_sheet", 1),
    ]
    assert [one.name for one in handful.refused] == ["picture.csv", "empty.csv"]


def test_logs_of_two_counters_are_two_series(tmp_path: Path) -> None:
    other = tmp_path / "other.tsv"
    other.write_text(LOGS[0].read_text(encoding="utf-8").replace("70000017", "70000018"), encoding="utf-8")
    assert [one.facts["account"] for one in intake.sort([*LOGS, other]).series] == ["70000017", "70000018"]


def test_the_same_file_given_twice_is_read_once(tmp_path: Path) -> None:
    copy = tmp_path / "part_0 (1).tsv"
    shutil.copyfile(LOGS[0], copy)
    found = series(*LOGS, copy)
    assert [head.name for head in found.heads] == ["part_0.tsv", "part_1.tsv"]
    assert [str(note) for note in found.notes] == ["part_0 (1).tsv is the same file as part_0.tsv and is read once."]


def test_an_uploaded_file_is_called_what_its_owner_calls_it() -> None:
    handful = intake.sort([DIRECT, REFUSED[0]], names={DIRECT: "март.xlsx", REFUSED[0]: "апрель.xlsx"})
    assert (handful.series[0].name, handful.refused[0].name) == ("март.xlsx", "апрель.xlsx")
    assert "апрель.xlsx" in str(handful.refused[0].problem)


# ----------------------------------------------------------------------------------------------------------- resolving


def test_stated_now_comes_before_the_file_and_the_file_before_memory() -> None:
    sheet = series(DIRECT)
    remembered: Mapping[tuple[str, str], Mapping[str, str]] = {
        ("direct_wizard", "tarelka-ads"): {"vat": "gross", "currency": "USD"}, ("direct_wizard", "other"): {"vat": "net"},
    }
    from_memory = intake.resolve(sheet, Known(remembered=remembered))
    assert from_memory.answers == {"account": "tarelka-ads", "currency": "RUB", "vat": "gross"}
    assert from_memory.missing == ()
    stated = intake.resolve(sheet, Known(stated={"vat": "net", "currency": "eur", "account": "other"}, remembered=remembered))
    assert stated.answers == {"account": "other", "currency": "EUR", "vat": "net"}
    assert "The file says tarelka-ads; other was stated and is taken (account)." in [str(note) for note in stated.notes]


def test_the_time_zone_of_the_client_is_taken_and_said_and_its_currency_only_offered() -> None:
    resolved = intake.resolve(series(GA4), Known(timezone="Asia/Almaty", currency="KZT"))
    assert resolved.answers["timezone"] == "Asia/Almaty"
    assert [str(note) for note in resolved.notes] == ["The file does not say its time zone; the client's is taken: Asia/Almaty."]
    assert missing(resolved) == {"vat": "net", "currency": "KZT"}
    with pytest.raises(MissingAnswer) as caught:
        intake.read(resolved)
    assert [ask.option for ask in caught.value.asks] == ["vat", "currency"]


def test_what_is_remembered_is_what_was_asked_and_belongs_to_the_account() -> None:
    known = Known(stated={"vat": "gross:10", "currency": "rub"}, timezone="Europe/Moscow")
    resolved = intake.resolve(series(GA4), known)
    assert resolved.memory == {"vat": "gross:10", "currency": "RUB"}
    again = intake.resolve(series(GA4), Known(timezone="Europe/Moscow").after(resolved))
    assert again.missing == () and again.answers == resolved.answers
    hand_made = intake.resolve(series(SAMPLES / "direct_wizard" / "by_hand" / "report.csv"), Known(stated=EVERYTHING))
    assert hand_made.account == "1" and hand_made.memory == {}


def test_the_only_account_of_a_source_is_offered_for_the_next_file() -> None:
    remembered = {("cost_sheet", "VK"): {"vat": "net", "currency": "RUB"}}
    assert missing(intake.resolve(series(COSTS), Known(remembered=remembered))) == {"account": "VK", "vat": "net", "currency": ""}
    known = Known(stated={"account": "VK"}, remembered=remembered)
    assert intake.resolve(series(COSTS), known).missing == ()


@pytest.mark.parametrize(("option", "answer", "path"), [
    ("timezone", "Moscow", GA4), ("timezone", "../etc/passwd", GA4), ("currency", "roubles", COSTS), ("vat", "maybe", COSTS),
    ("period", "31.02.2026", SAMPLES / "direct_wizard" / "by_hand" / "report.csv"),
])
def test_an_answer_that_cannot_be_one_is_refused_with_the_option_that_gave_it(option: str, answer: str, path: Path) -> None:
    with pytest.raises(Problem) as caught:
        intake.resolve(series(path), Known(stated=EVERYTHING | {option: answer}))
    assert caught.value.where == f"--{option}" and answer in str(caught.value)


def test_an_attribution_model_is_one_of_those_that_exist(tmp_path: Path) -> None:
    log = tmp_path / "log.tsv"
    log.write_text("ym:s:visitID\tym:s:date\n1\t2026-03-01\n", encoding="utf-8")
    assert "last_significant" in next(ask for ask in series(log).asks if ask.option == "attribution").choices
    with pytest.raises(Problem, match="lastsign is not one of the answers"):
        intake.resolve(series(log), Known(stated=EVERYTHING | {"attribution": "lastsign"}))


# --------------------------------------------------------------------------------------------------- reading, refusing


def test_good_files_load_whatever_lies_beside_them(tmp_path: Path) -> None:
    handful = intake.sort([*REFUSED, DIRECT, *LOGS])
    store = Warehouse(tmp_path)
    loaded = []
    for one in handful.series:
        try:
            store.load(intake.read(intake.resolve(one, Known(stated=EVERYTHING | one.facts))))
            loaded.append(one.source.name)
        except Problem:
            continue
    assert loaded == ["direct_wizard", "metrica_logs"]
    assert len(stored(store)["visits"]) == 3 and len(stored(store)["spend"]) == 3


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.name)
def test_a_refused_file_says_what_where_and_how_in_both_languages_and_changes_nothing(path: Path, tmp_path: Path) -> None:
    store = Warehouse(tmp_path)
    [series_of_direct] = intake.sort([DIRECT]).series
    store.load(intake.read(intake.resolve(series_of_direct, Known(stated=EVERYTHING))))
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir() if file.suffix != ".lock"}
    expected = json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))[path.name]
    handful = intake.sort([path])
    with pytest.raises(Problem) as caught:
        if handful.refused:
            raise handful.refused[0].problem
        store.load(intake.read(intake.resolve(handful.series[0], Known(stated=EVERYTHING))))
    what, where, *how = str(caught.value).splitlines()
    assert (what, where.startswith(path.name), bool(how)) == (expected, True, True)
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir() if file.suffix != ".lock"} == before
    russian = words("ru").problem(caught.value)
    assert all(russian) and russian[0] != what and russian[2] not in how


def test_files_that_would_push_each_other_out_are_named() -> None:
    again = SAMPLES / "direct_wizard" / "by_hand" / "report.csv"
    batches = []
    for one in intake.sort([DIRECT, again, GA4]).series:
        batches += intake.read(intake.resolve(one, Known(stated={**EVERYTHING, "account": "tarelka-ads"})))
    [note] = intake.clashes(batches)
    assert "report.xlsx" in str(note) and "report.csv" in str(note) and "spend" in str(note)


def test_what_the_door_has_to_tell_comes_with_the_first_batch() -> None:
    first, *_ = intake.read(intake.resolve(series(DIRECT), Known(stated={"vat": "net", "currency": "EUR"})))
    assert "stated" in {note.kind for note in first.notes} and "total" in {note.kind for note in first.notes}
