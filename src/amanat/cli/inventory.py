"""`amanat inventory`: every way in to personal data, what it says it does, and which clauses could permit that.

Without arguments it tells of the platform, which `amanat[server]` brings; no database is asked. With the names of
Python modules it tells of their governed functions and needs nothing but the language.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table

from amanat.cli import main
from amanat.cli.main import MissingPartError
from amanat.inventory.collect import inventory_of_modules, inventory_of_platform
from amanat.inventory.doors import opens_custody
from amanat.inventory.telling import act_of
from amanat.statement.compile import Statement, load_statement
from amanat.statement.coverage import uncovered, uncovered_entry_points
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.inventory import Act, EntryPoint, Inventory, write_inventory
from amanat.vocabulary.needs import Need

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("modules", nargs=-1, metavar="[MODULE...]")
@click.option("--statement", "name", default="ama", show_default=True, help="An installed statement, or a file.")
@click.option("--platform/--no-platform", default=None, help="The platform too; it is told alone without MODULE.")
@click.option("--out", type=_FILE, help="Write the inventory there, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON instead of the table.")
def inventory(modules: tuple[str, ...], name: str, out: Path | None, *, platform: bool | None, as_json: bool) -> None:
    """List what touches personal data, and what does so without a clause.

    MODULE is a Python module, or a package with all that is below it, in which functions are governed. Ends with 1 if
    there is an error: a way in that declares nothing or that no clause could permit, a choice without its control, a
    duty or a measure without its proof, a field outside the catalogue.
    """
    try:
        statement = load_statement(name)
    except StatementError as error:
        click.echo(error.explain(), err=True)
        sys.exit(1)
    whole = platform if platform is not None else not modules
    found = _whole(statement, modules) if whole else inventory_of_modules(statement, modules)
    findings = uncovered(statement, found) if whole else list(uncovered_entry_points(statement, found))
    if out is not None:
        out.write_text(write_inventory(found), encoding="utf-8")
    if as_json:
        click.echo(write_inventory(found), nl=False)
    else:
        _print(found, findings)
    sys.exit(1 if any(one.level == "error" for one in findings) else 0)


def _whole(statement: Statement, modules: tuple[str, ...]) -> Inventory:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.site.settings")
    try:
        import django  # noqa: PLC0415  # `amanat inventory MODULE` works without it
    except ModuleNotFoundError as error:
        raise MissingPartError(
            "the platform is not installed", hint='name Python modules, or pip install "amanat[server]"'
        ) from error
    django.setup()
    return inventory_of_platform(statement, list(commands_in(statement)), modules)


# Commands that come to the door of personal data and have none to declare.
_NOBODYS: Final = {
    "demo load": "the people it takes in are invented",
    "keys escrow begin": "it seals keys, and opens nobody's data",
    "keys escrow recover": "it brings keys back, and opens nobody's data",
    "keys rotate-index": "values are opened to make the tokens they are found by, and go nowhere else",
    "keys status": "it counts keys",
    "keys turn": "it wraps keys anew, and opens nobody's data",
    "restore": "it carries out erasures that were decided and recorded before",
    "run": "it starts the others",
    "serve": "its routes declare themselves",
    "worker": "its duties declare themselves",
}


def _needs() -> Mapping[str, Need]:
    """What commands do to personal data; the others do nothing to any."""
    from amanat.custody import touching  # noqa: PLC0415  # it imports models
    from amanat.rosters.service import GATEWAY, LEAVES, PURPOSE  # noqa: PLC0415  # it imports models

    counting = Need("aggregate", touching.PURPOSE, touching.COUNTED, (touching.GATEWAY,))
    return {
        "diff": counting,
        "roster load": Need("receive", PURPOSE, LEAVES, (GATEWAY,), channels=("client_feed",)),
        "statement publish": counting,
    }


def commands_in(statement: Statement) -> Iterator[EntryPoint]:
    """Each command, with those of its groups."""
    needs = _needs()
    for path, callback in _callbacks():
        need = needs.get(path)
        yield EntryPoint(
            "command", path, f"amanat {path}", audience="operator", access=_NOBODYS.get(path, ""),
            opens_custody=opens_custody(callback), names_nobody=path in _NOBODYS,
            acts=(act_of(statement.policy, need),) if need else (),
        )  # fmt: skip


def _callbacks() -> Iterator[tuple[str, Callable[..., Any]]]:
    waiting = [(name, main.Commands().get_command(click.Context(main.amanat), name)) for name in sorted(main.COMMANDS)]
    while waiting:
        path, command = waiting.pop(0)
        if isinstance(command, click.Group):
            waiting += [(f"{path} {name}", below) for name, below in sorted(command.commands.items())]
        elif command is not None and command.callback is not None:
            yield path, command.callback


def _print(found: Inventory, findings: list[Diagnostic]) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    table = Table("way in", "by", "does", "data", "for", "clauses", box=None, pad_edge=False, header_style="bold")
    for one in found.entry_points:
        for act in one.acts:
            table.add_row(*_row(one, act))
    console.print(table)
    silent = sum(not one.acts for one in found.entry_points)
    named = f"{found.statement} {found.version}"
    console.print(f"\n{len(found.entry_points)} ways in, {silent} of them about nobody, held against {named}")
    for finding in findings:
        console.print(f"{finding.level} {finding.code}: {finding.message}", markup=False, soft_wrap=True)
    if not findings:
        console.print("no findings")


def _row(one: EntryPoint, act: Act) -> tuple[str, ...]:
    clauses = dict.fromkeys(clause for part in act.data for clause in part.clauses)
    told = ", ".join(clauses) or (f"{act.duty} (duty)" if act.duty else "-")
    data = ", ".join(part.word for part in act.data)
    return (
        f"{one.name} {one.method}".strip(),
        ", ".join(act.roles),
        f"{act.root}: {act.action}",
        data,
        act.purpose,
        told,
    )
