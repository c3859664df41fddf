"""What people write is kept, changed and taken away with its history, and never mixes clients."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.desk import actions, campaigns, history, looks, marks, overrules, plans, sheets, views
from data.errors import Problem
from data.workspace import Workspace

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    workspace = Workspace(f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    for slug in ("kettles", "doors"):
        workspace.add_client(slug, slug.title(), "RUB", "Europe/Moscow")
    return workspace


def test_marks_are_found_by_the_days_they_touch_and_kept_once(desk: Workspace) -> None:
    sale = marks.Mark(date(2026, 3, 5), date(2026, 3, 9), "Spring sale", masks=True)
    assert len(marks.add(desk, "kettles", [sale, sale], "anna")) == 1
    assert marks.add(desk, "kettles", [sale], "anna") == ()
    assert [mark.text for mark in marks.of(desk, "kettles", date(2026, 3, 9), date(2026, 3, 31))] == ["Spring sale"]
    assert marks.of(desk, "kettles", date(2026, 3, 10)) == ()
    assert marks.of(desk, "doors") == ()


def test_a_mark_of_another_client_cannot_be_removed(desk: Workspace) -> None:
    [mark] = marks.add(desk, "kettles", [marks.Mark(MARCH, MARCH, "New site")])
    assert mark.id is not None
    marks.remove(desk, "doors", mark.id)
    assert marks.of(desk, "kettles") == (mark,)
    marks.remove(desk, "kettles", mark.id, "anna")
    assert marks.of(desk, "kettles") == ()
    assert history.of(desk, "kettles", "mark removed")[0].before["text"] == "New site"


@pytest.mark.parametrize(
    "mark", [marks.Mark(APRIL, MARCH, "backwards"), marks.Mark(MARCH, MARCH, "  "), marks.Mark(MARCH, MARCH, "odd", kind="gossip")]
)
def test_a_mark_that_makes_no_sense_is_refused_and_none_of_its_company_kept(desk: Workspace, mark: marks.Mark) -> None:
    with pytest.raises(Problem):
        marks.add(desk, "kettles", [marks.Mark(MARCH, MARCH, "fine"), mark])
    assert marks.of(desk, "kettles") == ()


def test_a_target_replaces_the_one_before_and_the_history_knows_both(desk: Workspace) -> None:
    plans.put(desk, "kettles", [plans.Target(MARCH, "leads", 100), plans.Target(MARCH, "cpa", 900, "Yandex Direct")], "anna")
    changed = plans.put(desk, "kettles", [plans.Target(MARCH, "leads", 120), plans.Target(MARCH, "cpa", 900, "Yandex Direct")], "boris")
    assert [(target.metric, target.value) for target in changed] == [("leads", 120)]
    assert [(target.metric, target.value) for target in plans.of(desk, "kettles", date(2026, 3, 15), date(2026, 3, 20))] == [
        ("cpa", 900),
        ("leads", 120),
    ]
    last = plans.changes(desk, "kettles")[0]
    assert (last.who, last.before["value"], last.after["value"]) == ("boris", 100, 120)


def test_an_empty_target_takes_the_plan_away(desk: Workspace) -> None:
    plans.put(desk, "kettles", [plans.Target(MARCH, "leads", 100)])
    plans.put(desk, "kettles", [plans.Target(MARCH, "leads", None)], "anna")
    assert plans.of(desk, "kettles") == ()
    assert plans.changes(desk, "kettles")[0].after is None


@pytest.mark.parametrize(
    "target",
    [plans.Target(date(2026, 3, 2), "leads", 1), plans.Target(MARCH, "leads", -1), plans.Target(MARCH, "leads", float("nan"))],
)
def test_a_target_that_is_no_target_is_refused(desk: Workspace, target: plans.Target) -> None:
    with pytest.raises(Problem):
        plans.put(desk, "kettles", [plans.Target(APRIL, "leads", 1), target])
    assert plans.of(desk, "kettles") == ()


def test_an_action_goes_from_planned_to_done_in_place(desk: Workspace) -> None:
    action = actions.put(desk, "kettles", actions.Action("Stop the network", "Olga", APRIL, "cpa", "VK Ads", -0.1), "anna")
    actions.put(desk, "kettles", replace(action, state="done", since=MARCH), "olga")
    assert actions.of(desk, "kettles") == (replace(action, state="done", since=MARCH),)
    assert [change.who for change in history.of(desk, "kettles", "action")] == ["olga", "anna"]


def test_an_action_of_another_client_is_not_there(desk: Workspace) -> None:
    action = actions.put(desk, "kettles", actions.Action("Stop the network"))
    assert action.id is not None
    with pytest.raises(Problem):
        actions.put(desk, "doors", replace(action, state="done"))
    with pytest.raises(Problem):
        actions.remove(desk, "doors", action.id)
    actions.remove(desk, "kettles", action.id)
    assert actions.of(desk, "kettles") == ()


@pytest.mark.parametrize("action", [actions.Action(" "), actions.Action("x", state="forgotten"), actions.Action("x", expected=-1.0)])
def test_an_action_that_makes_no_sense_is_refused(desk: Workspace, action: actions.Action) -> None:
    with pytest.raises(Problem):
        actions.put(desk, "kettles", action)


def test_a_stage_set_by_hand_has_a_reason_a_day_and_a_way_back(desk: Workspace) -> None:
    kept = overrules.put(desk, "kettles", overrules.Overrule("", "maturity", "A competitor has left", MARCH), "anna")
    assert overrules.of(desk, "kettles") == (kept,) and (kept.who, kept.at is not None) == ("anna", True)
    overrules.withdraw(desk, "kettles", "", "boris")
    assert overrules.of(desk, "kettles") == ()
    assert [change.who for change in overrules.changes(desk, "kettles")] == ["boris", "anna"]
    with pytest.raises(Problem):
        overrules.withdraw(desk, "kettles")
    with pytest.raises(Problem):
        overrules.put(desk, "kettles", overrules.Overrule("", "decline", " ", MARCH))


def test_a_saved_view_replaces_its_namesake(desk: Workspace) -> None:
    views.put(desk, "kettles", views.View("Kazan", "explore", "city=kazan"))
    kept = views.put(desk, "kettles", views.View("  Kazan ", "explore", "city=kazan&device=mobile"), "anna")
    assert views.of(desk, "kettles", "explore") == (kept,)
    assert views.of(desk, "doors") == () and views.of(desk, "kettles", "channels") == ()
    assert kept.id is not None
    views.remove(desk, "kettles", kept.id)
    assert views.of(desk, "kettles") == ()
    with pytest.raises(Problem):
        views.put(desk, "kettles", views.View("x" * 81, "explore", ""))


def test_campaigns_and_sheets_are_remembered_and_forgotten(desk: Workspace) -> None:
    campaigns.put(desk, "kettles", campaigns.Match("spring_{id}", "vk", "7", "Spring"), "anna")
    campaigns.put(desk, "kettles", campaigns.Match("spring_{id}", "vk", "8", "Spring 2"), "anna")
    assert campaigns.of(desk, "kettles") == (campaigns.Match("spring_{id}", "vk", "8", "Spring 2"),)
    campaigns.forget(desk, "kettles", "spring_{id}")
    assert campaigns.of(desk, "kettles") == ()
    sheets.put(desk, "kettles", "abc", {"as": "costs", "columns": {"day": "Дата"}})
    assert sheets.of(desk, "kettles", "abc") == {"as": "costs", "columns": {"day": "Дата"}}
    assert sheets.of(desk, "doors", "abc") is None


def test_nothing_can_be_written_for_a_client_that_is_not_there(desk: Workspace) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        marks.add(desk, "nobody", [marks.Mark(MARCH, MARCH, "x")])


def test_a_look_is_a_colour_and_a_small_picture_or_refused(desk: Workspace) -> None:
    logo = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes([0, 0, 0, 40] * 2) + b"0" * 40
    looks.put(desk, "kettles", looks.Look("#AA3300", logo), "anna")
    assert looks.of(desk, "kettles") == looks.Look("#AA3300", logo) and looks.of(desk, "doors") == looks.Look()
    for wrong in (looks.Look("red"), looks.Look("", b"<svg onload=alert(1)>"), looks.Look("", logo + b"0" * looks.MOST_BYTES)):
        with pytest.raises(Problem):
            looks.put(desk, "kettles", wrong)
    assert looks.of(desk, "kettles").accent == "#AA3300"
