"""The command `amanat`: its groups by name, each in a module of its own that is imported only when it is called.

So `amanat check` and `amanat decide` start in milliseconds and work where Django is not installed.
Errors of the platform are printed as one message with its mend, never as a traceback; the exit code says the kind.
"""

import errno
import importlib
import sys
from typing import Any, Final, NoReturn

import click

from amanat.errors import AmanatError, Kind, UnavailableError

# Each is a click command of that name in the module `amanat.cli.<name>`; here with the line that the help shows.
COMMANDS: Final = {
    "audit": "Open a room for an auditor; check the evidence that one took away.",
    "backup": "Copy the rows, with their log, and the keys apart.",
    "check": "Check a statement: its form, its rules, its cases.",
    "database": "The database: server, log-ins, tables, checks, copies.",
    "decide": "Answer requests by a statement, with the clauses that decide.",
    "demo": "The invented world for trying Amanat out.",
    "doctor": "Say whether this installation is well, and how to mend what is not.",
    "diff": "Say what a new version of a statement changes.",
    "explain": "Say why a request is decided as it is.",
    "export": "Write a statement as canonical JSON, Cedar, DPV or ODRL; or sign it.",
    "inventory": "List what touches personal data, and what does so without a clause.",
    "keys": "Keys: how they stand, turns, index tokens, escrow.",
    "ledger": "The ledger of decisions: verify it, see and close incidents.",
    "lint": "Look a statement over: what is lacking, dead, unguarded or unsigned.",
    "preview": "Foretell what giving or taking back a choice changes.",
    "prove": "Prove what holds of every request under a statement.",
    "restore": "Put a copy back under the keys of today, without those who were erased since.",
    "roster": "Load a client's roster.",
    "run": "Start everything and print where to look; Ctrl-C stops everything.",
    "serve": "Serve the portals on http://localhost:PORT until interrupted.",
    "sign": "Sign the clauses of a statement, or show what waits for a signature.",
    "statement": "Copy a statement to work on it; put statements and overlays in force.",
    "verify": "Check receipts offline, with the log's public key and nothing else.",
    "worker": "Fold the ledger, send what waits, let what has expired go.",
}
EXIT_CODES: Final = {Kind.MALFORMED: 2, Kind.UNAVAILABLE: 3, Kind.INTEGRITY: 4}


class MissingPartError(UnavailableError):
    """A part of the platform is not installed."""


def _missing(what: str, error: ModuleNotFoundError) -> MissingPartError:
    return MissingPartError(
        f"{what} needs `{error.name}`, which is not installed", hint='pip install "amanat[server]"'
    )  # fmt: skip


class Commands(click.Group):
    """A group whose commands are found by name and imported when called; its help imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        if cmd_name not in COMMANDS:
            return None
        try:
            module: Any = importlib.import_module(f"amanat.cli.{cmd_name}")
        except ModuleNotFoundError as error:
            raise _missing(f"`amanat {cmd_name}`", error) from error
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="amanat")
def amanat() -> None:
    """Member data of an assistance group, under its published privacy statement."""


def main() -> None:
    """Run a command; say an error in words and end with the code of its kind."""
    try:
        amanat()
    except AmanatError as error:
        _end(error)
    except ModuleNotFoundError as error:  # some commands need the platform for a part of their work alone
        if (error.name or "").partition(".")[0] == "amanat":
            raise
        _end(_missing("this", error))
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        click.echo(f"amanat: nothing more can be written: {error.strerror}\n  to mend it: free some space", err=True)
        sys.exit(EXIT_CODES[Kind.UNAVAILABLE])


def _end(error: AmanatError) -> NoReturn:
    click.secho(f"amanat: {error.detail}", err=True)
    if error.hint:
        click.echo(f"  to mend it: {error.hint}", err=True)
    sys.exit(EXIT_CODES.get(error.kind, 1))


if __name__ == "__main__":
    main()
