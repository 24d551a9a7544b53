"""Erasures, the mark of how far their list has come, and the laws that make one wait. None of them is ever deleted."""

from django.db import migrations, models

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(migrations.Migration):
    dependencies = [("custody", "0004_clauses_of_overlays")]
    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("id", models.UUIDField()),
                ("company", models.CharField(max_length=32)),
                ("act", models.UUIDField()),
                ("state", models.CharField(max_length=12)),
                ("asked_by", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_by", models.UUIDField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("number", models.IntegerField(null=True)),
                ("digest", models.CharField(default="", max_length=64)),
            ],
            options={
                "db_table": "custody_erasure",
                "indexes": [models.Index(fields=["company", "state"], name="custody_erasure_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("asked_by")),
                        name="erasure_confirmed_by_another",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasureMark",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("list", models.UUIDField()),
                ("count", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "custody_erasuremark",
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="one_erasure_mark")],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.UUIDField()),
                ("id", models.UUIDField()),
                ("company", models.CharField(max_length=32)),
                ("law", models.CharField(max_length=120)),
                ("placed_by", models.UUIDField(null=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "custody_hold"},
        ),
        ForceRowSecurity("custody_erasure"),
        ForceRowSecurity("custody_hold"),
        Grant("custody_erasure", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
        Grant("custody_erasuremark", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
        Grant("custody_hold", web="SELECT, INSERT, UPDATE (ended_at)", worker="SELECT"),
    ]
