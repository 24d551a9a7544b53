"""A break-glass is seen by the person's company and by whoever a live mandate lets reach the person."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("emergency", "0001_initial")]
    operations = [
        ForceRowSecurity("emergency_glass"),
        Grant("emergency_glass", web="SELECT, INSERT, UPDATE", worker="SELECT"),
    ]
