"""Changing the log-in of this process's connection for a while: what needs another log-in's grants says so."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from amanat.database.logins import django_settings


@contextmanager
def connected_as(kind: str) -> Iterator[None]:
    """Within the block, Django is connected as the log-in `kind` (`web`, `worker`, `migrate`, `owner`)."""
    held = connections["default"].settings_dict
    before = dict(held)
    connections.close_all()
    wanted = django_settings(kind)
    held.update({name: wanted[name] for name in ("USER", "PASSWORD")})
    try:
        yield
    finally:
        connections.close_all()
        held.update(before)
