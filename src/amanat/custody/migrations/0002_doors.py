"""Answers, messages and sweeps belong to the acting company."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("custody", "0001_initial")]
    operations = [
        ForceRowSecurity("custody_answer", subject=None),
        ForceRowSecurity("custody_message"),
        ForceRowSecurity("custody_sweep", subject=None),
        Grant("custody_answer", web="SELECT, INSERT", worker="SELECT, INSERT, DELETE"),
        Grant("custody_message", web="SELECT, INSERT", worker="SELECT, INSERT, UPDATE"),
        Grant("custody_sweep", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
    ]
