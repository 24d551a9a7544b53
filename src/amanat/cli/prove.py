"""`amanat prove`: what holds of every request under a statement, proved or refuted (`docs/reference/prove.md`)."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from amanat.policy.prove import Analysis, Idle
from amanat.policy.solving import TooHardError
from amanat.policy.wire_request import write_request
from amanat.statement.compile import Statement, load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.properties import Checked, check_properties, load_properties, properties_of


@click.command()
@click.argument("statement", default="ama")
@click.option("--properties", type=click.Path(path_type=Path), metavar="FILE", help="A property file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def prove(statement: str, properties: Path | None, *, as_json: bool) -> None:
    """Prove the properties that lie beside STATEMENT over all requests, and name the rules that do nothing.

    A property that fails comes with a request against it, as `amanat decide` reads it.
    Ends with 0 if every property holds, 2 if one does not, 1 if the statement or the properties cannot be
    read, or a question is too hard to be answered in bounded time.
    """
    try:
        found = load_statement(statement)
        analysis = Analysis(found.policy)
        checked = check_properties(analysis, load_properties(properties) if properties else properties_of(statement))
        if as_json:
            click.echo(json.dumps(_object(found, analysis, checked), indent=2, ensure_ascii=False))
        else:
            click.echo("\n".join(_lines(analysis, checked)))
    except (StatementError, TooHardError) as error:
        click.echo(error.explain() if isinstance(error, StatementError) else str(error), err=True)
        sys.exit(1)
    sys.exit(0 if all(one.holds for one in checked) else 2)


def _lines(analysis: Analysis, checked: list[Checked]) -> Iterator[str]:
    for one in checked:
        yield from _told(one)
    yield from _summary(analysis, checked)


def _told(one: Checked) -> Iterator[str]:
    yield f"{'holds' if one.holds else 'FAILS'}  {_kind(one)}: {one.asked.title}"
    if one.proof.counterexample and not one.asked.possible:
        yield f"       {one.proof.ways:,} permitted requests stand against it; one of them:"
        yield f"       {json.dumps(write_request(one.proof.counterexample))}"


def _summary(analysis: Analysis, checked: list[Checked]) -> Iterator[str]:
    holding = sum(one.holds for one in checked)
    yield f"{holding} of {len(checked)} properties hold" if checked else "no properties were asked about"
    yield f"{analysis.permitted:,} of {analysis.size:,} requests are permitted"
    for idle in analysis.idle():
        yield f"idle   rule {idle.rule.id} (line {idle.rule.line}) {_said(idle)}"


def _said(idle: Idle) -> str:
    return "permits nothing" if idle.dead else "alone changes no answer"


def _kind(one: Checked) -> str:
    return "can" if one.asked.possible else "never"


def _object(statement: Statement, analysis: Analysis, checked: list[Checked]) -> dict[str, Any]:
    return {
        "statement": statement.name, "version": statement.version, "digest": statement.digest,
        "properties": [_property(one) for one in checked],
        "permitted": analysis.permitted, "requests": analysis.size,
        "idle": [{"rule": one.rule.id, "line": one.rule.line, "dead": one.dead} for one in analysis.idle()],
    }  # fmt: skip


def _property(one: Checked) -> dict[str, Any]:
    example = one.proof.counterexample
    return {
        "kind": _kind(one), "title": one.asked.title, "holds": one.holds, "requests": one.proof.ways,
        "example": write_request(example) if example else None,
    }  # fmt: skip
