"""Answers to a newer statement: append-only, seen like consent records."""

from django.db import migrations, models

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(migrations.Migration):
    dependencies = [
        ("choices", "0003_wording"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatementAnswer",
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
                ("statement", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "Given"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("wording", models.CharField(max_length=64)),
                ("form_version", models.CharField(max_length=24)),
                ("language", models.CharField(max_length=12)),
                ("channel", models.CharField(max_length=24)),
                ("proof", models.CharField(default="", max_length=120)),
            ],
            options={
                "db_table": "choices_statementanswer",
            },
        ),
        ForceRowSecurity("choices_statementanswer"),
        Grant("choices_statementanswer", web="SELECT, INSERT", worker="SELECT, INSERT"),
    ]
