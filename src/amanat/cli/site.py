"""Django for a command: set up as a database log-in, on a server that is up, and for a server on a site that is fit."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from amanat.cli.database import server
from amanat.database import check
from amanat.database.home import Home
from amanat.errors import UnavailableError


class StartError(UnavailableError):
    """The site is not fit to start."""


@contextmanager
def django_as(login: str) -> Iterator[Home]:
    """Django, set up as a log-in. A database that does not answer or has no tables is said in words."""
    with server() as here:
        os.environ["AMANAT_LOGIN"] = login
        os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.site.settings"
        import django  # noqa: PLC0415  # settings are read as the log-in chosen above
        from django.db import OperationalError, ProgrammingError  # noqa: PLC0415

        django.setup()
        try:
            yield here
        except (OperationalError, ProgrammingError) as error:
            said = str(error).strip().splitlines() or ["it said nothing"]
            raise StartError(f"the database refused: {said[0].strip()}", hint="see `amanat doctor`") from error


@contextmanager
def ready_site(login: str) -> Iterator[None]:
    """Django as a log-in, once database, site and keys have passed every check."""
    with django_as(login) as here:
        check.require(here)
        _refuse_unfit()
        yield


def _refuse_unfit() -> None:
    from django.core.management.base import BaseCommand, SystemCheckError  # noqa: PLC0415  # they need Django set up
    from django.db import connections  # noqa: PLC0415

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
