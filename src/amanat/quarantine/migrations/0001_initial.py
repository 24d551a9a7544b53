"""Reports in quarantine. The web log-in writes and counts them; body and private key are not among its columns."""

from django.db import migrations, models

from amanat.database.rowsecurity import ForceRowSecurity, Grant

_FRAME = "subject, id, company, source, organisation, purpose, record, account, role, at, until"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "company", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company", models.CharField(max_length=32)),
                ("version", models.IntegerField()),
                ("public", models.BinaryField()),
                ("wrapped", models.BinaryField()),
            ],
            options={"db_table": "quarantine_pair"},
        ),
        migrations.CreateModel(
            name="Item",
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
                ("source", models.CharField(max_length=32)),
                ("organisation", models.CharField(default="", max_length=48)),
                ("purpose", models.CharField(max_length=64)),
                ("record", models.UUIDField()),
                ("account", models.UUIDField()),
                ("role", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("version", models.IntegerField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "quarantine_item",
                "indexes": [models.Index(fields=["company", "until"], name="quarantine_item_end")],
            },
        ),
        ForceRowSecurity("quarantine_pair", subject=None),
        ForceRowSecurity("quarantine_item"),
        Grant("quarantine_pair", web="SELECT (company, version, public)", worker="SELECT, INSERT"),
        Grant("quarantine_item", web=f"SELECT ({_FRAME}), INSERT, DELETE", worker="SELECT, INSERT, DELETE"),
    ]
