"""`amanat database …`: the server, its log-ins, tables, checks and copies."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import click

from amanat.database import backup as copies
from amanat.database import check as checking
from amanat.database import embedded, home, logins, target
from amanat.database import prepare as preparing

_FOLDER = click.Path(file_okay=False, path_type=Path)


@contextlib.contextmanager
def server() -> Iterator[home.Home]:
    """The database is reachable inside the block: the embedded server is started if it is the one meant."""
    here = home.find_home()
    if not target.find_target(here).embedded:
        yield here
        return
    with embedded.running(here):
        yield here


@click.group()
def database() -> None:
    """The database: server, log-ins, tables, checks, copies."""


@database.command()
@click.option("--print-sql", is_flag=True, help="Print the SQL for a database administrator and run nothing.")
@click.option("--renew", is_flag=True, help="Give the log-ins new passwords; other machines then need the new file.")
def prepare(*, print_sql: bool, renew: bool) -> None:
    """Make the owner, the database and the four log-ins."""
    with server() as here:
        if renew:
            logins.renew_logins(here, target.find_target(here))
        if print_sql:
            click.echo(preparing.script(here), nl=False)
            return
        known = preparing.prepare(here)
        click.echo(f"prepared: {', '.join(known.of(kind).user for kind in logins.KINDS)}")


@database.command()
def migrate() -> None:
    """Bring the tables up to date, as the owner."""
    from amanat.database import migrations  # noqa: PLC0415  # Django is loaded for this command alone

    with server():
        migrations.migrate(sys.stdout)


@database.command()
def start() -> None:
    """Start the embedded server and leave it up."""
    embedded.start(embedded_home())
    click.echo("the embedded server is up, until `amanat database stop`")


@database.command()
def stop() -> None:
    """Stop the embedded server."""
    stopped = embedded.stop(embedded_home())
    click.echo("the embedded server is stopped" if stopped else "the embedded server was not up")


@database.command()
def status() -> None:
    """Say where the database is and whether the embedded server is up."""
    here = home.find_home()
    place = target.find_target(here)
    click.echo(f"database: {place.name}\nserver: {logins.place_of(place)}\nstate folder: {here.folder}")
    if place.embedded:
        state = embedded.status(here)
        up = f"up (process {state.process})" if state.process else "not up"
        click.echo(f"embedded server: {up}\nPostgreSQL: {state.version or 'no data yet'}\nsocket: {state.socket}")


@database.command()
def check() -> None:
    """Say what keeps this database from being fit for personal data, and how to mend it."""
    with server() as here:
        found = checking.findings(here)
    for one in found:
        click.echo(f"{one.name}: {one.says}\n  to mend it: {one.mend}")
    if found:
        raise click.exceptions.Exit(1)
    click.echo("the database is fit for use")


@database.command()
@click.option("--data", type=_FOLDER, required=True, help="An empty folder for the copy of the database.")
@click.option("--keys", type=_FOLDER, required=True, help="An empty folder, apart from it, for the keys.")
def backup(data: Path, keys: Path) -> None:
    """Copy the database and, apart from it, the keys that open it."""
    with server() as here:
        made = copies.back_up(here, data=data, keys=keys)
    click.echo(f"copied {sum(made.rows.values())} rows of {len(made.rows)} tables to {data}, their keys to {keys}")


@database.command()
@click.option("--data", type=_FOLDER, required=True, help="The folder with the copy of the database.")
@click.option("--keys", type=_FOLDER, required=True, help="The folder with its keys.")
def restore(data: Path, keys: Path) -> None:
    """Put a copy back into a prepared, empty database."""
    with server() as here:
        preparing.prepare(here)
        made = copies.restore(here, data=data, keys=keys)
    click.echo(f"restored {sum(made.rows.values())} rows of {len(made.rows)} tables")


@database.command("psql-url")
@click.option("--login", type=click.Choice((*logins.KINDS, "owner")), default="owner", show_default=True)
def psql_url(login: str) -> None:
    """Print the address, password included, with which `psql` connects as a log-in."""
    wanted = logins.parameters(login)
    user, password = quote(wanted["user"], safe=""), quote(wanted.get("password", ""), safe="")
    place = urlencode({"host": wanted["host"], "port": wanted["port"]})
    click.echo(f"postgresql://{user}:{password}@/{wanted['dbname']}?{place}")


def embedded_home() -> home.Home:
    here = home.find_home()
    if not target.find_target(here).embedded:
        raise click.UsageError("DATABASE_URL names a server of its own, which is not ours to start or stop")
    return here
