"""`amanat explain`: one request, its answer, the rules that came near, and what could be done instead."""

import sys

import click

from amanat.errors import MalformedError
from amanat.policy.explain import explain as explain_request
from amanat.policy.request import Request
from amanat.policy.wire import loads, read_request
from amanat.statement.cases import read_cases, read_world
from amanat.statement.compile import Statement, load_statement
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.document import Line, read_document
from amanat.statement.overlay_compile import load_overlays
from amanat.statement.overlays import Overlaid, clients_named
from amanat.statement.reasons import explanation_lines


@click.command()
@click.option("--statement", "name", default="ama", show_default=True, help="An installed statement, or a file.")
@click.option("--overlay", "overlays", multiple=True, help="An installed overlay by id, or a file; may be repeated.")
@click.argument("words", nargs=-1, metavar="[CASE]")
def explain(name: str, overlays: tuple[str, ...], words: tuple[str, ...]) -> None:
    """Explain one decision.

    CASE is written as in a statement and starts from the facts that its cases start from:

        amanat explain "billing_clerk disclose fitness_flag to employer for billing"

    Without CASE one request is read from standard input, as a JSON object (see `amanat decide`).
    """
    try:
        statement = load_statement(name)
        around = load_overlays(overlays, statement)
        request = _case(statement, " ".join(words)) if words else read_request(loads(sys.stdin.buffer.read()))
    except StatementError as error:
        click.echo(error.explain(), err=True)
        sys.exit(1)
    made = Overlaid(statement.policy, around).around(request, clients_named(around))
    for line in explanation_lines(explain_request(made.policy, request)):
        click.echo(line)
    if made.overlays:
        click.echo("  overlays    " + ", ".join(overlay.id for overlay in made.overlays))


def _case(statement: Statement, text: str) -> Request:
    findings: list[Diagnostic] = []
    if len(text.split(maxsplit=3)) < 3:
        raise MalformedError(
            f"`{text[:60]}` is not a case", hint="write who does what with which data: `clinician view report`"
        )
    world = read_world(read_document(statement.text).world, findings)
    cases = read_cases([Line(1, f"permit {text}")], "", world, findings)
    if not cases:
        raise MalformedError(findings[0].message, hint=findings[0].hint or None)
    return cases[0].request
