"""`amanat backup`: the rows in one folder, what opens them in another, both while the platform works."""

from pathlib import Path

import click

from amanat.cli.database import embedded_home, server
from amanat.database import backup as copies
from amanat.database import basebackup, keycopy

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("rows", type=FOLDER, required=False)
@click.option("--keys", type=FOLDER, required=True, help="The folder for the copy of the keys: always today's.")
def backup(rows: Path | None, keys: Path) -> None:
    """Copy the database to ROWS, with its log from then on, and the keys apart. Without ROWS, the keys alone."""
    if rows is not None:
        here = embedded_home()
        copies.refuse_nested(rows, keys, here)
        basebackup.send_log(here, rows)
    with server() as here:
        if rows is not None:
            base = basebackup.back_up_rows(here, rows)
            click.echo(f"the rows: {base}")
            if not basebackup.log_is_sent(here):
                click.echo("what is written after it follows from the next start of the server on")
        # The keys come after the rows, so that no row is without its key.
        keycopy.copy_keys(here, keys)
    click.echo(f"the keys and the list of erased people: {keys}")
