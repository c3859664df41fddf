"""`restore`: a backup becomes a client again."""

from __future__ import annotations

from pathlib import Path

import click

from commands import spoken
from commands._owned import agency, who
from commands.backup import row
from data import backup, restoring


@click.command(name="restore")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--client", "slugs", multiple=True, help="Only this client; may be said several times. [default: all in the backup]")
@click.option("--replace", is_flag=True, help="Over a client that lives; what is there is backed up first.")
@click.option("--check", "only_check", is_flag=True, help="Only look whether the backup is whole.")
def command(folder: Path, slugs: tuple[str, ...], replace: bool, only_check: bool) -> None:
    """Bring clients back from a backup that `backup` has made.

    Every file of it is read and compared first; one that is missing or damaged, or a home folder copied by hand, is refused.
    """
    t = spoken().t
    chosen = backup.read(folder)
    if only_check:
        backup.check(chosen)
        return click.echo(t("The backup is whole: {count} files.", count=len(chosen.files)))
    desk = agency()
    for one in restoring.restore(desk, chosen, slugs, replace, who(desk)):
        counted = row(one.kept)
        facts = {"client": one.kept.slug, "version": one.version, "loaded": counted["loaded"], "written": counted["written"]}
        click.echo(t("{client}: version {version}, rows loaded {loaded}, rows written by people {written}", **facts))
        if one.before:
            click.echo("  " + t("What stood there before: {folder}", folder=str(one.before.folder)))
        if one.links:
            click.echo("  " + t("Share links that do not open any more: {count}. Make them anew.", count=one.links), err=True)
    return None
