"""`amanat ledger`: do rows, log and signatures still tell one story, and what was found that did not?

`verify` reads as the audit log-in. Receipts are checked by `amanat verify`, without a database.
"""

import sys
from itertools import islice
from uuid import UUID

import click

from amanat.cli.database import server
from amanat.cli.site import django_as
from amanat.database.logins import connect

_MOST_PRINTED = 1_000


@click.group()
def ledger() -> None:
    """The ledger of decisions."""


@ledger.command()
@click.option("--company", multiple=True, help="Only this company's log; may be repeated.")
def verify(company: tuple[str, ...]) -> None:
    """Compare every act and entry with the log, and the log with what was signed. Exit 1 if anything does not fit."""
    from amanat.ledger.verify import verify as findings  # noqa: PLC0415  # `amanat --help` need not load it

    with server() as here, connect("audit", here, autocommit=True) as connection:
        lines = [str(one) for one in islice(findings(connection, here.ledger, company), _MOST_PRINTED)]
    if lines:
        more = " or more" if len(lines) == _MOST_PRINTED else ""
        click.echo("\n".join((*lines, f"findings: {len(lines)}{more}")))
        sys.exit(1)
    click.echo("the ledger is sound")


@ledger.command()
def incidents() -> None:
    """List what was found wrong and nobody has closed. Exit 1 if there is any."""
    with django_as("worker"):
        from amanat.ledger.incidents import open_incidents  # noqa: PLC0415  # it needs Django

        found = open_incidents()
    for one in found:
        click.echo(f"{one.id}  {one.found_at:%Y-%m-%d %H:%M:%S} UTC  {one.company}: {one.kind}: {one.row}")
    sys.exit(1 if found else 0)


@ledger.command()
@click.argument("incident", type=click.UUID)
@click.option("--reason", required=True, help="What it was, for whoever reads this later.")
def close(incident: UUID, reason: str) -> None:
    """Close an incident that was looked into."""
    with django_as("worker"):
        from amanat.ledger.incidents import close as closed  # noqa: PLC0415  # it needs Django

        closed(incident, reason)
    click.echo(f"{incident}: closed")
