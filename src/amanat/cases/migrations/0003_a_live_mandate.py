"""A case abroad is shown while its mandate lasts, and by a mandate that the person's own company wrote alone."""

from django.db.migrations import Migration as DjangoMigration, RunSQL

HOLDER = """
DROP POLICY holder ON cases_case;
CREATE POLICY holder ON cases_case FOR SELECT USING (EXISTS (
    SELECT 1 FROM mandates_mandate m
    WHERE m.subject = cases_case.subject AND m.record = cases_case.id AND m.company = cases_case.company
      AND m.ended_at IS NULL AND m.until > now()
      AND m.holder_company = NULLIF(current_setting('amanat.company', true), '')
));
"""


class Migration(DjangoMigration):
    dependencies = [("cases", "0002_doors")]
    operations = [RunSQL(HOLDER)]
