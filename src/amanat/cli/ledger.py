"""`amanat ledger verify`: do rows, log and signatures of the ledger still tell one story?

It reads as the audit log-in. A receipt is checked against public keys alone, without a database.
"""

import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click

from amanat.cli.database import server
from amanat.database.home import find_home
from amanat.database.logins import connect
from amanat.errors import IntegrityError

_MOST_PRINTED = 1_000
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def ledger() -> None:
    """The ledger of decisions, and receipts from it."""


@ledger.command()
@click.option("--company", multiple=True, help="Only this company's log; may be repeated.")
@click.option("--receipt", type=_FILE, help="Check this receipt file instead, offline.")
@click.option("--key", "keys", type=_FILE, multiple=True, help="A log's public key file, for --receipt.")
def verify(company: tuple[str, ...], receipt: Path | None, keys: tuple[Path, ...]) -> None:
    """Compare every act and entry with the log, and the log with what was signed. Exit 1 if anything does not fit."""
    if receipt is not None:
        _verify_receipt(receipt, keys)
    else:
        _verify_logs(company)


def _verify_logs(companies: Sequence[str]) -> None:
    from amanat.ledger.verify import verify as findings  # noqa: PLC0415  # `amanat --help` need not load it

    with server() as here, connect("audit", here, autocommit=True) as connection:
        lines = [str(one) for one in islice(findings(connection, here.ledger, companies), _MOST_PRINTED)]
    if lines:
        more = " or more" if len(lines) == _MOST_PRINTED else ""
        click.echo("\n".join((*lines, f"findings: {len(lines)}{more}")))
        sys.exit(1)
    click.echo("the ledger is sound")


def _verify_receipt(path: Path, keys: Sequence[Path]) -> None:
    from amanat.ledger.proven import verify_file  # noqa: PLC0415
    from amanat.ledger.signing import public_keys, read_public_key  # noqa: PLC0415

    known = [read_public_key(key.read_text(encoding="ascii")) for key in keys] or public_keys(find_home()).values()
    try:
        proven = verify_file(path.read_text(encoding="utf-8"), known)
    except (IntegrityError, UnicodeDecodeError) as error:
        click.echo(f"{path}: not valid: {error}")
        sys.exit(1)
    facts, head = proven.facts, proven.checkpoint
    click.echo(f"{path}: valid: act {facts['act']} of {facts['at']} stands in the log {head.origin} of {head.size}")
    click.echo(f"  {facts['action']} for {facts['purpose']}, by {facts['role']}: {facts['entry']['outcome']}")
    click.echo(f"  clauses {', '.join(facts['entry']['clauses'])} of statement {facts['statement']}")
