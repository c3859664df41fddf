"""What people and files say is text, in pages, documents and letters: never markup, script, a link or a command of a typesetter."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest

from data.desk import actions, marks, plans
from data.desk.actions import Action
from data.desk.deliveries import Delivery
from data.desk.deliveries import put as deliver
from data.desk.marks import Mark
from data.desk.plans import Target
from data.desk.reactions import Reaction
from data.errors import Problem
from data.workspace import Workspace, workspace
from pages.ui import escape, listing
from reports.exporters import exporter
from share import page, post, refusal
from tests import browser, little_shop
from tests.security.poison import poisoned
from tests.story_sample import told

pytestmark = pytest.mark.promise("R28")
ROOT = Path(__file__).parents[2]
ATTACKS = {
    "a script": "<script>alert(1)</script>",
    "an end of a script and a script": "</script><script>alert(1)</script>",
    "an end of a comment": "--><script>alert(1)</script><!--",
    "an end of a style": "</style><style>*{background:url(//evil.example)}</style>",
    "an end of a title": "</title><svg onload=alert(1)>",
    "an end of an attribute": "\" onmouseover=\"alert(1)\" x='",
    "a picture that fails": "<img src=x onerror=alert(1)>",
    "a frame": "<iframe src='javascript:alert(1)'></iframe>",
    "a link that runs": "[a](javascript:alert(1))",
    "a picture from elsewhere": "![x](https://evil.example/x.png)",
    "a template": "{{7*7}}${7*7}<%= 7*7 %>{0.__class__}",
    "braces of ours": "{name} {said} {count}",
    "a typesetter reads a file": '#read("/etc/passwd")',
    "a typesetter runs code": '#eval("panic()") $sum$ *b* _i_ @ref <label> \\u{41}',
    "an entity": "&lt;b&gt; &amp; &#x3c;script&#x3e;",
    "an end of a CDATA": "]]><evil xmlns='x'/>",
    "a name in quotation marks": 'ООО "Ромашка" & Ко <b>',
    "a colour and a sign of the page": ":red[x] :material/error: `code` ~~x~~ # head",
    "letters turned around": "\u202etxt.exe\u2066",
    "control letters": "a\x00b\x07c\x1bd\ud800",
}
TEXTS = tuple(ATTACKS.values())


class Seen(HTMLParser):
    """What a browser would build: elements with their attributes' names, places that are gone to, scripts."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: Counter[tuple[str, ...]] = Counter()
        self.places: set[str] = set()
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag, *sorted(name for name, _ in attrs)] += 1
        self.places |= {said or "" for name, said in attrs if name in ("src", "href", "action", "srcset", "formaction", "xlink:href")}
        self._inside = "json" if ("type", "application/json") in attrs else tag

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
            self._inside = ""


def harmless(made: Seen, clean: Seen) -> None:
    """The poisoned page is built of what the clean one is built of, goes where it goes and runs what it runs."""
    assert set(made.elements) <= set(clean.elements)
    assert made.scripts == clean.scripts
    assert all(place.startswith(("#", "data:image/", "?")) for place in made.places)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_page_to_send_is_built_as_without_the_attacks(language: str) -> None:
    made = exporter("html").write(poisoned(TEXTS, language)).decode()
    harmless(Seen(made), Seen(exporter("html").write(told(language)).decode()))
    assert "alert(1)" in made, "the attacks are there, as text"


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_shared_page_is_built_as_without_the_attack(attack: str) -> None:
    text = ATTACKS[attack]
    said = [Reaction(key, "question", text, text) for key in ("why", "channels")]
    story, until = poisoned((text,)), date(2026, 3, 31)
    clean = [Reaction(one.block, one.mark, "Irina", "Why?") for one in said]
    harmless(Seen(page.document(story).with_words(said, until, True)), Seen(page.document(told("en")).with_words(clean, until, True)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_refusal_page_says_nothing_that_was_sent(attack: str) -> None:
    accepted = ATTACKS[attack].encode("utf-8", "replace").decode()
    assert refusal.not_here(accepted).body == refusal.not_here("en").body
    said = bytes(refusal.not_so("en", 400, Problem("No part {name}.", "", "", name=accepted)).body).decode()
    harmless(Seen(said), Seen(bytes(refusal.not_so("en", 400, Problem("No part.", "", "")).body).decode()))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_typeset_page_prints_the_attacks_and_does_none_of_them(language: str) -> None:
    made = exporter("pdf").write(poisoned(TEXTS, language))
    file = pypdf.PdfReader(io.BytesIO(made))
    text = "".join(one.extract_text() for one in file.pages)
    assert "#read" in text and "root:" not in text
    actions = re.findall(rb"/(JavaScript|JS|Launch|URI|EmbeddedFile|OpenAction|SubmitForm|GoToR)\b", made)
    assert set(actions) <= {b"OpenAction"}


@pytest.mark.parametrize("format", ["pptx", "xlsx"])
def test_a_file_of_an_office_is_whole_and_leads_nowhere(format: str) -> None:
    made = exporter(format).write(poisoned(TEXTS, "ru"))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                part = archive.read(name)
                ElementTree.fromstring(part)
                assert b"<!DOCTYPE" not in part and b"<!ENTITY" not in part and b'TargetMode="External"' not in part
            assert not name.startswith(("/", "..")) and not name.endswith((".vbs", "vbaProject.bin"))


def test_data_of_a_document_are_whole() -> None:
    assert json.loads(exporter("json").write(poisoned(TEXTS)))["name"]


def test_a_text_for_a_wiki_has_no_markup_of_others() -> None:
    made = exporter("md").write(poisoned(TEXTS)).decode("utf-8", "replace")
    assert re.findall(r"(?<!\\)<(?=[a-zA-Z/!])", made) == []
    assert re.findall(r"(?<!\\)\]\(", made) == []


@pytest.mark.parametrize("hostile", ["**bold**", ":red[x]", "[a](http://b)", "$x$", "`code`", "<b>", "# head", "~~x~~", ":material/error:"])
def test_markdown_of_others_is_shown_as_written(hostile: str) -> None:
    said = escape.markdown(hostile)
    assert said.replace("\\", "") == hostile.replace("\\", "")
    assert all(said[place - 1] == "\\" for place, letter in enumerate(said) if letter in "*[]:$`<>#~")


def test_no_page_puts_markup_together() -> None:
    """Where the framework would take HTML as it stands, nothing is given to it but the client's logo, whose text is escaped."""
    found = set()
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
                found.add(path.name)
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("st.html", "st.iframe"):
                found.add(path.name)
    assert found == {"brand.py"}
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pages").rglob("*.js"))
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", scripts) == []


# ----------------------------------------------------------------------------------------------------------------- letters


HEADERS = {
    "a second header in the subject": "Report\r\nBcc: victim@evil.example",
    "a body in the subject": "Report\n\n<script>alert(1)</script>",
    "a folded header": "Report\r\n\tBcc: victim@evil.example",
    "a header behind a vertical tab": "Report\x0bBcc: victim@evil.example",
    "a header behind a separator": "Report\u2028Bcc: victim@evil.example",
    "letters of another alphabet": "=?utf-8?q?Report=0D=0ABcc=3A_victim=40evil.example?=",
}


@pytest.mark.parametrize("attack", HEADERS)
def test_a_subject_stays_one_line(attack: str) -> None:
    made = post.letter("agency@example.com", ["irina@example.com"], HEADERS[attack], HEADERS[attack], ())
    head = made.as_bytes().split(b"\n\n")[0].replace(b"\r", b"")
    assert [line.split(b":")[0] for line in re.split(rb"\n(?![ \t])", head)].count(b"Bcc") == 0
    assert made.keys() == post.letter("agency@example.com", ["irina@example.com"], "Report", "text", ()).keys()
    assert made["To"] == "irina@example.com" and made.get_content_type() == "text/plain"


RECIPIENTS = (
    "a@b.ru\r\nBcc: victim@evil.example", "a@b.ru,victim@evil.example\n", "a@b.ru>", "<a@b.ru", "a b@c.ru", '"a\nb"@c.ru', "a@b", "@b.ru",
    "a@b.ru\x00", "а@б.рф", "a@b..ru", "x" * 300 + "@b.ru",
)


@pytest.mark.parametrize("address", RECIPIENTS)
def test_an_address_that_is_more_than_one_is_refused(address: str, tmp_path: Path) -> None:
    desk = Workspace(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    desk.add_client("kettles", "Kettles", "RUB", "Europe/Moscow")
    with pytest.raises(Problem):
        deliver(desk, "kettles", Delivery("month", 1, "09:00", ("pdf",), ("ok@example.com", address), "ru"))


# ----------------------------------------------------------------------------------------------------- all pages in a browser


@pytest.fixture(scope="module")
def poisoned_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app whose client, goals, product, plan, event, action and campaigns are attacks."""
    home = tmp_path_factory.mktemp("home")
    since, until = date(2026, 3, 2), date(2026, 3, 29)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITRINA_HOME", str(home))
        little_shop.load(little_shop.write(tmp_path_factory.mktemp("files"), since - timedelta(days=60), until))
        furnish(workspace(), until)
    with browser.app(home) as address:
        yield address


def furnish(desk: Workspace, until: date) -> None:
    tried = ("a picture that fails", "a script", "a link that runs", "a template", "an end of an attribute")
    attack = "".join(ATTACKS[one] for one in tried)
    goal = little_shop.GOAL
    desk.set_facts(desk.client("shop"), {
        "name_ru": attack, "name_en": attack, "goals": {goal: [attack, attack]}, "key_goals": [goal], "model": "shop", "margin": 0.4,
        "products": {"boots": {"title": attack, "title_ru": attack, "goals": [goal]}},
    })
    plans.put(desk, "shop", [Target(until.replace(day=1), "spend", 90_000.0), Target(until.replace(day=1), "orders", 70.0)])
    marks.add(desk, "shop", [Mark(until - timedelta(days=9), until - timedelta(days=9), attack[:200])])
    actions.put(desk, "shop", Action(attack, attack, until, "visits", "", 0.1, "done", until - timedelta(days=9)))


@pytest.mark.browser
@pytest.mark.skipif(
    browser.chromium() is None and os.environ.get("VITRINA_BROWSER") != "required",
    reason="there is no Chromium here; .ci/chromium installs it, and VITRINA_BROWSER=required makes this a failure",
)
def test_no_page_runs_what_somebody_called_himself(poisoned_shop: str) -> None:
    from tests.test_browser import visit, watched

    with browser.browser() as chromium, watched(chromium, "en-GB") as view:
        view.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        for one in listing.listed():
            name = "" if one.name == listing.FIRST else one.name
            visit(view, f"{poisoned_shop}/{name}?client=shop&period=custom&since=2026-03-02&until=2026-03-29")
            assert view.evaluate("document.querySelectorAll('[onerror], [onload], [onmouseover], img[src=x]').length") == 0
            assert view.evaluate("[...document.scripts].filter(one => one.textContent.includes('alert')).length") == 0
