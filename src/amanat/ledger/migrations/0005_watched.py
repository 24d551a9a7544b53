"""Who else saw a head, what was found wrong, when it was last looked at; and what marks a repeated look."""

from django.db import migrations, models

from amanat.database.rowsecurity import Grant

_SO_FAR = """
    UPDATE ledger_checkpoint SET before = earlier.size FROM (
        SELECT company, size AS own, COALESCE(lag(size) OVER (PARTITION BY company ORDER BY size), 0) AS size
        FROM ledger_checkpoint
    ) earlier WHERE earlier.company = ledger_checkpoint.company AND earlier.own = ledger_checkpoint.size
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_publications")]

    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "company", "witness", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company", models.CharField(max_length=32)),
                ("witness", models.CharField(max_length=32)),
                ("size", models.BigIntegerField()),
                ("line", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_cosignature",
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("company", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=24)),
                ("place", models.CharField(max_length=120)),
                ("found_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
            ],
            options={
                "db_table": "ledger_incident",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("company", "kind", "place"),
                        name="ledger_one_open_incident",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("began", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("findings", models.IntegerField()),
                ("next_due", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_look",
            },
        ),
        migrations.AddField(model_name="act", name="opening", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="checkpoint", name="before", field=models.BigIntegerField(default=0)),
        migrations.RunSQL(_SO_FAR, migrations.RunSQL.noop),
        Grant("ledger_cosignature", web="SELECT", worker="SELECT, INSERT, UPDATE", audit="SELECT"),
        Grant("ledger_incident", web="SELECT", worker="SELECT, INSERT, UPDATE", audit="SELECT"),
        Grant("ledger_look", web="SELECT", worker="SELECT, INSERT, UPDATE", audit="SELECT"),
    ]
