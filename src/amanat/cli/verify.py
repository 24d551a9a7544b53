"""`amanat verify RECEIPT`: does a receipt prove what it says? Offline, with the log's public key and nothing else.

It works with `pip install amanat` alone: the verifier it calls needs no library, not even for the signature.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from amanat.database.home import find_home
from amanat.errors import MalformedError
from amanat.ledger.offline import Proven, PublicKey, UnprovenError, check_receipt, parse_keys

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("receipts", metavar="RECEIPT…", type=_FILE, nargs=-1, required=True)
@click.option("--key", "keys", type=_FILE, multiple=True, help="A file of public keys, one a line; may be repeated.")
@click.option("--witnesses", type=click.IntRange(0), default=0, help="So many other companies must have cosigned.")
def verify(receipts: tuple[Path, ...], keys: tuple[Path, ...], witnesses: int) -> None:
    """Check receipts offline. Exit 1 if one of them does not prove what it says.

    Without --key, the keys of the logs that are kept on this machine are taken.
    """
    trusted = [key for file in keys or _kept() for key in _read(file)]
    if not trusted:
        raise MalformedError("no public key is known here", hint="name the log's key with --key; /contacts/ shows it")
    proven = [_check(file, trusted, witnesses) for file in receipts]
    sys.exit(0 if all(proven) else 1)


def _kept() -> list[Path]:
    folder = find_home().ledger
    return [*sorted(folder.glob("*.pub")), *sorted(folder.glob("witnesses/*.pub"))]


def _read(file: Path) -> list[PublicKey]:
    try:
        return parse_keys(file.read_text(encoding="ascii"))
    except (UnprovenError, UnicodeDecodeError) as error:
        raise MalformedError(f"{file} holds no public keys: {error}") from error


def _check(file: Path, trusted: list[PublicKey], witnesses: int) -> bool:
    try:
        proven = check_receipt(file.read_text(encoding="utf-8"), trusted)
    except (UnprovenError, UnicodeDecodeError) as error:
        click.echo(f"{file}: not valid: {error}")
        return False
    if len(_witnesses(proven)) < witnesses:
        click.echo(f"{file}: not enough: {len(_witnesses(proven))} known witnesses cosigned its head, not {witnesses}")
        return False
    facts, head = proven.facts, proven.head
    told = facts.get("entry", facts)
    click.echo(f"{file}: valid: act {facts['act']} of {facts['at']} stands in the log {head.origin} of {head.size}")
    click.echo(f"  {facts['action']} for {facts['purpose']}, by {facts['role']}: {told['outcome']}")
    click.echo(f"  clauses {', '.join(told['clauses'])} of statement {facts['statement']}")
    for name, moment in sorted(_witnesses(proven).items()):
        click.echo(f"  seen by {name} on {datetime.fromtimestamp(moment, UTC):%Y-%m-%d at %H:%M:%S} UTC")
    return True


def _witnesses(proven: Proven) -> dict[str, int]:
    """Each witness once, however often it cosigned."""
    return dict(proven.head.witnesses)
