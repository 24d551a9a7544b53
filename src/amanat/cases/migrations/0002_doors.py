"""A case is seen by the person's company, and by a company of which somebody holds a live mandate for it."""

from django.db.migrations import Migration as DjangoMigration, RunSQL

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("cases", "0001_initial"), ("mandates", "0002_doors")]
    operations = [
        ForceRowSecurity("cases_case"),
        RunSQL("""
            CREATE POLICY holder ON cases_case FOR SELECT USING (EXISTS (
                SELECT 1 FROM mandates_mandate m
                WHERE m.subject = cases_case.subject AND m.record = cases_case.id AND m.ended_at IS NULL
                  AND m.holder_company = NULLIF(current_setting('amanat.company', true), '')
            ))
        """),
        Grant("cases_case", web="SELECT, INSERT, UPDATE", worker="SELECT"),
    ]
