"""`amanat roster`: load a client's roster from a file, with a report by line of what was not taken and why."""

from pathlib import Path

import click

from amanat.cli.site import django_as


@click.group()
def roster() -> None:
    """Rosters that clients send."""


@roster.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--client", required=True, help="The client's code; see `amanat roster clients`.")
def load(file: Path, client: str) -> None:
    """Load FILE (CSV: comma, semicolon or tab; UTF-8 or Windows-1252) as a roster of a client."""
    _begin()
    from amanat.rosters.service import load_roster  # noqa: PLC0415  # it needs Django

    with click.progressbar(length=1, label="people") as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        loaded = load_roster(file.read_bytes(), client=client, progress=advance)
    told = loaded.file
    click.echo(
        f"rows read: {told.rows}; taken in: {told.taken}; known already: {told.known}; sent back: {told.rejected}"
    )
    for column in loaded.dropped:
        click.echo(f"column `{column}` was not asked for and was not kept")
    for clause, count in sorted(told.by_clause.items()):
        click.echo(f"not kept under clause {clause}: {count} values")
    for rejection in loaded.rejected:
        click.echo(f"not taken: {rejection}")
    if loaded.rejected:
        raise SystemExit(1)


@roster.command()
def clients() -> None:
    """List the clients on record."""
    _begin()
    from amanat.organisations.models import Client  # noqa: PLC0415  # it needs Django

    for client in Client.objects.order_by("code"):
        click.echo(f"{client.code:<24} {client.kind:<14} {client.name}")


def _begin() -> None:
    click.get_current_context().with_resource(django_as("worker"))
