"""Letters belong to the company they were written to; nobody changes one, but for noting that it was answered."""

from django.db import migrations, models

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(migrations.Migration):
    dependencies = [("custody", "0002_doors")]
    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("company", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "custody_letter",
                "indexes": [models.Index(fields=["company", "state", "at"], name="custody_letter_queue")],
            },
        ),
        ForceRowSecurity("custody_letter", subject=None),
        Grant(
            "custody_letter",
            web="SELECT, INSERT, UPDATE (state)",
            worker="SELECT, DELETE",
            everything_for=("worker",),
        ),
    ]
