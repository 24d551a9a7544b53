"""A clause id may name an overlay, which makes it longer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rosters", "0002_doors"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rosterfile",
            name="clause",
            field=models.CharField(default="", max_length=80),
        ),
    ]
