"""The command `amanat`: its groups by name, each in a module of its own that is imported only when it is called.

So `amanat check` and `amanat decide` start in milliseconds and work where Django is not installed.
Errors of the platform are printed as one message with its mend, never as a traceback; the exit code says the kind.
"""

import importlib
import sys
from typing import Any, Final

import click

from amanat.errors import AmanatError, Kind

# name → the module of `amanat.cli` with a click command of that name
COMMANDS: Final = {
    "check": "check",
    "database": "database",
    "decide": "decide",
    "demo": "demo",
    "doctor": "doctor",
    "explain": "explain",
    "ledger": "ledger",
    "roster": "roster",
    "run": "run",
    "serve": "serve",
    "worker": "worker",
}
EXIT_CODES: Final = {Kind.MALFORMED: 2, Kind.UNAVAILABLE: 3, Kind.INTEGRITY: 4}


class Commands(click.Group):
    """A group whose commands are found by name and imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        if cmd_name not in COMMANDS:
            return None
        module: Any = importlib.import_module(f"amanat.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="amanat")
def amanat() -> None:
    """Member data of an assistance group, under its published privacy statement."""


def main() -> None:
    """Run a command; say an error in words and end with the code of its kind."""
    try:
        amanat()
    except AmanatError as error:
        click.secho(f"amanat: {error.detail}", err=True)
        if error.hint:
            click.echo(f"  to mend it: {error.hint}", err=True)
        sys.exit(EXIT_CODES.get(error.kind, 1))


if __name__ == "__main__":
    main()
