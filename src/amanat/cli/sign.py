"""`amanat sign`: put a reviewer's name below the clauses they have read; without a name, show what waits for one."""

import sys
from pathlib import Path

import click

from amanat.statement.compile import Statement, load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.review import review_lines
from amanat.statement.signing import chosen, unsigned
from amanat.statement.signing import sign as signed
from amanat.vocabulary import clock


@click.command()
@click.argument("statement", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reviewer", metavar="NAME", help="Who read the clauses; the file is written.")
@click.option("--clause", "clauses", multiple=True, metavar="ID", help="This clause; several times for several.")
def sign(statement: Path, reviewer: str | None, clauses: tuple[str, ...]) -> None:
    """Sign the clauses of a statement file as they stand.

    Without --reviewer it shows the clauses that nobody signed, each beside what the program made of it. With it, all
    clauses are signed, or those given by --clause; a clause that changes later is unsigned.
    """
    try:
        found = load_statement(str(statement))
    except StatementError as error:
        click.echo(error.explain())
        sys.exit(1)
    if reviewer is None:
        _show(found, tuple(one.id for one in chosen(found, clauses)) if clauses else unsigned(found))
    else:
        statement.write_text(signed(found, reviewer, clock.now().date(), clauses), encoding="utf-8", newline="\n")
        _tell(load_statement(str(statement)))


def _show(statement: Statement, clauses: tuple[str, ...]) -> None:
    for line in review_lines(statement, clauses):
        click.echo(line)
    _tell(statement)


def _tell(statement: Statement) -> None:
    waiting, clauses = unsigned(statement), len(statement.sections)
    named = f"; not signed: {', '.join(waiting)}" if waiting else ""
    click.echo(f"{statement.name} {statement.version}: {clauses - len(waiting)} of {clauses} clauses signed{named}")
