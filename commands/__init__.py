"""The command line: one file per command, found by looking in this folder. A file that defines `command` is one.

Exit codes: 0 done, 2 wrong use or input (said in three lines: what, where, how to fix), 1 a fault of ours.
"""

from __future__ import annotations

import importlib
import locale
import logging
import os
import pkgutil
import sys
import traceback

import click

from data import log, versions
from data.errors import Problem
from data.text import Words, words


class _Commands(click.Group):
    """Commands are imported when they are called, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_") and module.name != "show")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found = importlib.import_module(f"commands.{cmd_name}").command
        return found if isinstance(found, click.Command) else None


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--as", "email", default="", metavar="EMAIL", help="Act as this person, with what is open to them. [default: the operator]")
def vitrina(email: str) -> None:
    """Marketing figures of an agency's clients: load export files, ask questions, open the dashboard.

    \b
    First steps:
      python vitrina.py demo                          three invented clients to look at
      python vitrina.py clients add my-client --name "My client" --currency RUB --timezone Europe/Moscow
      python vitrina.py load --client my-client visits.tsv costs.xlsx
      python vitrina.py ask --client my-client --metrics visits,spend,cpa --by channel
      streamlit run dashboard.py                      the same on a screen
    """
    if email:
        # NB: in the environment, so that commands which a command starts act in the same name.
        os.environ["VITRINA_AS"] = email


def spoken() -> Words:
    """Words of the terminal's language: `VITRINA_LANG`, else the system's."""
    said = os.environ.get("VITRINA_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or "en"
    return words(said[:2].lower())


def complain(problem: Problem) -> None:
    """A problem on the error stream: what, where, how to fix."""
    what, where, fix = spoken().problem(problem)
    for label, line in (("", what), ("  ", where), ("→ ", fix)):
        if line:
            click.echo(f"{label}{line}", err=True)


def _tell_damage() -> None:
    """What stands above the figures on a page goes to the error stream here."""
    for folder, damage in versions.seen():
        click.echo(f"{folder.name}: {spoken().note(damage.note())}", err=True)


def main() -> None:
    """Run the command line and leave with its exit code."""
    log.start()
    try:
        code = vitrina.main(standalone_mode=False)
        _tell_damage()
        sys.exit(code if isinstance(code, int) else 0)
    except Problem as problem:
        complain(problem)
    except click.exceptions.Abort:
        click.echo(spoken().t("Stopped. Nothing was changed."), err=True)
    except click.ClickException as error:
        error.show()
    except BrokenPipeError:
        # The reader of our output, `head` perhaps, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        log.event("error", logging.ERROR, error)
        traceback.print_exc()
        click.echo(spoken().t("This is a fault of Vitrina's. Please report it with the lines above."), err=True)
        sys.exit(1)
    sys.exit(2)
