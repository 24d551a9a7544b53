"""Run Django's migrations as the owner, who alone may change tables."""

import os
import sys
from typing import TextIO

from amanat.errors import UnavailableError


class MigrationError(UnavailableError):
    """The database could not be migrated."""


def migrate(output: TextIO | None = None) -> None:
    """Bring the tables up to date. Django must not be set up yet: this process becomes the owner's."""
    os.environ["AMANAT_LOGIN"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.site.settings")
    import django  # noqa: PLC0415  # settings are read as the owner, so not before here
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import Error  # noqa: PLC0415

    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=1 if output else 0, stdout=output or sys.stdout)
    except Error as error:
        raise MigrationError(f"the migration stopped: {error}", hint="see which one, mend it and run again") from error


def unapplied() -> list[str]:
    """The migrations that the connected database has not seen yet."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
