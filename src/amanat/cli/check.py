"""`amanat check FILE…`: is this a statement that could be put in force, and if not, where and how to mend it."""

import sys

import click

from amanat.statement.compile import load_statement
from amanat.statement.diagnostics import StatementError


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check statements: files, or installed ones by name. Ends with 1 if any has an error."""
    results = [_check(file) for file in files]
    sys.exit(0 if all(results) else 1)


def _check(file: str) -> bool:
    try:
        statement = load_statement(file)
    except StatementError as error:
        click.echo(str(error))
        return False
    for warning in statement.warnings:
        click.echo(warning.render(file))
    size = f"{len(statement.sections)} sections, {len(statement.policy.rules)} rules, {len(statement.cases)} cases"
    click.echo(f"{file}: {statement.name} {statement.version}, {size}, no errors")
    return True
