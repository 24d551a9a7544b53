"""Whoever erases a leaf early seals again what survives; no request rewrites a version."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import Grant


class Migration(DjangoMigration):
    dependencies = [("vault", "0002_doors")]
    operations = [
        Grant(
            "vault_folder",
            web="SELECT, INSERT",
            worker="SELECT, INSERT, DELETE, UPDATE (categories), UPDATE (parts)",
        ),
    ]
