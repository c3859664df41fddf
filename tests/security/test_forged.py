"""Messages that no browser of ours sends: states of controls never shown, foreign clients, closed pages, fragments of others. Nothing
changes and nothing leaks. And whoever sees no money finds no amount in anything that can be looked at or taken away."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string

from benchmarks.crowd import until_ready
from data import clock, door, sandbox
from data.desk import actions, marks, people, plans
from data.desk.actions import Action
from data.desk.marks import Mark
from data.desk.plans import Target
from data.errors import NotAllowed
from data.roles import CLIENT, MANAGER, OWNER, SPECIALIST, Person
from data.tables import TABLES
from data.warehouse import Candidate
from metrics.registry import METRICS, of_money
from tests import little_shop
from tests.servers import ROOT, free_port
from tests.visitor import Answer, Visitor

SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)
SENTINEL, SPENT, EARNED = "Kaverna-9147", 7_345_129, 8_261_947
"""The name of a client that is closed to nearly everybody, and the only two amounts in the store of the other one."""
NEW = "new@elsewhere.example"
SECRET = "0123456789abcdef" * 4
OLGA = Person("olga@agency.example", "Olga Owner", OWNER, None)
MARIA = Person("maria@agency.example", "Maria", MANAGER, frozenset({"shop"}))
SERGEY = Person("sergey@agency.example", "Sergey", SPECIALIST, frozenset({"shop"}), money=False)
KLIM = Person("klim@shop.example", "Klim", CLIENT, frozenset({"shop"}))
QUERY = {"client": "shop", "period": "custom", "since": f"{SINCE}", "until": f"{UNTIL}", "lang": "en"}
MEASURES = "measures=spend&measures=revenue&measures=cpa&measures=visits"
LOOKED_AT = {
    "week": "", "channels": "", "life_cycle": "", "audience": "", "portfolio": "", "data": "",
    "explore": f"{MEASURES}&by=channel&by=campaign", "economics": "", "plan": "", "report": "", "people": "", "documents": "",
}


@dataclass(frozen=True)
class House:
    """The dashboard with people who sign in, over two clients."""

    home: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visitor(self, person: Person, page: str = "", **query: str) -> Visitor:
        """A session of this person, with the cookies that signing in would have left."""
        said = {
            "origin": self.address, "is_logged_in": True, "email": person.email, "name": person.name, "iat": int(clock.now().timestamp())
        }
        cookie = create_signed_value(SECRET, "_streamlit_user", json.dumps(said))
        found = Visitor(self.address, page, QUERY | query, {"Origin": self.address})
        found.cookies["_streamlit_user"] = cookie.decode() if isinstance(cookie, bytes) else cookie
        found.cookies["_streamlit_xsrf"] = generate_xsrf_token_string()
        return found

    def written(self) -> list[str]:
        """Everything that people have written, and every grant."""
        with sqlite3.connect(self.home / "workspace.sqlite") as desk:
            said = list(desk.iterdump())
        desk.close()
        return said


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("forged")
    home, port = folder / "home", free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        patch.delenv("VITRINA_AS", raising=False)
        files = little_shop.write(folder / "files", SINCE, UNTIL)
        little_shop.load(files, "shop", "Little Shop")
        little_shop.load(files, "rival", SENTINEL)
        stamp()
        desk = door.workspace()
        for slug in ("shop", "rival"):
            marks.add(desk, slug, [Mark(SINCE, UNTIL, f"Budget of {slug} is {SPENT} ₽ now", "fault")])
            actions.put(desk, slug, Action(f"Spend {SPENT} RUB on {slug}", "Ann", said=f"went to {EARNED} ₽"))
        plans.put(desk, "shop", [Target(SINCE.replace(day=1), "spend", float(SPENT))])
        for person in (OLGA, MARIA, SERGEY, KLIM):
            people.put(desk, person)
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{SECRET}"\nclient_id = "a"\n'
            'client_secret = "b"\nserver_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"\n', encoding="utf-8"
        )
        with locked(home, port, secrets):
            yield House(home, port)


@contextmanager
def locked(home: Path, port: int, secrets: Path) -> Iterator[None]:
    """The dashboard where people sign in."""
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port), "--server.address", "127.0.0.1",
               "--server.headless", "true", "--secrets.files", str(secrets)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_ready(port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def stamp() -> None:
    """Leave two amounts in the shop's store, one in costs and one in orders, so that every sum of money is one of them or nothing."""
    store = door.workspace().store(door.workspace().client("shop"))
    current = store.current()
    assert current is not None
    draft = store.folder / f"draft-{os.getpid()}-1-stamp.duckdb"
    shutil.copyfile(current.path, draft)
    with duckdb.connect(str(draft)) as connection:
        for table in TABLES.values():
            for column in (one.name for one in table.columns if one.kind == "money"):
                connection.execute(f"UPDATE {table.name} SET {column} = 0 WHERE {column} IS NOT NULL")
        for table_name, column, amount in (("spend", "cost", SPENT), ("orders", "revenue", EARNED)):
            connection.execute(f"UPDATE {table_name} SET {column} = {amount} WHERE rowid = (SELECT min(rowid) FROM {table_name})")
        connection.execute("CHECKPOINT")
    assert store.publish(Candidate(current.number, draft, ()))


def tells(content: bytes | str) -> bool:
    """Whether an amount stands in it, however it is grouped; workbooks are unpacked."""
    if isinstance(content, bytes):
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                return any(tells(packed.read(name)) for name in packed.namelist())
        content = content.decode("utf-8", "replace")
    bare = re.sub(r"(?<=\d)(?:[ \u00a0\u2009\u202f,.'\\]|\\u00a0|\\u202f)(?=\d)", "", content)
    short = any(f"{amount / 1e6:.{digits}f}" in content.replace(",", ".") for amount in (SPENT, EARNED) for digits in (2, 3))
    return short or str(SPENT) in bare or str(EARNED) in bare


async def looked(house: House, person: Person, page: str, more: str = "", **query: str) -> tuple[Answer, list[bytes]]:
    """A page as this person gets it, and everything that can be taken away from it."""
    async with house.visitor(person, page, **query) as visitor:
        visitor.query += f"&{more}" if more else ""
        answer = await visitor.look()
        places = [
            message.delta.new_element.download_button.deferred_file_id for message in answer.messages
            if message.HasField("delta") and message.delta.new_element.WhichOneof("type") == "download_button"
        ]
        files = []
        for place in places:
            visitor.downloads["it"] = place
            files.append(await visitor.download("it"))
        return answer, files


def test_the_owner_finds_the_amounts_on_the_screen_and_in_the_files(house: House) -> None:
    """What the next test does not find is there to be found."""
    answer, files = asyncio.run(looked(house, OLGA, "explore", LOOKED_AT["explore"]))
    assert tells(answer.text) and len(files) >= 2 and all(map(tells, files))


def test_whoever_sees_no_money_gets_no_amount_on_any_page_and_in_no_file(house: House) -> None:
    async def every() -> dict[str, tuple[Answer, list[bytes]]]:
        return {page: await looked(house, SERGEY, page, more) for page, more in LOOKED_AT.items()}

    found = asyncio.run(every())
    assert sum(len(files) for _, files in found.values()) >= 4 and "•••" in found["week"][0].text
    for page, (answer, files) in found.items():
        assert not tells(answer.text) and SENTINEL not in answer.text, page
        assert not any(map(tells, files)), page
        titles = {METRICS[key].title.encode() for key in METRICS if of_money(key) and len(METRICS[key].title) > 5}
        assert not any(title in content for content in files for title in titles if not content.startswith(b"PK")), page


def test_no_table_of_the_store_holds_an_amount_for_who_sees_no_money(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_HOME", str(house.home))
    desk = door.workspace_of(SERGEY)
    store = desk.store(desk.client("shop"))
    assert not any(tells(str(store.arrow(f"SELECT * FROM {table}").to_pylist())) for table in TABLES)
    assert store.arrow("SELECT * FROM spend").num_rows > 0
    with pytest.raises(NotAllowed):
        sandbox.ask(store, "SELECT * FROM spend")


# ----------------------------------------------------------------------------------------------------------------- forgeries


Forge = Callable[[Visitor, Visitor], None]
"""What a visitor sends after the owner's session has seen the same: (forger, owner)."""


def every_control(forger: Visitor, owner: Visitor) -> None:
    """Presses every button and fills every field that the owner was shown."""
    for ident, held in owner.controls.values():
        if type(held).__name__ == "Button":
            forger.widgets[ident] = WidgetState(id=ident, trigger_value=True)
        elif type(held).__name__ == "TextInput":
            forger.widgets[ident] = WidgetState(id=ident, string_value=NEW)


def page_of_the_owner(forger: Visitor, owner: Visitor) -> None:
    """Names the closed page by its hash, which anybody can reckon."""
    forger._hash = owner._hash


def both(forger: Visitor, owner: Visitor) -> None:
    every_control(forger, owner)
    page_of_the_owner(forger, owner)


def foreign_client(forger: Visitor, owner: Visitor) -> None:
    forger.query = forger.query.replace("client=shop", "client=rival")


def all_at_once(forger: Visitor, owner: Visitor) -> None:
    both(forger, owner)
    foreign_client(forger, owner)


def foreign_states(forger: Visitor, owner: Visitor) -> None:
    """States of no known shape, under names of the session's own memory."""
    for name in ("client", "address_held", "people_said", "$$ID-0-client", "$$WIDGET_ID-x", "", "x" * 10_000):
        forger.widgets[name] = WidgetState(id=name, json_value='{"client": ["rival"], "role": "owner"}')


ATTACKS: dict[str, Forge] = {
    "controls of a page that may not be opened": every_control, "a closed page by its hash": page_of_the_owner,
    "a closed page with its controls filled and pressed": both, "another client in the address": foreign_client,
    "all of it at once": all_at_once, "states of controls that never were": foreign_states,
}


async def forged(house: House, person: Person, page: str, forge: Forge) -> Answer:
    async with house.visitor(OLGA, page) as owner, house.visitor(person) as forger:
        await owner.look()
        await forger.look()
        forge(forger, owner)
        await forger.look()
        # NB: what stands on a page may act only once the session has drawn it; so the same is sent once more.
        forge(forger, owner)
        return await forger.look()


def test_the_owner_is_obeyed_in_the_same_words(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the next tests send does something when it comes from somebody who may: the note is taken away."""
    monkeypatch.setenv("VITRINA_HOME", str(house.home))

    async def press() -> None:
        async with house.visitor(OLGA, "week") as owner:
            await owner.look()
            away = next(ident for key, (ident, _) in owner.controls.items() if key.startswith("note_away_"))
            owner.widgets[away] = WidgetState(id=away, trigger_value=True)
            await owner.look()

    desk = door.workspace()
    [mark] = marks.of(desk, "shop")
    try:
        asyncio.run(press())
        assert marks.of(desk, "shop") == ()
    finally:
        marks.add(desk, "shop", [mark])


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("person", [SERGEY, KLIM], ids=["specialist", "reader"])
def test_a_forged_message_changes_nothing_and_is_told_nothing(attack: str, person: Person, house: House) -> None:
    before = house.written()
    answer = asyncio.run(forged(house, person, "people", ATTACKS[attack]))
    assert house.written() == before
    assert not tells(answer.text) and "Budget of rival" not in answer.text
    assert SENTINEL not in answer.text and MARIA.email not in answer.text and "Traceback" not in answer.text


async def _with_fragment(house: House, person: Person, fragments: Sequence[str]) -> list[Answer]:
    async with house.visitor(person) as visitor:
        await visitor.look()
        return [await _part(visitor, one) for one in fragments]


async def _part(visitor: Visitor, fragment: str) -> Answer:
    """NB: the whole page follows in the same session: a part that is not there must not stop it."""
    assert visitor._socket is not None
    ask = BackMsg()
    ask.rerun_script.query_string = visitor.query.replace("client=shop", "client=rival")
    ask.rerun_script.fragment_id = fragment
    await visitor._socket.send(ask.SerializeToString())
    return await visitor.look()


@pytest.mark.parametrize("person", [SERGEY, KLIM], ids=["specialist", "reader"])
def test_a_part_of_a_page_that_was_never_drawn_here_is_not_drawn(person: Person, house: House) -> None:
    before = house.written()
    answers = asyncio.run(_with_fragment(house, person, ["0" * 32, "../people", "🙂"]))
    assert house.written() == before
    assert all(not tells(one.text) and SENTINEL not in one.text and "Traceback" not in one.text for one in answers)


def test_a_press_on_what_was_shown_before_the_door_closed_does_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maria is shown the buttons that take notes away; she is removed; she presses them all."""
    monkeypatch.setenv("VITRINA_HOME", str(house.home))

    async def late() -> Answer:
        async with house.visitor(MARIA, "week") as visitor:
            shown = (await visitor.look()).text
            assert "Budget of shop" in shown
            people.remove(door.workspace(), MARIA.email)
            every_control(visitor, visitor)
            return await visitor.look()

    def noted() -> list[str]:
        return [line for line in house.written() if re.match(r'INSERT INTO "?(marks|actions|targets|views)"?', line)]

    before = noted()
    try:
        answer = asyncio.run(late())
    finally:
        people.put(door.workspace(), MARIA)
    assert noted() == before and not tells(answer.text)


@pytest.mark.parametrize("change", ["", "other", "cut", "plain"])
def test_a_cookie_that_we_have_not_signed_opens_nothing(change: str, house: House) -> None:
    async def look() -> Answer:
        visitor = house.visitor(OLGA)
        good = visitor.cookies["_streamlit_user"]
        visitor.cookies["_streamlit_user"] = {
            "": "", "other": str(_signed_by_another(house)), "cut": good[:-3], "plain": '{"is_logged_in":true}',
        }[change]
        async with visitor:
            return await visitor.look()

    answer = asyncio.run(look())
    assert "Sign in to Vitrina" in answer.text and not tells(answer.text) and "Little Shop" not in answer.text


def _signed_by_another(house: House) -> str:
    said = {"origin": house.address, "is_logged_in": True, "email": OLGA.email, "iat": int(clock.now().timestamp())}
    cookie = create_signed_value("f" * 64, "_streamlit_user", json.dumps(said))
    return cookie.decode() if isinstance(cookie, bytes) else cookie
