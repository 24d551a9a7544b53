"""`amanat prove`: what holds of every request under a statement, proved or refuted (`docs/reference/prove.md`)."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from amanat.policy.prove import Analysis
from amanat.policy.wire_request import write_request
from amanat.statement.compile import load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.properties import Checked, check_properties, properties_of, read_properties


@click.command()
@click.argument("statement", default="ama")
@click.option("--properties", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A property file.")
def prove(statement: str, properties: Path | None) -> None:
    """Prove the properties that lie beside STATEMENT over all requests, and name the rules that do nothing.

    A property that fails comes with a request against it, as `amanat decide` reads it.
    Ends with 0 if every property holds, 2 if one does not, 1 if the statement or the properties cannot be read.
    """
    try:
        analysis = Analysis(load_statement(statement).policy)
        asked = read_properties(properties.read_text(), str(properties)) if properties else properties_of(statement)
    except StatementError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    checked = check_properties(analysis, asked)
    for one in checked:
        click.echo("\n".join(_told(one)))
    for line in _summary(analysis, checked):
        click.echo(line)
    sys.exit(0 if all(one.holds for one in checked) else 2)


def _told(one: Checked) -> Iterator[str]:
    kind = "can" if one.asked.possible else "never"
    yield f"{'holds' if one.holds else 'FAILS'}  {kind}: {one.asked.title}"
    if one.proof.counterexample and not one.asked.possible:
        yield f"       {one.proof.ways:,} permitted requests stand against it; one of them:"
        yield f"       {json.dumps(write_request(one.proof.counterexample))}"


def _summary(analysis: Analysis, checked: list[Checked]) -> Iterator[str]:
    holding = sum(one.holds for one in checked)
    yield f"{holding} of {len(checked)} properties hold"
    yield f"{analysis.permitted:,} of {analysis.size:,} requests are permitted"
    for idle in analysis.idle():
        said = "permits nothing" if idle.dead else "alone changes no answer"
        yield f"idle   rule {idle.rule.id} (line {idle.rule.line}) {said}"
