"""Run Django's migrations as the owner, who alone may change tables."""

import os
import sys
from typing import TextIO

from psycopg import sql

from amanat.database.logins import KINDS
from amanat.database.rowsecurity import role_name
from amanat.errors import UnavailableError

_READ = sql.SQL("GRANT SELECT ON django_migrations TO {}")


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
        _let_log_ins_read_the_list()
    except Error as error:
        raise MigrationError(f"the migration stopped: {error}", hint="see which one, mend it and run again") from error


def _let_log_ins_read_the_list() -> None:
    """Each log-in may see which migrations have run, so that a server can refuse to start behind or ahead of them."""
    from django.db import connection  # noqa: PLC0415

    names = [sql.Identifier(role_name(connection.settings_dict, kind)) for kind in KINDS]
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(sql.SQL(", ").join(names)))


def unapplied() -> list[str]:
    """The migrations that the connected database has not seen yet."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
