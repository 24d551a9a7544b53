"""Flags belong to the company whose staff they are about; an officer adds a verdict and changes nothing else."""

import django.contrib.postgres.fields
from django.db import migrations, models

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "company", "act", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company", models.CharField(max_length=32)),
                ("act", models.UUIDField()),
                ("account", models.UUIDField()),
                ("role", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("score", models.IntegerField()),
                (
                    "signals",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None),
                ),
                ("acts", models.IntegerField()),
                ("verdict", models.CharField(default="", max_length=12)),
                ("judged_by", models.UUIDField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "oversight_flag",
                "indexes": [models.Index(fields=["company", "verdict", "-at"], name="oversight_flag_queue")],
            },
        ),
        ForceRowSecurity("oversight_flag", subject=None),
        Grant(
            "oversight_flag",
            web="SELECT, UPDATE (verdict, judged_by, judged_at)",
            worker="SELECT, INSERT, UPDATE, DELETE",
        ),
    ]
