"""`amanat worker`: what happens without anybody waiting for it, as the database log-in `worker`."""

import click

from amanat.cli.site import ready_site


@click.command()
def worker() -> None:
    """Fold the ledger, send what waits, let what has expired go; until interrupted."""
    with ready_site("worker"):
        from amanat.custody.founding import found  # noqa: PLC0415  # it needs Django
        from amanat.worker import loop  # noqa: PLC0415

        found()
        loop.main()
