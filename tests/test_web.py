"""The one way to a service: whole bodies, patience within limits, secrets that show nowhere, and plain words when it does not work."""

from __future__ import annotations

import logging
import pickle
import random
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.pace import Clock, Pace, Rate
from connectors.refusals import AnswerChanged, Lost, NetworkAway, QuotaSpent, SourceDown
from connectors.web import Again, Answer, Api, Call, Web, unexpected
from data.errors import MissingSetting, Problem
from data.secret import HIDDEN, Secret, secret
from tests.fakes.server import Fake, Faults, Request, Response, as_json

KEY = Secret("DOLL_TOKEN", "y0_very-secret-words")
DOCUMENT = {"rows": list(range(400))}


class Doll(Fake):
    """A service that always answers the same."""

    def answer(self, request: Request) -> Response:
        return as_json(DOCUMENT)


def judge(answer: Answer, call: Call) -> Again | Problem | None:
    return unexpected(answer, call)


API = Api("doll", "Doll", "DOLL_API_URL", "https://doll.example", (), judge)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 1_000_000.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def doll(monkeypatch: pytest.MonkeyPatch) -> Iterator[Doll]:
    with Doll() as fake:
        monkeypatch.setenv("DOLL_API_URL", fake.address)
        yield fake


@pytest.fixture
def web(tmp_path: Path, time: Time) -> Web:
    return Web(tmp_path / "paces", time.clock, random.Random(7))


def call(**more: Any) -> Call:
    return Call(API, "/things", {"day": "2026-03-01"}, KEY, "123", **more)


def first(*answers: Response) -> Faults:
    """The first requests are answered so, the others as usual."""
    left = list(answers)
    return Faults(before=lambda request: left.pop(0) if left else None)


# ---------------------------------------------------------------------------------------------------------------- secrets


def test_a_secret_shows_nowhere(doll: Doll, web: Web, caplog: pytest.LogCaptureFixture) -> None:
    doll.faults = Faults(before=lambda request: Response(400, f"bad token {KEY.reveal()}".encode()))
    with caplog.at_level(logging.DEBUG), pytest.raises(AnswerChanged) as caught:
        web.json(call())
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(call()) + f"{KEY} {KEY!r} {KEY:>5} {vars(caught.value)}"
    assert KEY.reveal() not in shown and HIDDEN in shown
    assert doll.requests[0].headers["authorization"] == f"OAuth {KEY.reveal()}"
    assert KEY.reveal() not in str([request.params for request in doll.requests])
    with pytest.raises(TypeError):
        pickle.dumps(KEY)


def test_a_secret_comes_from_the_environment_or_the_file_and_its_absence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.settings.ROOT", tmp_path)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    with pytest.raises(MissingSetting, match="There is no DOLL_TOKEN"):
        secret("DOLL_TOKEN", "Get one.")
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('DOLL_TOKEN = "from file"', encoding="utf-8")
    assert secret("DOLL_TOKEN", "").reveal() == "from file"
    monkeypatch.setenv("DOLL_TOKEN", "from environment")
    assert secret("DOLL_TOKEN", "").reveal() == "from environment"


def test_a_damaged_file_of_secrets_is_not_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.settings.ROOT", tmp_path)
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("DOLL_TOKEN = y0_bare", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        secret("DOLL_TOKEN", "")
    assert "y0_bare" not in "".join(traceback.format_exception(caught.value))


# -------------------------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize("address", ["ftp://doll.example", "http://doll.example", "https://me:pw@doll.example", "doll.example", "https://x?y=1"])
def test_an_address_that_would_leak_the_token_is_refused(address: str, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLL_API_URL", address)
    with pytest.raises(MissingSetting):
        web.json(call())


def test_a_redirect_is_not_followed(doll: Doll, web: Web) -> None:
    doll.faults = first(Response(302, b"", {"Location": "https://evil.example/"}))
    with pytest.raises(AnswerChanged, match="documents") as caught:
        web.json(call())
    assert "evil.example" in str(caught.value) and len(doll.requests) == 1


# ------------------------------------------------------------------------------------------------------------ whole bodies


@pytest.mark.parametrize("way", ["cut", "cut gzip"])
@pytest.mark.promise("R11")
def test_a_body_that_is_cut_off_is_asked_for_anew(way: str, doll: Doll, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    handle, left = doll.handle, [way, way]

    def cutting(*given: Any) -> tuple[Response, str]:
        return handle(*given)[0], left.pop() if left else ""

    monkeypatch.setattr(doll, "handle", cutting)
    assert web.json(call()) == DOCUMENT
    assert len(doll.requests) == 3 and web.tally.repeated == 2


def test_a_file_is_there_only_when_it_is_whole(doll: Doll, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = doll.handle
    monkeypatch.setattr(doll, "handle", lambda *given: (handle(*given)[0], "cut"))
    with pytest.raises(SourceDown):
        web.save(call(), tmp_path / "body")
    assert not (tmp_path / "body").exists()
    monkeypatch.setattr(doll, "handle", handle)
    assert web.save(call(), tmp_path / "body").size == (tmp_path / "body").stat().st_size > 1000


def test_a_disk_that_takes_nothing_is_told_and_not_tried_again(doll: Doll, web: Web, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be written") as caught:
        web.save(call(), tmp_path / "no such folder" / "body")
    assert "no such folder" in str(caught.value) and len(doll.requests) == 1


def test_what_is_no_json_is_a_changed_answer(doll: Doll, web: Web) -> None:
    doll.faults = Faults(before=lambda request: Response(200, b"<html>"))
    with pytest.raises(AnswerChanged, match="JSON") as caught:
        web.json(call())
    assert "JSON" in str(caught.value) and "123" in str(caught.value)


def test_a_small_packed_body_that_unpacks_without_end_is_stopped(doll: Doll, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web.MOST_DOCUMENT", 1 << 20)
    doll.faults = Faults(before=lambda request: Response(200, b"0" * (4 << 20)))
    with pytest.raises(AnswerChanged, match="size"):
        web.json(call())


# --------------------------------------------------------------------------------------------------------------- patience


@pytest.mark.promise("R11")
def test_failures_of_the_server_are_asked_again_with_growing_pauses(doll: Doll, web: Web, time: Time) -> None:
    doll.faults = first(*[Response(status) for status in (500, 502, 503, 504, 500)])
    assert web.json(call()) == DOCUMENT
    assert len(time.slept) == 5
    assert all(2.0**n / 2 <= pause <= 2.0**n for n, pause in enumerate(time.slept)), time.slept


@pytest.mark.promise("R11")
def test_a_service_that_stays_down_says_so_after_its_tries(doll: Doll, web: Web) -> None:
    doll.faults = Faults(errors=1.0)
    with pytest.raises(SourceDown):
        web.json(call())
    assert len(doll.requests) == API.tries


@pytest.mark.promise("R11")
def test_a_wait_that_the_service_asks_for_is_kept(doll: Doll, web: Web, time: Time) -> None:
    doll.faults = first(Response(503, b"", {"Retry-After": "42"}))
    web.json(call())
    assert 42 <= time.slept[0] <= 43


def test_a_long_wait_is_a_stop_and_nothing_hammers_meanwhile(doll: Doll, web: Web, time: Time, tmp_path: Path) -> None:
    doll.faults = first(Response(503, b"", {"Retry-After": "7200"}))
    with pytest.raises(QuotaSpent) as caught:
        web.json(call())
    assert abs(caught.value.resume_at.timestamp() - (time.now + 7200)) < 1
    other = Web(tmp_path / "paces", time.clock)
    with pytest.raises(QuotaSpent):
        other.json(call())
    assert len(doll.requests) == 1, "another process has asked although the quota is closed"
    time.now += 7201
    assert other.json(call()) == DOCUMENT


def test_an_order_whose_answer_is_lost_is_not_repeated_blindly(doll: Doll, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = doll.handle
    monkeypatch.setattr(doll, "handle", lambda *given: (handle(*given)[0], "cut"))
    with pytest.raises(Lost):
        web.ask(call(method="POST", repeatable=False))
    assert len(doll.requests) == 1
    monkeypatch.setattr(doll, "handle", handle)
    doll.faults = first(Response(503))
    assert web.ask(call(method="POST", repeatable=False)).status == 200


@pytest.mark.promise("R11")
def test_nobody_at_the_address_is_the_network(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    with Doll() as gone:
        address = gone.address
    monkeypatch.setenv("DOLL_API_URL", address)
    with pytest.raises(NetworkAway) as caught:
        web.ask(replace(call(), repeatable=False))
    assert "127.0.0.1" in str(caught.value)


# ------------------------------------------------------------------------------------------------------------------- pace


@settings(max_examples=60, deadline=None)
@given(
    calls=st.integers(1, 6), seconds=st.sampled_from([0.5, 1.0, 60.0]), gaps=st.lists(st.floats(0, 40), min_size=1, max_size=25),
    data=st.data(),
)
def test_no_window_ever_holds_more_calls_than_the_rate(
    calls: int, seconds: float, gaps: list[float], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    time, folder = Time(), tmp_path_factory.mktemp("paces")
    processes = [Pace(folder, time.clock), Pace(folder, time.clock)]
    made: list[float] = []
    for gap in gaps:
        time.now += gap
        data.draw(st.sampled_from(processes)).wait([("me", Rate(calls, seconds)), ("host", Rate(calls + 2, seconds * 2))], 1e9)
        made.append(time.now)
    for start in made:
        assert sum(start <= one < start + seconds for one in made) <= calls


def test_a_turn_that_is_too_far_away_is_told_and_not_slept(tmp_path: Path, time: Time) -> None:
    pace, rate = Pace(tmp_path, time.clock), Rate(1, 86_400)
    assert pace.wait([("me", rate)], 600) == 0
    assert pace.wait([("me", rate)], 600) >= 86_400
    assert time.slept == []
