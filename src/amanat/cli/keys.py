"""`amanat keys …`: how keys stand, turns of the epoch, index tokens under a new key, escrow.

Nothing of anybody's is shown here: keys are wrapped anew, and values are opened only to make the tokens they are found
by.
"""

import sys
from pathlib import Path

import click

from amanat.cli.site import django_as
from amanat.database.home import find_home
from amanat.database.keycopy import has_copy

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def keys() -> None:
    """Keys: how they stand, turns, index tokens, escrow."""


@keys.command()
def status() -> None:
    """Say how each company's keys stand. Exit 1 if something waits to be done."""
    _as("worker")
    from amanat.custody.keykeeping import epochs, escrow_begun  # noqa: PLC0415  # it needs Django

    waiting = not escrow_begun()
    for one in epochs():
        state = f", turn to {one.turn.epoch} {one.turn.state}" if one.turn and one.turn.state != "done" else ""
        click.echo(
            f"{one.company}: epoch {one.number}{state}; {one.buckets} buckets, {one.periods} months; "
            f"{'in escrow' if one.escrowed else 'not in escrow'}"
        )
        if one.since:
            click.echo(f"  {one.waiting} buckets lost a key, the first at {one.since:%Y-%m-%d %H:%M} UTC")
        waiting |= bool(state or one.since or not one.escrowed)
    if not escrow_begun():
        click.echo("there is no escrow\n  to mend it: amanat keys escrow begin")
    sys.exit(1 if waiting else 0)


@keys.command()
@click.argument("company", nargs=-1)
@click.option(
    "--copy", type=FOLDER, help="The folder with the copy of the keys; it gets the new root before it counts."
)
def turn(company: tuple[str, ...], copy: Path | None) -> None:
    """Turn the epoch of each COMPANY, or of all; a turn that was interrupted goes on."""
    _as("worker")
    from amanat.custody.keykeeping import turn_all  # noqa: PLC0415

    unfinished = False
    for one in turn_all(company, copy):
        if one.waits_for:
            click.echo(f"{one.company}: epoch {one.epoch} is {one.state} and waits for {one.waits_for}")
            click.echo("  to mend it: amanat keys turn, once that has caught up; both roots are kept until then")
            unfinished = True
        else:
            click.echo(
                f"{one.company}: epoch {one.epoch}; no copy opens what was dropped before {one.begun_at:%F %T} UTC"
            )
    if copy is None and not has_copy(find_home()):
        click.echo(
            "no copy of the keys has the new roots yet\n  to mend it: amanat backup --keys DIR, or --copy DIR here"
        )
    sys.exit(1 if unfinished else 0)


@keys.command("rotate-index")
@click.argument("company", nargs=-1)
def rotate_index(company: tuple[str, ...]) -> None:
    """Rebuild the index tokens of each COMPANY, or of all, under a new key."""
    _as("worker")
    from amanat.custody.keykeeping import rotate_indexes  # noqa: PLC0415

    for code, made in rotate_indexes(company):
        click.echo(f"{code}: {made} tokens under a new key")


@keys.group()
def escrow() -> None:
    """Every root sealed for a recovery key that five people hold in shares; any three bring it back."""


@escrow.command()
@click.option("--anew", is_flag=True, help="Deal new shares; the old ones open nothing any more.")
def begin(*, anew: bool) -> None:
    """Make the recovery key and print its five shares, this once. Nothing keeps them but paper."""
    _as("worker")
    from amanat.custody.keykeeping import deal_shares  # noqa: PLC0415

    shares = deal_shares(anew=anew)
    click.echo("Each line for another person, on paper; they are shown this once.")
    for share in shares:
        click.echo(share)


@escrow.command()
def recover() -> None:
    """Bring the keys back where the provider key is lost: type three shares, one a line."""
    _as("owner")
    from amanat.custody.keykeeping import recover_keys  # noqa: PLC0415

    shares = [line for line in sys.stdin.read().splitlines() if line.strip()]
    for one in recover_keys(shares):
        click.echo(f"{one.company}: epoch {one.epoch} is back and opens the keys of this database")


def _as(login: str) -> None:
    click.get_current_context().with_resource(django_as(login))
