"""Tiles, so that a proof reads a few rows; the commitment of an act without entries, so that it can be verified."""

from django.db import migrations, models

from amanat.database.rowsecurity import Grant


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_doors")]

    operations = [
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "company", "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company", models.CharField(max_length=32)),
                ("level", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_tile",
            },
        ),
        migrations.AddField(model_name="act", name="bare", field=models.BinaryField(null=True)),
        migrations.AddIndex(
            model_name="checkpoint", index=models.Index(fields=["company", "at"], name="ledger_checkpoint_at")
        ),
        Grant("ledger_tile", web="SELECT", worker="SELECT, INSERT, UPDATE", audit="SELECT"),
    ]
