"""`amanat audit`: open a room for an auditor, and check the evidence that one took away.

Checking needs no database and no library: the log's public key and the file are enough.
"""

import secrets
import sys
from pathlib import Path

import click

from amanat.errors import MalformedError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_LONGEST = 366


@click.group()
def audit() -> None:
    """Rooms for auditors, and the evidence they take away."""


@audit.command("open")
@click.argument("email")
@click.option("--name", required=True, help="Who the auditor is.")
@click.option("--company", required=True, help="The company whose decisions the room shows.")
@click.option("--days", type=click.IntRange(1, _LONGEST), required=True, help="When it closes by itself.")
def open_room(email: str, name: str, company: str, days: int) -> None:
    """Open a room and print, once, how to sign in to it."""
    from amanat.cli.site import django_as  # noqa: PLC0415  # verifying needs no Django

    click.get_current_context().with_resource(django_as("web"))
    from datetime import timedelta  # noqa: PLC0415

    from amanat.accounts.service import NewAccount, create_account, enrolment_address  # noqa: PLC0415
    from amanat.organisations.models import Company  # noqa: PLC0415
    from amanat.vocabulary import clock  # noqa: PLC0415

    if not Company.objects.filter(code=company).exists():
        raise MalformedError(f"no company is called {company}", hint="name it by its code, such as ama-ch")
    password, ends_at = secrets.token_urlsafe(18), clock.now() + timedelta(days=days)
    account = create_account(NewAccount("audit", company, "auditor", name, email, password, ends_at=ends_at))
    click.echo(f"sign in at /audit/ with {email}\npassword: {password}\ncodes: {enrolment_address(account)}")
    click.echo(f"the room closes by itself on {ends_at:%Y-%m-%d at %H:%M} UTC")


@audit.command()
@click.argument("file", type=_FILE)
@click.option("--key", "keys", type=_FILE, multiple=True, required=True, help="The log's public key; may be repeated.")
def verify(file: Path, keys: tuple[Path, ...]) -> None:
    """Check a FILE of evidence, without us. Exit 1 if it does not show, or does not prove, what it says."""
    from amanat.audits.evidence import EvidenceError, check_evidence  # noqa: PLC0415
    from amanat.ledger.offline import UnprovenError, parse_keys  # noqa: PLC0415

    try:
        trusted = [key for one in keys for key in parse_keys(one.read_text(encoding="utf-8"))]
        shown = check_evidence(file.read_text(encoding="utf-8"), trusted)
    except (EvidenceError, UnprovenError, UnicodeDecodeError) as error:
        click.echo(f"{file}: not valid: {error}")
        sys.exit(1)
    proven = shown.decisions - len(shown.unproven)
    click.echo(f"{file}: {proven} of {shown.decisions} decisions stand, in the seed's order, in the log {shown.origin}")
    for act in shown.unproven:
        click.echo(f"  not proven: {act}")
    sys.exit(1 if shown.unproven else 0)
