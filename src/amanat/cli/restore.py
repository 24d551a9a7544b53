"""`amanat restore`: an older copy of the rows, under the keys of today, without those who were erased since."""

from pathlib import Path

import click

from amanat.cli.backup import FOLDER
from amanat.cli.database import embedded_home, server
from amanat.cli.site import django_as
from amanat.database import backup as copies
from amanat.database import basebackup, keycopy, logins
from amanat.database import prepare as preparing


@click.command()
@click.argument("rows", type=FOLDER)
@click.option("--keys", type=FOLDER, required=True, help="The newest copy of the keys.")
def restore(rows: Path, keys: Path) -> None:
    """Put the rows in ROWS back into a fresh state folder, up to the last that was written, and erase again."""
    here = embedded_home()
    copies.refuse_nested(rows, keys, here)
    copy = keycopy.KeyCopy.read(keys)
    copy.files.refuse_present(here)
    base = basebackup.restore_rows(here, rows)
    copy.files.put_back(here)
    with server() as here:
        preparing.prepare(here)
        with logins.connect("owner", here) as connection:
            older = copy.load(connection)
    click.echo(f"restored {base.name} and the log after it")
    if older:
        click.echo(f"its keys were of an earlier epoch, and gave way to those of today: {', '.join(older)}")
    with django_as("worker"):
        from amanat.custody.erasing import finish_erasures  # noqa: PLC0415  # it needs Django
        from amanat.custody.founding import prove  # noqa: PLC0415

        erased = finish_erasures()
        prove()
    click.echo(f"erased again: {erased}")
