"""Keys of months, buckets that lost a key, and turns of the epoch. Only the worker wraps anew or drops a month."""

import django.db.models.deletion
from django.db import migrations, models

from amanat.database.rowsecurity import Grant


class Migration(migrations.Migration):
    dependencies = [("keys", "0003_a_wrapped_key_stays")]
    operations = [
        migrations.CreateModel(
            name="PeriodKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "company", "leaf", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company", models.CharField(max_length=32)),
                ("leaf", models.SmallIntegerField()),
                ("month", models.SmallIntegerField()),
                ("epoch", models.IntegerField()),
                ("wrapped", models.BinaryField()),
            ],
            options={"db_table": "keys_period"},
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("company", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("bucket", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="keys.bucketkey")),
            ],
            options={"db_table": "keys_touched"},
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "company", "epoch", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company", models.CharField(max_length=32)),
                ("epoch", models.IntegerField()),
                ("state", models.CharField(max_length=16)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("position", models.CharField(max_length=32)),
            ],
            options={"db_table": "keys_turn"},
        ),
        Grant("keys_period", web="SELECT, INSERT", worker="SELECT, INSERT, UPDATE (epoch), UPDATE (wrapped), DELETE"),
        Grant("keys_touched", web="INSERT", worker="SELECT, INSERT, DELETE"),
        Grant("keys_turn", web="SELECT", worker="SELECT, INSERT, UPDATE"),
        Grant(
            "keys_bucket",
            web="SELECT, INSERT, UPDATE (members)",
            worker="SELECT, INSERT, UPDATE (members), UPDATE (epoch), UPDATE (wrapped), DELETE",
        ),
        Grant(
            "keys_subject",
            web="SELECT, INSERT, DELETE",
            worker="SELECT, INSERT, DELETE, UPDATE (key_id), UPDATE (data), UPDATE (history)",
        ),
        Grant("keys_company", web="SELECT", worker="SELECT, INSERT, UPDATE (epoch), UPDATE (wrapped), DELETE"),
    ]
