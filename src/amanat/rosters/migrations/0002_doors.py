"""What came of a roster is seen by the company that serves the client."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("rosters", "0001_initial")]
    operations = [
        ForceRowSecurity("rosters_file", subject=None),
        Grant("rosters_file", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE, DELETE"),
    ]
