"""A client's tables are read by the company that serves the client, and never changed."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("statistics", "0001_initial")]
    operations = [
        ForceRowSecurity("statistics_report", subject=None),
        Grant("statistics_report", web="SELECT, INSERT", worker="SELECT, INSERT, DELETE"),
    ]
