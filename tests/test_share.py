"""A share link opens one frozen document and nothing else: whoever changes, outlives, steals or guesses one stands before the same door."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import re
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa
import uvicorn
from starlette.applications import Starlette

from data.desk import frozen, history, links, reactions
from data.desk.frozen import Copy
from data.desk.links import Link
from data.desk.reactions import Reaction
from data.errors import Problem
from data.text import words
from data.workspace import Workspace, workspace
from reports.story import Story, plain, story
from share import guard, page, place, routes
from tests.story_sample import HOSTILE, told

SECRET = "sentinel-of-the-other-client"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SHARE_URL", raising=False)
    found = workspace()
    for slug in ("kettles", "doors"):
        found.add_client(slug, slug.title(), "RUB", "Europe/Moscow")
    return found


@pytest.fixture
def server(desk: Workspace) -> Iterator[int]:
    """The share routes over real HTTP. Yields the port."""
    config = uvicorn.Config(Starlette(routes=routes.everything()), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield running.servers[0].sockets[0].getsockname()[1]
    running.should_exit = True
    thread.join()


def kept(desk: Workspace, client: str = "kettles", language: str = "ru", of: Story | None = None) -> Copy:
    return frozen.put(desk, client, plain(replace(of or told(language), client=client)), "anna")


def shared(desk: Workspace, client: str = "kettles", language: str = "ru") -> tuple[Link, str]:
    link = links.make(desk, kept(desk, client, language), 30, "anna")
    return link, links.token(link)


def ask(port: int, path: str, method: str = "GET", body: str | bytes = "", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body.encode() if isinstance(body, str) else body, said)
    answer = connection.getresponse()
    found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode())
    connection.close()
    return found


def say(port: int, token: str, fields: dict[str, str], **headers: str) -> Answer:
    ours = {"origin": f"http://127.0.0.1:{port}", "content_type": "application/x-www-form-urlencoded"}
    return ask(port, f"/share/{token}", "POST", urlencode(fields), **(ours | headers))


def runs(body: str) -> list[str]:
    """The scripts that a browser runs, as a policy names them."""
    texts = re.findall(r"<script>(.*?)</script>", body, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts]


# ---------------------------------------------------------------------------------------------------------------- reading


def test_a_link_opens_its_document_without_a_login_and_every_opening_is_counted(desk: Workspace, server: int) -> None:
    link, token = shared(desk)
    for _ in range(2):
        answer = ask(server, f"/share/{token}")
    assert answer.status == 200
    assert told("ru").block("why").title in answer.body
    assert 'lang="ru"' in answer.body
    [now] = links.of(desk, "kettles")
    assert (now.id, now.opened) == (link.id, 2) and now.last_opened is not None
    ask(server, f"/share/{token}", "HEAD")
    assert links.of(desk, "kettles")[0].opened == 2


@pytest.mark.promise("R27")
def test_the_page_is_kept_by_nobody_found_by_nobody_and_runs_only_our_scripts(desk: Workspace, server: int) -> None:
    answer = ask(server, f"/share/{shared(desk)[1]}")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["form-action"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"
    assert set(runs(answer.body)) <= set(policy["script-src"].split()), "a script of ours would not run"
    assert "http-equiv" not in answer.body and "no-referrer" not in answer.body, "a browser would send forms without their origin"
    assert re.findall(r'(?:src|href)="(?!data:|#|\?)([^"]+)"', answer.body) == [], "nothing is fetched"


def test_what_was_written_for_the_presenter_does_not_leave_the_house(desk: Workspace, server: int) -> None:
    block = replace(told("ru").block("why"), speaker=("не показывать клиенту",), draft=("черновик для своих",))
    copy = kept(desk, of=replace(told("ru"), blocks=(block,)))
    answer = ask(server, f"/share/{links.token(links.make(desk, copy, 7))}")
    assert block.title in answer.body
    assert "не показывать клиенту" not in answer.body and "черновик для своих" not in answer.body


@pytest.mark.promise("R28")
def test_what_came_in_with_data_is_text_and_never_a_script(desk: Workspace, server: int) -> None:
    answer = ask(server, f"/share/{shared(desk)[1]}")
    assert "alert(1)" in answer.body, "the sample carries an attack"
    assert "<script>alert(1)" not in answer.body
    attack = replace(told("ru"), title="</script><script>alert(2)</script>", name="<img src=x onerror=alert(3)>")
    answer = ask(server, f"/share/{links.token(links.make(desk, kept(desk, of=attack), 7))}")
    assert answer.status == 200
    assert "<script>alert(2)" not in answer.body and "<img src=x" not in answer.body


# ------------------------------------------------------------------------------------------------------------ links that fail


@pytest.mark.promise("R27")
def test_wrong_changed_expired_and_revoked_links_get_one_and_the_same_page(desk: Workspace, server: int) -> None:
    _, token = shared(desk)
    drawn, signature = token.split(".")
    expired, revoked = links.make(desk, kept(desk), 1), links.make(desk, kept(desk), 7)
    with desk.engine.begin() as connection:
        past = history.now() - timedelta(days=1)
        connection.execute(sa.text("UPDATE links SET expires = :past WHERE id = :id"), {"past": past, "id": expired.id})
    links.revoke(desk, "kettles", revoked.id, "anna")
    swapped = f"{drawn}.{links.token(revoked).split('.')[1]}"
    last = "A" if signature[-1] != "A" else "B"
    wrong = [
        "x", "A" * 87, f"{'A' * 43}.{signature}", swapped, f"{drawn}.{signature[:-1]}{last}", drawn, f"{drawn}.", f".{signature}",
        token + "A", token[1:], links.token(expired), links.token(revoked), f"{drawn}.{'%C3%A9' * 43}",
        "%00" * 20, "..%2f..%2fworkspace.sqlite", f"{drawn}%2e{signature}x",
    ]
    answers = [ask(server, f"/share/{one}", accept_language="ru-RU,ru;q=0.9") for one in wrong]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1
    assert len({tuple(sorted(pair for pair in answer.headers.items() if pair[0] != "date")) for answer in answers}) == 1
    assert words("ru").t("This link does not open a document") in answers[0].body
    assert [one.opened for one in links.of(desk, "kettles")] == [0, 0, 0]
    assert ask(server, f"/share/{token}").status == 200


def test_the_refusal_speaks_the_browsers_language(server: int) -> None:
    said = {language: ask(server, "/share/x", accept_language=language).body for language in ("ru", "en-GB", "fr,ru;q=0.5", "", "<script>")}
    assert said["ru"] == said["fr,ru;q=0.5"] != said["en-GB"] == said[""] == said["<script>"]
    assert words("en").t("This link does not open a document") in said["en-GB"]


@pytest.mark.promise("R27")
def test_a_link_that_was_taken_back_fails_at_once_and_for_good(desk: Workspace, server: int) -> None:
    link, token = shared(desk)
    assert ask(server, f"/share/{token}").status == 200
    links.revoke(desk, "doors", link.id)
    assert ask(server, f"/share/{token}").status == 200, "another client's page takes back nothing"
    links.revoke(desk, "kettles", link.id)
    assert ask(server, f"/share/{token}").status == 404
    assert say(server, token, {"block": "why", "text": "hello"}).status == 404
    assert reactions.of(desk, "kettles") == ()


@pytest.mark.promise("R27")
def test_a_link_never_reaches_another_client_or_another_document(desk: Workspace, server: int) -> None:
    other = kept(desk, "doors", of=replace(told("ru"), client="doors", title=SECRET))
    link, token = shared(desk)
    for row in ({"client": "doors", "frozen": other.id}, {"frozen": other.id}, {"client": "doors"}):
        before = links.of(desk, "kettles")
        with desk.engine.begin() as connection:
            said = ", ".join(f"{name} = :{name}" for name in row)
            connection.execute(sa.text(f"UPDATE links SET {said} WHERE id = :id"), row | {"id": link.id})
        answer = ask(server, f"/share/{token}")
        assert answer.status == 404 and SECRET not in answer.body
        with desk.engine.begin() as connection:
            back = {"client": before[0].client, "frozen": before[0].frozen, "id": link.id}
            connection.execute(sa.text("UPDATE links SET client = :client, frozen = :frozen WHERE id = :id"), back)
    assert ask(server, f"/share/{token}?client=doors&frozen={other.id}").status == 200
    assert SECRET not in ask(server, f"/share/{token}?client=doors&frozen={other.id}").body


@pytest.mark.promise("R27")
def test_a_later_expiry_written_into_the_database_takes_the_link_down(desk: Workspace) -> None:
    link, token = shared(desk)
    with desk.engine.begin() as connection:
        later = {"at": link.expires + timedelta(days=900), "id": link.id}
        connection.execute(sa.text("UPDATE links SET expires = :at WHERE id = :id"), later)
    assert links.found(desk, token) is None


@pytest.mark.promise("R27")
def test_the_database_alone_opens_nothing(desk: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link, token = shared(desk)
    secret = tmp_path / "home" / "links" / "salt"
    assert stat.S_IMODE(os.stat(secret).st_mode) == 0o600
    names = sa.inspect(desk.engine).get_table_names()
    with desk.engine.connect() as connection:
        dump = "\n".join(str(row) for name in names for row in connection.execute(sa.text(f"SELECT * FROM {name}")))
    assert token not in dump and secret.read_text().strip() not in dump
    assert links.found(desk, token) == link
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "stolen"))
    assert links.found(desk, token) is None, "another key signs otherwise"


def test_a_document_that_somebody_wrote_into_is_not_shown(desk: Workspace, server: int) -> None:
    link, token = shared(desk)
    with desk.engine.begin() as connection:
        connection.execute(sa.text("UPDATE frozen SET story = replace(story, 'CPA', 'CPB')"))
    with pytest.raises(Problem):
        frozen.story(desk, "kettles", link.frozen)
    assert ask(server, f"/share/{token}").status == 404


@pytest.mark.parametrize("path", ["/", "/share", "/share/", "/share/a/b", "/report", "/_stcore/health", "/workspace.sqlite", "/share/../x"])
def test_the_server_of_links_answers_nothing_else(server: int, path: str) -> None:
    assert ask(server, path).status == 404


def test_the_dashboard_answers_links_beside_its_pages_and_keeps_their_headers() -> None:
    import dashboard

    paths = {getattr(route, "path", "") for route in dashboard.app._user_routes}
    assert {"/share/{token}", "/share"} <= paths


# ------------------------------------------------------------------------------------------------------------ comments


def test_a_comment_goes_under_its_block_and_to_the_manager(desk: Workspace, server: int) -> None:
    link, token = shared(desk)
    answer = say(server, token, {"block": "why", "mark": "question", "name": "Ирина", "text": "А что с ВК?\nДорого."})
    assert answer.status == 303 and answer.headers["location"].endswith("#said-why")
    [one] = reactions.of(desk, "kettles")
    assert (one.block, one.mark, one.name, one.text, one.frozen, one.link) == (
        "why", "question", "Ирина", "А что с ВК?\nДорого.", link.frozen, link.id,
    )
    assert reactions.unseen(desk, "kettles") == (one,) and reactions.unseen(desk, "doors") == ()
    back = ask(server, f"/share/{token}{answer.headers['location'].partition('#')[0]}")
    assert "А что с ВК?\nДорого." in back.body and words("ru").t("Thank you, your manager will read it.") in back.body
    assert links.of(desk, "kettles")[0].opened == 0, "coming back from a comment is no opening"
    assert one.id is not None
    reactions.see(desk, "doors", (one.id,))
    assert reactions.unseen(desk, "kettles") == (one,)
    reactions.see(desk, "kettles", (one.id,), "anna")
    assert reactions.unseen(desk, "kettles") == ()


def test_holders_of_one_link_do_not_read_those_of_another(desk: Workspace, server: int) -> None:
    copy = kept(desk)
    tokens = [links.token(links.make(desk, copy, 7)) for _ in range(2)]
    say(server, tokens[0], {"block": "why", "text": SECRET})
    assert SECRET in ask(server, f"/share/{tokens[0]}").body
    assert SECRET not in ask(server, f"/share/{tokens[1]}").body


@pytest.mark.parametrize(
    "attack", ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", HOSTILE, '" onmouseover="alert(1)']
)
@pytest.mark.promise("R28")
def test_a_comment_is_text_wherever_it_stands(desk: Workspace, server: int, attack: str) -> None:
    token = shared(desk)[1]
    assert say(server, token, {"block": "why", "name": attack[:60], "text": attack}).status == 303
    body = ask(server, f"/share/{token}").body
    said = body[body.index('id="said-why"') : body.index("<form", body.index('id="said-why"'))]
    assert set(re.findall(r"<([a-z]+)", said)) <= {"ul", "li", "br", "small", "details", "summary"}
    assert 'onmouseover="' not in said.replace("&quot;", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": ""}, {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"}, {"origin": "http://127.0.0.1"}, {"sec_fetch_site": "none"},
    ],
)
def test_a_form_of_another_site_is_refused(desk: Workspace, server: int, headers: dict[str, str]) -> None:
    answer = say(server, shared(desk)[1], {"block": "why", "text": "hello"}, **headers)
    assert answer.status == 403 and reactions.of(desk, "kettles") == ()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"block": "why"}, 400), ({"block": "why", "text": " \u202e\n "}, 400), ({"block": "nowhere", "text": "x"}, 400),
        ({"text": "x"}, 400), ({"block": "why", "mark": "hate"}, 400),
        ({"block": "why", "text": "я" * 2001}, 400), ({"block": "why", "text": "x" * 40_000}, 413),
        ({"block": "why", "text": "x", "name": "n" * 61}, 400), ({f"f{n}": "x" for n in range(9)}, 400),
        ({"block": "why", "text": "я" * 2000}, 303), ({"block": "why", "mark": "agree"}, 303),
    ],
)
def test_a_comment_has_a_size_a_place_and_something_to_say(desk: Workspace, server: int, fields: dict[str, str], status: int) -> None:
    answer = say(server, shared(desk)[1], fields)
    assert answer.status == status
    assert len(reactions.of(desk, "kettles")) == (status == 303)


def test_bytes_that_are_no_form_are_refused(desk: Workspace, server: int) -> None:
    token = shared(desk)[1]
    answer = ask(server, f"/share/{token}", "POST", b"\xff\xfe" * 100, origin=f"http://127.0.0.1:{server}")
    assert answer.status == 400


def test_comments_come_slowly_and_not_for_ever(desk: Workspace, server: int) -> None:
    link, token = shared(desk)
    codes = [say(server, token, {"block": "why", "text": str(n)}).status for n in range(guard.POSTS + 2)]
    assert codes == [303] * guard.POSTS + [429] * 2
    with pytest.raises(Problem):
        for n in range(reactions.MOST):
            reactions.add(desk, link, Reaction("why", "", "", str(n)))
    assert len(reactions.of(desk, "kettles")) == reactions.MOST


def test_a_pace_forgets_what_is_long_ago_and_keys_that_nobody_uses() -> None:
    pace = guard.Pace(2, 10.0)
    assert [pace.allows("a", moment) for moment in (0.0, 1.0, 2.0, 10.5, 10.6)] == [True, True, False, True, False]
    assert pace.allows("b", 2.0)


# ------------------------------------------------------------------------------------------------------------ frozen copies


def test_a_frozen_document_reopens_as_it_was_and_only_for_its_client(desk: Workspace) -> None:
    copy = kept(desk)
    assert story(frozen.story(desk, "kettles", copy.id)) == replace(told("ru"), client="kettles")
    assert kept(desk) == copy, "the same document is kept once"
    assert frozen.of(desk, "kettles") == (copy,) and frozen.of(desk, "doors") == ()
    for client, number in (("doors", copy.id), ("kettles", copy.id + 1)):
        with pytest.raises(Problem):
            frozen.story(desk, client, number)
    with pytest.raises(Problem):
        frozen.put(desk, "doors", plain(replace(told("ru"), client="kettles")))


def test_to_whom_a_document_went_is_noted_each_time(desk: Workspace) -> None:
    copy = kept(desk)
    assert frozen.last_sent(desk, "kettles") is None
    frozen.send(desk, copy, "irina@example.com", ("pptx", "pdf"), "anna")
    last = frozen.send(desk, copy, "Ирина, на встрече", (), "anna")
    assert [one.whom for one in frozen.sent(desk, "kettles")] == ["Ирина, на встрече", "irina@example.com"]
    assert frozen.last_sent(desk, "kettles") == last.at and frozen.sent(desk, "doors") == ()
    with pytest.raises(Problem):
        frozen.send(desk, copy, " ", ())


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_link_holds_for_a_day_to_a_year(desk: Workspace, days: int) -> None:
    with pytest.raises(Problem):
        links.make(desk, kept(desk), days)


def test_the_address_of_a_link_is_the_one_that_clients_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHARE_URL", raising=False)
    assert place.address("T", "http://localhost:8501/report?x=1") == "http://localhost:8501/share/T"
    monkeypatch.setenv("SHARE_URL", "https://docs.example.com/")
    assert place.address("T", "http://localhost:8501/report") == "https://docs.example.com/share/T"
    assert urlsplit(place.address("T", "")).netloc == "docs.example.com"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_block_but_the_cover_can_be_commented_in_the_documents_language(language: str) -> None:
    found = told(language)
    made = page.document(found)
    assert made.blocks == tuple(block.key for block in found.blocks if block.kind != "cover")
    body = made.with_words((), found.until, False)
    assert body.count("<form") == len(made.blocks) == body.count(words(language).t("React or comment"))
