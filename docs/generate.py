"""The reference, printed from the registries: `python -m docs.generate` writes it, the suite fails when it is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import connectors
from data.tables import ATTRIBUTIONS, FACTS, LOADS, ORIGINS, Table
from metrics import DIMENSIONS, METRICS, MODELS, SECTIONS
from metrics.channels import GROUPINGS, rules, titles
from metrics.registry import MODELLED, aggregation
from metrics.rows import Modelled

FOLDER = Path(__file__).parent
_STAMP = "*Written by `python -m docs.generate`; edit the registry, not this page.*\n"


CLASSES = {
    "S": "sum", "R": "ratio of sums", "N": "a query of its own at every grain, never summed",
    "T": "a stock: the last value, never a sum", "M": "given by a model, anew for every slice",
}


def tables() -> str:
    parts = ["# Tables", _STAMP, "The contracts of `data/tables.py`. Money is net of VAT, ids are unsigned, days are the account's.\n"]
    parts += [_table(table) for table in (*FACTS, ORIGINS, LOADS)]
    models = _grid(("model", "meaning"), ((a.key, a.title) for a in ATTRIBUTIONS))
    return "\n".join([*parts, "## Attribution models\n", "The first one that an account has recorded is its default.\n", models])


def _table(table: Table) -> str:
    rows = ((c.name, c.kind, c.unit, "may be empty" if c.null else "", c.meaning) for c in table.columns)
    grain = ", ".join(f"`{name}`" for name in table.grain)
    body = _grid(("column", "kind", "unit", "", "meaning"), rows)
    return f"## {table.name}\n\n{table.meaning}. Unique: {grain}.\n\n{body}"


def metrics() -> str:
    parts = ["# Metrics", _STAMP]
    for section, title in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts += [_metric(key) for key, metric in METRICS.items() if metric.section == section]
        parts += [_modelled(one) for one in MODELLED.values() if one.section == section]
    parts.append("## Breakdowns\n")
    parts.append(_grid(("id", "name", "meaning"), ((d.key, d.title, d.meaning) for d in DIMENSIONS.values())))
    return "\n".join(parts)


def _metric(key: str) -> str:
    metric = METRICS[key]
    given, result = metric.example
    example = ", ".join(f"{name} {value:,}" for name, value in given.items())
    lines = {
        "Formula": f"`{metric.written}`",
        "Example": f"{example} → {result:,.4g}",
        "Class": CLASSES[aggregation(metric)],
        "Edge cases": metric.edge,
        "What moves it": metric.levers,
        "How it is misread": metric.misreading,
        "For": ", ".join(MODELS[model] for model in metric.models),
        "Source": metric.cite,
    }
    body = "\n".join(f"- *{name}:* {text}" for name, text in lines.items() if text)
    return f"### {metric.title} (`{key}`)\n\n{metric.meaning}\n\n{body}\n"


def _modelled(one: Modelled) -> str:
    lines = {
        "Formula": one.formula,
        "Class": CLASSES[one.kind],
        "Edge cases": one.edge,
        "What moves it": one.levers,
        "How it is misread": one.misreading,
        "For": ", ".join(MODELS[model] for model in one.models),
        "Needs": one.needs,
        "Asked for by": f"`vitrina.py {one.where}`" if one.where else "",
    }
    body = "\n".join(f"- *{name}:* {text}" for name, text in lines.items() if text)
    return f"### {one.title} (`{one.key}`)\n\n{one.meaning}\n\n{body}\n"


def sources() -> str:
    rows = ((f"`{s.name}`", s.title, ", ".join(table.name for table in s.fills), s.export) for s in connectors.discover())
    head = "Files are recognised by content. `--source NAME` forces one.\n"
    return "\n".join(["# Sources", _STAMP, head, _grid(("name", "what", "fills", "the file to make"), rows)])


def channels() -> str:
    parts = ["# Channel rules", _STAMP, "Tried top to bottom on the distinct origins; the first rule that matches gives the channel.\n"]
    for grouping in GROUPINGS:
        named = titles(grouping)
        rows = ((str(place), named[rule.channel], _written(rule.when), rule.cite) for place, rule in enumerate(rules(grouping), 1))
        parts += [f"## {grouping}\n", _grid(("#", "channel", "when", "source"), rows)]
    return "\n".join(parts)


def _written(when: Iterable[Iterable[tuple[str, object]]]) -> str:
    def said(wanted: object) -> str:
        return " or ".join(f"“{word}”" for word in wanted) if isinstance(wanted, tuple) else f"“{wanted}”"

    return " — or — ".join(" and ".join(f"{field} is {said(wanted)}" for field, wanted in one) for one in when)


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {"tables.md": tables, "metrics.md": metrics, "sources.md": sources, "channels.md": channels}


def main() -> None:
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
