"""`amanat serve`: the web server. It refuses to start on a database, a state folder or a site that is not fit.

Plain http, so on this machine's own address alone; over a network a proxy in front of it speaks https.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from amanat.cli.database import server
from amanat.database import check
from amanat.errors import UnavailableError

# As many as the pool has connections: who got a thread does not wait again. More would only fight for one interpreter.
_THREADS = 8
_LONGEST_STOP = 10


class StartError(UnavailableError):
    """The site is not fit to start."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8400, show_default=True, envvar="AMANAT_PORT")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
def serve(port: int, workers: int) -> None:
    """Serve the portals on http://localhost:PORT until interrupted."""
    with ready_site("web"):
        from granian.constants import Interfaces  # noqa: PLC0415  # loaded for this command alone
        from granian.log import LogLevels  # noqa: PLC0415
        from granian.server import Server  # noqa: PLC0415

        Server(
            "amanat.site.wsgi:application",
            address="127.0.0.1",
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=_THREADS,
            websockets=False,
            log_level=LogLevels.error,
            workers_kill_timeout=_LONGEST_STOP,
        ).serve()


@contextmanager
def ready_site(login: str) -> Iterator[None]:
    """Django, set up as a log-in on a database that has passed every check."""
    with server() as here:
        check.require(here)
        os.environ["AMANAT_LOGIN"] = login
        os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.site.settings"
        _refuse_unfit()
        yield


def _refuse_unfit() -> None:
    import django  # noqa: PLC0415  # settings are read as the log-in chosen above
    from django.core.management.base import BaseCommand, SystemCheckError  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    django.setup()
    from amanat.custody.founding import prove  # noqa: PLC0415
    from amanat.database.migrations import unapplied  # noqa: PLC0415

    try:
        BaseCommand().check()
    except SystemCheckError as error:
        raise StartError(f"the site is not fit to start: {error}") from error
    if missing := unapplied():
        raise StartError(f"the database lacks {len(missing)} migrations", hint="run `amanat database migrate`")
    prove()
    connections.close_all()
