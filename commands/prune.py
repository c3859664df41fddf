"""`prune`: remove old versions by the policy, or only say what would go."""

from __future__ import annotations

import click

from commands import show, spoken
from commands._owned import agency, chosen, size
from data.pruning import Fate


@click.command(name="prune")
@click.option("--client", "slug", default="", help="Short name of the client.")
@click.option("--all", "everybody", is_flag=True, help="Every client.")
@click.option("--keep", type=click.IntRange(2), default=None, help="How many of the last versions stay. [default: VITRINA_VERSIONS, 5]")
@click.option("--days", type=click.IntRange(0), default=None, help="Younger ones stay too. [default: VITRINA_VERSION_DAYS, 0]")
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would go.")
@show.format_option
def command(slug: str, everybody: bool, keep: int | None, days: int | None, dry: bool, form: str) -> None:
    """Remove old versions of what was loaded. Every load does the same by itself.

    The last few stay, and those that a document was made from which went out in the last 100 days (VITRINA_SENT_DAYS) or that a share
    link still opens.
    """
    desk = agency()
    rows = [
        _row(client.slug, fate) for client in chosen(desk, slug, everybody)
        for fate in desk.store(client).prune(keep, days, dry)
    ]
    if form == "json":
        return show.as_json(rows)
    if form == "csv":
        return show.as_csv(rows, ("client", "version", "made_at", "bytes", "stays"))
    t, number = spoken().t, spoken().number
    titles = {"client": t("Client"), "version": t("Version"), "made_at": t("Made, UTC"), "bytes": t("Size"), "stays": t("Why it stays")}
    show.as_table(rows, titles, {"version": number, "bytes": size, "stays": lambda reason: t(reason) if reason else t("goes")})
    gone = sum(int(str(row["bytes"])) for row in rows if not row["stays"])
    text = "Would be free: {size}" if dry else "Freed: {size}"
    click.echo(t(text, size=size(gone)))
    return None


def _row(client: str, fate: Fate) -> dict[str, object]:
    return {
        "client": client, "version": fate.number, "made_at": fate.made_at.replace(tzinfo=None, microsecond=0), "bytes": fate.size,
        "stays": fate.reason,
    }
