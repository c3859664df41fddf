"""What the program says about itself: no secret, and no line that somebody else has written into it."""

from __future__ import annotations

import copy
import io
import json
import logging
import os
import pickle
import pprint
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from connectors.intake import Known
from connectors.web import Call
from data import log, salt, sandbox
from data.errors import MissingSetting, Problem
from data.secret import Secret, secret
from data.text import words
from share import post
from tests.small_store import YANDEX, day, visits

ROOT = Path(__file__).parents[2]
CANARY = "y0_AgAAAABcanary7341"
TOKEN = Secret("METRIKA_TOKEN", CANARY)


@dataclass(frozen=True)
class Holder:
    """Something of ours that carries a secret about."""

    secret: Secret


def raised() -> str:
    """A traceback whose values are shown, as some tools do."""
    held = TOKEN
    try:
        raise ValueError("refused", held)
    except ValueError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def logged(*given: object) -> str:
    """What a line of the log says."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.Lines())
    record = logging.LogRecord("vitrina", logging.INFO, __file__, 1, str(given[0]), given[1:], None)
    handler.emit(record)
    return stream.getvalue()


def mailed() -> str:
    server = post.Server("smtp.example.com", 465, "user", TOKEN, "a@example.com", True)
    return f"{server} {server!r}"


SHOWN: dict[str, Callable[[], str]] = {
    "as a text": lambda: str(TOKEN),
    "as it is": lambda: repr(TOKEN),
    "in a text": lambda: f"{TOKEN}",
    "in a text as it is": lambda: f"{TOKEN!r} {TOKEN!s} {TOKEN!a}",
    "in a column": lambda: f"{TOKEN:>40}",
    "the old way": lambda: "%s %r" % (TOKEN, TOKEN),  # noqa: UP031
    "in a list": lambda: str([TOKEN, {"token": TOKEN}, (TOKEN,)]),
    "in something of ours": lambda: repr(Holder(TOKEN)),
    "printed nicely": lambda: pprint.pformat({"token": TOKEN}),
    "as JSON": lambda: json.dumps({"token": TOKEN}, default=str),
    "in a call": lambda: repr(Call(None, "/x", secret=TOKEN, form={"refresh_token": CANARY})),  # type: ignore[arg-type]
    "in a mail server": mailed,
    "in what is known of a client": lambda: repr(Known(salt=CANARY)),
    "in a traceback with its values": raised,
    "in a Problem": lambda: str(Problem("Refused: {token}", "", "", token=TOKEN)),
    "in a Problem in Russian": lambda: " ".join(words("ru").problem(Problem("Refused: {token}", "", "", token=TOKEN))),
    "in the log": lambda: logged("refused %s", TOKEN),
    "in the log as a text": lambda: logged(f"GET /x?oauth_token={CANARY} 401"),
    "in the log as a header": lambda: logged(f"Authorization: OAuth {CANARY}"),
    "in the log as an address": lambda: logged(f"smtps://user:{CANARY}@smtp.example.com"),
    "in the log as a share link": lambda: logged("GET /share/" + "A" * 43 + "." + CANARY),
}


@pytest.mark.parametrize("way", SHOWN)
def test_a_secret_shows_nowhere(way: str) -> None:
    assert CANARY not in SHOWN[way]()


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy, lambda held: asdict(Holder(held))])
def test_a_secret_is_not_carried_away(take: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError):
        take(TOKEN)


def test_an_absent_secret_is_named_and_no_neighbour_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIKA_TOKEN", CANARY)
    with pytest.raises(MissingSetting) as caught:
        secret("METRIKA_TOKEN_OF_NOBODY", "Get one.")
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_files_of_secrets_are_their_owners_alone(tmp_path: Path) -> None:
    made = salt.of(tmp_path / "shop")
    assert len(made) >= 32
    assert [oct(path.stat().st_mode & 0o777) for path in (tmp_path / "shop").iterdir()] == ["0o600"]


@pytest.mark.skipif(not sandbox.available(), reason="this system has no limits that a query could be run under")
def test_the_process_of_a_typed_query_is_born_without_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's whole environment, seen from outside while it waits for its question."""
    monkeypatch.setenv("METRIKA_TOKEN", CANARY)
    seen: list[bytes] = []
    begin = subprocess.Popen

    def watched(*given: object, **more: object) -> subprocess.Popen[bytes]:
        child = begin(*given, **more)  # type: ignore[call-overload]
        seen.append(Path(f"/proc/{child.pid}/environ").read_bytes() + " ".join(given[0]).encode())  # type: ignore[arg-type]
        return child

    monkeypatch.setattr(sandbox.subprocess, "Popen", watched)
    from data.warehouse import Warehouse

    store = Warehouse(tmp_path / "shop")
    store.load([visits([(day(1), 1, YANDEX)])])
    assert sandbox.ask(store, "SELECT 1 AS one").rows == ((1,),)
    assert len(seen) == 1 and CANARY.encode() not in seen[0] and b"PATH=" not in seen[0]


# ---------------------------------------------------------------------------------------------------------- lines of the log


LINES = {
    "a new line": "ok\n2026-01-01 ERROR admin logged in",
    "a return": "ok\r\nERROR admin logged in",
    "a new line of Unicode": "ok\u2028ERROR\u2029admin\x85in",
    "an end of the record": 'ok", "level": "error", "event": "admin logged in"}\n{"a": "',
    "a coloured terminal": "ok\x1b[2J\x1b[31madmin",
    "a bell and a backspace": "ok\x07\x08\x08admin",
    "a form of the logger": "%s %d %(message)s {name}",
    "half a letter": "ok\ud800",
    "a zero byte": "ok\x00",
    "a megabyte": "x" * 1_000_000,
}


@pytest.mark.parametrize("attack", LINES)
def test_a_text_of_others_stays_one_line_of_the_log(attack: str, tmp_path: Path) -> None:
    text = LINES[attack]
    with log.about(client=text):
        said = logged("%s", f"loaded {text}")
    assert said.count("\n") == 1 and said.endswith("\n")
    line = json.loads(said)
    assert line["level"] == "info" and line["event"].startswith("loaded ")
    assert not any(letter in said for letter in ("\x1b", "\x07", "\x00", "\r"))


def test_the_log_takes_whatever_comes(tmp_path: Path) -> None:
    """Half a letter in a name must not cost the line that says what went wrong."""
    code = (
        "import logging, sys\nfrom data import log\nlog.start(sys.argv[1])\n"
        "logging.getLogger('vitrina').error('refused %s', 'a\\ud800b')\nlogging.getLogger('vitrina').error('went on')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "log")], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=True,
    )
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 and json.loads(lines[1])["event"] == "went on" and "Traceback" not in done.stderr
