"""What is in force from when: statements for a company or all, and overlays; clause ids may name an overlay."""

import django.contrib.postgres.fields
from django.db import migrations, models

from amanat.database.rowsecurity import Grant

# What was in force so far was in force for every company.
_SO_FAR = """
    INSERT INTO ledger_publication (overlay, company, digest, since, at)
    SELECT '', '', digest, in_force_since, in_force_since FROM ledger_statement WHERE in_force_since IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_tiles"),
    ]

    operations = [
        migrations.CreateModel(
            name="OverlayVersion",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("overlay", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=24)),
                ("effective", models.DateField()),
                ("text", models.TextField()),
            ],
            options={
                "db_table": "ledger_overlay",
            },
        ),
        migrations.AlterField(
            model_name="act",
            name="clauses",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None),
        ),
        migrations.AlterField(
            model_name="entry",
            name="clauses",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None),
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("overlay", models.CharField(default="", max_length=64)),
                ("company", models.CharField(default="", max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_publication",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("overlay", "company", "since"), name="ledger_one_publication_at_a_time"
                    )
                ],
            },
        ),
        Grant("ledger_overlay", web="SELECT", worker="SELECT, INSERT", audit="SELECT"),
        Grant("ledger_publication", web="SELECT", worker="SELECT, INSERT", audit="SELECT"),
        migrations.RunSQL(_SO_FAR, migrations.RunSQL.noop),
    ]
