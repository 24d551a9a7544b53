"""`amanat diff OLD NEW`: what a new version of a statement changes, clause by clause (`docs/reference/diff.md`)."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from amanat.cli.check import number
from amanat.cli.statement import people_told
from amanat.policy.difference import Shift
from amanat.policy.solving import TooHardError
from amanat.policy.wire_request import write_request
from amanat.statement.compile import Statement, load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.diff import ClauseDiff
from amanat.statement.diff import diff as compare

if TYPE_CHECKING:
    from amanat.custody.touching import Touched


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--people", is_flag=True, help="Count in the database whom NEW asks again, and whom it has to be told.")
@click.option("--company", default="", metavar="CODE", help="With --people: of this company alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with an object for each clause.")
def diff(old: str, new: str, company: str, *, people: bool, as_json: bool) -> None:
    """Say what NEW changes against OLD: statements in files, or installed ones by name.

    Meaning is compared over all requests: a widened clause comes with a request that was refused and is now permitted,
    a narrowed one with the reverse. Ends with 0 if nothing changed, 2 if something did, 1 if one does not load.

    With --people, the database is that of the other commands, and OLD must have been in force there.
    """
    if company and not people:
        raise click.UsageError("--company says of whom to count, so it needs --people")
    try:
        before, after = load_statement(old), load_statement(new)
        found = compare(before, after)
        touched = _touched(before, after, company) if people else None
    except (StatementError, TooHardError) as error:
        click.echo(error.explain() if isinstance(error, StatementError) else str(error), err=True)
        sys.exit(1)
    if as_json:
        told: dict[str, Any] = {"from": before.version, "to": after.version, "clauses": [_object(one) for one in found]}
        if touched:
            told["people"] = {"choices": touched.choices, "ask_again": touched.ask, "tell": touched.tell}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        changed = f"{number(len(found), 'clause')} changed"
        click.echo(f"{before.name} {before.version} → {after.name} {after.version}: {changed}")
        for one in found:
            click.echo("\n".join(_told(one)))
        if touched:
            click.echo(people_told(touched))
    sys.exit(2 if found else 0)


def _touched(before: Statement, after: Statement, company: str) -> "Touched":
    from amanat.cli.site import django_as  # noqa: PLC0415  # it needs the server's part

    with django_as("worker"):
        from amanat.custody import publishing  # noqa: PLC0415  # it needs Django

        return publishing.touched_between(before, after, company)


def _told(one: ClauseDiff) -> Iterator[str]:
    yield f"  {one.clause:<6} {', '.join(one.kinds)}  ({one.title})"
    yield from _shifted("now permitted", one.widened)
    yield from _shifted("now refused", one.narrowed)
    if one.looser or one.stricter:
        yield f"         data side by side: {' and '.join(_together(one))}"
    for moved in one.moved:
        yield f"         {moved.what}: {moved.before or 'none'} → {moved.after or 'none'}"
    for sign, duties in (("+", one.duties_added), ("-", one.duties_dropped)):
        yield from (f"         {sign} {duty}" for duty in duties)


def _together(one: ClauseDiff) -> Iterator[str]:
    if one.looser:
        yield "some may now be permitted"
    if one.stricter:
        yield "some may now be refused"


def _shifted(said: str, shift: Shift | None) -> Iterator[str]:
    if shift:
        yield f"         {said}, {shift.ways:,} requests; one of them:"
        yield f"         {json.dumps(write_request(shift.example))}"


def _object(one: ClauseDiff) -> dict[str, Any]:
    return {
        "clause": one.clause, "title": one.title, "kinds": one.kinds,
        "widened": _shift(one.widened), "narrowed": _shift(one.narrowed),
        "side_by_side": {"looser": one.looser, "stricter": one.stricter},
        "moved": [[moved.what, moved.before, moved.after] for moved in one.moved],
        "obligations_added": [str(duty) for duty in one.duties_added],
        "obligations_dropped": [str(duty) for duty in one.duties_dropped],
    }  # fmt: skip


def _shift(shift: Shift | None) -> dict[str, Any] | None:
    return {"requests": shift.ways, "example": write_request(shift.example)} if shift else None
