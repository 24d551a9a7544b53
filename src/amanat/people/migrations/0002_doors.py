"""Facts about people are seen by their company, or under a live mandate."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("people", "0001_initial")]
    operations = [
        ForceRowSecurity("people_standing"),
        ForceRowSecurity("people_relation"),
        ForceRowSecurity("people_entitlement"),
        ForceRowSecurity("people_stay"),
        Grant("people_stay", web="SELECT, INSERT, DELETE", worker="SELECT, INSERT, DELETE"),
        Grant("people_standing", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, INSERT, UPDATE, DELETE"),
        Grant("people_relation", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, INSERT, UPDATE, DELETE"),
        Grant("people_entitlement", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, INSERT, UPDATE, DELETE"),
    ]
