"""Orders and conversions from a CRM: who bought stays unknown, an order counts once, and nothing is guessed or lost without a word."""

from __future__ import annotations

import re
import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import cost_sheet, intake, offline_conversions, understand
from connectors.buyers import hashed
from connectors.files import peek
from data.batches import Batch
from data.errors import BadFile, ContractBroken
from data.tables import TABLES
from data.text import words
from data.warehouse import Warehouse
from tests.stored import SAMPLES

STATED = {"account": "CRM", "timezone": "Europe/Moscow", "vat": "net", "currency": "RUB", "attribution": "last"}
SHEET = "Номер заказа;Дата;{};Сумма\n"
SECRETS = re.compile(r"@|(?<!\d)[78]?9\d{9}(?!\d)|Примеров|Образцов")
"""An e-mail, a Russian mobile number, or a name of the samples."""


def written(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read(path: Path, **stated: str) -> Batch:
    handful = intake.sort([path])
    assert handful.refused == (), [str(one.problem) for one in handful.refused]
    [batch] = intake.read(intake.resolve(handful.series[0], intake.Known(stated={**STATED, **handful.series[0].facts, **stated})))
    return batch


def rows(folder: Path, text: str, **stated: str) -> list[dict[str, Any]]:
    return read(written(folder, text), **stated).rows.to_pylist()


def asked(path: Path) -> set[str]:
    return {ask.option for ask in understand(path).says.asks}


def notes(batch: Batch) -> list[str]:
    return [str(note) for note in batch.notes]


# -------------------------------------------------------------------------------------------------------------- privacy


def exports() -> list[Path]:
    folders = (SAMPLES / "crm_orders", SAMPLES / "offline_conversions")
    return sorted(path for folder in folders for path in folder.glob("*/*") if path.name != "expected.json")


def test_the_samples_do_hold_phones_e_mails_and_names() -> None:
    texts = " ".join(str(peek(path).rows) for path in exports())
    assert {"@", "Примеров", "79000001122"} <= set(SECRETS.findall(texts))


@pytest.mark.parametrize("path", exports(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_phone_e_mail_or_name_is_in_the_store_or_in_what_is_said_about_a_file(path: Path, tmp_path: Path) -> None:
    batch = read(path)
    store = Warehouse(tmp_path / "store")
    loaded = store.load([batch])
    held = " ".join(str(value) for table in TABLES for row in store.arrow(f"SELECT * FROM {table}").to_pylist() for value in row.values())
    said = " ".join(str(note) for one in loaded for note in one.notes)
    assert SECRETS.findall(held) == []
    assert SECRETS.findall(said) == []
    content = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for secret in ("anna", "9000001122", "Примеров", "Образцов"):
        assert secret.encode() not in content


@given(
    st.integers(0, 10**7 - 1), st.sampled_from(["7", "8", "+7", "+7 ", "8 ", ""]), st.sampled_from(["{}{}", "({}){}", "({}) {}", "{}-{}"])
)
@settings(max_examples=40, deadline=None)
def test_one_phone_is_one_customer_however_it_is_written(number: int, country: str, shape: str) -> None:
    spelled = country + shape.format("900", f"{number:07d}")
    for column in ("Телефон", "Клиент", "ID клиента"):
        assert customer(column, spelled) == hashed(f"7900{number:07d}"), (column, spelled)


def customer(column: str, cell: str) -> str:
    """The customer that a sheet with this one column of people gives."""
    with tempfile.TemporaryDirectory() as folder:
        [row] = rows(Path(folder), SHEET.format(column) + f"1;01.03.2026;{cell};5\n")
    return str(row["customer"])


def test_a_shop_s_own_id_stays_and_whatever_tells_a_person_is_hashed(tmp_path: Path) -> None:
    cells = {
        "К-15": "К-15", "17": "17", "Анна Примерова": hashed("анна примерова"), " АННА  Примерова ": hashed("анна примерова"),
        "Anna@Example.com": hashed("anna@example.com"), "ООО Образец 5": hashed("ооо образец 5"), "": "order 7",
    }
    text = "".join(f"{number};01.03.2026;{cell};5\n" for number, cell in enumerate(cells, start=1))
    assert [row["customer"] for row in rows(tmp_path, SHEET.format("Клиент") + text)] == list(cells.values())


def test_a_phone_is_a_better_customer_than_a_name_and_an_id_is_better_than_a_phone(tmp_path: Path) -> None:
    people = ("Анна;89000001122", "Анна П.;+7 900 000-11-22", "К-1;89000001122")
    text = "".join(f"{number};01.03.2026;5;{person}\n" for number, person in enumerate(people))
    found = rows(tmp_path, "Номер заказа;Дата;Сумма;Клиент;Телефон\n" + text)
    assert [row["customer"] for row in found] == [hashed("79000001122"), hashed("79000001122"), "К-1"]


# ----------------------------------------------------------------------------------------- what is a sheet of orders


@pytest.mark.parametrize("header", [
    "Номер заказа;Дата;Сумма", "order id;date;revenue", "Сделка;Создана;Бюджет", "ID;Дата создания;Сумма;Этап;Контакт",
    "№ заказа;Дата;utm_source;Сумма", "Номер заказа;Дата;Источник;Канал;Кампания;Сумма", "id;create_date_time;client_uniq_id",
])
def test_an_order_number_beside_money_makes_a_sheet_of_orders(header: str, tmp_path: Path) -> None:
    values = {"Дата": "01.03.2026", "date": "01.03.2026", "Создана": "01.03.2026", "Дата создания": "01.03.2026"}
    cells = [values.get(name, "01.03.2026" if name == "create_date_time" else "5") for name in header.split(";")]
    assert understand(written(tmp_path, f"{header}\n{';'.join(cells)}\n")).source.name == "crm_orders"


def test_sales_with_tags_are_orders_though_they_look_like_spend(tmp_path: Path) -> None:
    path = written(tmp_path, "Номер заказа;Дата;Источник;Сумма\n1;01.03.2026;vk;5\n")
    assert cost_sheet.recognise(peek(path))
    assert understand(path).source.name == "crm_orders"


@pytest.mark.parametrize("header", [
    "Дата;Источник;Сумма", "ID;Дата;Кампания;Сумма", "ID;Дата;Источник;Сумма;Статус", "Сделка;Дата;Сумма;Показы;Источник",
    "Дата;Источник;Расход;Заказы;Выручка",
])
def test_spend_stays_spend(header: str, tmp_path: Path) -> None:
    cells = ["01.03.2026" if name == "Дата" else "5" for name in header.split(";")]
    assert understand(written(tmp_path, f"{header}\n{';'.join(cells)}\n")).source.name == "cost_sheet"


def test_only_what_a_file_leaves_open_is_asked(tmp_path: Path) -> None:
    for text, options in (
        ("Номер заказа;Дата;Сумма\n1;01.03.2026;5\n", {"account", "vat", "currency"}),
        ("Номер заказа;Дата;Сумма\n1;01.03.2026 10:00;5\n", {"account", "vat", "currency", "timezone"}),
        ("Номер заказа;Дата;Сумма без НДС, ₽\n1;01.03.2026;5\n", {"account"}),
        ("Номер заказа;Дата;Сумма;Валюта\n1;01.03.2026;5;USD\n", {"account", "vat"}),
        ("Номер заказа;Дата;Сумма;utm_source\n1;01.03.2026;5 ₽;vk\n", {"account", "vat", "attribution"}),
        ("id;create_date_time;client_uniq_id\n1;01.03.2026;c1\n", {"account"}),
        ("ClientId,Target,DateTime\n1,a,1772355600\n", {"account", "timezone"}),
        ("ClientId,Target,DateTime,Price\n1,a,1772355600,5\n", {"account", "timezone", "vat", "currency"}),
        ("ClientId,Target,DateTime,Price,Currency\n1,a,1772355600,5,RUB\n", {"account", "timezone", "vat"}),
    ):
        assert asked(written(tmp_path, text)) == options, text


def test_what_a_person_is_told_about_a_file_is_said_in_russian_too() -> None:
    russian = words("ru")
    for path in exports():
        for note in read(path).notes:
            assert russian.note(note) != str(note)


# --------------------------------------------------------------------------------------------------------------- orders


def test_the_sources_of_orders_stand_under_the_attribution_that_was_answered(tmp_path: Path) -> None:
    path = written(tmp_path, "Номер заказа;Дата;Сумма;utm_source\n1;01.03.2026;5;vk\n2;01.03.2026;5;\n")
    batch = read(path, attribution="first")
    assert batch.attribution == "first"
    assert [row["origin_first"] and row["origin_first"]["source"] for row in batch.rows.to_pylist()] == ["vk", None]
    plain = read(written(tmp_path, "Номер заказа;Дата;Сумма\n1;01.03.2026;5\n"))
    assert plain.attribution == "" and not [name for name in plain.rows.column_names if name.startswith("origin")]


@pytest.mark.parametrize(("spelled", "status"), [
    ("Оплачен", "paid"), ("выполнен", "paid"), ("Успешно", "paid"), ("новый", "open"), ("В  работе", "open"), ("Отменён", "cancelled"),
    ("отменен.", "cancelled"), ("Отказ", "cancelled"), ("СПАМ", "spam"), ("PAID", "paid"), ("IN_PROGRESS", "open"), ("", ""),
    ("Ждём Макет", "ждём макет"),
])
def test_statuses_are_known_by_their_usual_names_and_others_are_kept_and_named(spelled: str, status: str, tmp_path: Path) -> None:
    batch = read(written(tmp_path, SHEET.format("Статус") + f"1;01.03.2026;{spelled};5\n"))
    assert batch.rows["status"].to_pylist() == [status]
    assert [note for note in notes(batch) if "not known" in note and "ждём макет (1)" in note] != [] or status != "ждём макет"


def test_an_upload_without_a_status_is_paid_as_in_metrica(tmp_path: Path) -> None:
    text = "id,create_date_time,order_status\n1,01.03.2026,\n2,01.03.2026,SPAM\n"
    assert [row["status"] for row in rows(tmp_path, text)] == ["paid", "spam"]


@pytest.mark.parametrize(("cell", "day", "at"), [
    ("10.01.2024 00:30", date(2024, 1, 10), datetime(2024, 1, 9, 21, 30)),
    ("10.01.2024", date(2024, 1, 10), None),
    ("2024-01-09T22:15:07Z", date(2024, 1, 10), datetime(2024, 1, 9, 22, 15, 7)),
    ("2024-01-10 01:15:00 +0500", date(2024, 1, 9), datetime(2024, 1, 9, 20, 15)),
    ("2024-01-10 9:05:30.25", date(2024, 1, 10), datetime(2024, 1, 10, 6, 5, 30)),
])
def test_a_day_is_the_account_s_and_an_instant_is_utc(cell: str, day: date, at: datetime | None, tmp_path: Path) -> None:
    [row] = rows(tmp_path, f"id,create_date_time\n1,{cell}\n")
    assert (row["day"], row["placed_at"]) == (day, at)


def test_days_to_come_months_and_impossible_clocks_are_no_orders(tmp_path: Path) -> None:
    good = "".join(f"{number};01.03.2026;5\n" for number in range(9))
    ahead = date.today() + timedelta(days=2)
    batch = read(written(tmp_path, f"Номер заказа;Дата;Сумма\n{good}a;{ahead};5\nb;март 2026;5\nc;01.03.2026 25:10;5\n"))
    assert batch.rows.num_rows == 9
    assert [note.split(":")[0] for note in notes(batch) if "not loaded" in note] == [f"Line {line} is not loaded" for line in (11, 12, 13)]


def test_an_order_that_is_written_twice_counts_once_with_its_last_row(tmp_path: Path) -> None:
    batch = read(written(tmp_path, "Номер заказа;Дата;Сумма\n1;01.03.2026;5\n2;01.03.2026;6\n1;02.03.2026;7\n1;01.02.2026;8\n"))
    assert {row["order_id"]: row["revenue"] for row in batch.rows.to_pylist()} == {"1": Decimal(8), "2": Decimal(6)}
    assert (batch.since, batch.until) == (date(2026, 2, 1), date(2026, 3, 1))
    assert [note for note in notes(batch) if note.startswith("2 rows repeat")]


def test_more_than_a_few_bad_rows_refuse_the_file_and_name_the_first(tmp_path: Path) -> None:
    text = "Номер заказа;Дата;Сумма\n" + "1;01.03.2026;5\n" * 9 + "2;01.03.2026;пять\n" * 4
    with pytest.raises(BadFile) as caught:
        read(written(tmp_path, text))
    assert "4 rows" in str(caught.value) and "line 11" in str(caught.value) and "not a number" in str(caught.value)


@pytest.mark.parametrize(("column", "cell", "why"), [
    ("Номер заказа", "7,06E+08", "lost digits"), ("Телефон", "7,9E+10", "lost digits"), ("ym_client_id", "GA1.2", "not a whole number"),
    ("Валюта", "у.е.", "not a currency code"), ("Номер заказа", "", "an empty cell"), ("Возврат", "да", "not a number"),
])
def test_what_cannot_be_read_in_a_row_is_named(column: str, cell: str, why: str, tmp_path: Path) -> None:
    names = ["Номер заказа", "Дата", "Сумма", *([] if column == "Номер заказа" else [column])]
    good = "".join(";".join([str(number), "01.03.2026", "5", ""][: len(names)]) + "\n" for number in range(3))
    bad = {"Номер заказа": "9", "Дата": "01.03.2026", "Сумма": "5"} | {column: cell}
    batch = read(written(tmp_path, f"{';'.join(names)}\n{good}{';'.join(bad[name] for name in names)}\n"))
    assert batch.rows.num_rows == 3
    assert [note for note in notes(batch) if note.startswith("Line 5 is not loaded") and why in note]


def test_a_total_is_no_order_and_is_checked(tmp_path: Path) -> None:
    text = "Номер заказа;Дата;Сумма\n1;01.03.2026;5\n2;01.03.2026;6\n{};;{}\n"
    for word, printed, differs in (("Итого", "11", False), ("", "11", False), ("Всего", "12", True)):
        batch = read(written(tmp_path, text.format(word, printed)))
        assert batch.rows.num_rows == 2
        assert bool([note for note in notes(batch) if "own total says 12" in note]) == differs


def test_each_column_of_money_may_say_itself_whether_it_contains_vat(tmp_path: Path) -> None:
    header = "Номер заказа;Дата;Сумма с НДС;Себестоимость без НДС;Возврат\n"
    [row] = rows(tmp_path, header + "1;01.03.2026;122;50;61\n")
    assert (row["revenue"], row["goods_cost"], row["refund"]) == (Decimal(100), Decimal(50), Decimal(50))
    [row] = rows(tmp_path, header + "1;01.03.2026;110;50;11\n", vat="gross:10")
    assert (row["revenue"], row["goods_cost"], row["refund"]) == (Decimal(100), Decimal(50), Decimal(10))


def test_a_column_of_refunds_may_be_written_below_zero(tmp_path: Path) -> None:
    header = "Номер заказа;Дата;Сумма;Возврат\n"
    batch = read(written(tmp_path, header + "1;01.03.2026;100;-30\n2;02.03.2026;50;\nИтого;;150;-30\n"), vat="net")
    assert batch.rows["refund"].to_pylist() == [Decimal(30), None]
    assert not [note for note in notes(batch) if "own total" in note or "not loaded: " in note]


def test_a_row_with_a_sum_below_zero_is_a_refund_and_no_order(tmp_path: Path) -> None:
    text = "Номер заказа;Дата;Сумма;Себестоимость;Клиент;Статус\n1;01.03.2026;100;40;Анна;оплачен\n1;05.03.2026;-100;-40;Анна;возврат\n"
    sold, back = rows(tmp_path, text, vat="net")
    assert (sold["orders"], sold["revenue"], sold["refund"], sold["day"]) == (1, Decimal(100), None, date(2026, 3, 1))
    assert (back["orders"], back["revenue"], back["refund"], back["goods_cost"], back["day"]) == (
        0, Decimal(0), Decimal(100), Decimal(-40), date(2026, 3, 5)
    )
    assert (back["status"], back["customer"], back["order_id"]) == ("paid", sold["customer"], "1 refund 2026-03-05") and sold["customer"]


def test_a_refund_that_names_nobody_is_of_the_customer_who_ordered(tmp_path: Path) -> None:
    sold, back = rows(tmp_path, "Номер заказа;Дата;Сумма;Клиент\n1;01.03.2026;100;Анна\n1;05.03.2026;-100;\n", vat="net")
    assert back["customer"] == sold["customer"] != ""


def test_refunds_count_once_whichever_files_they_stand_in(tmp_path: Path) -> None:
    header, sale, back = "Номер заказа;Дата;Сумма\n", "1;01.03.2026;100\n2;01.03.2026;70\n", "1;05.03.2026;-60\n1;05.03.2026;-10\n"
    store = Warehouse(tmp_path / "store")
    for text in (back, sale + back, sale, back):
        store.load([read(written(tmp_path, header + text), vat="net")])
        found = store.sql("SELECT sum(orders) AS orders, sum(revenue) - sum(coalesce(refund, 0)) AS net FROM orders").iloc[0]
    assert (int(found["orders"]), float(found["net"])) == (2, 100.0)


def test_money_of_a_cancelled_order_is_not_taken_back_again(tmp_path: Path) -> None:
    batch = read(written(tmp_path, SHEET.format("Статус") + "1;01.03.2026;отменён;5\n1;02.03.2026;возврат;-5\n2;02.03.2026;оплачен;5\n"))
    assert sorted(batch.rows["order_id"].to_pylist()) == ["1", "2"]
    assert [note for note in notes(batch) if "belong to cancelled orders" in note]


def test_an_order_loaded_again_replaces_itself(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    for status, revenue in (("новый", 5), ("оплачен", 7)):
        store.load([read(written(tmp_path, SHEET.format("Статус") + f"1;01.03.2026;{status};{revenue}\n"))])
    [row] = store.arrow("SELECT status, revenue FROM orders").to_pylist()
    assert row == {"status": "paid", "revenue": Decimal(7)}


# -------------------------------------------------------------------------------------------------- offline conversions


def conversions(*lines: str, header: str = "ClientId,Target,DateTime") -> str:
    return header + "\n" + "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(("second", "why"), [
    ("946684799", "before the year 2000"), ("-1", "before the year 2000"), ("1772355600000", "in the future"),
    ("4102444800", "in the future"), ("9" * 40, "in the future"),
])
def test_a_time_outside_the_past_of_this_century_refuses_the_file_with_line_and_value(second: str, why: str, tmp_path: Path) -> None:
    lines = ["1,a,1772355600"] * 9
    with pytest.raises(BadFile) as caught:
        read(written(tmp_path, conversions(*lines, f"1,a,{second}")))
    assert why in str(caught.value) and "line 11" in str(caught.value) and second in str(caught.value)


def test_a_conversion_has_the_same_key_in_every_file_and_one_sent_again_replaces_itself(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "store")
    priced = "ClientId,Target,DateTime,Price"
    for lines in (["1,a,1772355600,5", "1,a,1772355601,6"], ["2,a,1772355600,1", "1,b,1772355600,2", "1,a,1772355600,7"]):
        store.load([read(written(tmp_path, conversions(*lines, header=priced)))])
    found = store.arrow("SELECT visitor, goal, value FROM conversions ORDER BY visitor, goal, value").to_pylist()
    assert [(row["visitor"], row["goal"], int(row["value"])) for row in found] == [(1, "a", 6), (1, "a", 7), (1, "b", 2), (2, "a", 1)]


def test_the_same_text_as_a_user_and_as_a_click_is_two_different_ids(tmp_path: Path) -> None:
    [user] = rows(tmp_path, conversions("17,a,1772355600", header="UserId,Target,DateTime"))
    [click] = rows(tmp_path, conversions("17,a,1772355600", header="Yclid,Target,DateTime"))
    [browser] = rows(tmp_path, conversions("17,a,1772355600"))
    assert len({user["visit"], click["visit"], browser["visit"]}) == 3
    assert [row["visitor"] for row in (user, click, browser)] == [0, 0, 17]


def test_two_conversions_with_one_key_are_never_folded_into_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline_conversions, "key", lambda *parts: 1)
    with pytest.raises(ContractBroken, match="same key"):
        read(written(tmp_path, conversions("1,a,1772355600", "2,a,1772355600")))


@pytest.mark.parametrize(("line", "why"), [
    (",a,1772355600,5,RUB", "an empty cell"), ("1.7E+18,a,1772355600,5,RUB", "lost digits"), ("1,,1772355600,5,RUB", "an empty cell"),
    ("18446744073709551616,a,1772355600,5,RUB", "not a whole number"), ("1,a,вчера,5,RUB", "not a time in Unix seconds"),
    ("1,a,,5,RUB", "an empty cell"), ("1,a,1772355600,-5,RUB", "below zero"), ("1,a,1772355600,пять,RUB", "not a number"),
    ("1,a,1772355600,5,у.е.", "not a currency code"),
])
def test_a_conversion_that_cannot_be_read_is_named_and_the_others_are_loaded(line: str, why: str, tmp_path: Path) -> None:
    good = ("1,a,1772355601,1.234,RUB", "2,a,1772355601,1.5,RUB")
    batch = read(written(tmp_path, conversions(*good, line, header="ClientId,Target,DateTime,Price,Currency")))
    assert batch.rows["value"].to_pylist() == [Decimal("1.234"), Decimal("1.5")]
    assert [note for note in notes(batch) if note.startswith("Line 4 is not loaded") and why in note]
