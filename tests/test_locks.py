"""Off by default on this machine alone: nobody else is answered before people sign in, or before it was said in plain words."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from data import clock
from data.desk import people
from data.door import workspace
from data.errors import Problem
from data.roles import MANAGER, NOBODY, OPERATOR, OWNER, Person
from pages.ui import locks, who

ROOT = Path(__file__).resolve().parent.parent
WHOLE = """[auth]
redirect_uri = "http://127.0.0.1/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "a"
client_secret = "b"
server_metadata_url = "http://127.0.0.1/.well-known/openid-configuration"
"""


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of secrets; it is not there yet, and nothing is said in the environment."""
    path = tmp_path / "secrets.toml"
    monkeypatch.setattr(st, "get_option", lambda name: [str(path)] if name == "secrets.files" else None)
    monkeypatch.delenv(locks.OPEN_TO_ALL, raising=False)
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    locks.on.cache_clear()
    yield path
    locks.on.cache_clear()


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_this_machine_alone_needs_no_sign_in(secrets: Path, address: str) -> None:
    locks.check(address)
    assert who.person() == OPERATOR


@pytest.mark.parametrize("address", ["0.0.0.0", "", None, "::", "192.168.1.7", "vitrina.agency.example", "unix:///tmp/socket"])
def test_any_other_address_is_refused_until_people_sign_in(secrets: Path, address: str | None) -> None:
    with pytest.raises(Problem, match="nobody signs in yet"):
        locks.check(address)
    secrets.write_text(WHOLE, encoding="utf-8")
    locks.on.cache_clear()
    locks.check(address)


@pytest.mark.parametrize(("said", "enough"), [
    (locks.SAID, True), (f" {locks.SAID.capitalize()}. ", True), ("yes", False), ("1", False), ("true", False), ("", False),
])
def test_only_plain_words_open_it_to_all(secrets: Path, monkeypatch: pytest.MonkeyPatch, said: str, enough: bool) -> None:
    monkeypatch.setenv(locks.OPEN_TO_ALL, said)
    assert locks.told() == enough


@pytest.mark.parametrize(("section", "said"), [
    (WHOLE.replace('client_id = "a"\n', ""), "no client_id"), (WHOLE.replace("0123456789abcdef0123456789abcdef", "short"), "too short"),
    (WHOLE.replace("[auth]", "[auth"), "not TOML"), ("[auth]\n", "no redirect_uri"),
])
def test_half_a_lock_is_none_and_stops_the_server(secrets: Path, section: str, said: str) -> None:
    secrets.write_text(section, encoding="utf-8")
    with pytest.raises(Problem) as refused:
        locks.check("127.0.0.1")
    assert said in str(refused.value)


def test_several_providers_stand_side_by_side(secrets: Path) -> None:
    shared, own = WHOLE.split("client_id", 1)[0], "client_id" + WHOLE.split("client_id", 1)[1]
    secrets.write_text(f"{shared}[auth.google]\n{own}[auth.keycloak]\n{own}", encoding="utf-8")
    assert locks.providers() == ("google", "keycloak")


def answered(scope: dict[str, Any]) -> list[dict[str, Any]]:
    """What the lock lets through, or says itself."""
    said: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "through"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(locks.Locked(inner)(scope, receive, send))
    return said


HERE = {"type": "http", "path": "/", "headers": [(b"host", b"127.0.0.1:8501")], "server": ("127.0.0.1", 8501)}


@pytest.mark.parametrize("change", [
    {"server": ("192.168.1.7", 8501)}, {"headers": [(b"host", b"localhost"), (b"x-forwarded-for", b"203.0.113.7")]},
    {"headers": [(b"host", b"localhost"), (b"Forwarded", b"for=203.0.113.7")]},
    {"path": "/shared", "server": ("10.0.0.1", 80)},
])
def test_calls_from_outside_and_through_a_proxy_are_refused(secrets: Path, change: dict[str, Any]) -> None:
    assert answered(HERE | change)[0]["status"] == 403
    assert answered(HERE | change | {"type": "websocket", "path": "/_stcore/stream"}) == [{"type": "websocket.close", "code": 1008}]


def test_what_looks_for_itself_who_asks_is_let_through_and_so_is_everybody_once_people_sign_in(secrets: Path) -> None:
    outside = HERE | {"server": ("192.168.1.7", 8501)}
    for path in ("/share/token", "/_stcore/health", "/health/live"):
        assert answered(outside | {"path": path}) == [{"type": "through"}]
    assert answered(HERE) == [{"type": "through"}]
    secrets.write_text(WHOLE, encoding="utf-8")
    locks.on.cache_clear()
    assert answered(outside) == [{"type": "through"}]


def test_the_server_does_not_start_where_everybody_would_see_everything(tmp_path: Path) -> None:
    settings = {key: value for key, value in os.environ.items() if key != locks.OPEN_TO_ALL}
    settings |= {"VITRINA_HOME": str(tmp_path), "LANG": "ru_RU"}
    words = ("-m", "streamlit", "run", "dashboard.py", "--server.address", "0.0.0.0", "--server.headless", "true", "--server.port", "0")
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2 and "Настройте вход" in done.stderr and "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------------------------------------ who is here


@pytest.fixture
def signed(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the provider says about whoever is here; people are known by it."""
    secrets.write_text(WHOLE, encoding="utf-8")
    people.put(workspace(), Person("olga@agency.example", "Olga", OWNER, None))
    people.put(workspace(), Person("maria@agency.example", "Maria", MANAGER))
    said = {"is_logged_in": True, "email": "Maria@agency.example", "email_verified": True, "iat": int(clock.now().timestamp())}
    monkeypatch.setattr(st, "user", SimpleNamespace(to_dict=lambda: said))
    return said


def test_a_person_is_known_by_the_address_and_closed_out_at_once(signed: dict[str, Any]) -> None:
    assert who.person().role == MANAGER
    people.remove(workspace(), "maria@agency.example")
    assert who.person() == NOBODY


@pytest.mark.parametrize("change", [
    {"is_logged_in": False}, {"email": ""}, {"email": None}, {"email_verified": False}, {"email_verified": "false"}, {"iat": None},
    {"iat": 0}, {"iat": clock.now().timestamp() + 86_400}, {"email": "stranger@agency.example"}, {"email": "maria@agency.example.evil"},
])
def test_whoever_is_not_vouched_for_is_nobody(signed: dict[str, Any], change: dict[str, Any]) -> None:
    signed.update(change)
    assert who.person() == NOBODY


def test_a_session_ends_by_itself(signed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    signed["iat"] -= 3 * 3600
    assert who.person().role == MANAGER
    monkeypatch.setenv("VITRINA_SESSION_HOURS", "2")
    assert who.person() == NOBODY and who.visitor().late


def test_what_was_locked_stays_locked(signed: dict[str, Any], secrets: Path) -> None:
    assert who.person().role == MANAGER
    secrets.unlink()
    signed.clear()
    assert who.person() == NOBODY
