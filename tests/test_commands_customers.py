"""The commands about channels, customers and products: what they print to people and programs, in both languages, and what they keep."""

from __future__ import annotations

import ast
import csv
import io
import json
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import commands
from data.desk import marks, overrules
from data.desk.marks import Mark
from data.text import catalogue
from data.workspace import workspace
from tests.bought import YANDEX, Bought, came, months, orders, reaches, visits
from tests.small_store import spend

ROOT = Path(__file__).resolve().parent.parent
FIRST = date(2025, 1, 1)
SPAN = (FIRST, date(2026, 3, 31))
OURS = ("attribute", "lifetime", "stage")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")
    monkeypatch.setenv("USER", "vera")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command line. Shape of the answer: (exit code, standard output, standard error)."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["vitrina.py", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            commands.main()
        said = capsys.readouterr()
        return int(str(left.value.code or 0)), said.out, said.err

    return call


def bought() -> list[Bought]:
    """Thirty customers a month, every second one back a month later."""
    rows: list[Bought] = []
    for place, month in enumerate(months(FIRST, 15)):
        for number in range(30):
            rows.append((f"{'a' if number % 3 else 'b'}{place}-{number}", month + timedelta(days=number % 28), 2000))
            if number % 2 and place < 14:
                rows.append((rows[-1][0], months(month, 2)[1] + timedelta(days=number % 28), 900))
    return rows


@pytest.fixture
def shop() -> None:
    """A shop with orders, visits, reaches and spend over fifteen months; the goal of its cups falls."""
    facts = {
        "model": "shop", "margin": 0.4, "key_goals": ["1"], "goals": {"1": ["Order", "Заказ"], "2": ["Order: cups", "Заказ: чашки"]},
        "products": {"cups": {"title": "Cups", "title_ru": "Чашки", "goals": ["2"]}},
    }  # fmt: skip
    client = workspace().add_client("shop", "Shop", "RUB", "Europe/Moscow", facts)
    store = workspace().store(client)
    cost = spend([(month, YANDEX, 8000) for month in months(FIRST, 15)], SPAN)
    falling = {month: round(90 * 0.9**place) for place, month in enumerate(months(FIRST, 15))}
    store.load([orders(bought(), SPAN), came(bought(), SPAN), reaches(falling, "2", SPAN), cost])
    store.load([visits(dict.fromkeys(months(FIRST, 15), 20), SPAN)])


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "words",
    [
        ("attribute", "--paths"), ("attribute", "--by", "campaign", "--amount", "value"),
        ("attribute", "--by", "source", "--target-cpa", "300"),
        ("lifetime", "--cohorts"), ("lifetime", "--view", "rfm"), ("lifetime", "--view", "customers"), ("lifetime", "--view", "funnel"),
        ("lifetime", "--view", "models"), ("stage",), ("stage", "--product", "cups"), ("stage", "--product", "2", "--since", "2025-10-01"),
    ],
)  # fmt: skip
def test_people_read_tables_and_programs_read_data(
    run: Any, shop: None, monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("VITRINA_LANG", language)
    code, out, err = run(words[0], "--client", "shop", *words[1:])
    assert (code, err) == (0, "") and len(out.splitlines()) > 3 and "nan" not in out.lower() and "{" not in out
    code, out, _ = run(words[0], "--client", "shop", *words[1:], "--format", "json")
    assert code == 0 and json.loads(out)
    code, out, _ = run(words[0], "--client", "shop", *words[1:], "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0 and (("models" in words and rows == []) or None not in rows[0]), "a small base carries no model"


def test_attribution_says_its_days_its_sentence_and_its_range(run: Any, shop: None) -> None:
    lines = run("attribute", "--client", "shop")[1].splitlines()
    assert "the last year of visits" in lines[0] and lines[1].startswith("Orders: ")
    chosen = run("attribute", "--client", "shop", "--since", "2026-01-01", "--until", "2026-01-31")[1].splitlines()
    assert chosen[0] == "1–31\u00a0Jan\u00a02026"


def test_the_same_figures_reach_people_and_programs(run: Any, shop: None) -> None:
    reading = json.loads(run("lifetime", "--client", "shop", "--horizon", "3", "--format", "json")[1])
    assert reading["curve"]["value"] == pytest.approx(0.4 * (2000 + 450)) and reading["basis"] == "margin"
    assert "980\u00a0₽" in run("lifetime", "--client", "shop", "--horizon", "3")[1]
    assert reading["headline"]["text"].startswith("A new customer brings 980 ₽ of margin in 3 months")


def test_cells_that_are_not_yet_are_dots(run: Any, shop: None) -> None:
    last = next(line for line in run("lifetime", "--client", "shop")[1].splitlines() if line.startswith("March\u00a02026"))
    assert last.split()[-11:] == ["·"] * 11 and "800" in last


# -------------------------------------------------------------------------------------------------------- the manager's word


def test_a_stage_set_by_hand_is_kept_shown_and_taken_back(run: Any, shop: None, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ("stage", "--client", "shop", "--product", "Чашки")
    code, out, _ = run(*said, "--overrule", "зрелость", "--reason", "Нет поставок с мая", "--since", "2026-02-01")
    assert code == 0 and "Set by hand to maturity by vera on 1\u00a0Feb\u00a02026: Нет поставок с мая" in out
    kept = overrules.of(workspace(), "shop")
    assert [(one.subject, one.stage, one.since) for one in kept] == [("cups", "maturity", date(2026, 2, 1))]
    row = next(csv.DictReader(io.StringIO(run(*said, "--format", "csv")[1])))
    assert (row["stage"], row["shown"], row["set_by_hand"]) == ("decline", "maturity", "Нет поставок с мая")
    assert "set by hand" in run("stage", "--client", "shop")[1]
    assert "Set by hand" not in run(*said, "--until", "2026-01-31")[1], "it did not hold yet"
    assert run(*said, "--withdraw")[0] == 0 and overrules.of(workspace(), "shop") == ()
    assert run(*said, "--withdraw")[0] == 2
    assert [change.what for change in overrules.changes(workspace(), "shop")] == ["stage", "stage"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("stage", "--overrule", "puberty", "--reason", "so"), "puberty"),
        (("stage", "--overrule", "growth"), "reason"),
        (("stage", "--product", "cusp"), "Did you mean"),
        (("attribute", "--counter", "conter"), "Did you mean"),
        (("attribute", "--since", "2026-03-01", "--until", "2026-02-01"), "Swap"),
        (("lifetime", "--view", "horoscope"), "horoscope"),
        (("lifetime", "--horizon", "0"), "0"),
    ],
)
def test_a_wrong_word_is_answered_with_what_to_do(run: Any, shop: None, words: tuple[str, ...], named: str) -> None:
    code, out, err = run(words[0], "--client", "shop", *words[1:])
    assert code == 2 and named in err and out == "" and "Traceback" not in err
    assert overrules.of(workspace(), "shop") == ()


def test_marks_that_mask_are_left_out_of_the_stage(run: Any, shop: None) -> None:
    marks.add(workspace(), "shop", [Mark(date(2025, 11, 1), date(2025, 11, 30), "Нет товара", masks=True)])
    out = run("stage", "--client", "shop", "--product", "cups")[1]
    assert "11.2025 (Нет товара)" in out and "left out" in out


def test_a_client_without_anything_is_told_what_to_load(run: Any) -> None:
    workspace().add_client("new", "New", "RUB", "Europe/Moscow")
    for name in OURS:
        code, _, err = run(name, "--client", "new")
        assert code == 2 and "Nothing is loaded for new yet." in err and "load --client new" in err


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_cannot_be_said_is_said_with_its_reason(run: Any, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("VITRINA_LANG", language)
    client = workspace().add_client("thin", "Thin", "RUB", "Europe/Moscow")
    workspace().store(client).load([spend([(FIRST, YANDEX, 100)], SPAN)])
    reasons = {
        ("attribute",): {"en": "single visits are not loaded", "ru": "отдельные визиты не загружены"},
        ("lifetime",): {"en": "Orders with their customers are not loaded", "ru": "Заказы с покупателями не загружены"},
        ("lifetime", "--view", "customers"): {"en": "Orders with their customers", "ru": "Заказы с покупателями не загружены"},
        ("lifetime", "--view", "funnel"): {"en": "What a step is worth", "ru": "Чтобы оценить шаг в деньгах"},
        ("stage",): {"en": "no demand to read", "ru": "спрос неизвестен"},
    }
    for words, said in reasons.items():
        code, out, err = run(words[0], "--client", "thin", *words[1:])
        assert (code, err) == (0, "") and said[language] in out
        assert run(words[0], "--client", "thin", *words[1:], "--format", "json")[0] == 0


# --------------------------------------------------------------------------------------------------------------------- words

SOURCES = (
    *(f"metrics/readings/{name}.py" for name in ("attribution", "touches", "lifetime", "buying", "customers", "stage", "demand", "ground")),
    *(f"commands/{name}.py" for name in ("_reading", "_customers", "attribute", "lifetime", "stage")),
)
ELSEWHERE = ("metrics/attribution.py", "metrics/stages/stage_words.py")
LOCALES = ("readings_attribution", "readings_lifetime", "readings_customers", "readings_stage")
SAID = {"t", "because", "Note", "CannotAnswer"}


def said_in(path: str) -> Iterator[str]:
    """Texts that a file says: what is written in its calls, and sentences kept in variables of its functions."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) in SAID:
            for given in node.args:
                yield from (one.value for one in ast.walk(given) if isinstance(one, ast.Constant) and isinstance(one.value, str))
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("text", "how"):
            yield from (one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def sentence(text: str) -> bool:
    return " " in text.strip() and text[0].isupper()


def test_every_sentence_exists_in_russian() -> None:
    missing = {text: path for path in SOURCES for text in said_in(path) if sentence(text) and text not in catalogue("ru")}
    assert missing == {}


def test_no_translation_is_stale() -> None:
    constants = set()
    for path in (*SOURCES, *ELSEWHERE):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        constants |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for name in LOCALES:
        kept = tomllib.loads((ROOT / "data" / "locales" / "ru" / f"{name}.toml").read_text(encoding="utf-8"))
        assert [text for text in kept if text not in constants] == [], name
