"""A mandate is seen by the subject's company and by its holder's: from it custody learns which subjects to open."""

from django.db.migrations import Migration as DjangoMigration, RunSQL

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("mandates", "0001_initial")]
    operations = [
        ForceRowSecurity("mandates_mandate"),
        RunSQL("""
            CREATE POLICY holder ON mandates_mandate
            USING (holder_company = NULLIF(current_setting('amanat.company', true), ''))
        """),
        Grant("mandates_mandate", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
    ]
