"""One door opens a client's facts and what people wrote about it, for a person; nothing leads past it, and what it closes stays closed."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from commands import vitrina
from data import desk, door, fence, sandbox
from data.desk import actions, campaigns, frozen, history, links, marks, people, plans, views
from data.desk.actions import Action
from data.desk.campaigns import Match
from data.desk.marks import Mark
from data.desk.plans import Target
from data.desk.views import View
from data.errors import NoSuchClient, NotAllowed, Problem
from data.roles import CLIENT, MANAGER, NOBODY, OWNER, ROLES, SPECIALIST, Person, Power, Reach
from data.tables import TABLES
from data.warehouse import Warehouse
from data.workspace import workspace
from metrics import METRICS, Query, Settings, ask
from metrics.readings import lifetime
from metrics.readings.subject import MAIN, Subject, main_metrics
from metrics.registry import of_money
from share import routes
from tests import little_shop
from tests.test_architecture import ROOT, room, sources

SINCE, UNTIL = date(2026, 3, 2), date(2026, 3, 29)
MAKERS = {"Warehouse", "Workspace"}
DOORS = {Path("data/warehouse.py"), Path("data/workspace.py"), Path("data/door.py")}
HOUSEKEEPING = {Path("data/deleting.py"), Path("data/restoring.py")}
"""What deletes and restores whole clients. Only owners give these orders, on the command line."""
FREE = {"_component", "_small"}
"""Cached functions that hold nothing of any client, or only what they are handed whole (a picture, made small)."""
BOSS = Person("boss@agency.example", "Boss", OWNER, None)
MARIA = Person("maria@agency.example", "Maria", MANAGER, frozenset({"shop"}))
BLIND = Person("sergey@agency.example", "Sergey", SPECIALIST, frozenset({"shop"}), money=False)
READER = Person("klim@shop.example", "Klim", CLIENT, frozenset({"shop"}))
EVERYBODY = (BOSS, MARIA, BLIND, READER, NOBODY)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> little_shop.Files:
    return little_shop.write(tmp_path_factory.mktemp("files"), SINCE, UNTIL)


@pytest.fixture
def agency(tmp_path: Path, files: little_shop.Files, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two clients, the second one a secret from nearly everybody, with something written about each."""
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VITRINA_AS", raising=False)
    little_shop.load(files)
    workspace().add_client("rival", "Sentinel Ltd", "RUB", "Europe/Moscow")
    for slug in ("shop", "rival"):
        written(slug)
    for person in (BOSS, MARIA, BLIND, READER):
        people.put(door.workspace(), person)
    return tmp_path / "home"


def written(slug: str) -> None:
    whole = workspace()
    marks.add(whole, slug, [Mark(SINCE, SINCE, f"mark of {slug}")])
    actions.put(whole, slug, Action(f"action of {slug}"))
    plans.put(whole, slug, [Target(SINCE.replace(day=1), "spend", 777_123.0)])
    views.put(whole, slug, View(f"view of {slug}", "explore", "by=channel"))
    campaigns.put(whole, slug, Match(f"tag of {slug}", "direct"))


def copy_of(slug: str, title: str = "Results") -> frozen.Copy:
    days = {"since": "2026-03-01", "until": "2026-03-31"}
    return frozen.put(workspace(), slug, {"client": slug, "template": "month", "language": "en", "title": title, "version": 1, **days})


# ------------------------------------------------------------------------------------------------------------- no other way in


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sources():
        if room(path) not in ("tests", "benchmarks"):
            yield path, ast.parse((ROOT / path).read_text(encoding="utf-8"))


def test_nobody_but_the_door_makes_a_store_or_a_workspace() -> None:
    past = [
        f"{path}:{node.lineno}: {called(node)}(…)" for path, tree in trees() if path not in DOORS | HOUSEKEEPING
        for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in MAKERS
    ]
    assert past == []


def test_nobody_but_the_machine_itself_asks_for_the_whole_workspace() -> None:
    """The door, and what looks after the house as a whole: its health, its backups. No page and no command does."""
    past = [
        f"{path}:{node.lineno}" for path, tree in trees() if path not in DOORS and room(path) != "data"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "data.workspace" and any(one.name == "workspace" for one in node.names)
    ]
    assert past == []


def test_nobody_outside_of_data_opens_a_file_of_the_engine_or_names_a_folder_of_clients() -> None:
    past = [
        f"{path}:{node.lineno}" for path, tree in trees() if room(path) not in ("data", "data/demo")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "connect" and isinstance(node.value, ast.Name) and node.value.id == "duckdb")
        or (isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant) and node.right.value == "clients")
    ]
    assert past == []


def test_what_is_kept_between_viewers_is_kept_by_store_and_by_what_may_be_seen_of_it() -> None:
    """Kept answers are reached with a store in hand, which the door alone gives, and under its key, which says whether money is open."""
    loose = []
    for path, tree in trees():
        kept = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and cached(node)}
        for name, node in kept.items():
            typed = {ast.unparse(one.annotation) for one in node.args.args if one.annotation and one.arg.startswith("_")}
            if name not in FREE and "Warehouse" not in typed:
                loose.append(f"{path}:{node.lineno}: {name} takes no store")
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in kept and called(node) not in FREE):
            if ast.unparse(call.args[0]) != "key" and not ast.unparse(call.args[0]).endswith(".key"):
                loose.append(f"{path}:{call.lineno}: {ast.unparse(call.args[0])} is no key of a store")
    assert loose == []


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def cached(node: ast.FunctionDef) -> bool:
    return any("cache_data" in ast.unparse(one) or "cache_resource" in ast.unparse(one) for one in node.decorator_list)


def test_every_table_says_who_reads_it_and_a_new_one_is_closed() -> None:
    assert set(desk.tables().tables) <= set(fence.READS) | fence.OPEN
    assert set(fence.WRITES) <= set(desk.tables().tables)


# ------------------------------------------------------------------------------------------------------------------ who sees what


def test_a_role_that_nobody_knows_opens_nothing() -> None:
    assert Person("x@y.example", "", "admin", None).powers == frozenset() == NOBODY.powers
    assert set(ROLES) == {OWNER, MANAGER, SPECIALIST, CLIENT}


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda one: one.role or "nobody")
def test_a_person_sees_own_clients_and_of_others_nothing(agency: Path, person: Person) -> None:
    mine = door.workspace_of(person)
    known = {client.slug for client in mine.clients()}
    assert known == {OWNER: {"shop", "rival"}, "": set()}.get(person.role, {"shop"})
    if person.role != OWNER:
        assert [
            marks.of(mine, "rival"), actions.of(mine, "rival"), plans.of(mine, "rival"), views.of(mine, "rival"),
            campaigns.of(mine, "rival"), history.of(mine, "rival"), mine.accounts("rival"), people.of(mine),
        ] == [()] * 8
        rival = workspace().client("rival")
        for opened in (lambda: mine.client("rival"), lambda: mine.store(rival)):
            with pytest.raises(NoSuchClient) as refused:
                opened()
            assert "Sentinel" not in str(refused.value)
    if person.may(Power.LOOK):
        assert marks.of(mine, "shop") and actions.of(mine, "shop") and mine.store(mine.client("shop")).version() > 0


@pytest.mark.parametrize("person", (MARIA, BLIND, READER, NOBODY), ids=lambda one: one.role or "nobody")
def test_nothing_is_written_about_a_foreign_client(agency: Path, person: Person) -> None:
    mine, before = door.workspace_of(person), everything_about("rival")
    mark = marks.of(workspace(), "rival")[0]
    tries = (
        lambda: marks.add(mine, "rival", [Mark(SINCE, SINCE, "forged")]), lambda: marks.remove(mine, "rival", mark.id or 0),
        lambda: actions.put(mine, "rival", Action("forged")), lambda: views.put(mine, "rival", View("forged", "explore", "")),
        lambda: mine.add_client("third", "Third", "RUB", "Europe/Moscow"),
        lambda: mine.set_facts(workspace().client("rival"), {"manager": "me"}),
        lambda: people.put(mine, replace(person, email="me@agency.example", role=OWNER)), lambda: people.remove(mine, BOSS.email),
    )
    for one in tries:
        try:
            one()
        except Problem:
            continue
    assert everything_about("rival") == before
    assert {one.email for one in people.of(workspace())} == {BOSS.email, MARIA.email, BLIND.email, READER.email}


def everything_about(slug: str) -> list[object]:
    found: list[object] = []
    with workspace().engine.connect() as connection:
        for table in desk.tables().sorted_tables:
            if "client" in table.c:
                found += list(map(tuple, connection.execute(sa.select(table).where(table.c.client == slug))))
    return found


def test_statements_that_cannot_be_narrowed_are_refused(agency: Path) -> None:
    table = desk.tables().tables["marks"]
    hidden = sa.select(sa.func.count()).select_from(table).where(table.c.client == "rival").scalar_subquery()
    for statement in (sa.text("SELECT * FROM marks"), sa.select(hidden), sa.select(table).union(sa.select(table))):
        with pytest.raises(NotAllowed), door.workspace_of(MARIA).engine.connect() as connection:
            connection.execute(statement)
    with pytest.raises(NotAllowed), door.workspace_of(MARIA).engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.client == "shop").values(client="rival"))


def test_what_a_person_writes_is_signed(agency: Path) -> None:
    marks.add(door.workspace_of(MARIA), "shop", [Mark(UNTIL, UNTIL, "by Maria")])
    assert history.of(workspace(), "shop")[0].who == MARIA.email


def test_a_reader_gets_what_was_sent_and_no_draft(agency: Path) -> None:
    sent, shared, draft = (copy_of("shop", title) for title in ("Sent", "Shared", "Draft"))
    foreign = copy_of("rival", "Theirs")
    frozen.send(workspace(), sent, "Klim", ("pdf",))
    link = links.make(workspace(), shared, 7)
    mine = door.workspace_of(READER)
    assert {copy.title for copy in frozen.of(mine, "shop")} == {"Sent", "Shared"}
    links.revoke(workspace(), "shop", link.id)
    assert {copy.title for copy in frozen.of(mine, "shop")} == {"Sent"}
    for copy in (draft, foreign):
        with pytest.raises(Problem):
            frozen.story(mine, copy.client, copy.id)
    with pytest.raises(NoSuchClient):
        mine.store(mine.client("shop"))


@pytest.mark.promise("R26")
def test_a_share_token_opens_its_own_document_whatever_is_mixed_into_it(agency: Path) -> None:
    mine, theirs = (links.make(workspace(), copy_of(slug), 7) for slug in ("shop", "rival"))
    drawn, signature = links.token(mine).split(".")
    other, foreign = links.token(theirs).split(".")
    holder = door.links()
    for forged in (f"{drawn}.{foreign}", f"{other}.{signature}", f"{drawn}.{signature[:-1]}A", f"{drawn}.", "", f"{mine.id}.{signature}"):
        assert links.found(holder, forged) is None
    found = links.found(holder, links.token(mine))
    assert found is not None and (found.client, found.frozen) == ("shop", mine.frozen)
    with pytest.raises(Problem):
        frozen.story(holder, "shop", theirs.frozen)


def test_a_share_link_opens_no_other_table(agency: Path) -> None:
    holder = door.links()
    assert [holder.clients(), marks.of(holder, "shop"), plans.of(holder, "shop"), people.of(holder), history.of(holder, "shop")] == [()] * 5
    with pytest.raises(NoSuchClient):
        holder.store(workspace().client("shop"))
    assert {route.path.split("/")[1] for route in routes.routes()} == {"share"}


# ------------------------------------------------------------------------------------------------------------------ without money


def blind() -> tuple[Warehouse, Settings]:
    mine = door.workspace_of(BLIND)
    client = mine.client("shop")
    store = mine.store(client)
    return store, Settings.of(client.currency, client.facts, store.version())


def test_a_store_without_money_has_none_to_give(agency: Path) -> None:
    """Not hidden by a page but absent under every question that can be asked, the one typed in SQL among them."""
    store, _ = blind()
    for table in TABLES.values():
        for column in (column.name for column in table.columns if column.kind == "money"):
            assert store.sql(f'SELECT count("{column}") AS n FROM "{table.name}"')["n"][0] == 0, f"{table.name}.{column}"
    assert store.sql("SELECT sum(visits) AS n FROM visits")["n"][0] == little_shop.VISITS_A_DAY * 28
    assert Warehouse(store.folder).sql("SELECT sum(cost) AS n FROM spend")["n"][0] == little_shop.COST_A_DAY * 28
    assert store.pinned().reach == Reach(False, False, False) and store.key != Warehouse(store.folder).key


def test_what_was_asked_with_money_is_not_answered_from_memory(agency: Path) -> None:
    store, _ = blind()
    query = TABLES["spend"].unbound()
    assert Warehouse(store.folder).run(query)["cost"].notna().all() and store.run(query)["cost"].isna().all()


@pytest.mark.parametrize("by", [(), ("channel",), ("day",)])
def test_no_metric_that_money_is_part_of_is_answered(agency: Path, by: tuple[str, ...]) -> None:
    store, settings = blind()
    money = tuple(key for key in METRICS if of_money(key))
    assert {"spend", "revenue", "cpa", "romi", "drr", "aov", "cost_per_visit"} <= set(money) and "visits" not in money
    found = ask(Query((*money, "visits"), SINCE, UNTIL, by), store.run, settings)
    assert {found.total[key] for key in money} == {None} and found.total["visits"]
    assert all(found.frame[key].isna().all() for key in money)
    assert [note.text for note in found.notes if note.kind == "hidden"] == ["Money is not shown to you: figures made of it stay empty."]
    assert "3000" not in str(found.receipt.lines) and "6000" not in str(found.receipt.lines)


def test_main_figures_are_those_without_money(agency: Path) -> None:
    client = door.workspace_of(BLIND).client("shop")
    for model in MAIN:
        assert main_metrics(Subject.of({**client.facts, "model": model})) and not any(
            of_money(key) for key in main_metrics(Subject.of({**client.facts, "model": model}))
        )


def test_readings_of_money_plans_loads_and_typed_sql_are_closed_without_it(agency: Path) -> None:
    store, settings = blind()
    mine = door.workspace_of(BLIND)
    assert plans.of(mine, "shop") == () and history.of(mine, "shop") == ()
    with pytest.raises(NotAllowed):
        lifetime.read(store.run, settings, {}, UNTIL)
    with pytest.raises(NotAllowed):
        store.load([])
    with pytest.raises(NotAllowed):
        sandbox.ask(store, "SELECT 1")
    with pytest.raises(Problem):
        plans.put(mine, "shop", [Target(SINCE.replace(day=1), "visits", 1.0)])


# ---------------------------------------------------------------------------------------------------------------- people, commands


def test_the_last_owner_stays_and_who_gave_what_is_kept(agency: Path) -> None:
    whole = door.workspace()
    with pytest.raises(Problem, match="no owner left"):
        people.remove(whole, BOSS.email)
    with pytest.raises(Problem, match="no owner left"):
        people.put(whole, replace(BOSS, role=MANAGER, clients=frozenset()))
    people.put(door.workspace_of(BOSS), replace(MARIA, clients=frozenset({"shop", "rival"})))
    change = people.changes(whole)[0]
    assert (change.who, change.before["clients"], change.after["clients"]) == (BOSS.email, ["shop"], ["rival", "shop"])
    assert door.known(" MARIA@agency.example ").reaches("rival")
    people.remove(whole, MARIA.email)
    assert door.known(MARIA.email) == NOBODY


@pytest.mark.parametrize(("person", "said"), [
    (Person("no address", "", OWNER), "no e-mail"), (Person("a@b.example", "", "king"), "no role"),
    (Person("a@b.example", "", MANAGER, frozenset({"nobody"})), "no client"),
])
def test_people_that_cannot_be_are_refused(agency: Path, person: Person, said: str) -> None:
    with pytest.raises(Problem, match=said):
        people.put(door.workspace(), person)


def run(*words: str) -> None:
    vitrina.main(list(words), standalone_mode=False)


def test_commands_act_as_the_operator_or_as_a_person(
    agency: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITRINA_AS", "")
    run("clients", "--format", "csv")
    assert "Sentinel" in capsys.readouterr().out
    run("--as", MARIA.email, "clients", "--format", "csv")
    assert "Sentinel" not in capsys.readouterr().out
    with pytest.raises(NoSuchClient):
        run("--as", MARIA.email, "ask", "--client", "rival", "--metrics", "visits")
    with pytest.raises(Problem, match="Only owners"):
        run("--as", MARIA.email, "people")
    with pytest.raises(Problem, match="Nobody is known"):
        run("--as", "ghost@agency.example", "clients")
    run("--as", BLIND.email, "ask", "--client", "shop", "--metrics", "visits,spend,cpa", "--format", "json")
    assert "3000" not in capsys.readouterr().out
    for closed in (["report", "--out", str(agency)], ["hygiene"]):
        with pytest.raises(NotAllowed):
            run("--as", BLIND.email, closed[0], "--client", "shop", *closed[1:])


def test_people_are_added_changed_listed_and_removed_by_command(agency: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("people", "add", "New@Agency.example", "--role", "specialist", "--no-money", "--client", "shop", "--name", "Ann")
    run("people", "change", "new@agency.example", "--client", "rival")
    capsys.readouterr()
    run("people", "list", "--format", "json")
    found = {one["email"]: one for one in json.loads(capsys.readouterr().out)}
    said = {"email": "new@agency.example", "name": "Ann", "role": "specialist", "clients": ["rival"], "money": False}
    assert found["new@agency.example"] == said
    run("people", "remove", "new@agency.example")
    run("people", "history", "--format", "csv")
    assert "person removed" in capsys.readouterr().out
    with pytest.raises(Problem, match="Nobody is known"):
        run("people", "change", "new@agency.example", "--role", "owner")


def test_a_name_that_is_nearly_a_foreign_one_tells_nothing(agency: Path) -> None:
    """Whoever is refused a client learns nothing about it, not even by a name that is nearly its own."""
    with pytest.raises(NoSuchClient) as refused:
        door.workspace_of(MARIA).client("rivals")
    assert "rival" not in str(refused.value).replace("rivals", "")
