"""`amanat serve`: the web server. It refuses to start on a database, a state folder or a site that is not fit.

Plain http, so on this machine's own address alone; over a network a proxy in front of it speaks https.
"""

import click

from amanat.cli.site import ready_site

# As many as the pool has connections: who got a thread does not wait again. More would only fight for one interpreter.
_THREADS = 8
_LONGEST_STOP = 10


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
