"""The sentences that people answered, by digest: public words, so every process may read and add them."""

from django.db import migrations, models

from amanat.database.rowsecurity import Grant


class Migration(migrations.Migration):
    dependencies = [("choices", "0002_doors")]
    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("text", models.TextField()),
            ],
            options={"db_table": "choices_wording"},
        ),
        Grant("choices_wording", web="SELECT, INSERT", worker="SELECT, INSERT", audit="SELECT"),
    ]
