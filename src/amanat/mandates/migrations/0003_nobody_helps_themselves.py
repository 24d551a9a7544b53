"""A mandate is read by its holder's company and written by the person's: nobody abroad gives one to themselves."""

from django.db import migrations, models

HOLDER_READS = """
DROP POLICY holder ON mandates_mandate;
CREATE POLICY holder ON mandates_mandate FOR SELECT
    USING (holder_company = NULLIF(current_setting('amanat.company', true), ''));
"""


class Migration(migrations.Migration):
    dependencies = [("mandates", "0002_doors")]
    operations = [
        migrations.RunSQL(HOLDER_READS),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("guardian", "glass")), _negated=True)
                | models.Q(("holder__isnull", False)),
                name="mandate_of_somebody",
            ),
        ),
    ]
