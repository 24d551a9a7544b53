"""A folder's version is written once; only retention, in the worker, takes rows away."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("vault", "0001_initial")]
    operations = [
        ForceRowSecurity("vault_folder"),
        ForceRowSecurity("vault_token"),
        Grant("vault_folder", web="SELECT, INSERT", worker="SELECT, INSERT, DELETE"),
        Grant("vault_token", web="SELECT, INSERT, DELETE", worker="SELECT, INSERT, DELETE"),
    ]
