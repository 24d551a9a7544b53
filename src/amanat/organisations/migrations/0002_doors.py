"""Organisations are public to every process and changed by the worker's log-in alone."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import Grant


class Migration(DjangoMigration):
    dependencies = [("organisations", "0001_initial")]
    operations = [
        *(
            Grant(f"organisations_{table}", web="SELECT", worker="SELECT, INSERT, UPDATE", audit="SELECT")
            for table in (
                "company",
                "node",
                "contact",
                "client",
                "attestation",
                "provider",
                "agreement",
                "transfertool",
                "staffrole",
            )
        ),
    ]
