"""The same person has different hashes at different clients and one hash at one client, for ever."""

from __future__ import annotations

import stat
from pathlib import Path
from threading import Thread

import duckdb
import pyarrow as pa
import pytest

from connectors import intake
from connectors.intake import Known
from data import salt
from data.engine import create, grow
from data.errors import Problem
from data.tables import ORDERS

ORDER = "Номер заказа;Дата;Сумма;E-mail\n1;01.03.2026;10;anna@example.com\n"
STATED = {"account": "CRM", "vat": "net", "currency": "RUB"}


def customer(path: Path, secret: str) -> str:
    [series] = intake.sort([path]).series
    resolved = intake.resolve(series, Known(stated=STATED, salt=secret))
    assert secret not in repr(resolved) or not secret
    assert secret not in str(dict(resolved.answers)) or not secret
    [batch] = intake.read(resolved)
    assert isinstance(batch.rows, pa.Table)
    return str(batch.rows["customer"].to_pylist()[0])


def test_equal_e_mails_of_two_clients_have_different_hashes(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDER, encoding="utf-8")
    tea, coffee = salt.of(tmp_path / "tea"), salt.of(tmp_path / "coffee")
    assert customer(path, tea) != customer(path, coffee)
    assert customer(path, tea) == customer(path, salt.of(tmp_path / "tea"))


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [Thread(target=lambda: found.append(salt.of(tmp_path / "client"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found[0]) == 64
    assert stat.S_IMODE((tmp_path / "client" / salt.NAME).stat().st_mode) & 0o077 == 0
    assert [path.name for path in (tmp_path / "client").iterdir()] == [salt.NAME]


def test_a_damaged_secret_stops_the_load_instead_of_making_every_customer_new(tmp_path: Path) -> None:
    salt.of(tmp_path)
    (tmp_path / salt.NAME).write_text("", encoding="ascii")
    with pytest.raises(Problem, match="damaged"):
        salt.of(tmp_path)


def test_a_store_of_an_earlier_version_gains_the_columns_of_the_contract() -> None:
    connection = duckdb.connect()
    old = create(ORDERS).replace(', "lead_day" DATE', "").replace(', "closed_day" DATE', "")
    connection.execute(old)
    grow(connection, ORDERS)
    found = [name for (name,) in connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'orders'").fetchall()]
    assert sorted(found) == sorted(ORDERS.names)
    connection.close()
