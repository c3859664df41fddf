"""The room of pages keeps its contract: every text is said in every language, state lives in few places, colours are shared."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from data.tables import ATTRIBUTIONS, TABLES
from data.text import catalogue
from metrics.sentences import efficiency, spelled
from pages.ui import bar, client_settings, course, coverage, design, dropping, listing, loaded, marking, periods, receipt, terms
from pages.ui.explore import chart
from pages.ui.week import doing

ROOT = Path(__file__).resolve().parent.parent
ROOM = [*sorted((ROOT / "pages").rglob("*.py")), ROOT / "dashboard.py"]


def spoken() -> dict[str, str]:
    """Every English text of the room that goes through t(), and where it stands."""
    found: dict[str, str] = {}
    for path in ROOM:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node) == "t" and node.args and isinstance(node.args[0], ast.Constant):
                found[str(node.args[0].value)] = path.name
    found |= dict.fromkeys((*efficiency.WHOLE.values(), efficiency.SHORT), "efficiency")
    registries: tuple[Mapping[str, str], ...] = (
        periods.TITLES, bar.COMPARISONS, bar.GROUPINGS, loaded.TITLES, dropping.CHOICES, dropping.OPTIONS, terms.AGGREGATIONS,
        terms.BETTER, course.GRAINS, receipt.VAT, spelled.SETTING_TITLES, marking.TITLES, chart.KINDS,
        client_settings.MODELS, client_settings.UNITS, doing.STATES,
    )
    for registry in registries:
        found |= dict.fromkeys(registry.values(), "a registry")
    found |= dict.fromkeys((title for title, *_ in coverage.STATES.values()), "coverage")
    found |= dict.fromkeys((page.title for page in listing.listed()), "the folder of pages")
    return {text: where for text, where in found.items() if text not in {a.title for a in ATTRIBUTIONS}}


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def test_every_text_of_the_pages_exists_in_russian() -> None:
    assert {text: where for text, where in spoken().items() if text not in catalogue("ru")} == {}


def test_no_translation_of_the_pages_is_stale() -> None:
    own = tomllib.loads((ROOT / "data" / "locales" / "ru" / "pages.toml").read_text(encoding="utf-8"))
    # What pages and documents say alike stands in the sentences.
    shared = (ROOT / "metrics" / "sentences").glob("*.py")
    everything = "\n".join(path.read_text(encoding="utf-8") for path in (*ROOM, *shared))
    assert [text for text in own if text not in everything and text not in spoken()] == []


def test_translations_keep_the_braces() -> None:
    braces = re.compile(r"\{(\w+)\}")
    own = tomllib.loads((ROOT / "data" / "locales" / "ru" / "pages.toml").read_text(encoding="utf-8"))
    assert {text for text, russian in own.items() if set(braces.findall(text)) != set(braces.findall(russian))} == set()


DRAWN = {
    "header", "subheader", "markdown", "caption", "text", "write", "button", "selectbox", "multiselect", "text_input",
    "date_input", "popover", "expander", "form_submit_button", "file_uploader", "segmented_control", "download_button", "page_link",
    "success", "warning", "error", "info", "dialog", "progress", "metric",
}


def test_no_literal_reaches_the_screen_without_being_said() -> None:
    loose = []
    for path in ROOM:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _name(node) in DRAWN and node.args):
                continue
            drawn = getattr(node.func.value, "id", "") != "log" and isinstance(node.args[0], ast.Constant)
            if drawn and re.search(r"[A-Za-zА-Яа-я]{2}", str(node.args[0].value)):
                loose.append(f"{path.name}:{node.lineno}: {node.args[0].value}")
    assert loose == []


def test_session_state_is_touched_in_few_places() -> None:
    """What a page remembers goes through `memory` and `control`; those that hold a form of their own read it themselves."""
    allowed = {"address.py", "bar.py", "control.py", "language.py", "memory.py", "dropping.py", "newcomer.py", "mapping.py", "state.py"}
    allowed |= {"trying.py", "crediting.py", "peopling.py"}
    assert {path.name for path in ROOM if "session_state" in path.read_text(encoding="utf-8")} - allowed == set()


def test_every_chart_and_table_has_words_for_those_who_do_not_see_it() -> None:
    mute = []
    for path in ROOM:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node) in ("plotly_chart", "data_editor", "image"):
                mute += [] if any(one.arg == "alt" for one in node.keywords) else [f"{path.name}:{node.lineno}"]
    assert mute == []


def test_charts_cards_and_theme_share_their_colours() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert theme["light"]["textColor"] == design.INK and theme["dark"]["textColor"] == design.INK_ON_DARK
    for side in ("light", "dark"):
        assert theme[side]["chartCategoricalColors"] == list(design.SERIES)


def test_viewers_never_see_source_lines() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["client"]["showErrorDetails"] == "none"
    assert "https://" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"), "nothing is fetched from other hosts"


@pytest.mark.parametrize("page", [page.file for page in listing.listed()])
def test_a_page_is_thin(page: str) -> None:
    assert len((ROOT / "pages" / page).read_text(encoding="utf-8").splitlines()) <= 60


def test_the_tables_beside_the_sql_box_are_told_in_russian() -> None:
    said = {meaning for table in TABLES.values() for meaning in (table.meaning, *(column.meaning for column in table.columns))}
    assert sorted(said - set(catalogue("ru"))) == []
