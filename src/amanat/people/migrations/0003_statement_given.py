"""Which statement each person was given, and choices made under another; empty for those who were there before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_doors"),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="answered",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="standing",
            name="statement",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
    ]
