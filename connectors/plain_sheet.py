"""Any sheet with a column of days that no other source knows: a client's costs, orders, leads, funnel, demand or events.

What it is and which column is which is proposed, asked once, and remembered by its header: the next file of this shape asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from connectors import Answers, Says, Source, cost_sheet, crm_orders, plain_rows, vat
from connectors.files import Head, table
from connectors.grid import Grid
from connectors.plain_columns import Sheet, complete, find, grid, likeliest, parse, propose, written
from connectors.plain_words import KEYS, Kind, kind
from connectors.values import plain
from data.batches import Batch
from data.desk.marks import KINDS as MARKS
from data.desk.marks import Mark
from data.errors import Ask, BadFile
from data.tables import CONVERSIONS, DEMAND, ORDERS, SPEND, STEPS

_FOREIGN = ("ym:", "#", "ga:", "__")
"""Headers that begin so belong to a source of their own; where it refuses the file, its reason is the better one."""
_PREVIEWED = 5


def recognise(head: Head) -> bool:
    sheet = find(head.rows)
    return sheet is not None and not any(name.startswith(_FOREIGN) for name in (head.first(), *sheet.header))


def says(head: Head) -> Says:
    sheet = _sheet(head)
    ask = Ask("as", "What does this sheet hold?", KEYS, likeliest(sheet).key, guess=True)
    return Says({}, (ask,), shape=sheet.fingerprint)


def more(head: Head, answers: Answers) -> Says:
    """What is to be asked of a sheet of this kind with these columns; while neither is said, of what is proposed. Raises Problem."""
    sheet = _sheet(head)
    what = kind(answers["as"]) if "as" in answers else likeliest(sheet)
    proposed = propose(sheet, what)
    mapped = parse(answers["columns"], sheet, what) if "columns" in answers else proposed
    text = "Which column is which? As role=column, by comma"
    ask = Ask("columns", text, default=written(sheet, proposed), guess=True)
    if not complete(what, mapped):
        return Says({}, (ask,))
    further = _ASKS[what.key](grid(sheet, mapped), head)
    return Says(further.facts, (ask, *further.asks))


def preview(head: Head) -> tuple[tuple[str, ...], list[list[str]]]:
    """The header and the first rows, for a person who says what the columns are."""
    sheet = _sheet(head)
    return sheet.header, [[plain(cell) or "" for cell in row] for row in sheet.rows[:_PREVIEWED]]


def proposed(head: Head, what: str) -> Mapping[str, int]:
    """The column proposed for each role, by its place; the first one where there are several."""
    found: dict[str, int] = {}
    for key, place in propose(_sheet(head), kind(what)):
        found.setdefault(key, place)
    return found


def further(head: Head, what: str, chosen: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Proposed columns of roles that may have many, beyond the first, where that one was chosen and the column is free."""
    taken = {place for _, place in chosen}
    first = proposed(head, what)
    return [
        (key, place) for key, place in propose(_sheet(head), kind(what))
        if place != first[key] and (key, first[key]) in chosen and place not in taken
    ]


def mapping(head: Head, chosen: Sequence[tuple[str, int]]) -> str:
    """The answer that says which column is which."""
    return written(_sheet(head), tuple(chosen))


def _sheet(head: Head) -> Sheet:
    found = find(table(head))
    if found is None:
        raise BadFile("The sheet has no header with days under it.", "{name}", "Name the columns in the first row of the table.",
                      name=head.name)
    return found


def _mapped(head: Head, answers: Answers) -> tuple[Kind, Grid]:
    sheet, what = _sheet(head), kind(answers["as"])
    return what, grid(sheet, parse(answers["columns"], sheet, what))


# ------------------------------------------------------------------------------------------------------------- what is asked


def _asks_of_costs(found: Grid, head: Head) -> Says:
    return cost_sheet.told(found, head)


def _asks_of_orders(found: Grid, head: Head) -> Says:
    return crm_orders.told(found)


def _asks_of_leads(found: Grid, head: Head) -> Says:
    said = crm_orders.told(found)
    account = Ask("account", "Which counter do these leads belong to? Its number in Metrica or Google Analytics")
    goal = Ask("lead", "As which goal are the leads counted?", default="lead")
    return replace(said, asks=(account, goal, *(ask for ask in said.asks if ask.option != "account")))


def _asks_of_steps(found: Grid, head: Head) -> Says:
    columns = [name for name in found.places if name.split(" ")[0] in ("reached", "amount")]
    asks = [Ask("account", "Whose funnel is this? Sheets of one name are steps of one funnel", default="CRM")]
    if len(columns) == 1:
        text = "Which step of the funnel does this sheet count? For example visits, contacts, offers, deals"
        asks.append(Ask("step", text, default=found.written[columns[0]]))
    money = [found.labels[name] for name in columns if name.startswith("amount")]
    facts = {}
    if money and money[0].vat:
        facts["vat"] = money[0].vat
    elif money:
        asks.append(vat.ASK)
    if money and money[0].currency:
        facts["currency"] = money[0].currency
    elif money and "currency" not in found.places:
        asks.append(Ask("currency", "In which currency is the money?"))
    return Says(facts, tuple(asks))


def _asks_of_index(found: Grid, head: Head) -> Says:
    asks = [Ask("account", "Where is this demand from? For example Wordstat", default="Wordstat")]
    columns = [name for name in found.places if name.split(" ")[0] in ("searches", "level")]
    if "phrase" not in found.places and len(columns) == 1:
        asks.append(Ask("phrase", "Which phrase or index is this?", default=PurePath(head.name).stem))
    return Says({}, tuple(asks))


def _asks_of_events(found: Grid, head: Head) -> Says:
    kinds = [plain_rows.told_kind(plain(cell) or "") for cell in found.column("kind")]
    if all(kinds) and "kind" in found.places:
        return Says({})
    return Says({}, (Ask("event", "Whose events are these, where the sheet does not say?", MARKS, "ours"),))


# --------------------------------------------------------------------------------------------------------------- reading


def read(heads: Sequence[Head], answers: Answers) -> list[Batch]:
    """Each sheet by itself; none for a sheet of events, which holds marks. Raises BadFile and Problem as the kind's own reader does."""
    return [batch for head in heads for batch in _read(head, answers)]


def _read(head: Head, answers: Answers) -> list[Batch]:
    what, found = _mapped(head, answers)
    readers: Mapping[str, Callable[[Grid, Head, Answers, str], list[Batch]]] = {
        "costs": cost_sheet.batches, "orders": _orders, "leads": plain_rows.leads, "steps": plain_rows.steps, "index": plain_rows.demand,
        "events": _nothing,
    }
    return readers[what.key](found, head, answers, SOURCE.name)


def _orders(found: Grid, head: Head, answers: Answers, source: str) -> list[Batch]:
    return [crm_orders.batch(found, head, answers, source)]


def _nothing(found: Grid, head: Head, answers: Answers, source: str) -> list[Batch]:
    return []


def marks(heads: Sequence[Head], answers: Answers) -> list[Mark]:
    """What a sheet of events says happened; nothing for other sheets."""
    found = [(head, *_mapped(head, answers)) for head in heads]
    return [mark for head, what, one in found if what.key == "events" for mark in plain_rows.events(one, head, answers)]


_ASKS: Mapping[str, Callable[[Grid, Head], Says]] = {
    "costs": _asks_of_costs, "orders": _asks_of_orders, "leads": _asks_of_leads, "steps": _asks_of_steps, "index": _asks_of_index,
    "events": _asks_of_events,
}

SOURCE = Source(
    name="plain_sheet",
    title="A sheet of your own",
    fills=(SPEND, ORDERS, CONVERSIONS, STEPS, DEMAND),
    export="any sheet with a column of days (CSV, XLSX): costs, orders, leads, a funnel, demand, events; its columns are asked once",
    recognise=recognise,
    says=says,
    read=read,
    generic=2,
    more=more,
    marks=marks,
)
