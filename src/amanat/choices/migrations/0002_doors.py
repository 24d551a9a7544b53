"""Consent history is append-only: nobody has UPDATE or DELETE."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("choices", "0001_initial")]
    operations = [
        ForceRowSecurity("choices_consentrecord"),
        Grant("choices_consentrecord", web="SELECT, INSERT", worker="SELECT, INSERT"),
    ]
