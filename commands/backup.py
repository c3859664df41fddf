"""`backup`: a copy of one client or of all that can be believed, while people work."""

from __future__ import annotations

from pathlib import Path

import click

from commands import show, spoken
from commands._owned import agency, chosen, size
from data import backup
from data.backup import Backup, Kept


@click.command(name="backup")
@click.option("--client", "slug", default="", help="Short name of the client.")
@click.option("--all", "everybody", is_flag=True, help="Every client, and the agency's own: people, the key of share links.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to lay the backup in.")
@show.format_option
def command(slug: str, everybody: bool, to: Path, form: str) -> None:
    """Back up clients: what is loaded, what people wrote, the logo, the secret for hashing. Tokens are not in it.

    Nobody has to stop working. The secret is sealed with the pass phrase in VITRINA_BACKUP_KEY, where one is set. `restore` brings a
    client back.
    """
    desk = agency()
    made = backup.take(desk, chosen(desk, slug, everybody), to, agency=everybody)
    tell(made, form)


def tell(made: Backup, form: str) -> None:
    """What is in a backup."""
    t, rows = spoken().t, [row(one) for one in made.clients]
    if form == "json":
        clients = [vars(one) for one in made.clients]
        return show.as_json({"folder": str(made.folder), "bytes": made.size, "sealed": made.sealed, "clients": clients})
    if form == "csv":
        return show.as_csv(rows, ("client", "version", "loaded", "written"))
    number = spoken().number
    titles = {"client": t("Client"), "version": t("Version"), "loaded": t("Rows loaded"), "written": t("Rows written by people")}
    show.as_table(rows, titles, {"version": number, "loaded": number, "written": number})
    click.echo(t("Backup: {folder}, {size}", folder=str(made.folder), size=size(made.size)))
    if not made.sealed:
        click.echo(t("The secrets in it lie open: set VITRINA_BACKUP_KEY to a pass phrase to seal them."), err=True)
    return None


def row(kept: Kept) -> dict[str, object]:
    """One client of a backup, counted."""
    loaded = sum(int(found["rows"]) for found in kept.totals.values())
    return {"client": kept.slug, "version": kept.version, "loaded": loaded, "written": sum(kept.written.values())}
