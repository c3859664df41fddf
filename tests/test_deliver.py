"""Documents go out when they are due, once, to those who were named; what checks hold, or what is to be looked at, waits for a press."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import commands
from commands import deliver as command
from data.desk import deliveries, frozen, parcels
from data.desk.deliveries import Delivery
from data.desk.parcels import DROPPED, FAILED, SENDING, SENT, WAITING
from data.errors import MissingSetting, Problem
from data.workspace import Workspace, workspace
from reports.story import Check, Story, story
from share import post, sending
from share.sending import Due
from tests import little_shop
from tests.fakes import smtp
from tests.fakes.smtp import Smtp
from tests.story_sample import told

PASSWORD = "do-not-say-me"
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
WEEKLY = Delivery("week", 1, "10:00", ("json", "md"), ("irina@example.com", "oleg@example.com"), "ru", hold=False)
RED = Check("stale", "red", "Источник не загружен.", "Загрузите.")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    for name in ("SMTP_URL", "SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM"):
        monkeypatch.delenv(name, raising=False)
    found = workspace()
    found.add_client("kettles", "Чайники", "RUB", "Europe/Moscow")
    return found


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Smtp]:
    with smtp.running() as server:
        monkeypatch.setenv("SMTP_URL", f"smtp://anna:{PASSWORD}@127.0.0.1:{server.port}")
        monkeypatch.setenv("SMTP_FROM", "Полярный день <reports@example.com>")
        yield server


def entered(desk: Workspace, one: Delivery = WEEKLY, when: datetime = MONDAY - timedelta(days=3)) -> Delivery:
    """A delivery that was entered then."""
    kept = deliveries.put(desk, "kettles", one, "anna")
    with desk.engine.begin() as connection:
        naive = when.replace(tzinfo=None)
        connection.execute(sa.text("UPDATE deliveries SET entered = :at WHERE id = :id"), {"at": naive.isoformat(" "), "id": kept.id})
    return replace(kept, entered=naive)


def built(*checks: Check) -> Callable[[Due], Story]:
    def build(one: Due) -> Story:
        return replace(told(one.delivery.language), client=one.client.slug, since=one.days[0], until=one.days[1], checks=checks)

    return build


def deliver(desk: Workspace, build: Callable[[Due], Story] | None = None) -> list[str]:
    made = [sending.deliver(desk, one, build or built()) for one in sending.due(desk, MONDAY)]
    return [one.state for one in made if one is not None]


# --------------------------------------------------------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("one", "now", "days"),
    [
        (WEEKLY, MONDAY, (date(2026, 3, 2), date(2026, 3, 8))),
        (WEEKLY, MONDAY - timedelta(hours=3), None),
        (replace(WEEKLY, template="month", day=9), MONDAY, (date(2026, 2, 1), date(2026, 2, 28))),
        (replace(WEEKLY, template="month", day=10), MONDAY, None),
        (replace(WEEKLY, template="quarter", day=9), datetime(2026, 4, 9, 9, tzinfo=UTC), (date(2026, 1, 1), date(2026, 3, 31))),
        (replace(WEEKLY, template="quarter", day=9), MONDAY, None),
        (replace(WEEKLY, active=False), MONDAY, None),
        (WEEKLY, MONDAY + timedelta(days=2), (date(2026, 3, 2), date(2026, 3, 8))),
        (WEEKLY, MONDAY + timedelta(days=4), None),
    ],
)
def test_a_document_is_due_at_its_time_on_the_clients_clock_and_for_three_days(
    desk: Workspace, one: Delivery, now: datetime, days: tuple[date, date] | None
) -> None:
    entered(desk, one, now - timedelta(days=5))
    assert [found.days for found in sending.due(desk, now)] == ([days] if days else [])


def test_a_new_delivery_does_not_send_what_was_due_before_it_was_entered(desk: Workspace) -> None:
    entered(desk, WEEKLY, MONDAY)
    assert sending.due(desk, MONDAY + timedelta(minutes=1)) == ()
    assert [one.days[1] for one in sending.due(desk, MONDAY + timedelta(days=7))] == [date(2026, 3, 15)]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin"])
def test_the_next_time_is_after_now_even_where_the_clock_is_turned(zone: str) -> None:
    one = replace(WEEKLY, template="month", day=8, at="02:30")
    now = datetime(2026, 3, 1, tzinfo=UTC)
    for _ in range(14):
        following = one.following(now, zone)
        assert following > now and following.day == 8 and one.moment(following, zone) == following
        now = following.astimezone(UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"template": "year"}, {"day": 8}, {"day": 0}, {"template": "month", "day": 29}, {"at": "25:00"}, {"at": "noon"}, {"formats": ()},
        {"recipients": ()}, {"recipients": ("irina",)}, {"recipients": ("a@b.com\nBcc: x@evil.example",)}, {"recipients": ("a@b..com",)},
        {"recipients": tuple(f"p{n}@example.com" for n in range(21))},
    ],
)
def test_a_delivery_that_makes_no_sense_is_refused(desk: Workspace, wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        deliveries.put(desk, "kettles", replace(WEEKLY, **wrong))
    assert deliveries.of(desk, "kettles") == ()


def test_a_delivery_is_changed_and_removed_only_for_its_client(desk: Workspace) -> None:
    desk.add_client("doors", "Двери", "RUB", "Europe/Moscow")
    kept = deliveries.put(desk, "kettles", replace(WEEKLY, recipients=deliveries.addresses("a@b.ru; c@d.ru,\n a@b.ru")))
    assert kept.recipients == ("a@b.ru", "c@d.ru") and kept.id is not None
    for call in (lambda: deliveries.put(desk, "doors", kept), lambda: deliveries.remove(desk, "doors", kept.id or 0)):
        with pytest.raises(Problem):
            call()
    deliveries.put(desk, "kettles", replace(kept, hold=True))
    assert [one.hold for one in deliveries.of(desk, "kettles")] == [True]
    deliveries.remove(desk, "kettles", kept.id)
    assert deliveries.of(desk, "kettles") == ()


# --------------------------------------------------------------------------------------------------------------- the gate


def test_what_is_green_goes_out_once_with_its_files_and_is_frozen_as_sent(desk: Workspace, mail: Smtp) -> None:
    entered(desk)
    assert deliver(desk) == [SENT] and deliver(desk) == []
    [(whom, letter)] = mail.taken
    assert whom == WEEKLY.recipients and letter["From"] == "Полярный день <reports@example.com>"
    assert told("ru").title in letter["Subject"]
    files = [(part.get_filename(), part.get_content_type()) for part in letter.iter_attachments()]
    assert files == [("kettles_2026-03-02_2026-03-08.json", "application/json"), ("kettles_2026-03-02_2026-03-08.md", "text/markdown")]
    body = letter.get_body(("plain",))
    assert body is not None and "Добрый день!" in body.get_content()
    [copy] = frozen.of(desk, "kettles")
    assert story(frozen.story(desk, "kettles", copy.id)).since == date(2026, 3, 2)
    assert frozen.sent(desk, "kettles")[0].whom == "irina@example.com, oleg@example.com"


def test_what_a_check_holds_waits_for_a_press_and_says_why(desk: Workspace, mail: Smtp) -> None:
    entered(desk)
    assert deliver(desk, built(RED)) == [WAITING] and mail.taken == []
    [parcel] = parcels.of(desk, "kettles", WAITING)
    assert parcel.reasons == (RED.said,)
    assert sending.send(desk, parcel, "anna").state == SENT
    assert len(mail.taken) == 1 and parcels.of(desk, "kettles")[0].state == SENT
    with pytest.raises(Problem):
        sending.send(desk, parcel, "boris")
    assert len(mail.taken) == 1, "a second press on an old page sends nothing"


def test_what_is_to_be_looked_at_waits_even_when_all_is_green(desk: Workspace, mail: Smtp) -> None:
    entered(desk, replace(WEEKLY, hold=True))
    assert deliver(desk) == [WAITING] and deliver(desk) == [] and mail.taken == []
    [parcel] = parcels.of(desk, "kettles")
    assert parcels.move(desk, parcel, DROPPED)
    with pytest.raises(Problem):
        sending.send(desk, parcel)
    assert mail.taken == []


def test_what_cannot_be_made_is_tried_again_next_time(desk: Workspace, mail: Smtp) -> None:
    entered(desk)

    def broken(one: Due) -> Story:
        raise Problem("Nothing is loaded.", "kettles", "Load.")

    with pytest.raises(Problem):
        deliver(desk, broken)
    assert parcels.of(desk, "kettles") == () and deliver(desk) == [SENT]


def test_one_of_two_processes_takes_a_document_in_hand(desk: Workspace, mail: Smtp) -> None:
    entered(desk)
    [one] = sending.due(desk, MONDAY)
    made = [sending.deliver(desk, one, built()) for _ in range(2)]
    assert [found.state if found else None for found in made] == [SENT, None] and len(mail.taken) == 1


# --------------------------------------------------------------------------------------------------------------- the post


def test_a_post_that_fails_is_tried_again_later_and_not_for_ever(desk: Workspace, mail: Smtp) -> None:
    entered(desk)
    mail.down = True
    assert deliver(desk) == [FAILED]
    now = datetime.now(UTC)
    assert sending.tried_again(desk, now) == ()
    for tries in range(2, parcels.TRIES + 1):
        [parcel] = sending.tried_again(desk, now + timedelta(days=1))
        assert sending.send(desk, parcel).state == FAILED and parcels.again(desk, parcel).tries == tries
    assert sending.tried_again(desk, now + timedelta(days=1)) == (), "only a press sends it now"
    mail.down = False
    assert sending.send(desk, parcels.of(desk, "kettles")[0]).state == SENT
    assert frozen.sent(desk, "kettles")[0].whom == ", ".join(WEEKLY.recipients)


def test_a_letter_that_broke_on_its_way_is_not_sent_again_by_itself(desk: Workspace, mail: Smtp, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(desk)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(post, "send", killed)
        deliver(desk)
    assert [one.state for one in parcels.of(desk, "kettles")] == [SENDING]
    assert not sending.anything(desk, MONDAY + timedelta(days=1))


def test_an_address_that_is_refused_does_not_cost_the_others_their_letter(desk: Workspace, mail: Smtp) -> None:
    entered(desk)
    mail.refuse = ("oleg@example.com",)
    [made] = [one for due in sending.due(desk, MONDAY) if (one := sending.deliver(desk, due, built()))]
    assert made.state == SENT and "oleg@example.com" in made.reasons[0]
    assert [whom for whom, _ in mail.taken] == [("irina@example.com",)]
    assert frozen.sent(desk, "kettles")[0].whom == "irina@example.com"


def test_the_password_goes_to_the_server_and_nowhere_else(
    desk: Workspace, mail: Smtp, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    entered(desk)
    mail.down = True
    deliver(desk)
    assert any(line.startswith("AUTH PLAIN") for line in mail.said)
    names = sa.inspect(desk.engine).get_table_names()
    with desk.engine.connect() as connection:
        dump = "\n".join(str(row) for name in names for row in connection.execute(sa.text(f"SELECT * FROM {name}")))
    told = capsys.readouterr()
    assert PASSWORD not in dump + told.out + told.err + caplog.text + repr(post.server())


def test_nothing_is_said_to_another_machine_without_tls(mail: Smtp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post.Server, "here", property(lambda _: False))
    with pytest.raises(Problem):
        post.send(post.letter("a@example.com", ("b@example.com",), "S", "T", ()), post.server())
    assert not any(line.startswith("AUTH") for line in mail.said) and mail.taken == []


@pytest.mark.parametrize(
    ("settings", "host", "port", "at_once"),
    [
        ({"SMTP_URL": "smtps://u:p%40ss@mail.example.com"}, "mail.example.com", 465, True),
        ({"SMTP_URL": "smtp://u:p@mail.example.com"}, "mail.example.com", 587, False),
        ({"SMTP_HOST": "mail.example.com", "SMTP_USER": "u", "SMTP_PASSWORD": "p@ss"}, "mail.example.com", 465, True),
        ({"SMTP_HOST": "mail.example.com", "SMTP_PORT": "25"}, "mail.example.com", 25, False),
    ],
)
def test_the_server_is_named_by_an_address_or_by_its_parts(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], host: str, port: int, at_once: bool
) -> None:
    for name, value in (settings | {"SMTP_FROM": "reports@example.com"}).items():
        monkeypatch.setenv(name, value)
    found = post.server()
    assert (found.host, found.port, found.at_once) == (host, port, at_once)
    if at_once:
        assert found.password.reveal() == "p@ss"


@pytest.mark.parametrize("settings", [{"SMTP_URL": "http://x"}, {"SMTP_URL": "smtp://x:99999999"}, {"SMTP_HOST": "h", "SMTP_PORT": "many"}])
def test_settings_that_cannot_be_read_say_how_they_look(desk: Workspace, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Problem) as refused:
        post.server()
    assert "smtps://" in refused.value.lines()[2]


def test_without_a_server_a_document_is_made_and_waits(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(desk.url))
    entered(desk)
    assert not post.ready()
    with pytest.raises(MissingSetting):
        post.server()
    assert deliver(desk) == [FAILED] and "SMTP_URL" in parcels.of(desk, "kettles")[0].reasons[0]


def test_a_name_with_line_ends_makes_no_header_and_a_heavy_letter_is_not_sent() -> None:
    letter = post.letter("a@example.com", ("b@example.com",), "Kettles\r\nBcc: all@example.com", "T", ())
    assert letter["Bcc"] is None and letter["Subject"] == "Kettles Bcc: all@example.com"
    with pytest.raises(Problem):
        post.letter("a@example.com", ("b@example.com",), "S", "T", (post.Attachment("x", "a/b", b"0" * (post.MOST + 1)),))


# --------------------------------------------------------------------------------------------------------------- the command


def test_the_command_makes_the_clients_real_document_and_sends_it(
    tmp_path: Path, mail: Smtp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VITRINA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VITRINA_LANG", "en")
    little_shop.load(little_shop.write(tmp_path / "files", date(2026, 2, 1), date(2026, 3, 8)))
    now = datetime.now(UTC)
    desk = workspace()
    kept = deliveries.put(desk, "shop", replace(WEEKLY, hold=False))
    made = sending.deliver(desk, Due(desk.client("shop"), kept, (date(2026, 3, 2), date(2026, 3, 8))), command.document)
    assert made is not None and made.state in (SENT, WAITING)
    [copy] = frozen.of(desk, "shop")
    found = story(frozen.story(desk, "shop", copy.id))
    assert (found.template, found.language, found.since, found.until) == ("week", "ru", date(2026, 3, 2), date(2026, 3, 8))
    assert next(card for block in found.blocks for card in block.cards if card.metric == "spend").value == 7 * little_shop.COST_A_DAY
    for words, said in ((("deliver", "--list"), "irina@example.com"), (("deliver",), "")):
        monkeypatch.setattr("sys.argv", ["vitrina.py", *words])
        with pytest.raises(SystemExit) as left:
            commands.main()
        assert not left.value.code and said in capsys.readouterr().out
    assert not sending.due(desk, now)
