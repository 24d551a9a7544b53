"""A clause id may name an overlay, which makes it longer."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0003_letters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="clauses",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), default=list, size=None
            ),
        ),
    ]
